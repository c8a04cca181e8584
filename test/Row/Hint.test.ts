import { assert, describe, it } from "@effect/vitest"
import type { Column } from "../../src/Resource/Column.ts"
import { batch, cells, columns, compile, failure, type Options, page, saved } from "./support.ts"

const hinted = (rows: ReadonlyArray<unknown>, hints: ReadonlyArray<Column>, options: Options = {}) =>
  batch(rows, { ...options, columns: hints })

describe("column hints", () => {
  it("give every type of dlt's its column", () => {
    const made = hinted(
      [
        {
          text: 12,
          bigint: "12",
          double: 1,
          bool: "yes",
          at: "2026-01-02",
          local: "2026-01-02T03:04:05+02:00",
          date: "2026-01-02T03:04:05Z",
          time: "03:04",
          decimal: "12.10",
          json: { a: [1] },
          binary: "AQI=",
          wei: 5
        }
      ],
      [
        { name: "text", dataType: "text" },
        { name: "bigint", dataType: "bigint" },
        { name: "double", dataType: "double" },
        { name: "bool", dataType: "bool" },
        { name: "at", dataType: "timestamp" },
        { name: "local", dataType: "timestamp", timezone: false },
        { name: "date", dataType: "date" },
        { name: "time", dataType: "time" },
        { name: "decimal", dataType: "decimal", precision: 10, scale: 3 },
        { name: "json", dataType: "json" },
        { name: "binary", dataType: "binary" },
        { name: "wei", dataType: "wei" }
      ]
    )
    assert.deepStrictEqual(made.rejects, [])
    assert.deepStrictEqual(cells(made).t, [
      {
        text: "12",
        bigint: 12,
        double: 1,
        bool: 1,
        at: "2026-01-02T00:00:00.000000000Z",
        local: "2026-01-02T01:04:05.000000000",
        date: "2026-01-02",
        time: "03:04:00.000000000",
        decimal: "12.100",
        json: '{"a":[1]}',
        binary: Uint8Array.of(1, 2) as never,
        wei: "5"
      }
    ])
    assert.deepStrictEqual(columns(made.shape).t, {
      text: "text!",
      bigint: "integer!",
      double: "real!",
      bool: "boolean!",
      at: "timestamp!",
      local: "datetime!",
      date: "date!",
      time: "time!",
      decimal: "decimal!",
      json: "json!",
      binary: "binary!",
      wei: "wei!"
    })
  })

  it("make a column that no row ever fills, and none without a type", () => {
    const made = hinted(
      [{ id: 1 }],
      [
        { name: "Never", dataType: "date" },
        { name: "untyped", description: "whatever" }
      ]
    )
    assert.deepStrictEqual(columns(made.shape), { t: { never: "date!", id: "integer" } })
  })

  it.each(["MessageID", "message_id"])("find %s by either spelling, and share nothing", (name) => {
    const made = hinted([{ MessageID: "7" }], [{ name, dataType: "bigint" }])
    assert.deepStrictEqual(columns(made.shape), { t: { message_id: "integer!" } })
    assert.deepStrictEqual(made.shape.tables[0]!.columns[0]!.path, ["MessageID"])
    assert.deepStrictEqual(made.notices, [])
  })

  it("say so when two keys lead to a hinted column, and refuse a row that has both", () => {
    const made = hinted([{ A: 1 }, { a: 2 }, { A: 3, a: 4 }], [{ name: "a", dataType: "bigint" }])
    assert.deepStrictEqual(cells(made).t, [{ a: 1 }, { a: 2 }])
    assert.match(made.rejects[0]!.reason, /two of the keys "A", "a"/)
    assert.include(made.notices.join("\n"), 'the keys "A" and "a" share the column a')
  })

  it("keep nothing of a row that is refused", () => {
    const compiled = compile({ columns: [{ name: "a", dataType: "bigint" }] })
    assert.lengthOf(page(compiled, [{ A: "x" }]).rejects, 1)
    const made = page(compiled, [{ a: 1 }])
    assert.deepStrictEqual(made.notices, [])
    assert.deepStrictEqual(made.shape.tables[0]!.columns[0]!.path, ["a"])
  })

  it.each(["address.city", "address__city"])("reach into objects: %s", (name) => {
    const made = hinted([{ address: { city: 5 } }], [{ name, dataType: "text" }])
    assert.deepStrictEqual(columns(made.shape), { t: { address__city: "text!" } })
    assert.deepStrictEqual(cells(made).t, [{ address__city: "5" }])
  })

  it("reach into child tables, and their columns come with the table", () => {
    const made = hinted(
      [{ items: [{ Price: 1 }], tags: [1], deep: [{ more: [{ n: 1 }] }] }],
      [
        { name: "items[].price", dataType: "decimal", scale: 2 },
        { name: "items[*].gone", dataType: "date" },
        { name: "tags[]", dataType: "text" },
        { name: "deep[].more[].n", dataType: "text" }
      ]
    )
    assert.deepStrictEqual(columns(made.shape), {
      t: {},
      t__items: { price: "decimal!", gone: "date!" },
      t__tags: { value: "text!" },
      t__deep: {},
      t__deep__more: { n: "text!" }
    })
    assert.deepStrictEqual(cells(made).t__items, [{ at: "0.0", price: "1.00" }])
  })

  it("reach either by its name, as the rows show", () => {
    const hints: ReadonlyArray<Column> = [
      { name: "items__price", dataType: "text" },
      { name: "items__gone", dataType: "date" },
      { name: "user__gone", dataType: "date" }
    ]
    const compiled = compile({ columns: hints })
    assert.deepStrictEqual(columns(page(compiled, []).shape), { t: {} })
    const made = page(compiled, [{ id: 1, items: [{ price: 1 }] }])
    assert.deepStrictEqual(columns(made.shape), {
      t: { id: "integer", user__gone: "date!" },
      t__items: { price: "text!", gone: "date!" }
    })
    assert.deepStrictEqual(page(compile({ columns: hints }, saved(made)), [{ id: 1 }]).shape, saved(made).shape)
  })

  it("keep an object as JSON, also one in an object", () => {
    const made = hinted(
      [{ a: { b: { c: 1 } }, l: [1] }],
      [
        { name: "a__b", dataType: "json" },
        { name: "l", dataType: "json" }
      ]
    )
    assert.deepStrictEqual(cells(made), { t: [{ a__b: '{"c":1}', l: "[1]" }] })
  })

  it("refuse a row without what is not nullable, and say where", () => {
    const made = hinted(
      [{ id: 1, Name: "a" }, { id: 2, Name: null }, { id: 3 }, { id: 4, Name: "d", items: [{ n: 1 }, { n: null }] }],
      [
        { name: "name", nullable: false },
        { name: "items[].n", dataType: "bigint", nullable: false }
      ]
    )
    assert.deepStrictEqual(cells(made).t, [{ name: "a", id: 1 }])
    assert.deepStrictEqual(
      made.rejects.map(({ path, reason }) => [path, reason]),
      [
        ["Name", "the column name is null or missing, and is not nullable"],
        ["Name", "the column name is null or missing, and is not nullable"],
        ["items.1.n", "the column n is null or missing, and is not nullable"]
      ]
    )
    assert.lengthOf(hinted([{ id: 1 }], [{ name: "name", nullable: false }]).rejects, 1)
  })

  it("a value that is not of the type refuses its row", () => {
    const made = hinted([{ n: "12" }, { n: "x" }], [{ name: "n", dataType: "bigint" }])
    assert.deepStrictEqual(cells(made).t, [{ n: 12 }])
    assert.deepStrictEqual(made.rejects[0]?.reason, "a text does not fit the integer column n")
  })

  it("mask before all", () => {
    const made = hinted([{ Token: 123 }], [{ name: "token", dataType: "bigint" }], { mask: ["Token"] })
    assert.deepStrictEqual(cells(made).t, [{ token: "***" }])
  })

  it("a hinted column is the key as any other", () => {
    const made = hinted([{ ID: "7" }], [{ name: "id", dataType: "bigint" }], { primaryKey: "ID" })
    assert.deepStrictEqual(made.key?.columns, [0])
    assert.match(
      failure([{ id: "AQI=" }], { primaryKey: "id", columns: [{ name: "id", dataType: "binary" }] }),
      /^Hint: columns: id is part of the primary key, and cannot be binary/
    )
  })
})

describe("column hints on a table that is there", () => {
  const before = saved(batch([{ i: 1, t: "x", at: "2026-01-01T00:00:00Z", none: null }]))

  it("change a type where everything stays what it was", () => {
    const made = page(
      compile(
        {
          columns: [
            { name: "i", dataType: "double" },
            { name: "at", dataType: "text" },
            { name: "none", dataType: "date" }
          ]
        },
        before
      ),
      []
    )
    assert.deepStrictEqual(columns(made.shape).t, { i: "real!", t: "text", at: "text!", none: "date!" })
    assert.deepStrictEqual(made.notices, [])
  })

  it("say so where they cannot", () => {
    const made = page(compile({ columns: [{ name: "t", dataType: "bigint" }] }, before), [{ t: 5 }])
    assert.strictEqual(columns(made.shape).t!.t, "text")
    assert.deepStrictEqual(cells(made).t, [{ t: "5" }])
    assert.deepStrictEqual(made.notices, [
      "the column t stays text: what it holds is not integer, which columns now says it is; to have it so, start the table over, or rebuild it from an archive"
    ])
  })

  it("make no double of integers that a double cannot hold", () => {
    const large = saved(batch([{ n: 9007199254740993n }]))
    const made = page(compile({ columns: [{ name: "n", dataType: "double" }] }, large), [])
    assert.strictEqual(columns(made.shape).t!.n, "integer*")
    assert.lengthOf(made.notices, 1)
  })

  it("stay what they were, run after run", () => {
    const options: Options = {
      columns: [
        { name: "never", dataType: "date" },
        { name: "id", dataType: "text" }
      ]
    }
    const first = page(compile(options), [{ ID: 1 }])
    const second = page(compile(options, saved(first)), [{ ID: 2 }])
    assert.deepStrictEqual(columns(second.shape), columns(first.shape))
    assert.deepStrictEqual(second.shape, saved(first).shape)
    const third = page(compile(options, saved(second)), [{ Never: "2026-01-02" }])
    assert.deepStrictEqual(third.notices, [])
    assert.deepStrictEqual(cells(third).t, [{ never: "2026-01-02" }])
  })
})
