import { assert, describe, it } from "@effect/vitest"
import * as CheckView from "../../src/Cli/CheckView.ts"
import { FetchError } from "../../src/Fetch/FetchError.ts"
import * as SinglePage from "../../src/Page/SinglePage.ts"
import * as Resource from "../../src/Resource.ts"
import * as Source from "../../src/Source.ts"
import { view } from "./support.ts"

const resource = (name: string, options: Partial<Resource.Options> = {}) =>
  Resource.make({ name, path: `/${name}`, paginator: SinglePage.make(), primaryKey: "ID", ...options })

const source = Source.make({
  name: "things",
  api: { baseUrl: "https://api.example.com" },
  resources: [resource("a"), resource("b"), resource("c", { unavailable: "left out: TOKEN is not set" })]
})

const [a, b, c] = source.resources as [Resource.Resource, Resource.Resource, Resource.Resource]

const ok = (of: Resource.Resource, changes: Partial<CheckView.Finding> = {}): CheckView.Finding => ({
  ...CheckView.unasked(of),
  status: "ok",
  rows: 500,
  reported_total: 1200,
  ...changes
})

const refused = CheckView.finding({
  _tag: "Failed",
  resource: b,
  took: 12,
  error: new FetchError({
    reason: "Status",
    method: "GET",
    url: "https://api.example.com/b",
    status: 401,
    code: "10",
    detail: "The token is wrong.",
    attempts: 1,
    isRetryable: false
  })
})

const report = (...findings: ReadonlyArray<CheckView.Finding>) => CheckView.report(source, findings, { offline: false })

const text = (...findings: ReadonlyArray<CheckView.Finding>) =>
  CheckView.render(report(...findings), "things.yaml", view())

describe("CheckView", () => {
  it("the status is that of what was asked", () => {
    assert.strictEqual(report(ok(a), ok(b), CheckView.unasked(c)).status, "complete")
    assert.strictEqual(report(ok(a), refused, CheckView.unasked(c)).status, "partial")
    assert.strictEqual(report(refused, CheckView.unasked(a)).status, "failed")
    assert.strictEqual(report(refused, refused, CheckView.unasked(c)).status, "failed")
    assert.strictEqual(report(ok(a, { status: "partial" })).status, "partial")
    assert.strictEqual(report(CheckView.unasked(a), CheckView.unasked(c)).status, "complete")
  })

  it("a line per resource: what was found, the API's own words, or why it was left out", () => {
    const lines = text(ok(a), refused, CheckView.unasked(c)).split("\n")
    assert.deepStrictEqual(lines, [
      "things at https://api.example.com",
      "",
      "  ✓ a  500 rows on the first page, 1,200 in all; key ID; paginator single_page",
      "  ✗ b  GET https://api.example.com/b answered 401 (error code 10): The token is wrong.",
      "  – c  left out: TOKEN is not set",
      "",
      "! partial: 1 resource cannot be read"
    ])
  })

  it("says what was detected, for whom a child was asked, and what steps left out", () => {
    const found = ok(a, { paginator: "json_link", paginator_detected: true, parent: "b 17", filtered: 3 })
    assert.match(
      text(found),
      /✓ a {2}500 rows on the first page of b 17, 1,200 in all, 3 of them left out by steps or range; key ID; paginator json_link \(detected\)$/m
    )
    const waiting = CheckView.finding({ _tag: "Left", resource: a, took: 0, why: "not asked for: why", isWanted: true })
    assert.match(text(waiting), /✓ a {2}key ID; paginator single_page\n {7}not asked for: why$/m)
    assert.strictEqual(report(waiting).status, "complete")
  })

  it("says how to go on when all is well", () => {
    assert.match(text(ok(a)), /^✓ ready: nothing was written\. Next: sluice sync things\.yaml$/m)
    assert.match(text(ok(a, { rows: 0, reported_total: 0 })), /✓ a {2}no rows yet; paginator single_page$/m)
    assert.match(
      text(ok(a, { primary_key: ["Name"], primary_key_inferred: true })),
      /key Name, inferred; paginator single_page$/m
    )
    assert.match(text(ok(a, { primary_key: [] })), /no key: rows are appended; paginator single_page$/m)
    assert.match(text(refused), /^✗ failed: no resource can be read$/m)
  })
})
