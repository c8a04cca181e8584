import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { endpoint, parse } from "../fixture.ts"

const one = (...lines: ReadonlyArray<string>) => Effect.map(parse(endpoint(...lines)), ({ resources }) => resources[0]!)

describe("the request of an endpoint", () => {
  it.effect("has its parameters as text: numbers as written, lists repeated, null left out", () =>
    Effect.gen(function* () {
      const { query } = yield* one(
        'params: { a: x, b: 5, c: [1, two, null, true], d: null, e: false, version: 7.0, big: 9007199254740993, hex: 0x10, list: [1.50], "f[]": "" }'
      )
      assert.deepStrictEqual(query, [
        ["a", "x"],
        ["b", "5"],
        ["c", "1"],
        ["c", "two"],
        ["c", "true"],
        ["e", "false"],
        ["version", "7.0"],
        ["big", "9007199254740993"],
        ["hex", "16"],
        ["list", "1.50"],
        ["f[]", ""]
      ])
    })
  )

  it.effect("takes the query of a path before the parameters, and no fragment", () =>
    Effect.gen(function* () {
      const { path, query } = yield* one('path: "/v1/x?limit=10&q=a%20b#top"', "params: { limit: 5 }")
      assert.strictEqual(path, "/v1/x")
      assert.deepStrictEqual(query, [
        ["limit", "10"],
        ["q", "a b"],
        ["limit", "5"]
      ])
    })
  )

  it.effect("may lead to a host of its own when that is allowed", () =>
    Effect.gen(function* () {
      const text = (path: string) =>
        `client: { base_url: https://api.example.com/v1, allowed_hosts: [cdn.example.com, "other.example:8443"] }\nresources: [{ name: a, endpoint: { paginator: single_page, path: "${path}" } }]`
      for (const path of ["https://api.example.com/x", "https://cdn.example.com/x", "https://other.example:8443/x"]) {
        const { resources } = yield* parse(text(path))
        assert.strictEqual(resources[0]?.path, path)
      }
      for (const path of [
        "http://api.example.com/x",
        "https://cdn.example.com:444/x",
        "https://evil.example/x",
        "https://u:p@api.example.com/x"
      ]) {
        const error = yield* Effect.flip(parse(text(path)))
        assert.deepStrictEqual(
          error.issues.map((issue) => issue.path),
          ["resources[0].endpoint.path"],
          path
        )
      }
    })
  )

  it.effect("selects by a JSONPath, `$` for the body itself, and by nothing what is to be found", () =>
    Effect.gen(function* () {
      for (const [written, selector] of [
        ["Bounces", "Bounces"],
        ["a.b", "a.b"],
        ["$.a.b", "$.a.b"],
        ["$", "$"],
        ["items[*].x", "items[*].x"],
        ["\"['@odata.value']\"", "['@odata.value']"],
        ["tour-guides", "tour-guides"],
        ["größe", "größe"]
      ]) {
        const resource = yield* one(`data_selector: ${written}`)
        assert.strictEqual(resource.selector, selector)
      }
      assert.isUndefined((yield* one("method: GET")).selector)
    })
  )
})
