import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import * as Digits from "../../src/Fetch/Digits.ts"
import * as Json from "../../src/Fetch/Json.ts"

const value = (text: string) => Either.getOrThrowWith(Json.parse(text), (why) => new Error(why))
const why = (text: string) =>
  Either.match(Json.parse(text), { onLeft: (why) => why, onRight: () => assert.fail(`parsed: ${text}`) })

describe("Json", () => {
  it("keeps integers beyond 2^53 exact", () => {
    assert.deepStrictEqual(
      value("[9007199254740991,9007199254740992,-9007199254740993,123456789012345678901234567890]"),
      [9007199254740991, 9007199254740992n, -9007199254740993n, 123456789012345678901234567890n]
    )
    assert.deepStrictEqual(value("9007199254740993"), 9007199254740993n)
    assert.deepStrictEqual(value('{"ID":\n\t9007199254740993}'), { ID: 9007199254740993n })
  })

  it("written exactly and read again is the same value, whatever it holds", () => {
    const number = fc.oneof(
      fc.double({ noNaN: true }),
      fc.bigInt().map((big) => (big >= -9007199254740991n && big <= 9007199254740991n ? Number(big) : big)),
      fc.constantFrom(-0, Infinity, -Infinity)
    )
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        number,
        fc.string(),
        fc.boolean(),
        fc.constant(null),
        tie("list"),
        tie("object")
      ),
      list: fc.array(tie("any")),
      object: fc.dictionary(fc.string(), tie("any"), { noNullPrototype: true })
    }))
    fc.assert(fc.property(any, (input) => assert.deepStrictEqual(value(Json.exact(input)), input)))
    for (const input of [-0, Infinity, -Infinity, 1e20, -1e20, 1e21, 2 ** 53, 5e-324, 2n ** 53n, "1e20"]) {
      assert.isTrue(Object.is(value(Json.exact(input)), input), Json.exact(input))
    }
  })

  it("leaves every other number a number", () => {
    const text =
      "[1e20,1E3,1.5,-0,9007199254740993.0,0.12345678901234567890,1e999,9007199254740993,12345678901234567e-3]"
    const expected = JSON.parse(text) as Array<unknown>
    expected[7] = 9007199254740993n
    assert.deepStrictEqual(value(text), expected)
  })

  it("digits inside strings stay strings", () => {
    assert.deepStrictEqual(value('{"a":"x: 9007199254740993","b":["9007199254740993"]}'), {
      a: "x: 9007199254740993",
      b: ["9007199254740993"]
    })
  })

  // Both parsers: the second text holds an integer that the native one would round.
  for (const [name, big] of [
    ["native", "0"],
    ["lossless", "9007199254740993"]
  ] as const) {
    it(`the last of two equal keys wins (${name})`, () => {
      const parsed = value(`{"a":{"x":1},"a":{"y":2},"b":[${big}],"a":3}`) as Record<string, unknown>
      assert.deepStrictEqual(
        Object.entries(parsed).map(([key]) => key),
        ["a", "b"]
      )
      assert.strictEqual(parsed["a"], 3)
    })

    it(`__proto__ and constructor are keys like others (${name})`, () => {
      const parsed = value(`{"__proto__":{"admin":true},"constructor":1,"n":${big}}`) as Record<string, unknown>
      assert.deepStrictEqual(Object.keys(parsed), ["__proto__", "constructor", "n"])
      assert.strictEqual(Object.getPrototypeOf(parsed), Object.prototype)
      assert.isUndefined(parsed["admin"])
    })

    it(`nesting is bounded, without exhausting the stack (${name})`, () => {
      const nested = (levels: number) => `${"[".repeat(levels)}${big}${"]".repeat(levels)}`
      assert.isTrue(Either.isRight(Json.parse(nested(Json.maxDepth))))
      for (const levels of [Json.maxDepth + 1, 20_000, 500_000]) {
        assert.strictEqual(why(nested(levels)), "JSON is nested more than 1000 levels deep")
      }
      assert.strictEqual(
        why(`${'{"a":['.repeat(600)}${big}${"]}".repeat(600)}`),
        "JSON is nested more than 1000 levels deep"
      )
    })

    it(`says where it breaks, and quotes nothing (${name})`, () => {
      const start = `{"n":${big},"password":"hunter2-hunter2`
      assert.strictEqual(why(start), `JSON ends too early, after ${start.length} characters`)
      assert.strictEqual(why(`{"n":${big}`), `JSON ends too early, after ${6 + big.length - 1} characters`)
      for (const text of [`{"n":${big},"a":hunter2}`, `<p>hunter2 ${big}</p>`, `{"n": ${big}}hunter2`]) {
        assert.match(why(text), /^not valid JSON at character \d+$/)
      }
    })
  }

  it("writes numbers back as they came", () => {
    const long = "0.12345678901234567890"
    for (const text of [
      `{"a":1e400,"b":[-1e400,${long}],"c":{"d":1e-400},"e":9007199254740993,"f":1234567890.1234567890}`,
      `[{"__proto__":1e999},{"a":0.30000000000000004,"b":1.5,"c":"1e400"}]`
    ])
      assert.strictEqual(Json.written(value(text)), text)
    const { a, b } = value(`{"a":${long},"b":1e400}`) as { readonly a: number; readonly b: number }
    assert.deepStrictEqual([a, b], [0.12345678901234568, Infinity])
    // A value that is another one by now is written as it is.
    const changed = value(`{"a":${long},"b":${long}}`) as { a: number }
    changed.a = 1
    assert.strictEqual(Json.written(changed), `{"a":1,"b":${long}}`)
  })

  it("a copy is written like what it was made of, as far as it is the same", () => {
    const row = value('{"a":1e400,"b":{"c":1e400},"d":2}') as Record<string, unknown>
    assert.strictEqual(
      Json.written(Digits.carry(row, { ...row, d: 3, b: { ...(row["b"] as object) } })),
      '{"a":1e400,"b":{"c":1e400},"d":3}'
    )
    assert.strictEqual(Json.written(Digits.carry(row, { ...row, a: "***" })), '{"a":"***","b":{"c":1e400},"d":2}')
  })

  it("writes back any number that JSON can hold, digit by digit or as the double it is", () => {
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,24})?([eE][+-]?\d{1,4})?$/)
    fc.assert(
      fc.property(fc.array(digits, { maxLength: 4 }), (numbers) => {
        const text = `[${numbers.join(",")}]`
        const again = Json.written(value(text))
        // Where a double holds just that number, it may be written in another way: 1.0 as 1.
        for (const [index, one] of (JSON.parse(again) as ReadonlyArray<number>).entries())
          assert.strictEqual(one, Number(numbers[index]))
        assert.strictEqual(Json.written(value(again)), again)
        const list = again.slice(1, -1).split(",")
        for (const [index, one] of numbers.entries()) {
          if (Digits.isRounded(one) && !/^-?\d+$/.test(one)) assert.strictEqual(list[index], one)
        }
      })
    )
  })

  it("an empty text is no value", () => {
    assert.strictEqual(why(""), "JSON ends too early, after 0 characters")
  })

  it("writes bigint digit by digit, and everything else as JSON.stringify does", () => {
    const text = '{"id":9007199254740993,"list":[1,null,"é\\n",true,-123456789012345678901],"o":{}}'
    assert.strictEqual(Json.stringify(value(text)), text)
    const plain = { date: new Date(0), nan: Number.NaN, gone: undefined, list: [undefined], __proto__x: 1 }
    assert.strictEqual(Json.stringify(plain), JSON.stringify(plain))
    assert.strictEqual(Json.stringify({ ...plain, big: 1n }), `${JSON.stringify(plain).slice(0, -1)},"big":1}`)
    assert.strictEqual(Json.stringify(undefined), "null")
    assert.strictEqual(Json.stringify(JSON.parse('{"__proto__":{"a":1}}')), '{"__proto__":{"a":1}}')
  })

  it("a program that gives BigInt a toJSON does not turn numbers into strings", () => {
    const prototype = BigInt.prototype as { toJSON?: () => string }
    prototype.toJSON = function (this: bigint) {
      return String(this)
    }
    try {
      assert.strictEqual(Json.stringify({ id: 9007199254740993n }), '{"id":9007199254740993}')
    } finally {
      delete prototype.toJSON
    }
  })

  it("throws for a value that holds itself", () => {
    const loop: Record<string, unknown> = { n: 1n }
    loop["self"] = loop
    assert.throws(() => Json.stringify(loop), TypeError)
  })

  it.prop("reads what JSON.parse reads, rounding aside", [fc.json()], ([text]) => {
    const rounded = (value: unknown): unknown => {
      if (typeof value === "bigint") return Number(value)
      if (Array.isArray(value)) return value.map(rounded)
      if (typeof value !== "object" || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)]))
    }
    assert.deepStrictEqual(rounded(value(text)), JSON.parse(text))
    assert.deepStrictEqual((rounded(value(`[9007199254740993,${text}]`)) as Array<unknown>)[1], JSON.parse(text))
  })

  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.bigInt(),
      fc.integer(),
      fc.string({ unit: "binary" }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value")),
      fc.dictionary(fc.string(), tie("value"))
    )
  })).value

  it.prop("what is written is read back the same, small bigints as numbers", [tree], ([tree]) => {
    const small = (value: unknown): unknown => {
      if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value
      if (Array.isArray(value)) return value.map(small)
      if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, small(item)]))
    }
    assert.deepStrictEqual(value(Json.stringify(tree)), small(tree))
  })
})
