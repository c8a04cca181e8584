import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Effect, Either, Layer, Schema } from "effect"
import { Row, RowError } from "sluice"
import { batch, cells, columns, compile, failure, page, resource, saved } from "./Row/support.ts"

describe("Row: the service", () => {
  const nested = [{ a: { b: 1 } }]
  const shape = (layer: Layer.Layer<Row.Row, unknown>, maxTableNesting?: number) =>
    Effect.gen(function* () {
      const row = yield* Row.Row
      const compiled = yield* row.compile(resource({ maxTableNesting }))
      return columns((yield* compiled.page(nested)).shape).t
    }).pipe(Effect.provide(layer))

  it.effect("is a layer, and caps the nesting of every resource if it is told to", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* shape(Row.layer()), { a__b: "integer" })
      assert.deepStrictEqual(yield* shape(Row.layer({ maxTableNesting: 0 })), { a: "json" })
      assert.deepStrictEqual(yield* shape(Row.layer({ maxTableNesting: 5 }), 0), { a: "json" })
    })
  )

  it.effect("is configured by a Config", () => {
    const layer = Row.layerConfig({ maxTableNesting: Config.integer("NESTING") })
    const provider = Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["NESTING", "0"]])))
    return Effect.map(shape(Layer.provide(layer, provider)), (found) => assert.deepStrictEqual(found, { a: "json" }))
  })
})

describe("Row: errors are values", () => {
  it("of compiling", () => {
    const before = saved(batch([{ id: 1 }], { primaryKey: "id" }))
    const result = Row.make().compile(resource({ primaryKey: "other" }), before)
    assert.isTrue(Either.isLeft(result) && result.left instanceof RowError && result.left.reason === "KeyChanged")
  })

  it("of a processing step", () =>
    assert.match(
      failure([], { processing: [{ filter: { path: "a", op: "matches", value: "(" } }] }),
      /^Process: processing_steps\.0\.filter: value: /
    ))

  it("of a page", () => {
    assert.match(failure([{ x: 1 }], { primaryKey: "id" }), /^KeyMissing/)
  })

  it("of a bad row, if that is to end the resource", () => {
    const schema = Schema.Struct({ a: Schema.Number })
    assert.strictEqual(
      failure([{ a: 1 }, { a: "jane@example.com" }], { schema, onBadRow: "fail" }),
      "BadRow: row 1: bad row at a: Expected number, found a text"
    )
    assert.match(failure(["x"], { schema, onBadRow: "fail" }), /^BadRow: row 0: bad row at its top: Expected /)
    assert.match(
      failure([{ a: 1 }, { a: true }], { onBadRow: "fail" }),
      /^BadRow: row 1: bad row at a: a boolean does not fit/
    )
    assert.strictEqual(failure([{ a: "x" }], { schema, onBadRow: "quarantine" }), "no failure")
  })

  it("but a mistake of the program is not taken for one", () => {
    const schema = Schema.Struct({ a: Schema.Number }).pipe(
      Schema.filter(() => {
        throw new TypeError("a bug")
      })
    )
    assert.throws(() => compile({ schema }).page([{ a: 1 }]), TypeError, "a bug")
  })
})

describe("Row: pages", () => {
  it("grow one shape, which stays the same object while nothing is new", () => {
    const compiled = compile({ primaryKey: "id" })
    const first = page(compiled, [{ id: 1, a: null }])
    assert.strictEqual(page(compiled, [{ id: 2, a: null }]).shape, first.shape)
    assert.strictEqual(page(compiled, []).shape, first.shape)
    const second = page(compiled, [{ id: 3, a: 1 }])
    assert.notStrictEqual(second.shape, first.shape)
    assert.deepStrictEqual(columns(first.shape).t, { id: "integer", a: "unknown" })
    assert.deepStrictEqual(columns(second.shape).t, { id: "integer", a: "integer" })
  })

  it("a shape from the database is not made anew by rows that fit it", () => {
    const rows = [{ id: 1, o: { p: 1, q: {} }, l: [1, { m: [[]] }], n: null, big: 1n << 60n, e: {}, f: [] }]
    const before = saved(batch(rows, { primaryKey: "id" }))
    assert.strictEqual(page(compile({ primaryKey: "id" }, before), rows).shape, before.shape)
  })

  it("columns and tables are appended, never moved", () => {
    const compiled = compile()
    const first = page(compiled, [{ a: 1, l: [1] }]).shape
    const second = page(compiled, [{ z: 1, a: 1.5, l: [{ y: [1] }] }]).shape
    second.tables.slice(0, first.tables.length).forEach((table, i) => {
      const names = first.tables[i]!.columns.map(({ name }) => name)
      assert.deepStrictEqual(table.columns.map(({ name }) => name).slice(0, names.length), names)
    })
  })

  it("name the table as the resource does, in snake case", () => {
    const made = batch([{ l: [1] }], { table: "MessageStreams" })
    assert.deepStrictEqual(
      made.shape.tables.map(({ name }) => name),
      ["message_streams", "message_streams__l"]
    )
    assert.strictEqual(batch([], { name: "a-b" }).shape.tables[0]!.name, "a_b")
  })

  it("leave rows as they were given", () => {
    const row = { id: 1, o: { p: [1, { q: 2n ** 64n }] }, k: "secret", bad: null }
    const copy = structuredClone(row)
    batch([row, { id: 2, o: "x" }], { primaryKey: "id", mask: ["k"], json: ["o"] })
    assert.deepStrictEqual(row, copy)
  })

  it("rejects hold the row as JSON, integers exact", () => {
    const made = batch([{ v: 1 }, { v: "x", big: 9007199254740993n, a: [null, ""] }])
    assert.strictEqual(made.rejects[0]!.raw, '{"v":"x","big":9007199254740993,"a":[null,""]}')
    assert.deepStrictEqual(cells(made).t, [{ v: 1 }])
  })

  it("one notice stands for all rows refused", () => {
    const made = batch([{ v: 1 }, { v: "x" }, { v: "y" }])
    assert.deepStrictEqual(made.notices, ["a row was refused at v: a text does not fit the integer column v"])
  })
})
