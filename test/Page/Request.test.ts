import { assert, describe, it } from "@effect/vitest"
import { Auth, type Fetch } from "sluice"
import * as Request from "../../src/Page/Request.ts"

const request: Fetch.Request = {
  method: "POST",
  path: "/things",
  query: [
    ["a", "1"],
    ["limit", "7"],
    ["a", "2"]
  ],
  headers: { x: "y" },
  body: { filter: { a: 1, list: [1] }, offset: 9 },
  auth: Auth.none
}

describe("Request.apply", () => {
  it("adds parameters behind those of the request, and replaces those of the same name", () => {
    assert.deepStrictEqual(Request.apply(request, { query: { offset: 0, limit: 500 } }), {
      ...request,
      query: [
        ["a", "1"],
        ["a", "2"],
        ["offset", "0"],
        ["limit", "500"]
      ]
    })
  })

  it("replaces all of a repeated parameter", () => {
    assert.deepStrictEqual(Request.apply(request, { query: { a: "x" } }).query, [
      ["limit", "7"],
      ["a", "x"]
    ])
  })

  it("leaves the request as it is when a position says nothing", () => {
    assert.deepStrictEqual(Request.apply(request, {}), request)
    assert.deepStrictEqual(Request.apply({ method: "GET", path: "/x", query: [] }, {}), {
      method: "GET",
      path: "/x",
      query: []
    })
  })

  it("a url replaces path and query, not headers, auth and body", () => {
    assert.deepStrictEqual(Request.apply(request, { url: "https://api.test/next?c=1" }), {
      ...request,
      path: "https://api.test/next?c=1",
      query: []
    })
  })

  it("writes into the body by path, and changes nothing beside it", () => {
    const applied = Request.apply(request, { query: {}, body: { "page.from": 5, offset: 10, "filter.b.c": "x" } })
    assert.deepStrictEqual(applied.body, { filter: { a: 1, list: [1], b: { c: "x" } }, offset: 10, page: { from: 5 } })
    assert.deepStrictEqual(request.body, { filter: { a: 1, list: [1] }, offset: 9 })
  })

  it("writes into a list of the body without making it something else", () => {
    assert.deepStrictEqual(
      Request.apply({ ...request, body: { q: [{ from: 0 }, { from: 1 }] } }, { body: { "q.1.from": 7 } }).body,
      {
        q: [{ from: 0 }, { from: 7 }]
      }
    )
  })

  it("makes a body where there is none", () => {
    assert.deepStrictEqual(Request.apply({ method: "POST", path: "/x", query: [] }, { body: { "a.b": 1 } }).body, {
      a: { b: 1 }
    })
  })

  it("a path of __proto__ changes no prototype", () => {
    const { body } = Request.apply(
      { method: "POST", path: "/x", query: [], body: {} },
      { body: { "__proto__.polluted": 1 } }
    )
    assert.isUndefined(({} as { polluted?: unknown }).polluted)
    assert.strictEqual(JSON.stringify(body), '{"__proto__":{"polluted":1}}')
  })
})
