import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import * as Path from "../../src/Page/Path.ts"

const body = {
  a: { b: 1, c: 2 },
  items: [{ x: 1, tags: [1, 2] }, { x: 2 }],
  data: [{ total: 5 }],
  list: { p: { x: 1 }, q: { x: 2 } },
  "tour-guides": ["t"],
  "@odata.nextLink": "link",
  "odata.count": 3,
  "quoted.key": { x: 9 },
  "a b": 7,
  $skip: 8,
  big: 12345678901234567890n,
  nil: null,
  zero: 0,
  d: [{ "@odata.id": "id" }]
}

const all = (text: string, value: unknown = body) => Path.unsafeCompile(text).all(value)

describe("Path", () => {
  it.each<readonly [string, ReadonlyArray<unknown>]>([
    ["$", [body]],
    ["a.b", [1]],
    ["$.a.b", [1]],
    ["@.a.b", [1]],
    [" a.b ", [1]],
    ["['a']['b']", [1]],
    ['["a"].b', [1]],
    ["items[*].x", [1, 2]],
    ["items.[*].x", [1, 2]],
    ["items[].x", [1, 2]],
    ["items.*.x", [1, 2]],
    ["items.*", body.items],
    ["items[*].tags", [[1, 2]]],
    ["list.*.x", [1, 2]],
    ["data.[*].total", [5]],
    ["items[0].x", [1]],
    ["items.1.x", [2]],
    ["items[-1].x", [2]],
    ["items[0,1].x", [1, 2]],
    ["items[0:1].x", [1]],
    ["a.b,c", [1, 2]],
    ["a.b | a.c", [1, 2]],
    ["a['b','c']", [1, 2]],
    ["$..total", [5]],
    ["..total", [5]],
    ["tour-guides", [["t"]]],
    ["@odata.nextLink", ["link"]],
    ["['@odata.nextLink']", ["link"]],
    ["odata.count", [3]],
    ["d[*].@odata.id", ["id"]],
    ['"quoted.key".x', [9]],
    ["'quoted.key'.x", [9]],
    ["quoted.key.x", [9]],
    ["a b", [7]],
    ["$skip", [8]],
    ["big", [12345678901234567890n]],
    ["nil", [null]],
    ["zero", [0]],
    ["items[?@.x == 2].x", [2]],
    ["items[?(@.x=2)].x", [2]],
    ["items[?x > 1 & x < 3].x", [2]],
    ["items[?x == 1 or x == 2].x", [1, 2]],
    ["items[?(@.x == 'a&b=c|d')]", []],
    ["", []],
    ["x", []],
    ["a.x", []],
    ["nil.x", []],
    ["zero.x", []],
    ["items.x", []],
    ["items.length", []],
    ["items[5]", []],
    ["constructor", []],
    ["a.toString", []],
    ["__proto__", []]
  ])("%j", (text, found) => {
    assert.deepStrictEqual(all(text), found)
    assert.deepStrictEqual(Path.unsafeCompile(text).first(body), found[0])
  })

  it("begins at a list, too", () => {
    assert.deepStrictEqual(all("[*].x", body.items), [1, 2])
    assert.deepStrictEqual(all("*.x", body.items), [1, 2])
    assert.deepStrictEqual(all("0.x", body.items), [1])
  })

  it.each(["a.b", "$['a']", "x", "items[*]", "$..a"])("%j of what is no object is nothing", (text) => {
    for (const value of [undefined, null, 5, 5n, "text", true])
      assert.deepStrictEqual(Path.unsafeCompile(text).all(value), [])
  })

  it.each<readonly [string, string]>([
    ["a.", "expected a name at character 3"],
    ["a..", "expected a name at character 4"],
    [".", "expected a name at character 2"],
    ["a[", "a bracket is not closed: at character 2"],
    ["a['b", "a bracket is not closed: at character 2"],
    ['"a', "a quote is not closed: at character 1"],
    ["a[0]x", "expected `.` or `[` at character 5"],
    ["a|", "expected a name at character 3"],
    ["a.b,", "expected a name at character 5"],
    ["`this`", "operators in backticks are not part of JSONPath: at character 1"],
    ["/data/items", "a path is written with dots (data.items), not with slashes: at character 1"],
    ["a{b}", "a name with { must be quoted: at character 2"],
    ["a[(@.length-1)]", "expected a quoted name, a number or * in the brackets at character 2"],
    ["a[01]", "expected a quoted name, a number or * in the brackets at character 2"]
  ])("%j is not one: %s", (text, why) => {
    assert.deepStrictEqual(Path.compile(text), Either.left(`${why} of ${JSON.stringify(text)}`))
    assert.throws(() => Path.unsafeCompile(text), RangeError, why)
  })

  it("says what is wrong inside of a filter", () =>
    assert.match(String(Either.getOrThrow(Either.flip(Path.compile("a[?(@.x in [1])]")))), /unexpected .* in "a\[\?/))

  it("says how it reads in RFC 9535 when the standard knows no such spelling", () => {
    const repaired = (text: string) => Path.unsafeCompile(text).repaired
    for (const text of ["a.b", "$.a.b", "tour-guides", "items[*].x", "$", "", "a['b']"])
      assert.isUndefined(repaired(text))
    assert.strictEqual(repaired("data.[*].total"), '$["data"][*]["total"]')
    assert.strictEqual(repaired("@odata.nextLink"), '$["@odata.nextLink"]')
    assert.strictEqual(repaired("a|b"), '$["a"] | $["b"]')
  })

  it("knows a path of names", () => {
    assert.deepStrictEqual(Path.unsafeCompile("$.data['items'].list").segments, ["data", "items", "list"])
    assert.isUndefined(Path.unsafeCompile("data[*]").segments)
  })

  it("is compiled once", () => assert.strictEqual(Path.compile("one.path"), Path.compile("one.path")))

  it("reaches as deep as a body may be", () => {
    let deep: unknown = { z: 1 }
    for (let i = 0; i < 900; i++) deep = { a: deep }
    assert.deepStrictEqual(all("$..z", deep), [1])
  })

  const name = fc.string({ minLength: 1, maxLength: 8, unit: "binary" })
  it.prop(
    "a quoted name finds its key, whatever it is",
    [fc.array(name, { minLength: 1, maxLength: 4 })],
    ([names]) => {
      const value = names.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), "found")
      const quoted = names.map((key) => `[${JSON.stringify(key)}]`).join("")
      assert.deepStrictEqual(all(quoted, value), ["found"])
      assert.deepStrictEqual(all(`$${quoted}`, value), ["found"])
    }
  )

  it.prop("any text is a path or says why not, and never throws", [fc.string({ maxLength: 30 })], ([text]) => {
    const compiled = Path.compile(text)
    if (Either.isRight(compiled)) assert.isArray(compiled.right.all(body))
    else assert.isAbove(compiled.left.length, 5)
  })
  const pieces = fc.array(
    fc.constantFrom(
      "a",
      ".",
      "[",
      "]",
      "*",
      "?",
      "@",
      "$",
      "'",
      '"',
      ",",
      "|",
      "0",
      "-1",
      ":",
      "==",
      "(",
      ")",
      " ",
      "&"
    ),
    { maxLength: 12 }
  )
  it.prop("nor do texts that nearly are one", [pieces], ([parts]) => {
    const compiled = Path.compile(parts.join(""))
    if (Either.isRight(compiled)) assert.isArray(compiled.right.all(body))
  })
})
