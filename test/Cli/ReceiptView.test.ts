import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ReceiptView from "../../src/Cli/ReceiptView.ts"
import type * as Receipt from "../../src/Receipt.ts"
import { view } from "./support.ts"

const resource = (name: string, changes: Partial<Receipt.Resource> = {}): Receipt.Resource => ({
  name,
  table: name,
  status: "complete",
  primary_key: ["ID"],
  primary_key_inferred: false,
  requests: 3,
  retries: 0,
  pages: 3,
  rows: { fetched: 1200, inserted: 1000, updated: 150, unchanged: 50, rejected: 0, deleted: 0 },
  reported_total: 1200,
  stop_reason: "total_reached",
  completeness: { proven: true, why: "the API reported 1,200 rows, 1,200 were read" },
  cursor: null,
  notices: [],
  error: null,
  duration_ms: 412,
  ...changes
})

const receipt = (
  status: Receipt.Receipt["status"],
  ...resources: ReadonlyArray<Receipt.Resource>
): Receipt.Receipt => ({
  run: "01JD0000000000000000000000",
  source: "postmark",
  db: "postmark.db",
  status,
  started_at: "2026-11-23T12:00:00.000Z",
  finished_at: "2026-11-23T12:00:04.120Z",
  resources
})

describe("ReceiptView", () => {
  it.effect("one line per resource, with the words and numbers of the JSON", () =>
    Effect.gen(function* () {
      const text = yield* ReceiptView.render(
        receipt("complete", resource("messages"), resource("bounces", { reported_total: null })),
        view()
      )
      assert.match(text, /^postmark → postmark\.db {3}run 01JD0{22}\n\n/)
      assert.match(text, /^ {2}resource +status +fetched +inserted +updated +unchanged +pages +time$/m)
      assert.match(text, /^ {2}messages +✓ complete +1,200 +1,000 +150 +50 +3 +412 ms$/m)
      assert.match(text, /^ {2}total +2,400 +2,000 +300 +100 +6 +4\.1 s$/m)
      assert.match(text, /\n\n✓ complete: postmark\.db holds everything the API reports$/)
    })
  )

  it.effect("fewer rows than the API reports never look like all of them", () =>
    Effect.gen(function* () {
      const capped = resource("messages", {
        status: "partial",
        reported_total: 41203,
        stop_reason: "limit_pages",
        cursor: {}
      })
      const text = yield* ReceiptView.render(receipt("partial", capped), view())
      assert.match(text, /messages +! partial +1,200 of 41,203 /)
      assert.match(text, /messages {2}stopped after 3 pages, as --limit-pages asked/)
      assert.match(text, /^! partial: not everything is there, see above$/m)
      assert.notMatch(text, /holds everything/)
    })
  )

  it.effect("what needs a word is listed below with its resource", () =>
    Effect.gen(function* () {
      const error = {
        stage: "fetch",
        reason: "Status",
        message: "GET https://api.example.com/a answered 401 (error code 10): no"
      }
      const text = yield* ReceiptView.render(
        receipt(
          "partial",
          resource("a", {
            status: "failed",
            error,
            pages: 0,
            rows: { fetched: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0, deleted: 0 }
          }),
          resource("b", {
            status: "partial",
            notices: ["1 row was refused: it is in _sluice_rejects, each with its reason"],
            rows: { fetched: 10, inserted: 9, updated: 0, unchanged: 0, rejected: 1, deleted: 0 }
          }),
          resource("c", { status: "skipped", notices: ["left out: SOME_TOKEN is not set"] }),
          resource("d", {
            primary_key: ["Name", "Type"],
            primary_key_inferred: true,
            notices: ["resumed after page 2 of run X"]
          })
        ),
        view()
      )
      assert.match(text, /^ {2}✗ a {2}GET https:\/\/api\.example\.com\/a answered 401 \(error code 10\): no$/m)
      assert.match(
        text,
        /^ {2}· b {2}1 row did not fit and was set aside .*WHERE run = '01JD0{22}' AND resource = 'b'$/m
      )
      assert.strictEqual(text.split("_sluice_rejects").length, 2)
      assert.match(text, /^ {2}c +– skipped$/m)
      assert.match(text, /^ {2}· c {2}left out: SOME_TOKEN is not set$/m)
      assert.match(text, /^ {2}· d {2}resumed after page 2 of run X$/m)
      assert.match(text, /^ {2}· d {2}no key was declared .*; Name \+ Type tells them apart/m)
      assert.match(text, /^! partial: 1 resource failed; what was fetched is in postmark\.db$/m)
      assert.match(text, / rejected /)
    })
  )

  it.effect("says how an interrupted or failed run goes on", () =>
    Effect.gen(function* () {
      const stopped = resource("messages", {
        status: "interrupted",
        cursor: { query: { offset: 1500 } },
        stop_reason: null
      })
      const interrupted = yield* ReceiptView.render(receipt("interrupted", stopped), view())
      assert.match(interrupted, /messages {2}stopped after page 3; the next run goes on there/)
      assert.match(interrupted, /^! interrupted: every page so far is saved; run the same command again to go on$/m)
      const failed = yield* ReceiptView.render(
        receipt("failed", resource("messages", { status: "failed", pages: 0 })),
        view()
      )
      assert.match(failed, /^✗ failed: nothing was fetched$/m)
    })
  )

  it.effect("fits a narrow terminal by leaving out what matters least", () =>
    Effect.gen(function* () {
      const lines = (yield* ReceiptView.render(
        receipt("complete", resource("message_streams"), resource("b")),
        view(72)
      )).split("\n")
      for (const line of lines) assert.isAtMost([...line].length, 72)
      assert.notMatch(lines.join("\n"), / time/)
      assert.match(lines.join("\n"), /unchanged/)
    })
  )
})
