import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import * as RetryPolicy from "../../src/Api/RetryPolicy.ts"
import * as Classify from "../../src/Fetch/Classify.ts"

const answer = (status: number, headers: Record<string, string> = {}, options: RetryPolicy.Options = {}) =>
  Classify.answer(status, headers, RetryPolicy.make(options), 0)

describe("Classify", () => {
  it("a 2xx is done", () => {
    for (const status of [200, 201, 204, 299]) assert.strictEqual(answer(status)._tag, "Ok")
  })

  it("tries the specification's statuses again, and no others", () => {
    for (const status of [429, 500, 502, 503, 504])
      assert.deepStrictEqual(answer(status), { _tag: "Retry", after: undefined })
    for (const status of [
      100, 199, 300, 304, 400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 418, 422, 451, 501, 505, 599
    ]) {
      assert.deepStrictEqual(answer(status), { _tag: "Fail", reason: "Status", after: undefined }, String(status))
    }
  })

  it("goes by the policy", () => {
    assert.strictEqual(answer(404, {}, { statuses: [404] })._tag, "Retry")
    assert.strictEqual(answer(500, {}, { statuses: [404] })._tag, "Fail")
  })

  it("carries Retry-After, up to the longest wait granted", () => {
    const after = Duration.seconds(300)
    assert.deepStrictEqual(answer(503, { "retry-after": "300" }), { _tag: "Retry", after })
    assert.deepStrictEqual(answer(503, { "retry-after": "301" }), {
      _tag: "Fail",
      reason: "RetryAfter",
      after: Duration.seconds(301)
    })
    assert.deepStrictEqual(answer(503, { "retry-after": "301" }, { maxRetryAfter: "302 seconds" })._tag, "Retry")
    assert.deepStrictEqual(answer(404, { "retry-after": "999" }), {
      _tag: "Fail",
      reason: "Status",
      after: Duration.seconds(999)
    })
  })

  it("no usable answer may go better; a refused host or a huge body will not", () => {
    assert.deepStrictEqual((["Transport", "Timeout", "Body"] as const).map(Classify.isTransient), [true, true, true])
    assert.deepStrictEqual((["BodyTooLarge", "Status", "RetryAfter", "Origin"] as const).map(Classify.isTransient), [
      false,
      false,
      false,
      false
    ])
  })
})
