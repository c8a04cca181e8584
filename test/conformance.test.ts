/**
 * The comparison with dlt itself: that it notices what differs, that every configuration has its golden result, and that docs/DLT.md tells
 * of the same differences as conformance/differences.json. The configurations run with `npm run conformance`.
 */
import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Load } from "../conformance/compare.mjs"
import { against, differences } from "../conformance/compare.mjs"

const here = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const text = (path: string) => readFileSync(here(path), "utf8")

interface Entry {
  readonly tags: ReadonlyArray<string>
  readonly loads?: number
}

interface Difference {
  readonly dlt: string
  readonly sluice: string
  readonly why: string
  readonly configs: Readonly<Record<string, ReadonlyArray<string>>>
}

const manifest: Readonly<Record<string, Entry>> = JSON.parse(text("conformance/manifest.json"))
const declared: Readonly<Record<string, Difference>> = JSON.parse(text("conformance/differences.json"))
const names = Object.keys(manifest)

const load: Load = {
  outcome: "ok",
  requests: [
    {
      method: "GET",
      path: "/a",
      query: [
        ["page", "1"],
        ["size", "5"]
      ],
      headers: {}
    },
    {
      method: "GET",
      path: "/a",
      query: [
        ["page", "2"],
        ["size", "5"]
      ],
      headers: {}
    },
    { method: "GET", path: "/b", query: [], headers: { "x-key": "k" } }
  ],
  tables: {
    rows: {
      columns: { id: "integer", v: "text" },
      rows: [{ id: 1, v: "a", ">rows__tags": [{ value: "x" }] }, { id: 2 }]
    },
    rows__tags: { columns: { value: "text" }, parent: "rows" }
  }
}

const requests = (...order: ReadonlyArray<number>): Load => ({
  ...load,
  requests: order.flatMap((index) => load.requests[index] ?? [])
})

describe("comparison", () => {
  it("sees nothing where order, names' order and parallel paths differ only", () => {
    const other: Load = {
      ...requests(2, 0, 1),
      tables: {
        rows__tags: { columns: { value: "text" }, parent: "rows" },
        rows: {
          columns: { v: "text", id: "integer" },
          rows: [{ id: 2 }, { v: "a", id: 1, ">rows__tags": [{ value: "x" }] }]
        }
      }
    }
    assert.deepStrictEqual(differences(load, other), [])
  })

  it("sees requests that are missing, more, doubled, or in another order within a path", () => {
    assert.deepStrictEqual(differences(load, requests(0, 2)), ["load 1: request only of dlt: GET /a?page=2&size=5"])
    assert.deepStrictEqual(differences(load, requests(0, 0, 1, 2), { load: 2 }), [
      "load 2: request only of sluice: GET /a?page=1&size=5"
    ])
    assert.deepStrictEqual(differences(load, requests(1, 0, 2)), ["load 1: requests come in another order"])
    assert.deepStrictEqual(differences(load, requests(1, 0, 2), { unordered: true }), [])
  })

  it("sees headers and bodies", () => {
    const [first] = load.requests
    if (first === undefined) throw new Error("no request")
    const ask = (change: object): Load => ({ ...load, requests: [{ ...first, ...change }] })
    assert.lengthOf(differences(ask({}), ask({ headers: { authorization: "x" } })), 2)
    assert.lengthOf(differences(ask({ body: { json: { a: 1, b: 2 } } }), ask({ body: { json: { b: 2, a: 1 } } })), 0)
    assert.lengthOf(differences(ask({ body: { json: { a: 1 } } }), ask({ body: { json: { a: "1" } } })), 2)
    assert.lengthOf(
      differences(
        ask({
          query: [
            ["a", "1"],
            ["a", "2"]
          ]
        }),
        ask({
          query: [
            ["a", "2"],
            ["a", "1"]
          ]
        })
      ),
      2
    )
  })

  it("sees outcomes, tables, columns, types, rows and child rows", () => {
    const rows = load.tables["rows"]
    if (rows === undefined) throw new Error("no table")
    const stored = (table: object): Load => ({ ...load, tables: { ...load.tables, rows: { ...rows, ...table } } })
    assert.deepStrictEqual(differences({ ...load, outcome: "failed", error: "ValueError" }, load), [
      "load 1: outcome: dlt failed (ValueError), sluice ok"
    ])
    assert.deepStrictEqual(differences(load, stored({ columns: { id: "text", w: "text" } })), [
      "load 1: type of rows.id: dlt integer, sluice text",
      "load 1: column only of dlt: rows.v text",
      "load 1: column only of sluice: rows.w text"
    ])
    assert.deepStrictEqual(
      differences(load, stored({ rows: [{ id: 1, v: "a", ">rows__tags": [{ value: "y" }] }, { id: 2 }] })),
      [
        'load 1: row only of dlt: rows {">rows__tags":[{"value":"x"}],"id":1,"v":"a"}',
        'load 1: row only of sluice: rows {">rows__tags":[{"value":"y"}],"id":1,"v":"a"}'
      ]
    )
    assert.deepStrictEqual(differences(load, { ...load, tables: { rows } }), ["load 1: table only of dlt: rows__tags"])
    assert.lengthOf(differences(load, stored({ rows: [...(rows.rows ?? []), { id: 2 }] })), 1)
  })

  it("a declared difference has to be there, and nothing else", () => {
    assert.deepStrictEqual(against(["a", "b"], ["b", "a"]), { undeclared: [], vanished: [] })
    assert.deepStrictEqual(against(["a", "b"], ["b", "c"]), { undeclared: ["a"], vanished: ["c"] })
    assert.deepStrictEqual(against(["a"], ["a", "a"]), { undeclared: [], vanished: ["a"] })
  })
})

describe("configurations", () => {
  it("are those of the manifest, each with a golden result for each load", () => {
    const inFolder = (folder: string, end: RegExp) =>
      [...new Set(readdirSync(here(`conformance/${folder}`)).map((file) => file.replace(end, "")))].sort()
    assert.deepStrictEqual(inFolder("configs", /(?:\.second)?\.yaml$/), names.toSorted())
    assert.deepStrictEqual(inFolder("golden", /\.json$/), names.toSorted())
    for (const name of names) {
      const golden: { readonly loads: ReadonlyArray<Load> } = JSON.parse(text(`conformance/golden/${name}.json`))
      assert.lengthOf(golden.loads, manifest[name]?.loads ?? 1, name)
    }
  })

  it("cover every feature at least twice", () => {
    const counts = new Map<string, number>()
    for (const tag of names.flatMap((name) => manifest[name]?.tags ?? [])) counts.set(tag, (counts.get(tag) ?? 0) + 1)
    assert.deepStrictEqual(
      [...counts].filter(([, count]) => count < 2),
      []
    )
    assert.isAtLeast(names.length, 60)
  })
})

describe("deliberate differences", () => {
  it("stand in docs/DLT.md as they are declared, in the same order", () => {
    const rows = text("docs/DLT.md")
      .split("\n")
      .filter((line) => /^\| `[a-z0-9-]+` \|/.test(line))
      .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")))
    assert.deepStrictEqual(
      rows,
      Object.entries(declared).map(([id, { dlt, sluice, why }]) => [`\`${id}\``, dlt, sluice, why])
    )
  })

  it("each shows in a configuration, and no line is declared twice", () => {
    for (const [id, { configs }] of Object.entries(declared)) {
      assert.isNotEmpty(Object.keys(configs), id)
      for (const [name, lines] of Object.entries(configs)) {
        assert.include(names, name)
        assert.isNotEmpty(lines, `${id} in ${name}`)
      }
    }
    for (const name of names) {
      const ids = Object.entries(declared).filter(([, { configs }]) => configs[name] !== undefined)
      const lines = ids.map(([, { configs }]) => new Set(configs[name]))
      for (const [index, one] of lines.entries())
        for (const other of lines.slice(index + 1))
          assert.isEmpty(
            [...one].filter((line) => other.has(line)),
            name
          )
    }
  })
})
