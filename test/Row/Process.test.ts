import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import { RowError } from "sluice"
import type { Changes, Comparison, Predicate, Step } from "../../src/Resource/Process.ts"
import * as Process from "../../src/Row/Process.ts"

const run = (steps: ReadonlyArray<Step>, row: unknown): unknown =>
  Either.match(Process.compile(steps)(row), {
    onLeft: ({ path, reason }) => `${path}: ${reason}`,
    onRight: (rows) => rows
  })

const passes = (filter: Predicate, row: unknown): boolean =>
  (run([{ filter }], row) as ReadonlyArray<unknown>).length === 1

const mapped = (map: Changes, row: unknown): unknown => {
  const rows = run([{ map }], row)
  return Array.isArray(rows) ? rows[0] : rows
}

const row = {
  id: 7,
  big: 9007199254740993n,
  status: "open",
  price: 1.5,
  on: true,
  none: null,
  at: "2024-01-02T03:04:05+02:00",
  tags: ["a", "b"],
  user: { name: "Ann", age: 30 },
  items: [
    { sku: "x", n: 1 },
    { sku: "y", n: 2 }
  ],
  "@type": "T"
}

const comparisons: ReadonlyArray<readonly [Comparison["op"], string, unknown, boolean]> = [
  ["eq", "id", 7, true],
  ["eq", "id", "7", false],
  ["eq", "status", "open", true],
  ["eq", "status", "Open", false],
  ["eq", "on", true, true],
  ["eq", "on", 1, false],
  ["eq", "none", null, true],
  ["eq", "gone", null, false],
  ["eq", "big", 9007199254740993n, true],
  ["eq", "big", 9007199254740992, false],
  ["eq", "at", "2024-01-02T01:04:05Z", true],
  ["eq", "tags", ["a", "b"], true],
  ["eq", "tags", ["b", "a"], false],
  ["eq", "user", { age: 30, name: "Ann" }, true],
  ["eq", "user", { age: 30 }, false],
  ["eq", "$['@type']", "T", true],
  ["ne", "id", 7, false],
  ["ne", "id", 8, true],
  ["ne", "gone", 8, true],
  ["ne", "none", 8, true],
  ["lt", "id", 8, true],
  ["lt", "id", 7, false],
  ["le", "id", 7, true],
  ["gt", "big", 9007199254740992, true],
  ["gt", "id", "6", false],
  ["gt", "on", 0, false],
  ["gt", "none", 0, false],
  ["gt", "gone", 0, false],
  ["ge", "price", 1.5, true],
  ["gt", "at", "2024-01-02T01:04:04.999999999Z", true],
  ["lt", "at", "2024-01-02", false],
  ["ge", "at", "2024-01-02", true],
  ["lt", "at", "2024-01-03", true],
  ["gt", "status", "closed", true],
  ["in", "status", ["open", "new"], true],
  ["in", "status", ["new"], false],
  ["in", "gone", [null], false],
  ["not_in", "status", ["new"], true],
  ["not_in", "status", ["open"], false],
  ["not_in", "gone", ["x"], true],
  ["contains", "status", "pe", true],
  ["contains", "tags", "b", true],
  ["contains", "tags", "c", false],
  ["contains", "id", 7, false],
  ["starts_with", "status", "op", true],
  ["starts_with", "id", "7", false],
  ["ends_with", "status", "en", true],
  ["matches", "status", "^o.*n$", true],
  ["matches", "status", "pe", true],
  ["matches", "status", "^p", false],
  ["matches", "id", "7", false],
  ["exists", "user.name", undefined, true],
  ["exists", "none", undefined, false],
  ["exists", "gone", undefined, false],
  ["missing", "none", undefined, true],
  ["missing", "gone.at.all", undefined, true],
  ["missing", "id", undefined, false],
  // One match of several is enough.
  ["eq", "items[*].sku", "y", true],
  ["gt", "items[*].n", 1, true],
  ["gt", "items[*].n", 2, false],
  ["exists", "items[?@.n > 1]", undefined, true]
]

describe("Process filters", () => {
  it.each(comparisons)("%s %s %s is %s", (op, path, value, holds) =>
    assert.strictEqual(passes({ op, path, value }, row), holds)
  )

  it("all, any and not", () => {
    const open: Predicate = { path: "status", op: "eq", value: "open" }
    const old: Predicate = { path: "user.age", op: "gt", value: 60 }
    assert.isTrue(passes({ any: [old, open] }, row))
    assert.isFalse(passes({ all: [old, open] }, row))
    assert.isTrue(passes({ all: [{ not: old }, open] }, row))
    assert.isTrue(passes({ all: [] }, row))
    assert.isFalse(passes({ any: [] }, row))
  })

  it("by a function", () => {
    assert.deepStrictEqual(run([{ filter: () => false }], row), [])
    assert.deepStrictEqual(run([{ filter: (r) => r === row }], row), [row])
  })

  it("a pattern that other engines would never finish", () => {
    assert.isFalse(passes({ path: "v", op: "matches", value: "^(a+)+$" }, { v: `${"a".repeat(50_000)}b` }))
  })

  it("text order is that of code points", () =>
    assert.isTrue(passes({ path: "v", op: "gt", value: "\uffff" }, { v: "\u{10000}" })))

  it.prop(
    "order agrees with the order of instants",
    [
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    ],
    ([a, b]) => {
      const minutes = 330
      const local = `${new Date(b.getTime() + minutes * 60_000).toISOString().slice(0, -1)}+05:30`
      assert.strictEqual(
        passes({ path: "at", op: "lt", value: local }, { at: a.toISOString() }),
        a.getTime() < b.getTime()
      )
    }
  )
})

describe("Process maps", () => {
  it.each<readonly [string, Changes, unknown, unknown]>([
    ["rename", { rename: { a: "b" } }, { a: 1, c: 2 }, { b: 1, c: 2 }],
    ["two that change names", { rename: { a: "b", b: "a" } }, { a: 1, b: 2 }, { b: 1, a: 2 }],
    ["rename over another", { rename: { a: "b" } }, { a: 1, b: 2 }, { b: 1 }],
    ["rename inside", { rename: { "u.n": "u.m" } }, { u: { n: 1, k: 2 } }, { u: { m: 1, k: 2 } }],
    ["rename in a list", { rename: { "u.n": "u.m" } }, { u: [{ n: 1 }, { k: 2 }] }, { u: [{ m: 1 }, { k: 2 }] }],
    ["move", { rename: { "u.n": "name" } }, { u: { n: 1, k: 2 } }, { u: { k: 2 }, name: 1 }],
    ["rename what is not there", { rename: { x: "y" } }, { a: 1 }, { a: 1 }],
    ["drop", { drop: ["a", "u.n", "gone"] }, { a: 1, u: { n: 1, k: 2 } }, { u: { k: 2 } }],
    ["drop in a list", { drop: ["u.n"] }, { u: [{ n: 1 }, { n: 2, k: 3 }, 4] }, { u: [{}, { k: 3 }, 4] }],
    ["keep", { keep: ["a", "gone"] }, { a: 1, b: 2 }, { a: 1 }],
    ["set", { set: { a: 2, "u.n": null } }, { a: 1 }, { a: 2, u: { n: null } }],
    ["set in a list", { set: { "u.k": 1 } }, { u: [{ n: 1 }, {}] }, { u: [{ n: 1, k: 1 }, { k: 1 }] }],
    [
      "the order of the fields",
      { rename: { a: "b" }, drop: ["b"], set: { a: 3 }, cast: { a: "text" } },
      { a: 1 },
      { a: "3" }
    ],
    [
      "cast to text",
      { cast: { a: "text", b: "text", c: "text" } },
      { a: 1, b: { x: [1] }, c: null },
      { a: "1", b: '{"x":[1]}', c: null }
    ],
    [
      "cast to integer",
      { cast: { a: "integer", b: "integer", c: "integer", d: "integer" } },
      { a: "007", b: "0x10", c: true, d: "9007199254740993" },
      { a: 7, b: 16, c: 1, d: 9007199254740993n }
    ],
    ["cast to float", { cast: { a: "float", b: "float" } }, { a: "1.50", b: "1e3" }, { a: 1.5, b: 1000 }],
    [
      "cast to boolean",
      { cast: { a: "boolean", b: "boolean", c: "boolean" } },
      { a: "Yes", b: 0, c: "f" },
      { a: true, b: false, c: false }
    ],
    ["cast to json", { cast: { a: "json" } }, { a: '{"n":9007199254740993}' }, { a: { n: 9007199254740993n } }],
    ["cast in a list", { cast: { "u.n": "integer" } }, { u: [{ n: "1" }, { n: "2" }] }, { u: [{ n: 1 }, { n: 2 }] }],
    // SHA-256 of FIPS 180-2, and of the empty text.
    [
      "hash",
      { hash: ["a", "b", "c"] },
      { a: "abc", b: "", c: null },
      {
        a: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        b: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        c: null
      }
    ],
    // RFC 4231, case 2.
    [
      "hash with a salt",
      { hash: ["a"], hashSalt: "Jefe" },
      { a: "what do ya want for nothing?" },
      { a: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" }
    ],
    ["redact", { redact: ["a", "b", "c"] }, { a: "x", b: { d: 1 }, c: null }, { a: "***", b: "***", c: null }],
    ["redact in a list", { redact: ["u.n"] }, { u: [{ n: 1 }, [{ n: 2 }]] }, { u: [{ n: "***" }, [{ n: "***" }]] }],
    ["redact by the column's name", { redact: ["email"] }, { Email: "x" }, { Email: "***" }],
    ["a row that is no object", { set: { a: 1 } }, "text", "text"]
  ])("%s", (_, map, before, after) => assert.deepStrictEqual(mapped(map, before), after))

  it("keeps the order of columns when it renames", () =>
    assert.strictEqual(JSON.stringify(mapped({ rename: { b: "x" } }, { a: 1, b: 2, c: 3 })), '{"a":1,"x":2,"c":3}'))

  it("a key __proto__ is a key", () => {
    const evil = JSON.parse('{"__proto__":{"polluted":true},"a":1}') as object
    const after = mapped({ redact: ["a"], set: { b: 2 } }, evil) as object
    assert.strictEqual(JSON.stringify(after), '{"__proto__":{"polluted":true},"a":"***","b":2}')
    assert.notProperty(Object.prototype, "polluted")
    mapped({ set: { "__proto__.polluted": true } }, {})
    assert.notProperty({}, "polluted")
  })

  it("a cast that fails refuses the row, without its value", () =>
    assert.strictEqual(
      run([{ map: { cast: { "u.n": "integer" } } }], { u: { n: "secret" } }),
      "u.n: a text is no integer"
    ))

  it("by a function; nothing is no row", () => {
    assert.deepStrictEqual(run([{ map: () => ({ a: 1 }) }], row), [{ a: 1 }])
    assert.deepStrictEqual(run([{ map: () => null }], row), [])
    assert.deepStrictEqual(run([{ map: () => undefined }], row), [])
  })

  it("a function that throws refuses its row, and tells nothing of it", () =>
    assert.strictEqual(
      run(
        [
          { filter: () => true },
          {
            map: () => {
              throw new TypeError("of a@b.example")
            }
          }
        ],
        row
      ),
      ": processing_steps.1.map threw TypeError"
    ))
})

describe("Process explodes", () => {
  it.each<readonly [string, string, unknown, unknown]>([
    [
      "objects over the row",
      "items",
      { id: 1, n: 0, items: [{ n: 1 }, { n: 2 }] },
      [
        { id: 1, n: 1 },
        { id: 1, n: 2 }
      ]
    ],
    [
      "scalars in the list's place",
      "tags",
      { id: 1, tags: ["a", null] },
      [
        { id: 1, tags: "a" },
        { id: 1, tags: null }
      ]
    ],
    ["an empty list", "tags", { id: 1, tags: [] }, [{ id: 1 }]],
    ["null", "tags", { id: 1, tags: null }, [{ id: 1 }]],
    ["what is not there", "tags", { id: 1 }, [{ id: 1 }]],
    ["one that should be a list", "item", { id: 1, item: { n: 1 } }, [{ id: 1, n: 1 }]],
    ["inside", "o.items", { id: 1, o: { k: 1, items: [{ n: 1 }] } }, [{ id: 1, o: { k: 1 }, n: 1 }]],
    ["$", "$.tags", { tags: [1] }, [{ tags: 1 }]],
    ["no object", "tags", 5, [5]]
  ])("%s", (_, explode, before, after) => assert.deepStrictEqual(run([{ explode }], before), after))

  it("by a function, also a generator", () =>
    assert.deepStrictEqual(
      run(
        [
          {
            explode: function* () {
              yield { a: 1 }
              yield { a: 2 }
            }
          }
        ],
        row
      ),
      [{ a: 1 }, { a: 2 }]
    ))
})

describe("Process", () => {
  it("runs the steps in their order", () => {
    const steps: ReadonlyArray<Step> = [
      { explode: "items" },
      { filter: { path: "n", op: "gt", value: 1 } },
      { map: { keep: ["sku", "id"] } }
    ]
    assert.deepStrictEqual(run(steps, row), [{ id: 7, sku: "y" }])
    assert.deepStrictEqual(run([], row), [row])
  })

  it("says what is wrong with a step, and where", () => {
    const steps: ReadonlyArray<Step> = [
      { filter: { path: "a", op: "matches", value: "(a" } },
      { filter: { path: "a[", op: "exists" } },
      { filter: { all: [{ path: "a", op: "in", value: "x" }] } },
      { filter: { path: "a", op: "lt", value: true } },
      { filter: { path: "", op: "exists" } },
      { filter: { path: "a", op: "like" as "eq", value: "" } },
      { map: { drop: ["a..b"] } },
      { explode: "items[*]" },
      { filter: { path: "a", op: "exists" } }
    ]
    const mistakes = Process.mistakes(steps)
    assert.deepStrictEqual(
      mistakes.map(({ path }) => path),
      ["0.filter", "1.filter", "2.filter", "3.filter", "4.filter", "5.filter", "6.map", "7.explode"]
    )
    assert.match(mistakes[0]!.reason, /^value: .*missing closing \)/)
    assert.match(mistakes[2]!.reason, /^value: in needs a list/)
    assert.throws(() => Process.compile(steps), RowError, "processing_steps.0.filter")
  })

  it("shows of a refused row nothing that a step takes out of sight", () => {
    const veil = Process.veil([
      { map: { cast: { n: "integer" }, drop: ["secret"], rename: { mail: "email" } } },
      { explode: "items" },
      { map: { hash: ["user.email"], redact: ["name"] } }
    ])
    const seen = {
      n: "x",
      Secret: "s",
      mail: "e",
      user: { email: "e", ok: 1 },
      items: [{ name: "n", k: 1 }],
      name: null
    }
    assert.deepStrictEqual(veil(seen), {
      n: "x",
      Secret: "***",
      mail: "***",
      user: { email: "***", ok: 1 },
      items: [{ name: "***", k: 1 }],
      name: null
    })
    assert.strictEqual(Process.veil([{ explode: "items" }])(seen), seen)
    const twice = Process.veil([
      { map: { rename: { a: "b" } } },
      { map: { rename: { b: "c" } } },
      { map: { hash: ["c"] } }
    ])
    assert.deepStrictEqual(twice({ a: 1, other: 2 }), { a: "***", other: 2 })
  })

  const values = fc.letrec((tie) => ({
    json: fc.oneof(
      fc.integer(),
      fc.string(),
      fc.constant(null),
      fc.boolean(),
      fc.array(tie("json"), { maxLength: 3 }),
      tie("object")
    ),
    object: fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), tie("json"), { noNullPrototype: true })
  }))
  const path = fc.constantFrom("a", "b", "a.b", "c.a", "b.a.c")
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ map: fc.record({ drop: fc.array(path), redact: fc.array(path), hash: fc.array(path) }) }),
    fc.record({ map: fc.record({ rename: fc.dictionary(path, path), set: fc.dictionary(path, fc.integer()) }) }),
    fc.record({ explode: path }),
    fc.record({
      filter: fc.record({
        path,
        op: fc.constantFrom<Comparison["op"]>("eq", "ne", "exists", "lt", "contains"),
        value: fc.integer()
      })
    })
  )

  it.prop(
    "never changes the row it is given, and never throws",
    [values.object, fc.array(step, { maxLength: 4 })],
    ([before, steps]) => {
      const text = JSON.stringify(before)
      Process.compile(steps)(before)
      assert.strictEqual(JSON.stringify(before), text)
    }
  )
})
