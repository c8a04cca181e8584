import { assert, describe, it } from "@effect/vitest"
import * as Incremental from "../../src/Resource/Incremental.ts"
import * as Cursor from "../../src/Row/Cursor.ts"

const walk = (
  options: Partial<Incremental.Options> = {},
  given: { readonly from?: Cursor.State; readonly reached?: Cursor.Reached; readonly appends?: boolean } = {}
) =>
  Cursor.make(Incremental.make({ cursorPath: "at", ...options }), {
    from: given.from,
    reached: given.reached,
    appends: given.appends ?? false
  })
const at = (...values: ReadonlyArray<unknown>) => values.map((value, i) => ({ i, at: value }))
const kept = (cursor: Cursor.Cursor, ...values: ReadonlyArray<unknown>) =>
  cursor.page(at(...values)).rows.map((row) => (row as { readonly at: unknown }).at)
const state = (value: Cursor.State["value"]): Cursor.State => ({ by: "max at", value })

describe("Cursor", () => {
  it("starts at the initial value, and then at the last one", () => {
    assert.deepStrictEqual(walk().values, {})
    assert.deepStrictEqual(walk({ initialValue: 3 }).values, { start_value: 3, initial_value: 3, last_value: 3 })
    assert.deepStrictEqual(walk({ initialValue: 3 }, { from: state(9) }).values, {
      start_value: 9,
      initial_value: 3,
      last_value: 9
    })
  })

  it("keeps the row at the start value: its content may have changed", () => {
    assert.deepStrictEqual(kept(walk({}, { from: state(5) }), 4, 5, 6), [5, 6])
    assert.deepStrictEqual(kept(walk({ rangeStart: "open" }, { from: state(5) }), 4, 5, 6), [6])
  })

  it("moves with the largest value, never back", () => {
    const cursor = walk({}, { from: state(5) })
    assert.deepInclude(cursor.page(at(5)).reached.to, state(5))
    assert.deepInclude(cursor.page(at(9, 7)).reached.to, state(9))
    const { reached } = cursor.page(at(6))
    assert.deepStrictEqual(reached.from, state(5))
    assert.deepInclude(reached.to, state(9))
    assert.deepInclude(walk({ lastValue: "min" }).page(at(5, 3, 4)).reached.to, { by: "min at", value: 3 })
    const lagging = walk({ lag: 10 }, { from: state(100) })
    assert.deepStrictEqual(kept(lagging, 95, 89), [95])
    assert.deepStrictEqual(lagging.page(at(95)).reached.to, state(100))
  })

  it("a window with an end neither reads nor leaves a state", () => {
    const window = () => walk({ initialValue: 1, endValue: 5 }, { from: state(9) })
    assert.deepStrictEqual(kept(window(), 0, 1, 4, 5, 6), [1, 4])
    assert.isUndefined(window().page(at(4)).reached.to)
    assert.deepStrictEqual(
      kept(walk({ initialValue: 1, endValue: 5, rangeStart: "open", rangeEnd: "closed" }), 1, 4, 5, 6),
      [4, 5]
    )
  })

  it("reaches back by the lag, not beyond the initial value", () => {
    assert.strictEqual(walk({ lag: 10, initialValue: 0 }, { from: state(100) }).values.start_value, 90)
    assert.strictEqual(walk({ lag: 10, initialValue: 95 }, { from: state(100) }).values.start_value, 95)
    assert.strictEqual(walk({ lag: 10 }, { from: undefined as never }).values.start_value, undefined)
    // A walk downwards reaches the other way.
    const down = (initialValue: number) =>
      walk({ lag: 10, lastValue: "min", initialValue }, { from: { by: "min at", value: 100 } }).values.start_value
    assert.strictEqual(down(200), 110)
    assert.strictEqual(down(105), 105)
  })

  it("ends early only where the declared order holds", () => {
    assert.isTrue(walk({ rowOrder: "desc" }, { from: state(5) }).page(at(9, 6, 4)).isOver)
    assert.isFalse(walk({ rowOrder: "desc" }, { from: state(5) }).page(at(9, 6, 5)).isOver)
    assert.isTrue(walk({ rowOrder: "asc", initialValue: 0, endValue: 5 }).page(at(3, 6)).isOver)
    const disordered = walk({ rowOrder: "desc" }, { from: state(5) }).page(at(4, 9))
    assert.deepInclude(disordered, { isOver: false, isOrdered: false })
    assert.isFalse(walk({}, { from: state(5) }).page(at(1)).isOver)
  })

  it("does with a row that lacks it what it is told to", () => {
    const by = (onMissing: Incremental.Incremental["onMissing"]) => walk({ onMissing }).page(at(1, null, undefined))
    assert.deepInclude(by("include"), { outside: 0, missing: false })
    assert.strictEqual(by("include").rows.length, 3)
    // Nothing tells that an earlier run has seen it.
    assert.strictEqual(by("include").fresh.length, 3)
    assert.strictEqual(by("exclude").rows.length, 1)
    assert.deepStrictEqual(
      by("raise").problems.map(({ problem }) => problem.path),
      ["at", "at"]
    )
    assert.isTrue(walk().page(at(null)).missing)
    assert.isFalse(walk().page([]).missing)
  })

  it("refuses a row whose cursor is of another kind than where the walk starts", () => {
    const { problems, rows } = walk({}, { from: state(5) }).page(at("2024", 6))
    assert.strictEqual(rows.length, 1)
    assert.include(problems[0]?.problem.reason ?? "", "text here, but a number")
  })

  it("tells appended rows at the boundary apart by content", () => {
    const first = walk({}, { appends: true }).page([
      { at: 5, v: "a" },
      { at: 5, v: "b" },
      { at: 4, v: "c" }
    ]).reached.to!
    assert.strictEqual(first.boundary?.length, 2)
    const second = walk({}, { appends: true, from: first })
    const page = second.page([
      { at: 5, v: "a" },
      { at: 5, v: "b, changed" },
      { at: 5, v: "d" }
    ])
    assert.deepStrictEqual(page.rows, [
      { at: 5, v: "b, changed" },
      { at: 5, v: "d" }
    ])
    // All rows seen at the value so far.
    assert.strictEqual(page.reached.to?.boundary?.length, 4)
    // A later value has its own.
    assert.strictEqual(second.page([{ at: 6, v: "e" }]).reached.to?.boundary?.length, 1)
  })

  it("goes on from a checkpoint, and not from the state of another cursor", () => {
    const reached = { from: state(5), to: state(8) }
    const resumed = walk({}, { from: state(8), reached })
    assert.strictEqual(resumed.values.start_value, 5)
    assert.deepInclude(resumed.page(at(7)).reached.to, state(8))
    assert.isUndefined(walk({ cursorPath: "other" }, { from: state(5) }).values.start_value)
  })

  it("after an interruption leaves the state it had then: rows read before it may have changed since", () => {
    const first = walk({}, { reached: { from: state(5), to: state(8) } }).page(at(100)).reached
    assert.deepInclude(first.to, state(100))
    assert.deepStrictEqual(Cursor.settled(first), state(8))
    // A second interruption does not move it on.
    assert.deepStrictEqual(Cursor.settled(walk({}, { reached: first }).page(at(200)).reached), state(8))
    assert.deepInclude(Cursor.settled(walk({}, { from: state(5) }).page(at(9)).reached), state(9))
  })

  it("tells rows that an earlier run has seen as they are", () => {
    const first = walk().page([{ at: 5, v: "a" }]).reached.to!
    const page = walk({}, { from: first }).page([
      { at: 5, v: "a" },
      { at: 5, v: "b" }
    ])
    assert.strictEqual(page.rows.length, 2)
    assert.deepStrictEqual(page.fresh, [{ at: 5, v: "b" }])
  })

  it("finds the cursor by JSONPath", () => {
    const cursor = walk({ cursorPath: "$.meta['updated-at']" })
    assert.deepStrictEqual(cursor.page([{ meta: { "updated-at": 3 } }]).reached.to?.value, 3)
  })
})
