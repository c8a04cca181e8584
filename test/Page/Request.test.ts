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

  it("takes a parameter out of a path that was written with its query", () => {
    const written = { method: "GET", path: "/x?page=7&a=1&page=8", query: [] }
    assert.deepStrictEqual(Request.apply(written, { query: { page: 2 } }), {
      ...written,
      path: "/x?a=1",
      query: [["page", "2"]]
    })
    assert.strictEqual(Request.apply({ ...written, path: "/x?page=7" }, { query: { page: 2 } }).path, "/x")
    assert.strictEqual(Request.apply(written, { url: "https://api.test/y?page=1" }).path, "https://api.test/y?page=1")
  })

  it("writes into a form, in place of a field of the same name, and not into a text", () => {
    const form = { method: "POST", path: "/x", query: [], data: [["page", "1"] as const, ["q", "x"] as const] }
    const position = { body: { page: 2 } }
    const set = Request.apply(form, position)
    assert.deepStrictEqual(set.data, [
      ["q", "x"],
      ["page", "2"]
    ])
    assert.notProperty(set, "body")
    assert.strictEqual(Request.apply({ ...form, data: "raw" }, position).data, "raw")
  })

  describe("a secret that was masked in a link", () => {
    const base = new URL("https://api.test/bot123:ABC/v1?v=1")
    const own = {
      method: "GET",
      path: "/lists",
      query: [["token", "s/e cret"] as const, ["q", "x"] as const]
    }
    const path = (url: string, request: Fetch.Request = own) => Request.apply(request, { url }, base).path

    it("is put back from the same parameter and the same part of the path", () => {
      assert.strictEqual(
        path("https://api.test/bot***/v1/lists?page=2&token=***&q=y"),
        "https://api.test/bot123:ABC/v1/lists?page=2&token=s%2Fe%20cret&q=y"
      )
      assert.strictEqual(path("https://api.test/***/v1/more"), "https://api.test/bot123:ABC/v1/more")
      assert.strictEqual(path("https://api.test/bot%2A%2A%2A/v1"), "https://api.test/bot%2A%2A%2A/v1")
    })

    it("and from nowhere else", () => {
      for (const link of [
        "https://api.test/v1/bot***/lists",
        "https://api.test/user***/v1/lists",
        "https://api.test/lists?other=***",
        "https://api.test/lists?token=a***",
        "https://api.test/lists?page=2"
      ])
        assert.strictEqual(path(link), link)
      assert.strictEqual(Request.apply(own, { url: "https://api.test/***" }).path, "https://api.test/***")
    })
  })
})
