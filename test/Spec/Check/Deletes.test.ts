import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { client, mistakes, parse, warnings } from "../fixture.ts"

const of = (...resources: ReadonlyArray<string>) => `${client}\nresources: [${resources.join(", ")}]`
const orders = (more: string) => of(`{ name: orders, ${more} }`)
const merge = "primary_key: id, write_disposition: merge"

const said = (text: string) =>
  Effect.map(mistakes(text), ({ issues }) => issues.map(({ message, path }) => [path, message] as const))
const warned = (text: string) =>
  Effect.map(warnings(text), (found) => found.map(({ message, path }) => [path, message] as const))

describe("deletes", () => {
  it.effect("are refused where it cannot be told which rows are gone, with the reason", () =>
    Effect.gen(function* () {
      for (const [more, says] of [
        ["primary_key: id, write_disposition: append", "`append` adds every row"],
        ["primary_key: id, write_disposition: replace", "`replace` already leaves nothing"],
        ["primary_key: id, write_disposition: skip", "`skip` stores no rows"],
        ["primary_key: id, write_disposition: { disposition: merge, strategy: scd2 }", "`scd2` already ends"],
        ["primary_key: id, write_disposition: { disposition: merge, strategy: insert-only }", "`insert-only` leaves"],
        [`${merge}, merge_key: day`, "a `merge_key` already says"],
        ["write_disposition: merge", "without a primary key"],
        [
          `${merge}, endpoint: { path: orders, incremental: { cursor_path: at, start_param: since } }`,
          "`incremental` asks for what is newer"
        ]
      ] as const) {
        for (const deletes of ["soft", "hard", "{ mode: soft, aged_by: at }"]) {
          const found = yield* said(orders(`${more}, deletes: ${deletes}`))
          assert.deepStrictEqual(
            found.map(([path]) => path),
            ["resources[0].deletes"]
          )
          assert.include(found[0]![1], says)
        }
        yield* parse(orders(`${more}, deletes: ignore`))
      }
    })
  )

  it.effect("are refused below a parent of which not every row comes again", () =>
    Effect.gen(function* () {
      const child = `{ name: lines, ${merge}, deletes: hard, endpoint: { path: "orders/{resources.orders.id}/lines" } }`
      const grandchild = `{ name: taxes, ${merge}, deletes: hard, endpoint: { path: "lines/{resources.lines.id}/taxes" } }`
      const incremental = `{ name: orders, ${merge}, endpoint: { path: orders, incremental: { cursor_path: at } } }`
      const found = yield* said(of(incremental, child, grandchild))
      assert.deepStrictEqual(
        found.map(([path]) => path),
        ["resources[1].deletes", "resources[2].deletes"]
      )
      assert.include(found[0]![1], "`orders` is incremental")
      yield* parse(of(`{ name: orders, ${merge} }`, child, grandchild))
    })
  )

  it.effect("are doubted beside parameters that look like a window in time", () =>
    Effect.gen(function* () {
      const params = (names: string, deletes = "soft") =>
        orders(`${merge}, deletes: ${deletes}, endpoint: { path: orders, params: { ${names} } }`)
      for (const name of [
        "fromdate",
        "since",
        "updated_since",
        "start_date",
        "createdAfter",
        "created_at_gte",
        "from"
      ]) {
        const [found = ["", ""]] = yield* warned(params(`${name}: x`))
        assert.strictEqual(found[0], `resources[0].endpoint.params.${name}`)
        assert.include(found[1], "the start of a window")
        assert.deepStrictEqual(yield* warned(params(`${name}: x`, "{ mode: soft, aged_by: at }")), [])
      }
      for (const name of ["todate", "until", "endDate", "created_before", "to"]) {
        for (const deletes of ["hard", "{ mode: soft, aged_by: at }"]) {
          const [found = ["", ""]] = yield* warned(params(`${name}: x`, deletes))
          assert.strictEqual(found[0], `resources[0].endpoint.params.${name}`)
          assert.include(found[1], "the end of a window")
        }
      }
      assert.deepStrictEqual(
        yield* warned(params("limit: 5, status: open, after: abc, sort: created_at, platform: x")),
        []
      )
      assert.deepStrictEqual(yield* warned(params("fromdate: x", "ignore")), [])
    })
  )

  it.effect("that are not switched on make nothing of what else is said of them, and it is told", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        (yield* warned(orders(`${merge}, max_delete_ratio: 0.5, deletes: { mode: ignore, aged_by: at }`))).map(
          ([path]) => path
        ),
        ["resources[0].max_delete_ratio", "resources[0].deletes.aged_by"]
      )
      const { resources } = yield* parse(
        orders(`${merge}, max_delete_ratio: 0.5, deletes: { mode: hard, aged_by: at }`)
      )
      assert.deepStrictEqual(resources[0]!.deletes, { mode: "hard", agedBy: "at", maxRatio: 0.5 })
    })
  )
})
