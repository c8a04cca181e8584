import { assert, describe, it } from "@effect/vitest"
import { BigDecimal, DateTime, Either, FastCheck as fc, Option, ParseResult, Schema } from "effect"
import { Field } from "sluice"
import * as Decode from "../../src/Row/Decode.ts"
import * as Plain from "../../src/Row/Plain.ts"
import { batch, cells, columns } from "./support.ts"

type Any = Schema.Schema.AnyNoContext

const decode = (schema: Any, row: unknown) => Decode.compile(schema)(row)
const right = (schema: Any, row: unknown): unknown =>
  Either.getOrThrowWith(decode(schema, row), ({ path, reason }) => new Error(`${path}: ${reason}`))
const left = (schema: Any, row: unknown) => {
  const result = decode(schema, row)
  assert.isTrue(Either.isLeft(result), `took ${String(row)}`)
  return Either.isLeft(result) ? result.left : undefined
}

const Row = Schema.Struct({
  ID: Field.Integer,
  Name: Schema.optional(Schema.NullOr(Schema.String)),
  At: Field.Timestamp,
  Tags: Schema.Array(Schema.String)
})
const good = { ID: 1, Name: "a", At: "2026-01-01T00:00:00Z", Tags: ["x"] }

describe("Decode: a row that is right", () => {
  it("is its own value, excess keys and all", () => {
    const row = { ...good, More: { x: [1] }, Null: null }
    assert.strictEqual(right(Row, row), row)
  })

  it("may leave out what is optional and null what is nullable", () => {
    for (const row of [
      { ...good, Name: null },
      { ID: 1, At: good.At, Tags: [] }
    ])
      assert.strictEqual(right(Row, row), row)
  })

  it("may hold integers of any size", () => {
    for (const ID of [0, -1, 2 ** 53 - 1, 2n ** 53n, 4323372036854775807n, 2n ** 70n])
      assert.strictEqual((right(Row, { ...good, ID }) as typeof good).ID, ID)
  })
})

describe("Decode: a row that is wrong", () => {
  const cases: ReadonlyArray<readonly [row: unknown, path: string, reason: RegExp]> = [
    [{ ...good, ID: "1" }, "ID", /^Expected .*, found a text$/],
    [{ ...good, ID: 1.5 }, "ID", /^Expected .*, found a fraction$/],
    [{ ...good, ID: null }, "ID", /^Expected .*, found null$/],
    [{ ...good, Name: 5 }, "Name", /^Expected .*, found an integer$/],
    [{ ...good, At: "soon" }, "At", /^Expected an ISO 8601 date-time$/],
    [{ ...good, At: "2026-02-30T00:00:00Z" }, "At", /^Expected an ISO 8601 date-time$/],
    [{ ...good, At: 5 }, "At", /^Expected .*, found an integer$/],
    [{ ...good, Tags: ["x", 5] }, "Tags.1", /^Expected string, found an integer$/],
    [{ ...good, Tags: null }, "Tags", /^Expected .*, found null$/],
    [{ ...good, Tags: { 0: "x" } }, "Tags", /^Expected .*, found an object$/],
    [{ At: good.At, Tags: [] }, "ID", /^is missing$/],
    [null, "", /^Expected .*, found null$/],
    [[good], "", /^Expected .*, found a list$/],
    ["x", "", /^Expected .*, found a text$/]
  ]
  it.each(cases)("%j fails at %j", (row, path, reason) => {
    const problem = left(Row, row)!
    assert.strictEqual(problem.path, path)
    assert.match(problem.reason, reason)
  })

  it("is refused without a word of what it holds", () => {
    const secret = "jane.doe@example.com"
    const schemas: ReadonlyArray<readonly [Any, unknown]> = [
      [Schema.Struct({ v: Schema.Number }), { v: secret }],
      [Schema.Struct({ v: Schema.Literal("a", "b") }), { v: secret }],
      [Schema.Struct({ v: Schema.String.pipe(Schema.maxLength(3)) }), { v: secret }],
      [Schema.Struct({ v: Schema.NumberFromString }), { v: secret }],
      [Schema.Struct({ v: Schema.Date }), { v: secret }],
      [Schema.Struct({ v: Schema.BigInt }), { v: secret }],
      [Schema.Struct({ v: Schema.Union(Schema.Number, Schema.Struct({ w: Schema.Number })) }), { v: { w: secret } }],
      [Schema.Struct({ v: Schema.Array(Schema.Number) }), { v: [secret] }],
      [Schema.Struct({ v: Schema.Record({ key: Schema.String, value: Schema.Number }) }), { v: { k: secret } }],
      [Schema.Struct({ v: Schema.Struct({ w: Schema.Number }) }), { v: secret }],
      [Schema.Struct({ v: Schema.Struct({ w: Schema.Number }) }), { v: { x: secret } }],
      [Schema.Struct({ v: Schema.parseJson(Schema.Number) }), { v: JSON.stringify(secret) }]
    ]
    for (const [schema, row] of schemas) {
      const { reason } = left(schema, row)!
      assert.notInclude(reason, "jane", reason)
      assert.isAbove(reason.length, 8)
      assert.isAtMost(reason.length, 300)
    }
  })

  it("does not spoil the others", () => {
    const made = batch([good, { ...good, ID: "x" }, null, { ...good, ID: 2 }, { ...good, Tags: [1] }], {
      schema: Row,
      primaryKey: "ID"
    })
    assert.deepStrictEqual(
      cells(made).t!.map(({ id }) => id),
      [1, 2]
    )
    assert.deepStrictEqual(
      made.rejects.map(({ path }) => path),
      ["ID", "", "Tags.0"]
    )
    assert.deepStrictEqual(JSON.parse(made.rejects[0]!.raw), { ...good, ID: "x" })
    assert.match(made.notices[0]!, /^a row was refused at ID: Expected .*, found a text$/)
  })
})

describe("Decode: schemas that say more than their types", () => {
  it("a schema's own wish about excess keys is heard", () => {
    const strict = Schema.Struct({ a: Schema.Number }).annotations({ parseOptions: { onExcessProperty: "error" } })
    assert.deepStrictEqual(right(strict, { a: 1 }), { a: 1 })
    assert.strictEqual(left(strict, { a: 1, b: 2 })!.path, "b")
    const lax = Schema.Struct({ a: Schema.Number }).annotations({ parseOptions: { onExcessProperty: "ignore" } })
    assert.deepStrictEqual(right(lax, { a: 1, b: 2 }), { a: 1 })
    const inner = Schema.Struct({ o: Schema.Array(lax) })
    assert.deepStrictEqual(right(inner, { o: [{ a: 1, b: 2 }], c: 3 }), { o: [{ a: 1 }], c: 3 })
  })

  it("a filter of its own on a timestamp is heard, wherever it stands", () => {
    const utc = Schema.String.pipe(Schema.pattern(/Z$/)).annotations({ [Field.columnType]: "timestamp" })
    assert.strictEqual(left(Schema.Struct({ at: utc }), { at: "2026-01-01T00:00:00+01:00" })!.path, "at")
    const year = Field.Timestamp.pipe(Schema.filter((text) => text.startsWith("2026")))
    assert.strictEqual(left(Schema.Struct({ at: year }), { at: "2025-01-01T00:00:00Z" })!.path, "at")
    const log = Schema.Struct({ log: Schema.Record({ key: Schema.String, value: Field.Timestamp }) })
    assert.strictEqual(left(log, { log: { x: "soon" } })!.path, "log.x")
    const never = Schema.Struct({ at: Schema.Union(Field.Timestamp, Schema.Literal("never")) })
    assert.isTrue(Either.isRight(decode(never, { at: "never" })))
    assert.strictEqual(left(never, { at: "soon" })!.path, "at")
  })

  it("a schema of an empty struct takes anything but null", () => {
    assert.isTrue(Either.isRight(decode(Schema.Struct({}), { a: 1 })))
    assert.isTrue(Either.isLeft(decode(Schema.Struct({}), null)))
  })

  it("a decoding fallback, an effectful filter: a value or a reason, never a defect", () => {
    const fallback = Schema.Struct({ a: Schema.Number.annotations({ decodingFallback: () => Either.right(0) }) })
    assert.deepStrictEqual(right(fallback, { a: "x" }), { a: 0 })
  })
})

describe("Decode: transformations", () => {
  const flat = (schema: Any, ...rows: ReadonlyArray<unknown>) => {
    const made = batch(rows, { schema })
    return { columns: columns(made.shape).t, cells: cells(made).t, rejects: made.rejects.map(({ path }) => path) }
  }

  it("dates become timestamps", () => {
    const schema = Schema.Struct({ a: Schema.Date, b: Schema.NullOr(Schema.DateTimeUtc), c: Schema.DateFromNumber })
    assert.deepStrictEqual(
      flat(schema, { a: "2026-01-01T00:00:00.5Z", b: "2026-01-01T05:00:00+05:00", c: 0 }, { a: "x", b: null, c: 1 }),
      {
        columns: { a: "timestamp!", b: "timestamp!", c: "timestamp!" },
        cells: [
          {
            a: "2026-01-01T00:00:00.500000000Z",
            b: "2026-01-01T00:00:00.000000000Z",
            c: "1970-01-01T00:00:00.000000000Z"
          }
        ],
        rejects: ["a"]
      }
    )
  })

  it("an invalid date is refused", () => {
    const schema = Schema.Struct({ o: Schema.Struct({ a: Schema.DateFromNumber.pipe(Schema.asSchema) }) })
    assert.deepStrictEqual(flat(schema, { o: { a: 1e300 } }, { o: { a: 0 } }).rejects, ["o.a"])
  })

  it("numbers from texts, trimmed texts, renamed keys, defaults", () => {
    const schema = Schema.Struct({
      n: Schema.NumberFromString,
      i: Schema.BigInt,
      t: Schema.Trim,
      d: Schema.optionalWith(Schema.String, { default: () => "none" }),
      renamed: Schema.propertySignature(Schema.Number).pipe(Schema.fromKey("Old-Name"))
    })
    assert.deepStrictEqual(flat(schema, { n: "1.5", i: "9007199254740993", t: " x ", "Old-Name": 1, more: true }), {
      columns: { n: "real!", i: "integer!*", t: "text!", d: "text!", renamed: "real!", more: "boolean" },
      cells: [{ n: 1.5, i: 9007199254740993n, t: "x", d: "none", renamed: 1, more: 1 }],
      rejects: []
    })
  })

  it("classes, options, decimals, sets: by what they hold", () => {
    class Person extends Schema.Class<Person>("Person")({ name: Schema.String, age: Schema.Int }) {
      get upper() {
        return this.name.toUpperCase()
      }
    }
    const schema = Schema.Struct({
      p: Person,
      o: Schema.OptionFromNullOr(Schema.String),
      d: Schema.BigDecimal,
      s: Schema.Set(Schema.Int)
    })
    const made = batch(
      [
        { p: { name: "Ada", age: 36 }, o: null, d: "1.10", s: [1, 2] },
        { p: { name: "Lin", age: 1 }, o: "x", d: "2", s: [] }
      ],
      { schema }
    )
    assert.deepStrictEqual(columns(made.shape), {
      t: { p__name: "text!", p__age: "integer!", o: "text!", d: "text!" },
      t__s: { value: "integer!" }
    })
    assert.deepStrictEqual(cells(made).t, [
      { p__name: "Ada", p__age: 36, d: "1.1" },
      { p__name: "Lin", p__age: 1, o: "x", d: "2" }
    ])
    assert.deepStrictEqual(cells(made).t__s, [
      { at: "0.0", value: 1 },
      { at: "0.1", value: 2 }
    ])
  })

  it("plain values of every kind", () => {
    assert.deepStrictEqual(Plain.of(Option.some(new Date(0))), "1970-01-01T00:00:00.000Z")
    assert.deepStrictEqual(Plain.of(new Map([["a", new Set([1n])]])), [["a", [1n]]])
    assert.deepStrictEqual(Plain.of({ at: DateTime.unsafeMake(0), d: BigDecimal.unsafeFromString("1.50") }), {
      at: "1970-01-01T00:00:00.000Z",
      d: "1.5"
    })
    const row = { a: [1, "x", null, { b: true }], c: undefined }
    assert.deepStrictEqual(Plain.of(row), row)
  })

  it("a schema that rebuilds a row refuses the key __proto__ rather than lose it", () => {
    const schema = Schema.Struct({ id: Schema.NumberFromString })
    const row: unknown = JSON.parse('{"id": "1", "o": {"__proto__": {"admin": true}}}')
    assert.include(left(schema, row)!.reason, "__proto__")
    assert.isTrue(Either.isRight(decode(Schema.Struct({ id: Schema.String }), row)))
  })

  it("recursive schemas decode, and declare what ends", () => {
    interface Tree {
      readonly v: number
      readonly kids: ReadonlyArray<Tree>
    }
    const Tree: Schema.Schema<Tree> = Schema.Struct({
      v: Schema.Number,
      kids: Schema.Array(Schema.suspend(() => Tree))
    })
    const row = { v: 1, kids: [{ v: 2, kids: [] }], more: 1 }
    assert.deepStrictEqual(right(Tree, row), row)
    assert.strictEqual(left(Tree, { v: 1, kids: [{ v: "x", kids: [] }] })!.path, "kids.0.v")
  })
})

describe("Decode: the compiled check agrees with the Schema", () => {
  const schemas: Record<string, Any> = {
    struct: Schema.Struct({ a: Schema.Number, b: Schema.String }),
    optional: Schema.Struct({ a: Schema.optional(Schema.Number), b: Schema.optional(Schema.NullOr(Schema.String)) }),
    "exact optional": Schema.Struct({
      a: Schema.optionalWith(Schema.Number, { exact: true }),
      b: Schema.UndefinedOr(Schema.String)
    }),
    nullable: Schema.Struct({ a: Schema.NullOr(Schema.Number), b: Schema.NullishOr(Schema.Boolean) }),
    literals: Schema.Struct({ a: Schema.Literal(0, 1, "x", true, null), b: Schema.Literal("x") }),
    union: Schema.Struct({
      a: Schema.Union(Schema.Number, Schema.Array(Schema.String), Schema.Struct({ a: Schema.Boolean }))
    }),
    tagged: Schema.Union(
      Schema.Struct({ a: Schema.Literal("x"), b: Schema.Number }),
      Schema.Struct({ a: Schema.Literal("y"), b: Schema.String })
    ),
    arrays: Schema.Struct({
      a: Schema.Array(Schema.Array(Schema.Number)),
      b: Schema.optional(Schema.Array(Schema.Struct({ a: Schema.String })))
    }),
    records: Schema.Struct({ a: Schema.Record({ key: Schema.String, value: Schema.Number }) }),
    "struct and record": Schema.Struct({ a: Schema.Number }, { key: Schema.String, value: Schema.Unknown }),
    tuples: Schema.Struct({
      a: Schema.Tuple(Schema.Number, Schema.String),
      b: Schema.optional(Schema.NonEmptyArray(Schema.Number))
    }),
    refinements: Schema.Struct({ a: Schema.Int, b: Schema.optional(Schema.String.pipe(Schema.minLength(1))) }),
    "refined struct": Schema.Struct({ a: Schema.Number, b: Schema.Number }).pipe(Schema.filter(({ a, b }) => a <= b)),
    nested: Schema.Struct({ a: Schema.Struct({ a: Schema.optional(Schema.Struct({ b: Schema.Number })) }) }),
    fields: Schema.Struct({ a: Field.Integer, b: Schema.optional(Schema.NullOr(Field.Timestamp)) }),
    json: Schema.Struct({ a: Field.JsonObject, b: Schema.optional(Field.Json) }),
    unknown: Schema.Struct({ a: Schema.Unknown, b: Schema.Any }),
    "nothing known": Schema.Struct({}),
    enums: Schema.Struct({
      a: Schema.Enums({ x: "x", one: 1 } as const),
      b: Schema.optional(Schema.TemplateLiteral("x", Schema.String))
    }),
    scalar: Schema.NullOr(Schema.Int),
    list: Schema.Array(Schema.Number),
    transformed: Schema.Struct({ a: Schema.NumberFromString, b: Schema.optional(Schema.Trim) })
  }
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      0,
      1,
      -1,
      1.5,
      2 ** 60,
      1n,
      2n ** 60n,
      true,
      false,
      "",
      "x",
      "y",
      "1",
      " x ",
      "2026-01-01T00:00:00Z"
    ),
    fc.double({ noNaN: true })
  )
  const { value } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      { weight: 3, arbitrary: leaf },
      { weight: 2, arbitrary: tie("object") },
      fc.array(tie("value"), { maxLength: 3 })
    ),
    object: fc.record({ a: tie("value"), b: tie("value"), c: leaf }, { requiredKeys: [] })
  }))

  for (const [name, schema] of Object.entries(schemas)) {
    const reference = ParseResult.decodeUnknownEither(schema, { onExcessProperty: "preserve" })
    const compiled = Decode.compile(schema)
    it.prop(
      name,
      [value],
      ([row]) => {
        const expected = reference(row)
        const actual = compiled(row)
        assert.strictEqual(Either.isRight(actual), Either.isRight(expected))
        if (Either.isRight(actual) && Either.isRight(expected)) assert.deepStrictEqual(actual.right, expected.right)
      },
      { fastCheck: { numRuns: 500 } }
    )
  }

  it("and is used where nothing is changed: the row itself comes back", () => {
    const { a, ...rest } = { a: 0, c: { d: [1] } }
    for (const name of [
      "struct",
      "optional",
      "nullable",
      "union",
      "arrays",
      "records",
      "refinements",
      "refined struct",
      "nested",
      "fields",
      "json"
    ]) {
      const samples = [
        { a, b: "x", ...rest },
        { a: 1, b: null },
        { a: null, b: true },
        { a: [["x"]] },
        { a: [["x"]].flat() },
        { a: [[1]] },
        { a: {} },
        { a: {}, b: "x" },
        { a: 1, b: 2 },
        { a: 1, b: "2026-01-01T00:00:00Z" }
      ]
      const taken = samples.filter((row) => Either.isRight(Decode.compile(schemas[name]!)(row)))
      assert.isAbove(taken.length, 0, name)
      for (const row of taken) assert.strictEqual(right(schemas[name]!, row), row, name)
    }
  })
})
