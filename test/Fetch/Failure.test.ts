import { assert, describe, it } from "@effect/vitest"
import { Duration, Redacted } from "effect"
import * as Failure from "../../src/Fetch/Failure.ts"
import { FetchError } from "../../src/Fetch/FetchError.ts"
import * as Redact from "../../src/Fetch/Redact.ts"

const secret = "5ecr3t-t0ken"
const redactor = Redact.make([Redacted.make(secret)])
const request = { method: "GET", url: `https://h.example/${secret}?key=k`, attempts: 2 }

it("a code that only repeats the status is not said twice", () => {
  const error = (code: string) =>
    new FetchError({
      reason: "Status",
      method: "GET",
      url: "https://api.example.com/x",
      status: 403,
      code,
      detail: "no",
      attempts: 1,
      isRetryable: false
    }).message
  assert.strictEqual(error("403"), "GET https://api.example.com/x answered 403: no")
  assert.strictEqual(error("7"), "GET https://api.example.com/x answered 403 (error code 7): no")
})

describe("Failure", () => {
  it("becomes an error without a secret, shortened after that", () => {
    const raw = { ...Failure.make("Status", `${"x".repeat(505)}${secret}${"y".repeat(100)}`), code: secret }
    const { code, detail, url } = Failure.toError(raw, request, redactor)
    assert.strictEqual(detail, `${"x".repeat(505)}***yyy…`)
    assert.strictEqual(code, "***")
    assert.strictEqual(url, "https://h.example/***?key=***")
  })

  it("is scrubbed on its own, for what may print it on the way", () => {
    const raw = { ...Failure.make("Status", `no ${secret}`), code: `c-${secret}` }
    assert.deepStrictEqual(Failure.scrub(raw, redactor), { ...raw, detail: "no ***", code: "c-***" })
  })

  it("is not shortened inside a character", () => {
    const { detail } = Failure.toError(Failure.make("Body", "😀".repeat(400)), request, redactor)
    assert.strictEqual(detail, `${"😀".repeat(255)}…`)
  })

  it("carries what the server asked for, and whether another attempt may help", () => {
    const failure: Failure.Failure = {
      reason: "RetryAfter",
      detail: "d",
      status: 429,
      retryAfter: Duration.seconds(3),
      transient: true,
      retry: false
    }
    assert.deepInclude(
      { ...Failure.toError(failure, request, redactor) },
      { reason: "RetryAfter", status: 429, retryAfterMillis: 3000, isRetryable: true, attempts: 2, method: "GET" }
    )
  })
})
