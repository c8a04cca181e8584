import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { type FailPoint, Offset, Resource } from "sluice"
import { crash } from "sluice/testing"
import { line, rows, run, serve, source, stages } from "./support.ts"

const list = (count: number, of = "") => Array.from({ length: count }, (_, i) => ({ id: `${of}${i + 1}` }))

const paginator = Offset.make({ limit: 2, totalPath: "total" })

const log = (given: Partial<Resource.Options> = {}) =>
  Resource.make({ name: "log", path: "/log", selector: "items", paginator, writeDisposition: "append", ...given })

const served = (count = () => 5) =>
  serve(({ path, query }) => {
    const all = path === "/log" ? list(count()) : list(2, path.split("/")[2])
    const from = Number(query["offset"] ?? 0)
    return { body: { items: all.slice(from, from + 2), total: all.length } }
  })

/** Everywhere behind the last page of the walk. */
const behind: ReadonlyArray<FailPoint.Name> = [
  "complete.begin",
  "line.begin",
  "line.committed",
  "receipt.begin",
  "receipt.commit"
]

const quiet = Logger.remove(Logger.defaultLogger)

describe("rows that nothing tells apart", () => {
  for (const at of behind) {
    it.effect(`are added once when the run dies behind their last page, at ${at}`, () => {
      const api = served()
      const of = source(log())
      return Effect.gen(function* () {
        yield* Effect.provide(crash({ at })(run(of)), quiet)
        const asked = api.asked.length
        const receipt = yield* run(of)
        assert.deepStrictEqual(yield* rows("SELECT count(*), count(DISTINCT id) FROM log"), [[5, 5]])
        assert.strictEqual(api.asked.length, asked)
        assert.deepInclude(line(receipt, "log"), { status: "complete", stop_reason: "total_reached" })
        assert.match(line(receipt, "log").notices.join(), /its rows are not added a second time/)
        // Another run is another walk again.
        yield* run(of)
        assert.deepStrictEqual(yield* rows("SELECT count(*), count(DISTINCT id) FROM log"), [[10, 5]])
      }).pipe(Effect.provide(stages(api, of)))
    })
  }

  it.effect("are added anew where they are asked for anew, and those of the run that died are taken out", () => {
    let count = 5
    const api = served(() => count)
    const of = source(log())
    return Effect.gen(function* () {
      yield* Effect.provide(crash({ at: "receipt.begin" })(run(of)), quiet)
      count = 6
      yield* run(of, { fullRefresh: true })
      assert.deepStrictEqual(yield* rows("SELECT count(*), count(DISTINCT id) FROM log"), [[6, 6]])
    }).pipe(Effect.provide(stages(api, of)))
  })

  it.effect("of a child are added once, whether its parent's rows are known again or not", () => {
    const entries = Resource.make({
      name: "entries",
      path: "/log/{resources.log.id}/entries",
      selector: "items",
      paginator,
      writeDisposition: "append"
    })
    return Effect.forEach(
      ["append", "merge"] as const,
      (writeDisposition) => {
        const api = served()
        const of = source(log({ writeDisposition, primaryKey: "id" }), entries)
        return Effect.gen(function* () {
          // The child's line is the second one.
          for (const place of [{ at: "line.begin", nth: 2 }, { at: "receipt.begin" }] as const) {
            yield* Effect.provide(crash(place)(run(of)), quiet)
            assert.deepStrictEqual(yield* rows("SELECT count(*) FROM entries"), [[10]])
          }
          yield* run(of)
          assert.deepStrictEqual(yield* rows("SELECT count(*) FROM entries"), [[10]])
          assert.deepStrictEqual(yield* rows("SELECT count(*) FROM _sluice_parents"), [[0]])
          yield* run(of)
          assert.deepStrictEqual(yield* rows("SELECT count(*) FROM entries"), [[20]])
        }).pipe(Effect.provide(stages(api, of)))
      },
      { discard: true }
    )
  })
})
