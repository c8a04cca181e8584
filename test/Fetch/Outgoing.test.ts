import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Auth from "../../src/Api/Auth.ts"
import type * as Fetch from "../../src/Fetch.ts"
import { api, json, status } from "../../src/testing.ts"
import { get, over } from "./support.ts"

const sent = (more: Partial<Fetch.Request>) =>
  Effect.gen(function* () {
    const script = api([json({})])
    yield* over(script, ({ send }) => send(get("x", { method: "POST", ...more })))
    return script.requests[0]!
  })

describe("bodies", () => {
  it.effect("pairs are a form, in order, doubles too", () =>
    Effect.gen(function* () {
      const data = [
        ["a", "1 2"],
        ["b", "ü&="],
        ["a", ""]
      ] as const
      const { body, headers } = yield* sent({ data })
      assert.strictEqual(body, "a=1+2&b=%C3%BC%26%3D&a=")
      assert.strictEqual(headers["content-type"], "application/x-www-form-urlencoded")
    })
  )

  it.effect("a text goes as it is, as plain text unless a header says otherwise", () =>
    Effect.gen(function* () {
      const plain = yield* sent({ data: "<q>ü</q>" })
      assert.deepStrictEqual([plain.body, plain.headers["content-type"]], ["<q>ü</q>", "text/plain;charset=UTF-8"])
      const xml = yield* sent({ data: "<q/>", headers: { "Content-Type": "application/xml" } })
      assert.deepStrictEqual([xml.body, xml.headers["content-type"]], ["<q/>", "application/xml"])
    })
  )

  it.effect("an empty form or text is still a body", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* sent({ data: "" })).headers["content-type"], "text/plain;charset=UTF-8")
      assert.strictEqual((yield* sent({ data: [] })).headers["content-type"], "application/x-www-form-urlencoded")
    })
  )

  it.effect("two bodies at once, or one with a GET, are refused before anything is sent", () =>
    Effect.gen(function* () {
      const script = api([])
      const refuse = (more: Partial<Fetch.Request>) =>
        Effect.map(Effect.flip(over(script, ({ send }) => send(get("x", more)))), String)
      assert.include(yield* refuse({ method: "POST", body: {}, data: "" }), "a request has one body")
      assert.include(yield* refuse({ data: [["a", "1"]] }), "a GET request cannot carry a body")
      yield* script.verify
    })
  )

  it.effect("a POST is tried again like any other request, with its body", () =>
    Effect.gen(function* () {
      const script = api([status(503), json({})])
      yield* over(script, ({ send }) => send(get("x", { method: "POST", data: [["a", "1"]] })), {
        retry: { baseDelay: 0 }
      })
      assert.deepStrictEqual(
        script.requests.map(({ body }) => body),
        ["a=1", "a=1"]
      )
    })
  )
})

describe("cookies", () => {
  const auth = Auth.apiKey({ name: "sid", value: "the-key", location: "cookie" })
  const cookieOf = (headers: Record<string, string>) =>
    Effect.map(sent({ auth, headers }), (one) => one.headers["cookie"])

  it.effect("a credential joins the request's own cookies and replaces one of its name", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* cookieOf({}), "sid=the-key")
      assert.strictEqual(yield* cookieOf({ Cookie: "a=1; theme=dark" }), "a=1; theme=dark; sid=the-key")
      assert.strictEqual(yield* cookieOf({ cookie: "sid=old;a=1;" }), "a=1; sid=the-key")
      assert.strictEqual(yield* cookieOf({ cookie: "sid2=x" }), "sid2=x; sid=the-key")
    })
  )
})
