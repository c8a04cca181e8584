/** Answers that bend HTTP: statuses, headers, waits, connections that break. */
import { type Case, list } from "./Case.ts"

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
const far = "Thu, 01 Jan 2099 00:00:00 GMT"

const wait = (name: string, header: string, expected: Pick<Case, "status" | "says" | "rows">): Case => ({
  name,
  answer: ({ json, nth, response }) =>
    nth === 0 ? response.writeHead(429, { "retry-after": header }).end("slow down") : json(list(3)),
  ...expected
})
const refused: Pick<Case, "status" | "says"> = { status: "failed", says: /asks to wait/ }
const overlooked: Pick<Case, "status" | "rows"> = { status: "complete", rows: { inserted: 3 } }

export const cases: ReadonlyArray<Case> = [
  wait("wait_for_ever", "1000000000", refused),
  wait("wait_for_more_than_ever", "9".repeat(400), refused),
  wait("wait_till_2099", far, refused),
  wait("wait_in_another_notation", "1e9", overlooked),
  wait("wait_less_than_nothing", "-5", overlooked),
  wait("wait_for_garbage", 'soon; "really"', overlooked),
  {
    name: "status_204",
    answer: ({ response }) => response.writeHead(204).end(),
    status: "complete",
    rows: { fetched: 0 }
  },
  {
    name: "status_205",
    answer: ({ response }) => response.writeHead(205).end(),
    status: "complete",
    rows: { fetched: 0 }
  },
  { name: "status_304", answer: ({ response }) => response.writeHead(304).end(), status: "failed", says: /304/ },
  {
    name: "status_299",
    answer: ({ json, response }) => {
      response.statusCode = 299
      json(list(1))
    },
    status: "complete"
  },
  { name: "status_600", answer: ({ raw }) => raw("HTTP/1.1 600 Odd\r\ncontent-length: 0\r\n\r\n"), status: "failed" },
  {
    name: "flood_of_1xx",
    answer: ({ raw }) =>
      raw(
        `${"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".repeat(5_000)}${head}content-length: 10\r\n\r\n[{"id":1}]`
      ),
    status: "complete"
  },
  {
    name: "http_1_0",
    answer: ({ raw }) => raw('HTTP/1.0 200 OK\r\n\r\n[{"id":1}]'),
    status: "complete",
    rows: { inserted: 1 }
  },
  {
    name: "http_1_0_cut_off",
    answer: ({ raw }) => raw('HTTP/1.0 200 OK\r\n\r\n[{"id":1},{"id"'),
    status: "failed",
    says: /JSON ends too early|connection reset/
  },
  {
    name: "headers_by_the_thousand",
    answer: ({ raw }) =>
      raw(`${head}${Array.from({ length: 10_000 }, (_, i) => `x-${i}: y\r\n`).join("")}content-length: 2\r\n\r\n[]`),
    status: "failed",
    says: /headers/
  },
  {
    name: "header_of_a_megabyte",
    answer: ({ raw }) => raw(`${head}x: ${"y".repeat(1_000_000)}\r\ncontent-length: 2\r\n\r\n[]`),
    status: "failed",
    says: /headers/
  },
  {
    name: "a_hundred_cookies",
    answer: ({ json, response }) => {
      response.setHeader(
        "set-cookie",
        Array.from({ length: 100 }, (_, i) => `c${i}=${i}; Path=/`)
      )
      json(list(1))
    },
    status: "complete"
  },
  {
    name: "reset_in_the_body",
    answer: ({ response }) => {
      response.writeHead(200, { "content-length": 1000 })
      response.write("[1,")
      setTimeout(() => response.socket?.resetAndDestroy(), 20)
    },
    status: "failed",
    says: /the answer broke off/
  },
  {
    name: "reset_before_the_answer",
    answer: ({ response }) => response.socket?.resetAndDestroy(),
    status: "failed",
    says: /connection reset/
  },
  { name: "not_http", answer: ({ raw }) => raw("SSH-2.0-OpenSSH_9.6\r\n"), status: "failed" },
  {
    name: "body_that_drips",
    answer: ({ response }) => {
      response.writeHead(200, { "content-type": "application/json" })
      const drip = setInterval(() => response.write(" "), 50)
      response.on("close", () => clearInterval(drip))
    },
    status: "failed",
    says: /no complete answer within/
  },
  {
    name: "headers_that_drip",
    answer: ({ response }) => {
      const { socket } = response
      socket?.write("HTTP/1.1 200 OK\r\n")
      const drip = setInterval(() => socket?.write("x: y\r\n"), 50)
      socket?.on("close", () => clearInterval(drip))
    },
    status: "failed",
    says: /no complete answer within/
  },
  {
    name: "error_that_drips",
    answer: ({ response }) => {
      response.writeHead(403)
      const drip = setInterval(() => response.write(" "), 50)
      response.on("close", () => clearInterval(drip))
    },
    status: "failed"
  },
  { name: "silence", answer: () => {}, status: "failed", says: /no complete answer within/ }
]
