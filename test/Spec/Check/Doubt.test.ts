import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { client, parse, warnings } from "../fixture.ts"

describe("warnings", () => {
  it.effect("keep nothing from working, and have their place", () =>
    Effect.gen(function* () {
      const text = `${client}\nresources:\n  - name: a\n    write_disposition: merge\n`
      assert.lengthOf((yield* parse(text)).resources, 1)
      assert.deepStrictEqual(
        (yield* warnings(text)).map(({ column, file, line, path }) => [file, line, column, path]),
        [["/etc/sluice/api.yaml", 4, 24, "resources[0].write_disposition"]]
      )
    })
  )

  it.effect("say which of several hard_delete columns counts", () =>
    Effect.gen(function* () {
      const gone = "gone: { hard_delete: true }, gone_at: { hard_delete: true }, kept: { hard_delete: false }"
      const found = yield* warnings(
        `${client}\nresources: [{ name: a, primary_key: id, write_disposition: merge, columns: { ${gone} } }]`
      )
      assert.deepStrictEqual(
        found.map(({ path }) => path),
        ["resources[0].columns.gone_at.hard_delete"]
      )
      assert.match(found[0]!.message, /only the first counts, that of `gone`/)
    })
  )

  it.effect("of the same words are told once, with the number of the others", () =>
    Effect.gen(function* () {
      const offset = "{ type: offset, limit: 5 }"
      const found = yield* warnings(
        `${client}\nresources:\n${["a", "b", "c"].map((name) => `  - { name: ${name}, endpoint: { paginator: ${offset} } }`).join("\n")}\n`
      )
      assert.deepStrictEqual(
        found.map(({ line, path }) => [line, path]),
        [[3, "resources[0].endpoint.paginator.total_path"]]
      )
      assert.match(found[0]!.message, /\(and in 2 more places\)$/)
    })
  )

  it.effect("of the defaults and of the client are shown where they stand, once", () =>
    Effect.gen(function* () {
      const page = "{ type: page_number, base_page: 1 }"
      for (const [text, path] of [
        [
          `${client}\nresource_defaults: { endpoint: { paginator: ${page} } }\nresources: [a, b]`,
          "resource_defaults.endpoint.paginator.total_path"
        ],
        [
          `client: { base_url: https://api.example.com, paginator: ${page} }\nresources: [a, b]`,
          "client.paginator.total_path"
        ]
      ] as const) {
        const found = yield* warnings(text)
        assert.deepStrictEqual(
          found.map((each) => each.path),
          [path]
        )
        assert.notMatch(found[0]!.message, /more place/)
      }
    })
  )

  it.effect("are not given where nothing is doubtful", () =>
    Effect.gen(function* () {
      const found = yield* warnings(
        [
          "client:",
          "  base_url: https://api.example.com",
          "  paginator: { type: page_number, base_page: 1, total_path: null }",
          "resource_defaults: { primary_key: id, write_disposition: merge }",
          "resources:",
          "  - { name: a, endpoint: { data_selector: data.items } }",
          "  - { name: b, endpoint: { paginator: { type: cursor, cursor_path: meta.next_cursor } } }",
          "  - { name: c, endpoint: { paginator: { type: offset, limit: 5, total_path: meta.total } } }",
          "  - { name: d, endpoint: { incremental: { cursor_path: updated_at, start_param: since } } }",
          '  - { name: e, endpoint: { method: POST, json: { query: "query { me { id } }" } } }',
          '  - { name: f, endpoint: { method: POST, json: { query: "query {{ me {{ id }} }}" } } }'
        ].join("\n")
      )
      assert.deepStrictEqual(found, [])
    })
  )
})
