import { assert, describe, it } from "@effect/vitest"
import { batch, cells, columns, compile, page, saved, refusal } from "./support.ts"

describe("Flatten: one row", () => {
  it("scalars become cells, each of its type", () => {
    const made = batch([
      {
        s: "a",
        empty: "",
        i: 1,
        big: 4323372036854775807n,
        huge: 2n ** 64n,
        r: 1.5,
        t: true,
        f: false,
        at: "2026-02-03T07:25:02.8782715-05:00"
      }
    ])
    assert.deepStrictEqual(columns(made.shape), {
      t: {
        s: "text",
        empty: "text",
        i: "integer",
        big: "integer*",
        huge: "text",
        r: "real",
        t: "boolean",
        f: "boolean",
        at: "timestamp"
      }
    })
    assert.deepStrictEqual(cells(made), {
      t: [
        {
          s: "a",
          empty: "",
          i: 1,
          big: 4323372036854775807n,
          huge: "18446744073709551616",
          r: 1.5,
          t: 1,
          f: 0,
          at: "2026-02-03T12:25:02.878271500Z"
        }
      ]
    })
  })

  it("null makes a column, an absent key none, and neither is an empty text", () => {
    const made = batch([{ a: null }, { b: "" }, {}])
    assert.deepStrictEqual(columns(made.shape), { t: { a: "unknown", b: "text" } })
    assert.deepStrictEqual(cells(made).t, [{}, { b: "" }, {}])
  })

  it("a column seen only as null takes the type of its first value, whatever it is", () => {
    for (const [value, type] of [
      [1, "integer"],
      [1.5, "real"],
      ["x", "text"],
      [true, "boolean"],
      [2n ** 60n, "integer*"]
    ] as const) {
      const made = batch([{ a: null }, { a: value }, { a: null }])
      assert.deepStrictEqual(columns(made.shape), { t: { a: type } })
      assert.lengthOf(made.rejects, 0)
    }
  })

  it("nested objects become columns a__b, empty ones nothing", () => {
    const made = batch([{ a: { b: { C: 1 }, d: "x" }, e: {}, f: { g: {} } }])
    assert.deepStrictEqual(columns(made.shape), { t: { a__b__c: "integer", a__d: "text" } })
    assert.deepStrictEqual(made.shape.tables[0]!.columns[0]!.path, ["a", "b", "C"])
    assert.deepStrictEqual(cells(made).t, [{ a__b__c: 1, a__d: "x" }])
  })

  it("a key that holds an object in one row and a scalar in another has both", () => {
    const made = batch([{ a: { b: 1 } }, { a: 2 }, { a: null }, { a: { b: 3 } }])
    assert.deepStrictEqual(columns(made.shape), { t: { a__b: "integer", a: "integer" } })
    assert.deepStrictEqual(cells(made).t, [{ a__b: 1 }, { a: 2 }, {}, { a__b: 3 }])
  })

  it("null in place of an object or a list makes no column", () => {
    const made = batch([
      { a: { b: 1 }, l: [1] },
      { a: null, l: null }
    ])
    assert.deepStrictEqual(columns(made.shape), { t: { a__b: "integer" }, t__l: { value: "integer" } })
  })
})

describe("Flatten: lists", () => {
  it("of scalars become a table of values, with nulls kept in their place", () => {
    const made = batch([{ tags: ["a", null, ""] }, { tags: [] }, { tags: ["b"] }])
    assert.deepStrictEqual(columns(made.shape), { t: {}, t__tags: { value: "text" } })
    assert.deepStrictEqual(cells(made).t__tags, [
      { at: "0.0", value: "a" },
      { at: "0.1" },
      { at: "0.2", value: "" },
      { at: "2.0", value: "b" }
    ])
  })

  it("of objects become a table of their fields", () => {
    const made = batch([
      {
        To: [
          { Email: "a@x.test", Name: null },
          { Email: "b@x.test", Name: "B", Geo: { Lat: 1.5 } }
        ]
      }
    ])
    assert.deepStrictEqual(columns(made.shape), { t: {}, t__to: { email: "text", name: "text", geo__lat: "real" } })
    assert.deepStrictEqual(cells(made).t__to, [
      { at: "0.0", email: "a@x.test" },
      { at: "0.1", email: "b@x.test", name: "B", geo__lat: 1.5 }
    ])
  })

  it("of lists get a table between, as dlt names it", () => {
    const made = batch([{ grid: [[1, 2], [], [3]] }])
    assert.deepStrictEqual(columns(made.shape), { t: {}, t__grid: {}, t__grid__list: { value: "integer" } })
    assert.deepStrictEqual(cells(made), {
      t: [{}],
      t__grid: [{ at: "0.0" }, { at: "0.1" }, { at: "0.2" }],
      t__grid__list: [
        { at: "0.0.0", value: 1 },
        { at: "0.0.1", value: 2 },
        { at: "0.2.0", value: 3 }
      ]
    })
  })

  it("of mixed items give each its place", () => {
    const made = batch([{ l: [1, null, { k: 1 }, [true], "2"] }])
    assert.deepStrictEqual(columns(made.shape), {
      t: {},
      t__l: { value: "integer", k: "integer" },
      t__l__list: { value: "boolean" }
    })
    assert.deepStrictEqual(cells(made).t__l, [
      { at: "0.0", value: 1 },
      { at: "0.1" },
      { at: "0.2", k: 1 },
      { at: "0.3" },
      { at: "0.4", value: 2 }
    ])
    assert.deepStrictEqual(cells(made).t__l__list, [{ at: "0.3.0", value: 1 }])
  })

  it("inside objects belong to the row's table, inside list items to the item's", () => {
    const made = batch([{ o: { l: [{ m: [1, 2], p: { q: [3] } }, { m: [4] }] } }])
    assert.deepStrictEqual(
      made.shape.tables.map(({ name, parent, path }) => [name, parent, path]),
      [
        ["t", -1, []],
        ["t__o__l", 0, ["o", "l"]],
        ["t__o__l__m", 1, ["m"]],
        ["t__o__l__p__q", 1, ["p", "q"]]
      ]
    )
    assert.deepStrictEqual(cells(made).t__o__l__m, [
      { at: "0.0.0", value: 1 },
      { at: "0.0.1", value: 2 },
      { at: "0.1.0", value: 4 }
    ])
    assert.deepStrictEqual(cells(made).t__o__l__p__q, [{ at: "0.0.0", value: 3 }])
  })

  it("parents come before their children", () => {
    const [row] = batch([{ a: [{ b: [{ c: [1] }] }], d: [1] }]).rows
    const seen = new Set([0])
    const parents = batch([{ a: [{ b: [{ c: [1] }] }], d: [1] }]).shape.tables.map(({ parent }) => parent)
    for (const child of row!.children) {
      assert.isTrue(seen.has(parents[child.table]!))
      seen.add(child.table)
    }
    assert.strictEqual(row!.children.length, 4)
  })

  it("a row that is no object is a value, a list a table of them", () => {
    assert.deepStrictEqual(cells(batch([1, null, 2])).t, [{ value: 1 }, {}, { value: 2 }])
    assert.deepStrictEqual(columns(batch([["a"], ["b"]]).shape), { t: {}, t__value: { value: "text" } })
  })
})

describe("Flatten: max_table_nesting, as dlt counts it", () => {
  const row = { s: 1, o: { p: { q: 1 } }, l: [{ m: [1], n: { x: { y: 1 } } }] }

  it("0 keeps every object and list as JSON", () => {
    const made = batch([row], { maxTableNesting: 0 })
    assert.deepStrictEqual(columns(made.shape), { t: { s: "integer", o: "json", l: "json" } })
    assert.deepStrictEqual(cells(made).t, [{ s: 1, o: '{"p":{"q":1}}', l: '[{"m":[1],"n":{"x":{"y":1}}}]' }])
  })

  it("1 opens one level", () => {
    const made = batch([row], { maxTableNesting: 1 })
    assert.deepStrictEqual(columns(made.shape), { t: { s: "integer", o__p: "json" }, t__l: { m: "json", n: "json" } })
  })

  it("2 opens two", () => {
    const made = batch([row], { maxTableNesting: 2 })
    assert.deepStrictEqual(columns(made.shape), {
      t: { s: "integer", o__p__q: "integer" },
      t__l: { n__x: "json" },
      t__l__m: { value: "integer" }
    })
  })

  it("counts a child table from its parent row, however deep in objects the list lies", () => {
    const made = batch([{ o: { l: [{ x: { y: 1 } }] } }], { maxTableNesting: 2 })
    assert.deepStrictEqual(columns(made.shape), { t: {}, t__o__l: { x__y: "integer" } })
  })

  it("counts a list in a list twice, and keeps it as JSON in a column list", () => {
    const grid = [{ grid: [[1, 2], [3], 4] }]
    for (const maxTableNesting of [1, 2]) {
      const made = batch(grid, { maxTableNesting })
      assert.deepStrictEqual(columns(made.shape), { t: {}, t__grid: { list: "json!", value: "integer" } })
      assert.deepStrictEqual(cells(made).t__grid, [
        { at: "0.0", list: "[1,2]" },
        { at: "0.1", list: "[3]" },
        { at: "0.2", value: 4 }
      ])
      const again = page(compile({ maxTableNesting }, saved(made)), grid)
      assert.deepStrictEqual(again.shape, saved(made).shape)
      assert.deepStrictEqual(cells(again), cells(made))
    }
    assert.deepStrictEqual(columns(batch(grid, { maxTableNesting: 3 }).shape).t__grid__list, { value: "integer" })
  })

  it("a JSON column takes whatever comes", () => {
    const made = batch([{ o: { p: 1 } }, { o: [1] }, { o: "x" }, { o: null }, { o: 9007199254740993n }], {
      maxTableNesting: 0
    })
    assert.deepStrictEqual(columns(made.shape), { t: { o: "json" } })
    assert.deepStrictEqual(cells(made).t, [{ o: '{"p":1}' }, { o: "[1]" }, { o: '"x"' }, {}, { o: "9007199254740993" }])
  })

  it("an object too deep is JSON text in a column of texts, and refused in another", () => {
    const made = batch(
      [
        { id: 1, o: 5, s: "x" },
        { id: 2, o: { p: 1 } },
        { id: 3, s: { p: 1 } }
      ],
      { maxTableNesting: 0 }
    )
    assert.deepStrictEqual(
      made.rejects.map(({ path, reason }) => [path, reason]),
      [["o", "an object does not fit the integer column o"]]
    )
    assert.deepStrictEqual(cells(made).t!.at(-1), { id: 3, s: '{"p":1}' })
  })
})

describe("Flatten: json and mask", () => {
  it("a json field stays one JSON text and exists from the start", () => {
    const compiled = compile({ json: ["Metadata"] })
    assert.deepStrictEqual(columns(page(compiled, []).shape), { t: { metadata: "json!" } })
    const made = page(compiled, [
      { Metadata: { b: 1, a: [1] } },
      { Metadata: {} },
      { Metadata: null },
      { Metadata: "x" }
    ])
    assert.deepStrictEqual(columns(made.shape), { t: { metadata: "json!" } })
    assert.deepStrictEqual(cells(made).t, [
      { metadata: '{"b":1,"a":[1]}' },
      { metadata: "{}" },
      {},
      { metadata: '"x"' }
    ])
  })

  it("a json field is found by the name of its column, and stays JSON beside what an earlier run made of it", () => {
    const made = batch([{ Metadata: { a: 1 } }, { Metadata: [1] }], { json: ["metadata"] })
    assert.deepStrictEqual(columns(made.shape), { t: { metadata: "json!" } })
    assert.deepStrictEqual(cells(made).t, [{ metadata: '{"a":1}' }, { metadata: "[1]" }])
    const before = saved(batch([{ id: 1, m: { a: 1 }, n: null }], { primaryKey: "id" }))
    const after = page(compile({ primaryKey: "id", json: ["m", "n"] }, before), [{ id: 2, m: { b: 1 }, n: [1] }])
    assert.deepStrictEqual(columns(after.shape), { t: { id: "integer", m__a: "integer", n: "json!", m: "json!" } })
    assert.deepStrictEqual(cells(after).t, [{ id: 2, m: '{"b":1}', n: "[1]" }])
  })

  it("a mask tells nothing of what it masks, but null and empty texts stay", () => {
    const made = batch([{ k: "0123456789abcdef" }, { k: "short" }, { k: "" }, { k: null }, { k: 1234567890123456 }], {
      mask: ["k"]
    })
    assert.deepStrictEqual(cells(made).t, [{ k: "***" }, { k: "***" }, { k: "" }, {}, { k: "***" }])
  })

  it("masks whatever lies below a masked field", () => {
    const secret = "secret-secret-secret"
    const made = batch(
      [
        { id: 1, k: { a: secret, b: [secret, [secret], { c: secret, d: { e: [[secret]] } }] } },
        { id: 2, k: [[[secret]]] },
        { id: 3, k: secret }
      ],
      { mask: ["k"] }
    )
    const text = JSON.stringify([cells(made), made.rejects])
    assert.notInclude(text, secret)
    assert.strictEqual(text.match(/\*\*\*/g)?.length, 7)
  })

  it("masks what is kept as JSON, and what is declared json", () => {
    const secret = "secret-secret-secret"
    for (const options of [{ maxTableNesting: 0 }, { json: ["k"] }]) {
      assert.notInclude(
        JSON.stringify(cells(batch([{ k: { a: secret } }, { k: [secret] }], { ...options, mask: ["k"] }))),
        secret
      )
    }
  })

  it("masks by the name of the column, too", () => {
    assert.deepStrictEqual(
      cells(batch([{ ApiTokens: ["secret-secret-secret"] }], { mask: ["api_tokens"] })).t__api_tokens,
      [{ at: "0.0", value: "***" }]
    )
  })

  it("leaves fields of the same name elsewhere alone", () => {
    assert.deepStrictEqual(cells(batch([{ a: { k: "visible" } }], { mask: ["k"] })).t, [{ a__k: "visible" }])
  })

  it("refuses without showing what was masked", () => {
    const made = batch(
      [
        { id: 1, n: 1, k: "secret-secret-secret" },
        { id: 2, n: "x", k: "secret-secret-secret" }
      ],
      { mask: ["k"] }
    )
    assert.lengthOf(made.rejects, 1)
    assert.notInclude(JSON.stringify(made.rejects), "secret")
    assert.deepStrictEqual(JSON.parse(made.rejects[0]!.raw), { id: 2, n: "x", k: "***" })
  })
})

describe("Flatten: types that change", () => {
  it("an integer column becomes real at the first fraction", () => {
    const made = batch([{ v: 1 }, { v: 1.5 }, { v: 2 }])
    assert.deepStrictEqual(columns(made.shape), { t: { v: "real" } })
    assert.deepStrictEqual(cells(made).t, [{ v: 1 }, { v: 1.5 }, { v: 2 }])
  })

  it("an integer column becomes text beyond int64, with what it held before", () => {
    const made = batch([{ v: 1 }, { v: 2n ** 63n }, { v: 3 }, { l: [1, 2n ** 64n] }])
    assert.deepStrictEqual(columns(made.shape), { t: { v: "text" }, t__l: { value: "text" } })
    assert.deepStrictEqual(cells(made).t, [{ v: "1" }, { v: "9223372036854775808" }, { v: "3" }, {}])
    assert.deepStrictEqual(cells(made).t__l, [
      { at: "3.0", value: "1" },
      { at: "3.1", value: "18446744073709551616" }
    ])
  })

  it("a column that has held an integer beyond 2^53 never becomes real", () => {
    const made = batch([{ v: 9007199254740993n }, { v: 0.5 }])
    assert.deepStrictEqual(columns(made.shape), { t: { v: "integer*" } })
    assert.deepStrictEqual(
      made.rejects.map(({ reason }) => reason),
      ["a fraction does not fit the integer column v"]
    )
  })

  it("a real column takes no integer beyond 2^53", () => {
    const made = batch([{ v: 0.5 }, { v: 9007199254740993n }])
    assert.deepStrictEqual(
      made.rejects.map(({ reason }) => reason),
      ["an integer beyond 2^53 does not fit the real column v"]
    )
  })

  it("what cannot be coerced is refused with the reason, and the page goes on", () => {
    const made = batch([
      { i: 1, r: 1.5, b: true, o: { n: 1 }, l: [{ n: 1 }] },
      { i: "x" },
      { r: "x" },
      { b: "x" },
      { b: 2 },
      { i: true },
      { o: { n: "x" } },
      { l: [{ n: 1 }, { n: "x" }] },
      { r: Number.POSITIVE_INFINITY },
      { i: 2 }
    ])
    assert.deepStrictEqual(
      made.rejects.map(({ path, reason }) => [path, reason]),
      [
        ["i", "a text does not fit the integer column i"],
        ["r", "a text does not fit the real column r"],
        ["b", "a text does not fit the boolean column b"],
        ["b", "an integer does not fit the boolean column b"],
        ["i", "a boolean does not fit the integer column i"],
        ["o.n", "a text does not fit the integer column o__n"],
        ["l.1.n", "a text does not fit the integer column n"],
        ["r", "a number beyond the range of REAL does not fit the real column r"]
      ]
    )
    assert.deepStrictEqual(made.rejects.map(({ raw }) => raw)[6], '{"l":[{"n":1},{"n":"x"}]}')
    assert.deepStrictEqual(cells(made).t, [{ i: 1, r: 1.5, b: 1, o__n: 1 }, { i: 2 }])
  })

  it("says where in the row it was", () => {
    const made = batch([
      { o: { l: [{ m: [1] }], p: [[1]] } },
      { o: { l: [{}, { m: [1, 2, "x"] }] } },
      { o: { p: [[], [1, "x"]] } }
    ])
    assert.deepStrictEqual(
      made.rejects.map(({ path }) => path),
      ["o.l.1.m.2", "o.p.1.1"]
    )
  })

  it("a text in a column guessed to be of date-times stays as it is", () => {
    const made = batch([
      { at: "2026-01-01T00:00:00Z" },
      { at: "unknown" },
      { at: "2026-01-02T00:00:00Z" },
      { at: 1e12 }
    ])
    assert.deepStrictEqual(cells(made).t, [
      { at: "2026-01-01T00:00:00.000000000Z" },
      { at: "unknown" },
      { at: "2026-01-02T00:00:00.000000000Z" },
      { at: "1000000000000" }
    ])
  })
})

describe("Flatten: a refused row leaves nothing behind", () => {
  const refused: ReadonlyArray<readonly [what: string, row: unknown]> = [
    ["a column", { fresh: 1, i: "x" }],
    ["a column of an object", { o: { p: 1, q: { r: 1 } }, i: "x" }],
    ["a table", { list: [1, { a: [1] }], i: "x" }],
    ["a list in a list", { list: [[1]], i: "x" }],
    ["a null column", { nothing: null, i: "x" }],
    ["a real type", { w: 1.5, i: "x" }],
    ["a text type", { w: 2n ** 70n, i: "x" }],
    ["a type for null", { n: 5, i: "x" }],
    ["an exact mark", { w: 2n ** 60n, i: "x" }],
    ["something behind the fault", { i: "x", late: 1 }]
  ]

  it.each(refused)("%s", (_, row) => {
    const compiled = compile()
    const before = page(compiled, [{ id: 0, i: 1, w: 1, n: null }])
    const after = page(compiled, [row])
    assert.lengthOf(after.rejects, 1)
    assert.strictEqual(after.shape, before.shape)
    const good = { id: 2, i: 2, w: 2, n: null, list: ["a"], o: { p: "x" }, fresh: "x", nothing: "x", late: "x" }
    const alone = compile()
    page(alone, [{ id: 0, i: 1, w: 1, n: null }])
    assert.deepStrictEqual(page(compiled, [good]), page(alone, [good]))
  })

  it("a row without its key, too", () => {
    const compiled = compile({ primaryKey: "id" })
    const before = page(compiled, [{ id: 1, w: 1 }])
    const after = page(compiled, [
      { id: null, w: 1.5, fresh: 1 },
      { w: 2n ** 70n, list: [1] }
    ])
    assert.deepStrictEqual(
      after.rejects.map(({ path, reason }) => [path, reason]),
      [
        ["id", "the primary key is null or missing"],
        ["id", "the primary key is null or missing"]
      ]
    )
    assert.strictEqual(after.shape, before.shape)
  })

  it("in the first page, too", () => {
    const made = batch(
      [
        { id: 1, w: 1 },
        { id: null, w: 1.5, fresh: 1 },
        { id: 2, w: 2 }
      ],
      { primaryKey: "id" }
    )
    assert.deepStrictEqual(columns(made.shape), { t: { id: "integer", w: "integer" } })
  })

  it("rejects are in the order of their rows", () => {
    const made = batch([{ id: 1, v: 1 }, { id: null }, { id: 2, v: "x" }, { v: 1 }], { primaryKey: "id" })
    assert.deepStrictEqual(
      made.rejects.map(({ path }) => path),
      ["id", "v", "id"]
    )
  })
})

describe("Flatten: names", () => {
  const meeting: ReadonlyArray<readonly [row: unknown, path: string, reason: string]> = [
    [
      { userId: 1, user_id: 2 },
      "user_id",
      'the row has two of the keys "userId", "user_id", which all become the column user_id'
    ],
    [{ "a.b": 1, a_b: 2 }, "a_b", 'the row has two of the keys "a.b", "a_b", which all become the column a_b'],
    [{ a: { b: 1 }, a__b: 2 }, "a__b", 'the row has two of the keys "a.b", "a__b", which all become the column a__b'],
    [{ é: 1, 日本: 2 }, "日本", 'the row has two of the keys "é", "日本", which all become the column x'],
    [{ l: [{ x: 1 }, { A: 1, a: 2 }] }, "l.1.a", 'the row has two of the keys "A", "a", which all become the column a'],
    [{ ID: 1, Id: null, id: 3 }, "id", 'the row has two of the keys "ID", "Id", "id", which all become the column id']
  ]
  it.each(meeting)("a row with two keys that meet in one column is refused, naming both: %j", (row, path, reason) => {
    const made = batch([row, { fine: 1 }])
    assert.deepStrictEqual(
      made.rejects.map((reject) => [reject.path, reject.reason]),
      [[path, reason]]
    )
    assert.deepStrictEqual(columns(made.shape).t, { fine: "integer" })
    assert.deepStrictEqual(made.notices, [`a row was refused at ${path}: ${reason}`])
  })

  it("keys of different rows may share a column, with a notice", () => {
    const compiled = compile()
    const first = page(compiled, [{ userId: 1 }, { user_id: 2, userId: null }])
    assert.deepStrictEqual(cells(first).t, [{ user_id: 1 }, { user_id: 2 }])
    assert.deepStrictEqual(first.notices, ['the keys "userId" and "user_id" share the column user_id'])
    assert.deepStrictEqual(page(compiled, [{ user_id: 3 }]).notices, [])
    assert.deepStrictEqual(page(compiled, [{ UserID: "x" }]).notices, [
      "a row was refused at UserID: a text does not fit the integer column user_id"
    ])
    assert.deepStrictEqual(page(compiled, [{ UserID: 4 }]).notices, [
      'the keys "userId" and "user_id" and "UserID" share the column user_id'
    ])
  })

  it("a column that is shared again in the next run is no change of the shape", () => {
    const first = batch([{ userId: 1 }, { user_id: 2 }], { primaryKey: "user_id" })
    const before = saved(first)
    const compiled = compile({ primaryKey: "user_id" }, before)
    assert.strictEqual(page(compiled, [{ user_id: 2 }, { userId: 3 }]).shape, before.shape)
  })

  it("two lists that meet in one table refuse their row, naming both", () => {
    assert.strictEqual(
      refusal([{ Tags: [1], tags: [2] }]),
      'the lists at "Tags" and "tags" both become the table t__tags'
    )
    assert.strictEqual(
      refusal([{ a: { b: [1] } }, { a__b: [2] }]),
      'the lists at "a.b" and "a__b" both become the table t__a__b'
    )
    assert.strictEqual(
      refusal([{ o: { l: [[1], { list: [2] }] } }]),
      'the lists at "o.l[]" and "o.l[].list" both become the table t__o__l__list'
    )
    assert.strictEqual(
      refusal([{ b: { c: [1] } }, { b: [{ c: [1] }] }]),
      'the lists at "b.c" and "b[].c" both become the table t__b__c'
    )
  })

  it("a list and a column may share a name", () => {
    assert.deepStrictEqual(columns(batch([{ a: [1] }, { a: 1 }]).shape), {
      t: { a: "integer" },
      t__a: { value: "integer" }
    })
  })

  it("names that sluice keeps for itself refuse their row, and no other", () => {
    const reserved = /a name sluice keeps for itself$/
    assert.match(
      refusal([{ a: 1 }, { _sluice_run: 1 }]),
      /^the key "_sluice_run" would become the column _sluice_run, a/
    )
    assert.match(refusal([{ _Sluice_Hash: 1 }]), reserved)
    assert.match(refusal([{ l: [{ _idx: 1 }] }]), reserved)
    assert.match(refusal([{ l: [{ _parent_id: 1 }] }]), reserved)
    // What the row had brought before the name is gone with it.
    assert.deepStrictEqual(columns(batch([{ a: 1 }, { b: 1, l: [1], _sluice_run: 1 }]).shape), { t: { a: "integer" } })
  })

  it("names it keeps only in child tables are free in the row's own", () => {
    assert.deepStrictEqual(columns(batch([{ _idx: 1, _parent_id: 2 }]).shape), {
      t: { _idx: "integer", _parent_id: "integer" }
    })
  })

  it("empty, blank and odd keys have names", () => {
    assert.deepStrictEqual(columns(batch([{ "": 1 }]).shape), { t: { _empty: "integer" } })
    assert.deepStrictEqual(columns(batch([{ 日本語: 1, naïve: 2, "1": 3, __lead: 4 }]).shape), {
      t: { _1: "integer", x: "integer", na_ve: "integer", lead: "integer" }
    })
  })

  it("__proto__ and its like are keys as any other", () => {
    const row: unknown = JSON.parse(
      '{"__proto__": {"x": 1}, "constructor": 2, "toString": "s", "hasOwnProperty": null, "l": [{"__proto__": 3}]}'
    )
    const made = batch([row])
    assert.deepStrictEqual(columns(made.shape), {
      t: { proto__x: "integer", constructor: "integer", to_string: "text", has_own_property: "unknown" },
      t__l: { proto: "integer" }
    })
    assert.strictEqual(cells(made).t![0]!["proto__x"], 1)
  })

  const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]))

  it("1,900 keys are 1,900 columns, and a row with more is refused", () => {
    const made = batch([wide(1900), wide(1901), wide(1900)])
    assert.lengthOf(made.shape.tables[0]!.columns, 1900)
    assert.strictEqual(made.rows[1]!.values[1899], 1899)
    assert.strictEqual(made.rows[0]!.digest, made.rows[1]!.digest)
    assert.match(made.rejects[0]!.reason, /the table t has 1900, which is the most; .*json/)
    assert.match(refusal([{ l: [wide(1900)] }, { l: [wide(1901)] }]), /the table t__l has 1900/)
  })

  it("200 tables are the most", () => {
    const lists = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, [i]]))
    assert.lengthOf(batch([lists(199)]).shape.tables, 200)
    assert.match(refusal([lists(199), lists(200)]), /has 200 tables/)
  })

  it("a key of more than 4,000 characters names no column", () => {
    assert.lengthOf(batch([{ ["k".repeat(4000)]: 1 }]).shape.tables[0]!.columns, 1)
    const refused = refusal([{ a: 1 }, { ["k".repeat(4001)]: 1 }])
    assert.match(refused, /of 4001 characters is too long/)
    assert.isBelow(refused.length, 300)
    assert.match(refusal([{ ["a".repeat(2500)]: { ["b".repeat(2500)]: 1 } }]), /the keys above it included/)
  })

  it("keys of refused rows are forgotten", () => {
    const compiled = compile()
    for (let i = 0; i < 20; i++) page(compiled, [{ a: 1 }, { [`b${i}`]: 1, _sluice_run: 1 }])
    assert.deepStrictEqual(columns(page(compiled, [{ a: 1 }]).shape), { t: { a: "integer" } })
  })

  it("64 levels are walked, and what lies deeper stays JSON", () => {
    const nested = (levels: number) => {
      let deep: unknown = 1
      for (let i = 0; i < levels; i++) deep = i % 2 === 0 ? { a: deep } : [deep]
      return deep
    }
    const made = batch([{ deep: nested(900) }])
    assert.lengthOf(made.shape.tables, 65)
    assert.deepStrictEqual(
      made.shape.tables.flatMap((table) => table.columns.map(({ type }) => type)),
      ["json"]
    )
    const rest = String(made.rows[0]!.children.at(-1)!.values.at(-1))
    assert.strictEqual(JSON.stringify(nested(900)).includes(rest), true)
    assert.isAbove(rest.length, 3 * (900 - 2 * 64))
    assert.deepStrictEqual(made.shape, batch([{ deep: nested(900) }], { maxTableNesting: 10_000 }).shape)
    assert.lengthOf(batch([{ deep: nested(900) }], { maxTableNesting: 3 }).shape.tables, 4)
  })

  it("of a key that is no well-formed text the row is refused, since two of them would be one", () => {
    const made = batch([{ id: "\uD800" }, { id: "\uD801" }, { id: "\uFFFD" }, { id: "x", v: "\uD800" }], {
      primaryKey: "id"
    })
    assert.lengthOf(made.rows, 2)
    for (const { path, reason } of made.rejects) {
      assert.strictEqual(path, "id")
      assert.match(reason, /not well-formed Unicode/)
    }
  })
})
