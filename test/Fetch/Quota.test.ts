import { assert, describe, it } from "@effect/vitest"
import * as Quota from "../../src/Fetch/Quota.ts"

const now = Date.UTC(2026, 10, 25, 10, 0, 0)

const read = (headers: Readonly<Record<string, string>>, at = now) => Quota.read(headers, () => at)

/** What is told of one quota called `default`. */
const one = (limit: number | undefined, remaining: number, resetMillis: number) => [
  { name: "default", limit, remaining, resetMillis }
]

const fields = (prefix: string, limit: string, remaining: string, reset: string, more = {}) => ({
  [`${prefix}-limit`]: limit,
  [`${prefix}-remaining`]: remaining,
  [`${prefix}-reset`]: reset,
  ...more
})

describe("Quota.read", () => {
  it("knows the structured fields of the draft, with a policy or without", () => {
    const policy = `"burst";q=100;w=60, "daily";q=1000;w=86400`
    assert.deepStrictEqual(read({ ratelimit: `"default";r=50;t=30` }), one(undefined, 50, 30_000))
    assert.deepStrictEqual(
      read({ ratelimit: `"burst";r=50;t=30, "daily";r=999;t=80000`, "ratelimit-policy": policy }),
      [
        { name: "burst", limit: 100, remaining: 50, resetMillis: 30_000 },
        { name: "daily", limit: 1000, remaining: 999, resetMillis: 80_000_000 }
      ]
    )
    // A token for a name; and a reset that is not told is within the window.
    assert.deepStrictEqual(read({ ratelimit: `burst;r=50`, "ratelimit-policy": `burst;q=100;w=60` }), [
      { name: "burst", limit: 100, remaining: 50, resetMillis: 60_000 }
    ])
  })

  it("knows the dictionary of the draft's version 7", () => {
    const headers = { ratelimit: "limit=100, remaining=50, reset=30", "ratelimit-policy": "100;w=60" }
    assert.deepStrictEqual(read(headers), one(100, 50, 30_000))
    assert.deepStrictEqual(read({ ...headers, ratelimit: "limit=100, remaining=50" }), one(100, 50, 60_000))
  })

  it("knows three fields, under each of their names", () => {
    assert.deepStrictEqual(read(fields("ratelimit", "100", "50", "30")), one(100, 50, 30_000))
    assert.deepStrictEqual(read(fields("x-ratelimit", "100", "50", "30")), one(100, 50, 30_000))
    assert.deepStrictEqual(read(fields("x-rate-limit", "100", "50", "0.5")), one(100, 50, 500))
    assert.deepStrictEqual(read(fields("ratelimit", "100, 100;w=60, 1000;w=3600", "50", "30")), one(100, 50, 30_000))
    const without = { "ratelimit-limit": "100", "ratelimit-remaining": "50" }
    assert.deepStrictEqual(read({ ...without, "ratelimit-policy": "100;w=60" }), one(100, 50, 60_000))
    assert.deepStrictEqual(read(without), [])
  })

  it("knows a reset that is a time: seconds or milliseconds since 1970, or a date", () => {
    const at = now + 90_000
    for (const reset of [`${at / 1000}`, `${at}`, "Wed, 25 Nov 2026 10:01:30 GMT"]) {
      assert.deepStrictEqual(read(fields("x-ratelimit", "60", "0", reset)), one(60, 0, 90_000), reset)
      assert.deepStrictEqual(read(fields("x-ratelimit", "60", "0", reset), at + 1), one(60, 0, 0), "it is past")
    }
  })

  it("reckons a time from the server's clock where ours is another", () => {
    const headers = fields("x-ratelimit", "60", "0", `${now / 1000 + 90}`, { date: "Wed, 25 Nov 2026 10:00:00 GMT" })
    assert.deepStrictEqual(read(headers, now + 3_600_000), one(60, 0, 90_000))
    // A date has no milliseconds.
    assert.deepStrictEqual(read(headers, now + 700), one(60, 0, 89_300))
  })

  it("takes the first family that makes sense", () => {
    const good = fields("x-rate-limit", "9", "8", "7")
    assert.deepStrictEqual(read({ ...fields("x-ratelimit", "60", "61", "9"), ...good }), one(9, 8, 7000))
    assert.deepStrictEqual(read({ ratelimit: `"default";r=-1;t=5`, ...good }), one(9, 8, 7000))
    assert.deepStrictEqual(read({ ratelimit: `"default";r=1;t=5`, ...good }), one(undefined, 1, 5000))
  })

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ["nothing", {}],
    ["a negative number", fields("x-ratelimit", "60", "-1", "9")],
    ["a negative reset", fields("x-ratelimit", "60", "1", "-9")],
    ["a huge number", fields("x-ratelimit", "60", "99999999999", "9")],
    ["a reset in a thousand years", fields("x-ratelimit", "60", "1", `${now / 1000 + 31_536_000_000}`)],
    ["a reset far from now in seconds", fields("ratelimit", "60", "1", "999999999")],
    ["a fraction of a request", fields("x-ratelimit", "60", "1.5", "9")],
    ["more left than the limit", fields("x-ratelimit", "60", "61", "9")],
    ["a limit of nothing", fields("x-ratelimit", "0", "0", "9")],
    ["two values that differ", fields("x-ratelimit", "60", "5, 6", "9")],
    ["no reset", { "x-ratelimit-limit": "60", "x-ratelimit-remaining": "0" }],
    ["words", fields("x-ratelimit", "sixty", "one", "soon")],
    ["an exponent", fields("x-ratelimit", "60", "1e1", "9")],
    ["an empty text", fields("x-ratelimit", "", "", "")],
    ["a broken structured field", { ratelimit: `"default;r=1;t=5` }],
    ["a structured field with texts for numbers", { ratelimit: `"default";r="1";t="5"` }],
    ["a structured field without what is left", { ratelimit: `"default";t=5` }],
    ["a list of another kind", { ratelimit: "(1 2);r=1, ?1, :YQ==:" }],
    ["a quota of bytes", { ratelimit: `"b";r=0;t=5`, "ratelimit-policy": `"b";q=65535;w=10;qu="content-bytes"` }],
    ["a dictionary without what is left", { ratelimit: "limit=100, reset=30" }]
  ])("learns nothing from %s", (_, headers) => {
    assert.deepStrictEqual(read(headers), [])
  })

  it("takes a value that a proxy has doubled for one", () => {
    assert.deepStrictEqual(read(fields("x-ratelimit", "60, 60", "5, 5", "9, 9")), one(60, 5, 9000))
  })
})
