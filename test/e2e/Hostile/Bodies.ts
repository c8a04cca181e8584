/** Bodies that are too long, too deep, broken, or not what they say. */
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib"
import { type Case, list } from "./Case.ts"

const json = { "content-type": "application/json" }
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`
const bomb = Buffer.alloc(20_000_000, " ")
const bombs = { gzip: gzipSync(bomb), br: brotliCompressSync(bomb, { params: {} }), deflate: deflateSync(bomb) }

const tooLarge = /larger than 1000000 bytes/

export const cases: ReadonlyArray<Case> = [
  {
    name: "body_too_large",
    answer: ({ text }) => text(Buffer.alloc(1_000_001, " "), { ...json, "content-length": "1000001" }),
    status: "failed",
    says: tooLarge
  },
  {
    name: "body_too_large_in_chunks",
    answer: ({ response }) => {
      const more = () => {
        while (!response.destroyed && response.write(bomb.subarray(0, 65_536)));
        if (!response.destroyed) response.once("drain", more)
      }
      response.writeHead(200, json)
      more()
    },
    status: "failed",
    says: tooLarge
  },
  {
    name: "length_that_lies_short",
    answer: ({ raw }) =>
      raw(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]${" ".repeat(2_000_000)}`),
    status: "complete",
    rows: { fetched: 0 }
  },
  {
    name: "length_that_lies_long",
    answer: ({ raw }) =>
      raw(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2000\r\n\r\n[{"id":1}]`),
    status: "failed",
    says: /the answer broke off/
  },
  {
    name: "length_that_is_no_number",
    answer: ({ raw }) => raw("HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n[]"),
    status: "failed"
  },
  ...(Object.keys(bombs) as ReadonlyArray<keyof typeof bombs>).map((encoding): Case => ({
    name: `bomb_${encoding}`,
    answer: ({ text }) => text(bombs[encoding], { ...json, "content-encoding": encoding }),
    status: "failed",
    says: tooLarge
  })),
  {
    name: "bomb_in_a_bomb",
    answer: ({ text }) => text(gzipSync(bombs.gzip), { ...json, "content-encoding": "gzip, gzip" }),
    status: "failed",
    says: tooLarge
  },
  {
    name: "bomb_in_an_error",
    answer: ({ response }) => response.writeHead(403, { "content-encoding": "gzip" }).end(bombs.gzip),
    status: "failed",
    says: /403/
  },
  {
    name: "gzip_cut_off",
    answer: ({ text }) => {
      const whole = gzipSync(JSON.stringify(list(500)))
      text(whole.subarray(0, whole.length / 2), { ...json, "content-encoding": "gzip" })
    },
    status: "failed",
    says: /the answer broke off|JSON ends too early/
  },
  {
    name: "gzip_that_is_none",
    answer: ({ text }) => text(JSON.stringify(list(5)), { ...json, "content-encoding": "gzip" }),
    status: "failed",
    says: /the answer broke off/
  },
  {
    name: "encoding_nobody_knows",
    answer: ({ text }) => text(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 1, 2]), { ...json, "content-encoding": "zstd" }),
    status: "failed"
  },
  {
    name: "depth_2000",
    answer: ({ text }) => text(nested(2000), json),
    status: "failed",
    says: /nested more than 1000/
  },
  {
    name: "depth_200000",
    answer: ({ text }) => text(nested(200_000), json),
    status: "failed",
    says: /nested more than 1000/
  },
  {
    name: "depth_200000_of_objects",
    answer: ({ text }) => text(`${'{"a":'.repeat(160_000)}12345678901234567890${"}".repeat(160_000)}`, json),
    status: "failed",
    says: /nested more than 1000/
  },
  {
    name: "lists_in_lists",
    answer: ({ text }) => text(`[{"id":1,"l":${nested(900)}},{"id":2,"l":[[1],[2,[3]]]}]`, json),
    status: "complete",
    rows: { inserted: 2 }
  },
  {
    name: "objects_in_objects",
    answer: ({ text }) => text(`[{"id":1,"o":${'{"a":'.repeat(900)}1${"}".repeat(900)}}]`, json),
    status: "complete",
    rows: { inserted: 1 }
  },
  { name: "only_null", answer: ({ text }) => text("null", json), status: "complete", rows: { fetched: 0 } },
  { name: "only_text", answer: ({ text }) => text('"text"', json), status: "failed" },
  { name: "only_number", answer: ({ text }) => text("42", json), status: "failed" },
  { name: "only_list", answer: ({ text }) => text("[]", json), status: "complete", rows: { fetched: 0 } },
  { name: "only_object", answer: ({ text }) => text("{}", json), status: "complete", rows: { fetched: 0 } },
  {
    name: "rows_that_are_none",
    answer: ({ json }) => json([1, "x", null, [[1]], { id: 1 }, true]),
    status: "partial",
    rows: { fetched: 6, inserted: 1, rejected: 5 }
  },
  {
    name: "login_page",
    answer: ({ text }) => text("<html><head><title>Sign in</title></head></html>", { "content-type": "text/html" }),
    status: "failed",
    says: /an HTML page titled "Sign in"/
  },
  {
    name: "page_of_titles",
    answer: ({ text }) => text("<html>" + "<title".repeat(150_000), { "content-type": "text/html" }),
    status: "failed",
    says: /an HTML page/
  },
  {
    name: "page_of_headings",
    answer: ({ text }) => text("<html>" + "<h1>".repeat(200_000), { "content-type": "text/html" }),
    status: "failed",
    says: /an HTML page/
  },
  {
    name: "utf8_with_a_mark",
    answer: ({ text }) => text('\uFEFF[{"id":1,"v":"ü"}]', json),
    status: "complete",
    holds: ["SELECT v FROM utf8_with_a_mark", [{ v: "ü" }]]
  },
  {
    name: "utf16_with_a_mark",
    answer: ({ text }) => text(Buffer.from('\uFEFF[{"id":1}]', "utf16le"), json),
    status: "failed",
    says: /not valid UTF-8/
  },
  {
    name: "utf16_without_a_mark",
    answer: ({ text }) => text(Buffer.from('[{"id":1}]', "utf16le"), json),
    status: "failed",
    says: /not valid JSON/
  },
  {
    name: "latin1_as_utf8",
    answer: ({ text }) =>
      text(Buffer.from('[{"id":1,"v":"é"}]', "latin1"), { "content-type": "application/json; charset=utf-8" }),
    status: "failed",
    says: /not valid UTF-8/
  },
  {
    name: "latin1_as_it_says",
    answer: ({ text }) =>
      text(Buffer.from('[{"id":1,"v":"é"}]', "latin1"), { "content-type": "application/json; charset=iso-8859-1" }),
    status: "failed",
    says: /not valid UTF-8/
  },
  {
    name: "two_of_one_key",
    answer: ({ text }) =>
      text(`[{"id":1,"v":"first","v":"last"},{"id":12345678901234567890,"v":"first","v":"last"}]`, json),
    status: "complete",
    holds: ["SELECT v FROM two_of_one_key", [{ v: "last" }, { v: "last" }]]
  },
  {
    name: "a_key_for_ever",
    answer: ({ text }) => text(`[{"id":1,${'"v":0,'.repeat(100_000)}"v":1}]`, json),
    status: "complete",
    holds: ["SELECT v FROM a_key_for_ever", [{ v: 1 }]]
  }
]
