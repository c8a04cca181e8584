import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Field } from "sluice"
import { batch, columns, compile, page, resource, saved } from "./support.ts"

const declared = (schema: Schema.Schema.AnyNoContext) => columns(batch([], { schema }).shape)
const struct = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  declared(Schema.Struct(fields) as unknown as Schema.Schema.AnyNoContext).t

describe("Declare", () => {
  it("a column for every scalar", () => {
    assert.deepStrictEqual(
      struct({
        s: Schema.String,
        n: Schema.Number,
        i: Schema.Int,
        b: Schema.Boolean,
        big: Schema.BigIntFromSelf,
        integer: Field.Integer,
        at: Field.Timestamp,
        json: Field.Json,
        object: Field.JsonObject,
        record: Schema.Record({ key: Schema.String, value: Schema.Number })
      }),
      {
        s: "text!",
        n: "real!",
        i: "integer!",
        b: "boolean!",
        big: "integer!",
        integer: "integer!",
        at: "timestamp!",
        json: "json!",
        object: "json!",
        record: "json!"
      }
    )
  })

  it("refinements are what they refine, integers however refined", () => {
    assert.deepStrictEqual(
      struct({
        a: Schema.NonEmptyString,
        b: Schema.Number.pipe(Schema.between(0, 1)),
        c: Schema.NonNegativeInt,
        d: Schema.Int.pipe(Schema.between(0, 9)),
        e: Schema.UUID,
        f: Field.Timestamp.pipe(Schema.filter((text) => text > "2"))
      }),
      { a: "text!", b: "real!", c: "integer!", d: "integer!", e: "text!", f: "timestamp!" }
    )
  })

  it("optional and nullable fields are columns", () => {
    assert.deepStrictEqual(
      struct({
        a: Schema.optional(Schema.String),
        b: Schema.NullOr(Schema.Int),
        c: Schema.optional(Schema.NullOr(Field.Timestamp)),
        d: Schema.optionalWith(Schema.Boolean, { exact: true }),
        e: Schema.NullishOr(Schema.Number)
      }),
      { a: "text!", b: "integer!", c: "timestamp!", d: "boolean!", e: "real!" }
    )
  })

  it("literals by their values", () => {
    assert.deepStrictEqual(
      struct({
        s: Schema.Literal("a", "b"),
        i: Schema.Literal(0, 1),
        r: Schema.Literal(0, 1.5),
        b: Schema.Literal(true),
        n: Schema.Literal("a", null),
        mixed: Schema.Literal("a", 1),
        enums: Schema.Enums({ A: "a", B: "b" } as const),
        numbers: Schema.Enums({ A: 0, B: 1 } as const),
        both: Schema.Enums({ A: "a", B: 1 } as const),
        template: Schema.TemplateLiteral("a-", Schema.Number)
      }),
      {
        s: "text!",
        i: "integer!",
        r: "real!",
        b: "boolean!",
        n: "text!",
        mixed: "text!",
        enums: "text!",
        numbers: "integer!",
        both: "text!",
        template: "text!"
      }
    )
  })

  it("members of a union that disagree make text, but integers and reals a real, in any order", () => {
    assert.deepStrictEqual(
      struct({
        a: Schema.Union(Schema.Int, Schema.Number),
        b: Schema.Union(Schema.Number, Schema.Int),
        c: Schema.Union(Schema.String, Schema.Number),
        d: Schema.Union(Schema.Boolean, Schema.String),
        e: Schema.Union(Field.Timestamp, Schema.Literal("never")),
        f: Schema.Union(Schema.Literal("x"), Field.Timestamp)
      }),
      { a: "real!", b: "real!", c: "text!", d: "text!", e: "text!", f: "text!" }
    )
  })

  it("structs become prefixed columns, lists tables, with all they hold", () => {
    const schema = Schema.Struct({
      o: Schema.NullOr(Schema.Struct({ A: Schema.String, p: Schema.Struct({ q: Schema.Int }) })),
      tags: Schema.Array(Schema.String),
      to: Schema.optional(
        Schema.Array(
          Schema.Struct({
            Email: Schema.String,
            lists: Schema.Array(Schema.Int),
            geo: Schema.Struct({ lat: Schema.Number })
          })
        )
      ),
      either: Schema.Array(Schema.Union(Schema.String, Schema.Struct({ name: Schema.String }))),
      grid: Schema.Array(Schema.Array(Schema.Number)),
      pair: Schema.Tuple(Schema.String, Schema.Int)
    })
    assert.deepStrictEqual(declared(schema), {
      t: { o__a: "text!", o__p__q: "integer!" },
      t__tags: { value: "text!" },
      t__to: { email: "text!", geo__lat: "real!" },
      t__to__lists: { value: "integer!" },
      t__either: { value: "text!", name: "text!" },
      t__grid: {},
      t__grid__list: { value: "real!" },
      t__pair: { value: "text!" }
    })
  })

  it("is of what decoding gives, not of what it takes", () => {
    class Person extends Schema.Class<Person>("Person")({ Name: Schema.String, Born: Schema.Date }) {}
    assert.deepStrictEqual(
      struct({
        n: Schema.NumberFromString,
        d: Schema.DateTimeUtc,
        p: Person,
        o: Schema.OptionFromNullOr(Schema.Int),
        s: Schema.Set(Schema.Int)
      }),
      {
        n: "real!",
        d: "timestamp!",
        p__name: "text!",
        p__born: "timestamp!",
        o: "integer!"
      }
    )
    assert.deepStrictEqual(declared(Person).t, { name: "text!", born: "timestamp!" })
  })

  it("what is unknown declares nothing, and takes its column from its first value", () => {
    const made = batch([{ a: 1, b: "x" }], {
      schema: Schema.Struct({ a: Schema.Unknown, b: Schema.Any, c: Schema.Undefined, d: Schema.Null })
    })
    assert.deepStrictEqual(columns(made.shape).t, {})
    assert.lengthOf(made.rejects, 1)
    const taken = batch([{ a: 1, b: "x", d: null, c: undefined }], {
      schema: Schema.Struct({ a: Schema.Unknown, b: Schema.Any, c: Schema.Undefined, d: Schema.Null })
    })
    assert.deepStrictEqual(columns(taken.shape).t, { a: "integer", b: "text", d: "unknown", c: "unknown" })
  })

  it("a recursive schema declares its first level", () => {
    interface Tree {
      readonly v: number
      readonly kids: ReadonlyArray<Tree>
    }
    const Tree: Schema.Schema<Tree> = Schema.Struct({
      v: Schema.Number,
      kids: Schema.Array(Schema.suspend(() => Tree))
    })
    assert.deepStrictEqual(declared(Tree), { t: { v: "real!" }, t__kids: {} })
  })

  it("rows that are no structs", () => {
    assert.deepStrictEqual(declared(Schema.String), { t: { value: "text!" } })
    assert.deepStrictEqual(declared(Schema.Array(Schema.Int)), { t: {}, t__value: { value: "integer!" } })
    assert.deepStrictEqual(declared(Field.JsonObject), { t: {} })
    assert.deepStrictEqual(declared(Field.Json), { t: {} })
    assert.deepStrictEqual(declared(Schema.Struct({ a: Schema.Int }, { key: Schema.String, value: Schema.Unknown })), {
      t: { a: "integer!" }
    })
    assert.deepStrictEqual(
      declared(Schema.Union(Schema.Struct({ a: Schema.Int }), Schema.Struct({ a: Schema.Number, b: Schema.String }))),
      {
        t: { a: "real!", b: "text!" }
      }
    )
    assert.lengthOf(batch([{ x: 1, y: { z: [1] } }], { schema: Field.JsonObject }).rejects, 0)
    assert.lengthOf(batch(["a", "b"], { schema: Schema.String }).rows, 2)
  })

  it("a declared column keeps its type, except for an integer that INTEGER cannot hold", () => {
    const schema = Schema.Struct({ i: Field.Integer, r: Schema.Number, t: Schema.Unknown })
    const made = batch(
      [
        { i: 1, r: 1, t: 1 },
        { i: 2n ** 64n, r: 2, t: 2 }
      ],
      { schema }
    )
    assert.deepStrictEqual(columns(made.shape).t, { i: "text!", r: "real!", t: "integer" })
    assert.lengthOf(made.rejects, 0)
  })

  it("is kept by all-null rows", () => {
    const schema = Schema.Struct({ a: Schema.NullOr(Schema.Int), b: Schema.optional(Schema.String) })
    assert.deepStrictEqual(columns(batch([{ a: null }, { a: null }], { schema }).shape).t, {
      a: "integer!",
      b: "text!"
    })
  })

  it("masked fields are declared as text", () => {
    const schema = Schema.Struct({ k: Schema.Array(Schema.Int), n: Schema.Int })
    const made = batch([{ k: [1], n: 1 }], { schema, mask: ["k", "n"] })
    assert.deepStrictEqual(columns(made.shape), { t: { n: "text!" }, t__k: { value: "text!" } })
  })

  it("objects and lists below max_table_nesting are JSON columns from the start", () => {
    const schema = Schema.Struct({
      o: Schema.Struct({ p: Schema.Struct({ q: Schema.Int }) }),
      l: Schema.Array(Schema.Struct({ m: Schema.Array(Schema.Int) }))
    })
    const rows = [{ o: { p: { q: 1 } }, l: [{ m: [1] }] }]
    for (const [maxTableNesting, expected] of [
      [0, { t: { o: "json!", l: "json!" } }],
      [1, { t: { o__p: "json!" }, t__l: { m: "json!" } }],
      [2, { t: { o__p__q: "integer!" }, t__l: {}, t__l__m: { value: "integer!" } }]
    ] as const) {
      assert.deepStrictEqual(columns(batch([], { schema, maxTableNesting }).shape), expected)
      assert.deepStrictEqual(columns(batch(rows, { schema, maxTableNesting }).shape), expected)
    }
  })

  it("a json field is one column, whatever its schema", () => {
    const schema = Schema.Struct({ o: Schema.Struct({ p: Schema.Int }), l: Schema.Array(Schema.Int) })
    const made = batch([{ o: { p: 1 }, l: [1] }], { schema, json: ["o", "l"] })
    assert.deepStrictEqual(columns(made.shape), { t: { o: "json!", l: "json!" } })
  })

  it("the same schema in the next run changes nothing", () => {
    const schema = Schema.Struct({
      id: Schema.Int,
      o: Schema.Struct({}),
      l: Schema.Array(Schema.Struct({ m: Schema.Array(Schema.Int) }))
    })
    const before = saved(batch([{ id: 1, o: {}, l: [], x: { y: {} } }], { schema }))
    assert.strictEqual(page(compile({ schema }, before), [{ id: 1, o: {}, l: [], x: { y: {} } }]).shape, before.shape)
  })

  it("a schema that comes later adds its columns, and widens what it can", () => {
    const before = saved(batch([{ id: 1, a: 1, b: 1, c: "x", d: null, e: 2n ** 60n, f: true }], { primaryKey: "id" }))
    const schema = Schema.Struct({
      id: Schema.Int,
      a: Schema.String,
      b: Schema.Number,
      c: Schema.Int,
      d: Field.Timestamp,
      e: Schema.Number,
      f: Schema.String,
      g: Schema.Int
    })
    assert.deepStrictEqual(columns(page(compile({ primaryKey: "id", schema }, before), []).shape).t, {
      id: "integer",
      a: "text",
      b: "real",
      c: "text",
      d: "timestamp",
      e: "integer*",
      f: "boolean",
      g: "integer!"
    })
  })

  it("resource() is what the tests compile", () => assert.strictEqual(resource().table, "t"))
})
