import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Schema } from "effect"
import { type Page, Receipt } from "sluice"

const bounces: Receipt.Resource = {
  name: "bounces",
  table: "bounces",
  status: "complete",
  primary_key: ["ID"],
  primary_key_inferred: false,
  requests: 3,
  retries: 1,
  pages: 3,
  rows: { fetched: 1200, inserted: 1200, updated: 0, unchanged: 0, rejected: 0, deleted: 0 },
  reported_total: 1200,
  stop_reason: "total_reached",
  completeness: { proven: true, why: "the API reported 1,200 rows, 1,200 were read" },
  cursor: null,
  notices: [],
  error: null,
  duration_ms: 412
}
const receipt: Receipt.Receipt = {
  run: "01J0000000000000000000000A",
  source: "postmark",
  db: "postmark.db",
  status: "complete",
  started_at: "2026-11-23T12:00:00.000Z",
  finished_at: "2026-11-23T12:00:04.120Z",
  resources: [bounces]
}
const of = (...statuses: ReadonlyArray<Receipt.Resource["status"]>) =>
  statuses.map((status) => ({ ...bounces, status }))

describe("Receipt.status", () => {
  const cases: ReadonlyArray<readonly [ReadonlyArray<Receipt.Resource["status"]>, Receipt.Receipt["status"]]> = [
    [["complete"], "complete"],
    [["complete", "complete"], "complete"],
    [["complete", "skipped"], "complete"],
    [["skipped", "skipped"], "complete"],
    [[], "complete"],
    [["partial"], "partial"],
    [["complete", "partial"], "partial"],
    [["complete", "failed"], "partial"],
    [["partial", "failed"], "partial"],
    [["complete", "interrupted"], "partial"],
    [["complete", "failed", "skipped"], "partial"],
    [["failed"], "failed"],
    [["failed", "failed"], "failed"],
    [["failed", "skipped"], "failed"]
  ]
  it.each(cases)("%j is %s", (statuses, status) => {
    assert.strictEqual(Receipt.status(of(...statuses), false), status)
    assert.strictEqual(Receipt.status(of(...statuses), true), "interrupted")
  })

  it("is failed where all that did not fail are children of what did, without a request of their own", () => {
    const child = { ...bounces, status: "partial" as const, requests: 0 }
    assert.strictEqual(Receipt.status([...of("failed"), child], false), "failed")
    assert.strictEqual(Receipt.status([child, ...of("failed", "skipped")], false), "failed")
    assert.strictEqual(Receipt.status([...of("failed", "complete"), child], false), "partial")
    assert.strictEqual(Receipt.status([child], false), "partial")
  })

  const status = fc.constantFrom<Receipt.Resource["status"]>("complete", "partial", "failed", "skipped")
  it.prop("does not depend on the order of resources", [fc.array(status)], ([statuses]) => {
    assert.strictEqual(Receipt.status(of(...statuses), false), Receipt.status(of(...statuses.toReversed()), false))
  })
  it.prop("is complete only if every resource that ran is", [fc.array(status)], ([statuses]) => {
    assert.strictEqual(
      Receipt.status(of(...statuses), false) === "complete",
      statuses.every((one) => one === "complete" || one === "skipped")
    )
  })
})

describe("Receipt.exitCode", () => {
  it.each([
    ["complete", 0],
    ["failed", 1],
    ["partial", 3],
    ["interrupted", 130]
  ] as const)("%s is %i", (status, code) => assert.strictEqual(Receipt.exitCode({ status }), code))
})

describe("Receipt as JSON", () => {
  const decode = Schema.decodeUnknownSync(Receipt.Receipt, { onExcessProperty: "error" })
  const encode = Schema.encodeSync(Receipt.Receipt)

  it("is read back as it was written, key for key and in order", () => {
    assert.deepStrictEqual(decode(JSON.parse(JSON.stringify(encode(receipt)))), receipt)
    assert.strictEqual(JSON.stringify(encode(receipt)), JSON.stringify(receipt))
  })

  it("also of a resource that failed, was skipped, or has a cursor", () => {
    const failed = {
      ...bounces,
      status: "failed",
      stop_reason: "error",
      error: { stage: "fetch", reason: "Status", message: "401" },
      reported_total: null
    } as const
    const skipped = {
      ...bounces,
      status: "skipped",
      stop_reason: null,
      notices: ["left out: TOKEN is not set"]
    } as const
    const capped = {
      ...bounces,
      status: "partial",
      stop_reason: "limit_pages",
      cursor: { query: { offset: 500, count: 500 } }
    } as const
    const whole = { ...receipt, resources: [failed, skipped, capped] }
    assert.deepStrictEqual(decode(JSON.parse(JSON.stringify(encode(whole)))), whole)
  })

  it("knows no other status and no other stop reason", () => {
    for (const wrong of [
      { status: "done" },
      { resources: [{ ...bounces, status: "ok" }] },
      { resources: [{ ...bounces, stop_reason: "tired" }] }
    ]) {
      assert.throws(() => decode({ ...receipt, ...wrong }))
    }
  })

  it("has every reason for which a walk can stop", () => {
    const reasons: Record<Page.StopReason, true> = {
      total_reached: true,
      short_page: true,
      empty_page: true,
      no_next: true,
      single_page: true,
      has_more_false: true,
      maximum_reached: true,
      limit_pages: true,
      page_repeated: true,
      out_of_range: true,
      ignored: true,
      error: true
    }
    assert.sameMembers([...Receipt.StopReason.literals], Object.keys(reasons))
  })
})
