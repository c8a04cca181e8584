import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc, Schema } from "effect"
import { Field, Row } from "sluice"
import * as Key from "../../src/Row/Key.ts"
import { batch, cells, compile, failure, type Options, page, resource, saved } from "./support.ts"

const byDefault = (...fields: ReadonlyArray<string>): Options => ({ primaryKey: { fields, origin: "default" } })
const keyOf = (rows: ReadonlyArray<unknown>, options: Options) => {
  const { key } = batch(rows, options)
  return key === undefined ? undefined : { fields: key.fields, inferred: key.inferred }
}
const is = (...fields: ReadonlyArray<string>) => ({ fields, inferred: false })
const guessed = (...fields: ReadonlyArray<string>) => ({ fields, inferred: true })

/** What a second run makes of the table of a first. */
const again = (first: Row.Batch, options: Options): string | ReturnType<typeof is> =>
  Either.match(Row.make().compile(resource(options), saved(first)), {
    onLeft: ({ detail, reason }) => `${reason}: ${detail}`,
    onRight: (compiled) => {
      const { key } = page(compiled, [])
      return key === undefined ? "no key" : { fields: key.fields, inferred: key.inferred }
    }
  })

describe("Key: matching", () => {
  it("finds a field by its exact name, then by the name of its column", () => {
    assert.deepStrictEqual(keyOf([{ ID: 1 }], { primaryKey: "ID" }), is("ID"))
    assert.deepStrictEqual(keyOf([{ ID: 1 }], { primaryKey: "id" }), is("ID"))
    assert.deepStrictEqual(keyOf([{ MessageID: "a" }], { primaryKey: "message_id" }), is("MessageID"))
    assert.deepStrictEqual(keyOf([{ message_id: "a" }], { primaryKey: "MessageID" }), is("message_id"))
    assert.deepStrictEqual(keyOf([{ "a-b": 1, c: 2 }], { primaryKey: "a_b" }), is("a-b"))
  })

  it("finds a field of an object by its path or its column", () => {
    const row = { a: { ID: 1 }, b: 2 }
    for (const name of ["a.ID", "a.id", "a__id"]) assert.deepStrictEqual(keyOf([row], { primaryKey: name }), is("a.ID"))
    assert.deepStrictEqual(keyOf([{ "a.b": 1 }], { primaryKey: "a.b" }), is("a.b"))
  })

  it("finds all fields of a compound key, in its order", () => {
    const made = batch([{ ID: "outbound", ServerID: 1 }], { primaryKey: ["ServerID", "id"] })
    assert.deepStrictEqual(made.key, { columns: [1, 0], fields: ["ServerID", "ID"], inferred: false })
  })

  it("does not find a list, an object, or a part of a name", () => {
    assert.match(failure([{ id: [1], id2: 1 }], { primaryKey: "id" }), /^KeyMissing/)
    assert.match(failure([{ id: { x: 1 }, id2: 1 }], { primaryKey: "id" }), /^KeyMissing/)
    assert.match(failure([{ myid: 1 }], { primaryKey: "id" }), /^KeyMissing/)
  })

  it("waits for a first row to show it", () => {
    const compiled = compile({ primaryKey: "id" })
    assert.isUndefined(page(compiled, []).key)
    assert.isUndefined(page(compiled, [{ id: null }]).key)
    assert.deepStrictEqual(page(compiled, [{ id: 1 }]).key, { columns: [0], fields: ["id"], inferred: false })
  })

  it("is there from the start where a schema declares it", () => {
    assert.deepStrictEqual(keyOf([], { primaryKey: "id", schema: Schema.Struct({ ID: Field.Integer }) }), is("ID"))
  })

  it("does not take its type from a row without it", () => {
    const compiled = compile({ primaryKey: "id" })
    const first = page(compiled, [{ id: null, v: 1 }])
    assert.lengthOf(first.rejects, 1)
    assert.strictEqual(page(compiled, [{ id: 5, v: 1 }]).shape.tables[0]!.columns[0]!.type, "integer")
  })
})

describe("Key: rows without one", () => {
  it("are refused, each for itself", () => {
    const made = batch([{ id: 1 }, { id: null }, {}, { id: 2 }, { id: "" }], { primaryKey: "id" })
    assert.deepStrictEqual(cells(made).t, [{ id: 1 }, { id: 2 }])
    assert.deepStrictEqual(
      made.rejects.map(({ path, reason }) => [path, reason]),
      [
        ["id", "the primary key is null or missing"],
        ["id", "the primary key is null or missing"],
        ["id", "a text does not fit the integer column id"]
      ]
    )
  })

  it("also when they come first", () => {
    const made = batch([{ v: 1 }, { id: null, v: 2 }, { id: 1, v: 3 }, { v: 4 }], { primaryKey: "id" })
    assert.deepStrictEqual(cells(made).t, [{ v: 3, id: 1 }])
    assert.lengthOf(made.rejects, 3)
  })

  it("also when only one field of several is null", () => {
    const made = batch([{ a: 1, b: 1 }, { a: 1, b: null }, { b: 2 }], { primaryKey: ["a", "b"] })
    assert.deepStrictEqual(
      made.rejects.map(({ path }) => path),
      ["b", "a"]
    )
  })

  it("an empty text is a key like any other", () => {
    assert.lengthOf(batch([{ id: "" }, { id: "a" }], { primaryKey: "id" }).rejects, 0)
  })

  it("fail the resource under on_bad_row: fail", () => {
    assert.strictEqual(
      failure([{ id: 1 }, { id: null }], { primaryKey: "id", onBadRow: "fail" }),
      "BadRow: row 1: bad row at id: the primary key is null or missing"
    )
  })

  it("need none when they are appended", () => {
    for (const options of [{}, { primaryKey: "id", writeDisposition: "append" as const }]) {
      const made = batch([{ v: 1 }, { v: 1 }], options)
      assert.deepStrictEqual(made.key, { columns: [], fields: [], inferred: false })
      assert.lengthOf(made.rows, 2)
    }
  })
})

describe("Key: one that no row has", () => {
  it("fails the resource when it was written for it, naming what could be one", () => {
    assert.strictEqual(
      failure(
        [
          { Name: "a", Count: 1 },
          { Name: "b", Count: 1 }
        ],
        { primaryKey: "id" }
      ),
      'KeyMissing: primary_key id: no row has a field "id"; candidates seen on the first page: Name'
    )
    assert.strictEqual(
      failure(
        [
          { a: 1, b: 1 },
          { a: 1, b: 2 },
          { a: 2, b: 1 }
        ],
        { primaryKey: ["a", "zz"] }
      ),
      'KeyMissing: primary_key a, zz: no row has a field "zz"; candidates seen on the first page: a + b'
    )
    assert.strictEqual(
      failure([{ a: 1, o: { x: null } }, { a: 1 }, { a: 1, b: 2 }], { primaryKey: "id" }),
      'KeyMissing: primary_key id: no row has a field "id"; no field of the first page is unique and never null; its fields: a, o.x, b'
    )
  })

  it("quotes no value", () => {
    assert.notInclude(failure([{ email: "jane@example.com" }], { primaryKey: "id" }), "jane")
  })

  it("is inferred when it only came from defaults", () => {
    assert.deepStrictEqual(
      keyOf(
        [
          { Name: "All", Count: 61 },
          { Name: "Hard", Type: "H", Count: 61 }
        ],
        byDefault("id")
      ),
      guessed("Name")
    )
    assert.deepStrictEqual(
      keyOf(
        [
          { Tag: "x", MessageID: "a", Subject: "u" },
          { Tag: "x", MessageID: "b", Subject: "v" }
        ],
        byDefault("id")
      ),
      guessed("MessageID")
    )
  })

  it("is not inferred when rows have it", () => {
    assert.deepStrictEqual(
      keyOf(
        [
          { Name: "a", ID: 1 },
          { Name: "b", ID: 1 }
        ],
        byDefault("id")
      ),
      is("ID")
    )
    assert.deepStrictEqual(
      keyOf(
        [
          { name: "a", id: null },
          { name: "b", id: 2 }
        ],
        byDefault("id")
      ),
      is("id")
    )
  })

  it("is inferred when it is null in every row of the first page", () => {
    const made = batch(
      [
        { id: null, name: "a" },
        { id: null, name: "b" }
      ],
      byDefault("id")
    )
    assert.deepStrictEqual(made.key!.fields, ["name"])
    assert.lengthOf(made.rows, 2)
  })

  it("cannot be inferred from rows that nothing tells apart", () => {
    assert.match(
      failure([{ a: 1 }, { a: 1, b: 2 }], byDefault("id")),
      /^KeyMissing: primary_key id: no row has a field "id"; no field/
    )
  })
})

describe("Key: inference", () => {
  const best = (rows: ReadonlyArray<unknown>) => keyOf(rows, byDefault("nope"))!.fields

  it("prefers names that look like keys", () => {
    const values = { other: 1, name: "n", key: "k", uuid: "u", guid: "g", item_id: 1, id: 1 }
    const order = ["id", "item_id", "guid", "uuid", "key", "name", "other"]
    const names = Object.keys(values)
    for (const expected of order) {
      assert.deepStrictEqual(best([Object.fromEntries(names.map((name) => [name, 1]))]), [expected])
      names.splice(names.indexOf(expected), 1)
    }
  })

  it("takes ID, *ID and *Id for what they are", () => {
    assert.deepStrictEqual(best([{ name: "a", MessageID: 1 }]), ["MessageID"])
    assert.deepStrictEqual(best([{ name: "a", messageId: 1 }]), ["messageId"])
    assert.deepStrictEqual(best([{ name: "a", GUID: 1 }]), ["GUID"])
    assert.deepStrictEqual(best([{ paid: 1, name: "a" }]), ["name"])
  })

  it("takes the row's own id before that of an object in it", () => {
    assert.deepStrictEqual(best([{ owner: { id: 1 }, id: 2 }]), ["id"])
    assert.deepStrictEqual(best([{ owner: { id: 1 }, title: "a" }]), ["owner.id"])
  })

  it("takes the first of equals", () => assert.deepStrictEqual(best([{ b_id: 1, a_id: 2 }]), ["b_id"]))

  it("takes no field that is null, missing or repeated anywhere on the page", () => {
    assert.deepStrictEqual(
      best([
        { id: 1, key: "a", name: "x" },
        { id: null, key: "a", name: "y" }
      ]),
      ["name"]
    )
    assert.deepStrictEqual(best([{ id: 1, name: "x" }, { name: "y" }]), ["name"])
  })

  it("takes texts and integers only", () => {
    assert.deepStrictEqual(
      best([
        { id: 1.5, key: true, name: { a: 1 }, at: "2026-01-01T00:00:00Z", other: "x" },
        { id: 2.5, key: false, at: "2026-01-02T00:00:00Z", other: "y", name: { a: 1 } }
      ]),
      ["other"]
    )
  })

  it("falls back on a pair", () => {
    const rows = [1, 2].flatMap((a) => [1, 2].map((b) => ({ note: "x", server: a, stream_id: b, kind: "k" })))
    assert.deepStrictEqual(best(rows), ["stream_id", "server"])
  })

  it("does not mistake a pair for another", () => {
    assert.deepStrictEqual(
      best([
        { a: "x", b: "yz" },
        { a: "xy", b: "z" },
        { a: "x", b: "z" }
      ]),
      ["a", "b"]
    )
    assert.match(
      failure(
        [
          { a: '"', b: ',"' },
          { a: '"', b: ',"', c: 1 }
        ],
        byDefault("nope")
      ),
      /^KeyMissing/
    )
  })

  it("is not spoilt by a row that came twice", () => {
    const row = { Name: "a", Count: 1 }
    const made = batch([row, { Name: "b", Count: 1 }, { ...row }], byDefault("id"))
    assert.deepStrictEqual(made.key!.fields, ["Name"])
    assert.lengthOf(made.rows, 3)
  })

  it("looks at rows that could be stored", () => {
    const made = batch(
      [
        { name: "a", n: 1 },
        { name: "a", n: "x" },
        { name: "b", n: 2 }
      ],
      byDefault("id")
    )
    assert.deepStrictEqual(made.key!.fields, ["name"])
    assert.lengthOf(made.rejects, 1)
  })

  it("holds for the pages that follow", () => {
    const compiled = compile(byDefault("id"))
    page(compiled, [
      { name: "a", other: 1 },
      { name: "b", other: 1 }
    ])
    const second = page(compiled, [
      { name: "c", id: 5, other: 2 },
      { id: 6, other: 3 }
    ])
    assert.deepStrictEqual(second.key!.fields, ["name"])
    assert.deepStrictEqual(
      second.rejects.map(({ path }) => path),
      ["name"]
    )
  })

  const rows = fc.array(
    fc.record({
      a: fc.integer({ min: 0, max: 3 }),
      b: fc.constantFrom("x", "y", null),
      c_id: fc.integer({ min: 0, max: 2 })
    }),
    { minLength: 1, maxLength: 6 }
  )
  it.prop("what is inferred is unique and never null, or nothing is", [rows], ([rows]) => {
    const result = Either.flatMap(Row.make().compile(resource(byDefault("id"))), (compiled) => compiled.page(rows))
    const distinct = [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
    const isKey = (fields: ReadonlyArray<"a" | "b" | "c_id">) =>
      rows.every((row) => fields.every((field) => row[field] !== null)) &&
      new Set(distinct.map((row) => JSON.stringify(fields.map((field) => row[field])))).size === distinct.length
    if (Either.isRight(result))
      return void assert.isTrue(isKey(result.right.key!.fields as ReadonlyArray<"a" | "b" | "c_id">))
    const all = [["a"], ["b"], ["c_id"], ["a", "b"], ["a", "c_id"], ["b", "c_id"]] as const
    assert.isFalse(all.some((fields) => isKey(fields)))
  })
})

describe("Key: the table's own", () => {
  const byId = batch([{ ID: 1, name: "a", v: 1 }], { primaryKey: "id" })
  const byName = batch([{ name: "a", v: 1 }], byDefault("id"))
  const appended = batch([{ id: 1, v: 1 }], {})

  it("is kept", () => {
    assert.deepStrictEqual(again(byId, { primaryKey: "id" }), is("ID"))
    assert.deepStrictEqual(again(byId, { primaryKey: "ID" }), is("ID"))
    assert.deepStrictEqual(again(byId, byDefault("id")), is("ID"))
    assert.deepStrictEqual(again(byName, byDefault("id")), guessed("name"))
    assert.deepStrictEqual(again(appended, {}), is())
    assert.deepStrictEqual(again(appended, { primaryKey: "id", writeDisposition: "append" }), is())
  })

  it("is no guess any more once it is declared", () =>
    assert.deepStrictEqual(again(byName, { primaryKey: "name" }), is("name")))

  const changed = (table: string, now: string) =>
    `KeyChanged: the table was made with the primary key ${table}, the configuration now says ${now}; ` +
    "choose another table_name, or drop the table and reset its state"

  it("does not change by declaration", () => {
    assert.strictEqual(again(byId, { primaryKey: "name" }), changed("ID", "name"))
    assert.strictEqual(again(byId, { primaryKey: ["ID", "name"] }), changed("ID", "ID, name"))
    assert.strictEqual(again(byName, { primaryKey: "v" }), changed("name", "v"))
  })

  it("does not change to a field that was never seen, nor quietly stay", () => {
    assert.strictEqual(again(byId, { primaryKey: "uuid" }), changed("ID", "uuid"))
  })

  it("does not come or go", () => {
    const none = "none (rows are appended)"
    assert.strictEqual(again(byId, {}), changed("ID", none))
    assert.strictEqual(again(byId, { primaryKey: "ID", writeDisposition: "append" }), changed("ID", none))
    assert.strictEqual(again(appended, { primaryKey: "id" }), changed(none, "id"))
    assert.strictEqual(again(appended, byDefault("id")), changed(none, "id"))
    assert.strictEqual(again(appended, byDefault("other")), changed(none, "other"))
  })

  it("is none where a default one is missing and the rows can do without", () => {
    for (const writeDisposition of [
      "replace",
      { strategy: "scd2" },
      { disposition: "merge", mergeKey: ["name"] }
    ] as const) {
      const first = batch([{ name: "a", v: 1 }], { ...byDefault("id"), writeDisposition })
      assert.deepStrictEqual(first.key, Key.none)
      // It stays so once rows have the field.
      const options = { ...byDefault("id"), writeDisposition, schema: Schema.Struct({ id: Field.Integer }) }
      assert.deepStrictEqual(again(first, options), is())
      assert.deepStrictEqual(keyOf([{ id: 1 }], { ...byDefault("id"), writeDisposition }), is("id"))
      assert.match(failure([{ name: "a" }], { primaryKey: "id", writeDisposition }), /^KeyMissing/)
    }
  })

  it("stays, when only a default changed", () => {
    assert.deepStrictEqual(again(byId, byDefault("name")), is("ID"))
    assert.deepStrictEqual(again(byId, byDefault("uuid")), is("ID"))
  })
})

describe("Key: its columns", () => {
  const huge = 2n ** 64n
  const stays = ", which is part of the primary key"

  it("widen like any other while the table is not there yet", () => {
    const made = batch([{ id: 1 }, { id: huge }], { primaryKey: "id" })
    assert.deepStrictEqual(cells(made).t, [{ id: "1" }, { id: "18446744073709551616" }])
  })

  it("turn into text as a whole for an id beyond int64, and into nothing else", () => {
    const compiled = compile({ primaryKey: "id" })
    page(compiled, [{ id: 1, v: 1 }])
    const made = page(compiled, [
      { id: 1.5, v: 1 },
      { id: 2, v: huge },
      { id: huge, v: huge }
    ])
    assert.deepStrictEqual(
      made.rejects.map(({ reason }) => reason),
      [`a fraction does not fit the integer column id${stays}`]
    )
    assert.deepStrictEqual(cells(made).t, [
      { id: "2", v: "18446744073709551616" },
      { id: "18446744073709551616", v: "18446744073709551616" }
    ])
    const next = page(compile({ primaryKey: "id" }, saved(made)), [{ id: 3 }])
    assert.deepStrictEqual(cells(next).t, [{ id: "3" }])
  })

  it("also where a schema declares them, and when a later schema says text", () => {
    const schema = Schema.Struct({ id: Field.Integer })
    assert.deepStrictEqual(cells(batch([{ id: 1 }, { id: huge }], { primaryKey: "id", schema })).t, [
      { id: "1" },
      { id: "18446744073709551616" }
    ])
    const before = saved(batch([{ id: 1 }], { primaryKey: "id" }))
    const after = page(
      compile({ primaryKey: "id", schema: Schema.Struct({ id: Schema.String, v: Schema.Int }) }, before),
      [{ id: "2", v: 1 }]
    )
    assert.deepStrictEqual(cells(after).t, [{ id: "2", v: 1 }])
    const number = { primaryKey: "id", schema: Schema.Struct({ id: Schema.Number }) }
    assert.lengthOf(page(compile(number, before), [{ id: 1.5 }]).rejects, 1)
  })

  it("of a guess, too", () => {
    const compiled = compile(byDefault("nope"))
    page(compiled, [{ item_id: 1, v: 1 }])
    assert.lengthOf(page(compiled, [{ item_id: 1.5, v: 1 }]).rejects, 1)
    assert.lengthOf(page(compiled, [{ item_id: huge, v: 1 }]).rejects, 0)
  })
})

describe("Key.identity", () => {
  it("is equal exactly for equal keys", () => {
    const keys = [
      [1],
      [2],
      ["a"],
      [""],
      [1, 2],
      [12, ""],
      ["1,2"],
      ["a", "b"],
      ['a","b'],
      ["ab", ""],
      [1n << 60n],
      [(1n << 60n) + 1n],
      [1, 2, 3]
    ]
    assert.strictEqual(new Set(keys.map(Key.identity)).size, keys.length)
    assert.strictEqual(Key.identity([5n]), Key.identity([5]))
  })
})
