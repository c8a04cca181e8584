import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { client, mistakes, parse, warnings } from "../fixture.ts"

const tables = (...resources: ReadonlyArray<string>) => `${client}\nresources: [${resources.join(", ")}]`

const said = (...resources: ReadonlyArray<string>) =>
  Effect.map(mistakes(tables(...resources)), ({ issues }) =>
    issues.map(({ message, path }) => [path, message] as const)
  )

describe("tables", () => {
  it.effect("that meet after naming are named before anything is asked for", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* said("UserNames", "user_names", "{ name: x, table_name: userNames }"), [
        ["resources[1]", "the table `user_names` is that of `UserNames` (resources[0]) already"],
        ["resources[2].table_name", "the table `user_names` is that of `UserNames` (resources[0]) already"]
      ])
    })
  )

  it.effect("that meet are named beside the other mistakes of the same resources", () =>
    Effect.gen(function* () {
      const clash = "the table `user_names` is that of `UserNames` (resources[0]) already"
      const wrong = "endpoint: { response_actions: 5 }"
      for (const [first, second] of [
        [`{ name: UserNames, ${wrong} }`, "user_names"],
        ["UserNames", `{ name: user_names, ${wrong} }`]
      ] as const) {
        const found = yield* said(first, second)
        assert.isTrue(found.some(([, message]) => message === clash))
        assert.isTrue(found.some(([path]) => path.endsWith("endpoint.response_actions")))
        assert.lengthOf(found, 2)
      }
    })
  )

  it.effect("that are not stored meet nothing", () =>
    Effect.gen(function* () {
      const { resources } = yield* parse(
        tables("a", "{ name: A, selected: false }", "{ name: aA, table_name: a, write_disposition: skip }")
      )
      assert.lengthOf(resources, 3)
    })
  )

  it.effect("may not take a name of the bookkeeping", () =>
    Effect.gen(function* () {
      for (const name of ["_sluice_runs", "_SluiceState", "sqlite_master"])
        assert.match((yield* said(`{ name: x, table_name: ${name} }`))[0]![1], /kept for bookkeeping/)
    })
  )

  it.effect("that may be a child table of another are doubted", () =>
    Effect.gen(function* () {
      const found = yield* warnings(tables("posts", "{ name: x, table_name: posts__comments }", "posts_more"))
      assert.deepStrictEqual(
        found.map(({ path }) => path),
        ["resources[1].table_name"]
      )
    })
  )

  it.effect("that are a child table of another by its columns are named", () =>
    Effect.gen(function* () {
      for (const [column, table] of [
        ["items[].price", "orders__items"],
        ["tags[]", "orders__tags"],
        ["a.lineItems[].parts[].id", "orders__a__line_items"],
        ["a.lineItems[].parts[].id", "orders__a__line_items__parts"]
      ] as const) {
        const orders = `{ name: orders, columns: { "${column}": { data_type: text } } }`
        assert.deepStrictEqual(yield* said(table, orders), [
          [
            "resources[0]",
            `\`${table}\` is also the child table of \`orders\` for the list \`${table.slice(8)}\` in its rows`
          ]
        ])
      }
      const { resources } = yield* parse(tables("orders__items", '{ name: orders, columns: { "items.price": {} } }'))
      assert.lengthOf(resources, 2)
    })
  )

  it.effect("written by a strategy that needs a key have one", () =>
    Effect.gen(function* () {
      for (const strategy of ["upsert", "insert-only"]) {
        const write = `write_disposition: { disposition: merge, strategy: ${strategy} }`
        assert.match((yield* said(`{ name: a, ${write} }`))[0]![1], /needs a primary key/)
        assert.match(
          (yield* said(`{ name: a, primary_key: id, merge_key: day, ${write} }`))[0]![1],
          /primary key alone/
        )
        assert.lengthOf(
          (yield* parse(tables(`{ name: a, columns: { id: { primary_key: true } }, ${write} }`))).resources,
          1
        )
      }
    })
  )

  it.effect("have no two hints for one column, and one key however it is written", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        (yield* said(
          "{ name: a, primary_key: [id, ID], columns: { userId: { nullable: false }, user_id: { data_type: text } } }"
        )).map(([path]) => path),
        ["resources[0].columns.user_id"]
      )
      const { resources } = yield* parse(
        `${client}\nresource_defaults: { columns: { userId: { nullable: false, data_type: text } } }\nresources: [{ name: a, primary_key: [id, ID], columns: { Id: { primary_key: true }, user_id: { data_type: bigint } } }]`
      )
      assert.deepStrictEqual(resources[0]!.primaryKey.fields, ["id"])
      assert.deepStrictEqual(
        resources[0]!.columns.map(({ dataType, name, nullable }) => [name, dataType, nullable]),
        [
          ["user_id", "bigint", false],
          ["Id", undefined, undefined]
        ]
      )
    })
  )
})
