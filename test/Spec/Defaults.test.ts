import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { parse } from "./fixture.ts"

const load = (defaults: string, ...resources: ReadonlyArray<string>) =>
  parse(
    [
      "client: { base_url: https://api.example.com, paginator: single_page }",
      `resource_defaults: ${defaults}`,
      "resources:",
      ...resources.map((each) => `  - ${each}`)
    ].join("\n")
  )

describe("resource_defaults", () => {
  it.effect("are replaced key by key", () =>
    Effect.gen(function* () {
      const { resources } = yield* load(
        "{ primary_key: id, write_disposition: merge, max_table_nesting: 2, on_bad_row: fail }",
        "a",
        "{ name: b, primary_key: [x, y], write_disposition: append }",
        "{ name: c, primary_key: null, write_disposition: null, max_table_nesting: null, on_bad_row: null }"
      )
      assert.deepStrictEqual(
        resources.map(({ maxTableNesting, name, onBadRow, primaryKey, write }) => [
          name,
          primaryKey,
          write.disposition,
          maxTableNesting,
          onBadRow
        ]),
        [
          ["a", { fields: ["id"], origin: "default" }, "merge", 2, "fail"],
          ["b", { fields: ["x", "y"], origin: "declared" }, "append", 2, "fail"],
          // An explicit null wins over the default; without a disposition rows are appended, as in dlt.
          ["c", { fields: [], origin: "declared" }, "append", 1000, undefined]
        ]
      )
    })
  )

  it.effect("a key written on the resource is declared even when the default is the same", () =>
    Effect.gen(function* () {
      const { resources } = yield* load("{ primary_key: id }", "{ name: a, primary_key: id }")
      assert.deepStrictEqual(resources[0]?.primaryKey, { fields: ["id"], origin: "declared" })
    })
  )

  it.effect("an empty list is no key", () =>
    Effect.gen(function* () {
      const { resources } = yield* load("{ primary_key: id }", "{ name: a, primary_key: [] }")
      assert.deepStrictEqual(resources[0]?.primaryKey, { fields: [], origin: "declared" })
    })
  )

  it.effect("endpoint is merged key by key, params and json one level deeper, the rest replaced whole", () =>
    Effect.gen(function* () {
      const { resources } = yield* load(
        "{ endpoint: { method: POST, data_selector: data, headers: { A: '1' }, params: { x: 1, y: 2 }, json: { a: { b: 1 }, c: 1 }, paginator: { type: offset, limit: 5, offset_param: o } } }",
        "a",
        "{ name: b, endpoint: { params: { y: null, z: 3 }, json: { a: { d: 2 } }, headers: { B: '2' }, paginator: { type: offset, limit: 7 } } }",
        "{ name: c, endpoint: { params: null, json: null, headers: null, data_selector: null, paginator: null } }",
        "{ name: d, endpoint: other/path }"
      )
      assert.deepStrictEqual(
        resources.map(({ body, headers, method, paginator, path, query, selector }) => ({
          path,
          method,
          query,
          headers,
          body,
          selector,
          first: paginator.first
        })),
        [
          {
            path: "a",
            method: "POST",
            query: [
              ["x", "1"],
              ["y", "2"]
            ],
            headers: { A: "1" },
            body: { a: { b: 1 }, c: 1 },
            selector: "data",
            first: { query: { o: 0, limit: 5 } }
          },
          {
            path: "b",
            method: "POST",
            query: [
              ["x", "1"],
              ["z", "3"]
            ],
            headers: { B: "2" },
            body: { a: { d: 2 }, c: 1 },
            selector: "data",
            first: { query: { offset: 0, limit: 7 } }
          },
          // A null paginator is that of the client.
          { path: "c", method: "POST", query: [], headers: {}, body: undefined, selector: undefined, first: {} },
          {
            path: "other/path",
            method: "POST",
            query: [
              ["x", "1"],
              ["y", "2"]
            ],
            headers: { A: "1" },
            body: { a: { b: 1 }, c: 1 },
            selector: "data",
            first: { query: { o: 0, limit: 5 } }
          }
        ]
      )
    })
  )

  it.effect("columns are merged by name, in either form", () =>
    Effect.gen(function* () {
      const { resources } = yield* load(
        "{ columns: { A: { data_type: json } } }",
        "{ name: a, columns: [{ name: B, data_type: json }, { name: A, data_type: json }] }",
        "{ name: b, columns: null }",
        "c"
      )
      assert.deepStrictEqual(
        resources.map(({ columns }) => columns.map(({ dataType, name }) => [name, dataType])),
        [
          [
            ["A", "json"],
            ["B", "json"]
          ],
          [],
          [["A", "json"]]
        ]
      )
    })
  )

  it.effect("no two resources share an object", () =>
    Effect.gen(function* () {
      const { resources } = yield* load(
        "{ endpoint: { method: POST, params: { x: 1 }, json: { a: 1 }, headers: { A: b } } }",
        "a",
        "b"
      )
      const [a, b] = resources
      assert.deepStrictEqual(a?.query, b?.query)
      assert.notStrictEqual(a?.query, b?.query)
      assert.notStrictEqual(a?.body, b?.body)
      assert.notStrictEqual(a?.headers, b?.headers)
    })
  )
})
