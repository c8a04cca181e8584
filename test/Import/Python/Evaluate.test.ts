import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck } from "effect"
import * as Block from "../../../src/Import/Block.ts"
import * as Finding from "../../../src/Import/Finding.ts"
import * as Python from "../../../src/Import/Python.ts"
import * as Evaluate from "../../../src/Import/Python/Evaluate.ts"
import { noLocals } from "../../../src/Import/Python/Evaluator.ts"
import * as Format from "../../../src/Import/Python/Format.ts"
import * as Name from "../../../src/Import/Python/Name.ts"
import * as Value from "../../../src/Import/Value.ts"
import { runs } from "../../fuzz.ts"
import * as Write from "../../../src/Import/Write.ts"
import * as Document from "../../../src/Spec/Document.ts"

const evaluate = (program: string): Value.Value => {
  const to = Evaluate.make(Python.parse(Block.whole(program, "python")), Finding.log(program))
  const node = to.scope.bindings.get("x")?.findLast(({ kind }) => kind === "is")?.value
  if (node === undefined) return assert.fail("no x")
  return node.parent?.firstChild?.name === "VariableName"
    ? Name.final(to, node.parent.firstChild, to.scope)
    : to.value(node, to.scope, noLocals)
}

/** As plain data; code as its source. */
const data = (value: Value.Value): unknown => {
  switch (value._tag) {
    case "Text":
      return value.text
    case "Scalar":
      return value.value
    case "List":
      return value.items.map(data)
    case "Dict":
      return Object.fromEntries(value.entries.map((each) => [each.key, data(each.value)]))
    case "Code":
      return { code: value.what, name: value.name }
  }
}

const code = (what: Value.Code["what"], name?: string) => ({ code: what, name })

const table: ReadonlyArray<readonly [program: string, value: unknown]> = [
  // literals
  [`x = "a\\n\\x41\\u00e9\\'"`, "a\nAé'"],
  [`x = r"a\\n"`, "a\\n"],
  [`x = '''two\nlines'''`, "two\nlines"],
  [`x = "a" 'b' r"\\c"`, "ab\\c"],
  [`x = ("a"\n     "b")`, "ab"],
  [`x = u"a"`, "a"],
  [`x = "\${HOME}/\${x}"`, "$${HOME}/$${x}"],
  [
    `x = [1, 1_000, 0x10, 0b11, 0o17, 1.5, .5, 1e3, -2, +3, 12345678901234567890]`,
    [1, 1000, 16, 3, 15, 1.5, 0.5, 1000, -2, 3, 12345678901234567890n]
  ],
  [`x = [True, False, None, true, null]`, [true, false, null, true, null]],
  [`x = ((1, 2), {3}, (4,), [])`, [[1, 2], [3], [4], []]],
  [`x = {"a": 1, 404: 2, "a": 3,}`, { a: 3, 404: 2 }],
  [`x = dict(a=1, **{"b": 2})`, { a: 1, b: 2 }],
  [`x = dict([("a", 1)])`, { a: 1 }],
  // put together
  [`a = {"k": 1}\nx = {**a, "l": 2}`, { k: 1, l: 2 }],
  [`a = [1]\nx = [*a, 2] + [3]`, [1, 2, 3]],
  [`x = {"a": 1} | {"b": 2}`, { a: 1, b: 2 }],
  [`n = "v1"\nx = f"/{n}/{2}/{{id}}"`, "/v1/2/{id}"],
  [`x = "/%s/%d%%" % ("a", 2)`, "/a/2%"],
  [`x = "%(a)s" % {"a": "b"}`, "b"],
  [`x = "/{}/{1}/{n}/{{y}}".format("a", "b", n=3)`, "/a/b/3/{y}"],
  [
    `v = 7.0\nx = [f"v{v}", str(v), "%s" % v, "{}".format(v), f"{4 / 2}", f"{2 * 3}"]`,
    ["v7.0", "7.0", "7.0", "7.0", "2.0", "6"]
  ],
  [
    `v = 7\nx = [f"{v:03d}", f"{1.5:.2f}", "%02d" % v, "%.1f" % v, "{:.1f}/{0}".format(v)]`,
    ["007", "1.50", "07", "7.0", "7.0/7"]
  ],
  [`x = f"{'a'!r}"`, code("expression", "x")],
  [`x = f"{5:>9}"`, code("expression", "x")],
  [`x = "%-5s" % "a"`, code("expression", "x")],
  [`x = "{0!r}".format("a")`, code("call", "x")],
  [`x = ",".join(["a", "b"])`, "a,b"],
  [`x = "https://a/".rstrip("/") + "/b".upper()`, "https://a/B"],
  [`x = "a,b".split(",")`, ["a", "b"]],
  [`x = 60 * 60 * 24 + 7 // 2`, 86_403],
  [`x = str(5) + str("a")`, "5a"],
  [`x = [int("5"), float("1.5"), list((1,))]`, [5, 1.5, [1]]],
  // names
  [`A = "a"\nx = A`, "a"],
  [`A = "a"\nA = "b"\nx = A`, "b"],
  [`a, b = 1, 2\nx = [b, a]`, [2, 1]],
  [`a = b = 1\nx = [a, b]`, [1, 1]],
  [`d = {"a": {"b": [1]}}\nx = [d["a"]["b"][0], d.get("z", 5)]`, [1, 5]],
  [`x = {"a": {}}\nx["a"]["b"] = 1\nx.update({"c": 2})\nx.update(d=3)`, { a: { b: 1 }, c: 2, d: 3 }],
  [`x = []\nx.append(1)\nx.extend([2])\nx += [3]`, [1, 2, 3]],
  [
    `x = []\nfor i, n in [(1, "a"), (2, "b")]:\n    x.append({"n": n, "i": i})`,
    [
      { n: "a", i: 1 },
      { n: "b", i: 2 }
    ]
  ],
  [`x = [n.upper() for n in ("a", "b", "c") if n != "b"]`, ["A", "C"]],
  [`x = {k: v for k, v in {"a": 1}.items()}`, { a: 1 }],
  [`x = [[i, j] for i in range(2) for j in range(i)]`, [[1, 0]]],
  [`x = 1 if "a" in ["a"] else 2`, 1],
  [`x = "" or "b"`, "b"],
  [
    `def f(p, q=2, *r, **s):\n    y = [p]\n    return {"p": y, "q": q, "r": r, **s}\nx = f(1, 3, 4, z=5)`,
    { p: [1], q: 3, r: [4], z: 5 }
  ],
  [`class C:\n    A = "a"\n    B: str = "b"\nx = [C.A, f"{C.B}/", C.Z]`, ["a", "b/", code("name", "Z")]],
  [`class C:\n    A = C.A\nx = C.A`, code("expression", "x")],
  // from outside
  [`x = [dlt.secrets["a.b.key"], dlt.secrets["a"]["c"], dlt.config.get("d")]`, ["${KEY}", "${C}", "${D}"]],
  [
    `from os import environ, getenv\nx = [os.environ["A"], environ.get("B"), getenv("C"), os.getenv("D", "d")]`,
    ["${A}", "${B}", "${C}", "${D}"]
  ],
  [`x = f"Bearer {dlt.secrets['k']}"`, "Bearer ${K}"],
  [`x = f"/{account}/x"`, "/${ACCOUNT}/x"],
  [`x = "a" + token`, "a${TOKEN}"],
  [`x = dlt.secrets.value`, code("secret")],
  // dates
  [`x = datetime(2024, 1, 2).isoformat()`, "2024-01-02T00:00:00"],
  [`x = pendulum.datetime(2024, 1, 2, 3).to_iso8601_string()`, "2024-01-02T03:00:00Z"],
  [`x = datetime.date(2024, 1, 2)`, "2024-01-02"],
  [`d = datetime.datetime(2024, 1, 2)\nx = d.strftime("%Y/%m/%d")`, "2024/01/02"],
  [`x = int(pendulum.parse("2024-01-02").timestamp())`, 1_704_153_600],
  // code
  [`x = y`, code("name", "y")],
  [`x = get_token()`, code("call", "x")],
  [`x = x`, code("name", "x")],
  [`a = b\nb = a\nx = a`, code("name", "a")],
  [`x = pendulum.now().isoformat()`, code("call", "x")],
  [`x = [i for i in things]`, code("expression", "x")]
]

describe("Python.Evaluate", () => {
  for (const [program, value] of table) it(`${program}`, () => assert.deepStrictEqual(data(evaluate(program)), value))

  it("classes of dlt are objects", () => {
    assert.deepStrictEqual(data(evaluate(`x = HeaderLinkPaginator(links_next_key="n")`)), {
      type: "header_link",
      links_next_key: "n"
    })
    assert.deepStrictEqual(data(evaluate(`x = dlt.sources.incremental("a", initial_value=1)`)), {
      cursor_path: "a",
      initial_value: 1
    })
  })

  it("small functions have a meaning, others have none", () => {
    const meaning = (program: string) => {
      const value = evaluate(program)
      if (value._tag !== "Code") return assert.fail(program)
      const { convert, filter, map } = value.meaning ?? {}
      return {
        ...(convert === undefined ? {} : { convert }),
        ...(filter === undefined ? {} : { filter: data(filter) }),
        ...(map === undefined ? {} : { map: data(map) })
      }
    }
    const cases: ReadonlyArray<readonly [string, unknown]> = [
      [`lambda r: r["a"]["b"] >= 5`, { filter: { path: "a.b", op: "ge", value: 5 } }],
      [`lambda r: 5 < r.get("a")`, { filter: { path: "a", op: "gt", value: 5 } }],
      [`lambda r: r["a"] in ("x", "y")`, { filter: { path: "a", op: "in", value: ["x", "y"] } }],
      [`lambda r: "x" in r["tags"]`, { filter: { path: "tags", op: "contains", value: "x" } }],
      [`lambda r: r["a"] is not None`, { filter: { path: "a", op: "ne", value: null } }],
      [`lambda r: r["a"].startswith("x")`, { filter: { path: "a", op: "starts_with", value: "x" } }],
      [
        `lambda r: not (r["a"] == 1 or r["b"] == 2)`,
        {
          filter: {
            not: {
              any: [
                { path: "a", op: "eq", value: 1 },
                { path: "b", op: "eq", value: 2 }
              ]
            }
          }
        }
      ],
      [`lambda r: {**r, "s": "x"}`, { map: { set: { s: "x" } } }],
      [`lambda r: {k: v for k, v in r.items() if k not in ("a", "b")}`, { map: { drop: ["a", "b"] } }],
      [`lambda r: {k: v for k, v in r.items() if k != "a"}`, { map: { drop: ["a"] } }],
      [`lambda r: {"id": r["id"], "n": r["name"]}`, { map: { rename: { name: "n" }, keep: ["id", "n"] } }],
      [`lambda d: int(d.timestamp())`, { convert: "epoch_s" }],
      [`lambda d: int(d.timestamp() * 1000)`, { convert: "epoch_ms" }],
      [`lambda d: d.strftime("%Y-%m-%d")`, { convert: "date" }],
      [`lambda d: d.isoformat()`, { convert: "iso" }],
      [`lambda r: r["a"] > r["b"]`, {}],
      [`lambda r: r["a"]`, {}],
      [`lambda r: len(r["a"]) > 1`, {}],
      [`lambda d: d.add(days=1).isoformat()`, {}],
      [`lambda a, b: a["x"] > 1`, {}]
    ]
    for (const [source, expected] of cases)
      assert.deepStrictEqual([source, meaning(`x = ${source}`)], [source, expected])
    assert.deepStrictEqual(
      meaning(
        `def f(row):\n    """Tidy."""\n    row.pop("a", None)\n    del row["b"]\n    row["n"] = row.pop("m")\n    row["s"] = 1\n    return row\nx = f`
      ),
      { map: { rename: { m: "n" }, drop: ["a", "b"], set: { s: 1 } } }
    )
    assert.deepStrictEqual(meaning(`def f(row):\n    row["a"] = row["a"].lower()\n    return row\nx = f`), {})
  })

  it("a text that begins like YAML comes through the YAML unchanged", () => {
    for (const text of [
      ":\n$",
      "-\n$",
      "?\n$",
      ": a\nb",
      "- \n",
      "?\t\n",
      "#\n",
      "|\n",
      "&\n",
      "%\n",
      "---\n",
      "...\n"
    ])
      for (const value of [text, { a: text }, [text], { [text]: text }, [{ "": text }], [[text, text]]])
        unchanged(value)
  })

  it("any literal comes through the YAML unchanged", () => {
    FastCheck.assert(FastCheck.property(literal, unchanged), { numRuns: runs(300) })
  })
})

const unchanged = (value: unknown) => {
  const read = evaluate(`x = ${python(value)}`)
  const yaml = Write.yaml(Value.dict([["x", read]], 0), { file: "a.py", variables: [], repairs: 0, open: [] })
  const document = Document.parse(yaml, "yaml")
  assert.isTrue(Either.isRight(document), yaml)
  if (Either.isRight(document)) assert.deepStrictEqual(document.right.value, { x: noted(value) })
}

/** No lone halves of surrogate pairs: a file holds none. */
const text = FastCheck.oneof(
  FastCheck.string({ unit: "grapheme", maxLength: 30 }),
  FastCheck.string({
    unit: FastCheck.constantFrom(
      "$",
      "{",
      "}",
      "\n",
      " ",
      "#",
      ":",
      "-",
      "a",
      "'",
      '"',
      "\\",
      "1",
      "&",
      "*",
      "|",
      ">",
      "%",
      "@"
    )
  })
)

const literal = FastCheck.letrec((tie) => ({
  value: FastCheck.oneof(
    { maxDepth: 4 },
    text,
    FastCheck.integer(),
    FastCheck.double({ noNaN: true, noDefaultInfinity: true })
      // Whole numbers beyond 2^53 come out exact, as another type; the table has one.
      .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number))
      .map((number) => (Object.is(number, -0) ? 0 : number)),
    FastCheck.boolean(),
    FastCheck.constant(null),
    FastCheck.array(tie("value"), { maxLength: 4 }),
    FastCheck.dictionary(
      text.filter((key) => key !== "__proto__" && key !== "<<"),
      tie("value"),
      { maxKeys: 4, noNullPrototype: true }
    )
  )
})).value

const python = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value)
  if (value === null) return "None"
  if (value === true) return "True"
  if (value === false) return "False"
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([key, each]) => `${JSON.stringify(key)}: ${python(each)}`)
      .join(", ")}}`
  return String(value)
}

/** Texts in the notation of references. */
const noted = (value: unknown): unknown => {
  if (typeof value === "string") return Format.notation(value)
  if (Array.isArray(value)) return value.map(noted)
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, noted(each)]))
    : value
}
