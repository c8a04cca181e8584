/**
 * Holds the tree to what docs/ARCHITECTURE.md says of it: which way imports point, what may touch a runtime, how long a
 * file may get, what every module and export says about itself. Reads the sources as text; loads none of them.
 */
import { assert, describe, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Path below `src`, e.g. `Fetch/Retry.ts`, to its text. */
type Sources = Readonly<Record<string, string>>

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
}

const importsOf = (text: string): ReadonlyArray<Import> => [
  ...Array.from(text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^"'()]*?\sfrom\s+)?"([^"]+)"/gm), (match) => ({
    specifier: match[2] ?? "",
    typeOnly: match[1] !== undefined
  })),
  ...Array.from(text.matchAll(/(typeof\s+)?\bimport\(\s*"([^"]+)"/g), (match) => ({
    specifier: match[2] ?? "",
    typeOnly: match[1] !== undefined
  }))
]

/** `Fetch/Retry.ts` and `Fetch.ts` both belong to `Fetch`. */
const areaOf = (path: string): string => (path.split("/")[0] ?? path).replace(/\.ts$/, "")

// --- arrows ---

const stages = ["Api", "Fetch", "Page", "Row", "Table"]
const declared = ["Resource", "Source", "Receipt"]
const upTo = (stage: string) => stages.slice(0, stages.indexOf(stage) + 1)
const pipeline = [...stages, ...declared, "Sync"]

/** Leaves that any area may import. */
const everywhere = ["Version", "FailPoint"]

/** What an area may import, beside itself and the leaves. `types`: by `import type` only. */
const arrows: Readonly<
  Record<string, { readonly values: ReadonlyArray<string>; readonly types?: ReadonlyArray<string> }>
> = {
  ...Object.fromEntries(stages.map((stage) => [stage, { values: upTo(stage), types: declared }])),
  Resource: { values: [], types: ["Api", "Fetch", "Page"] },
  Source: { values: ["Api"], types: ["Resource", "Page"] },
  Receipt: { values: [] },
  Sync: { values: [...stages, ...declared] },
  Spec: { values: [...stages, ...declared] },
  Import: { values: ["Api", "Spec"] },
  sources: { values: ["Api", "Page", "Row", "Resource", "Source"] },
  sandbox: { values: [] },
  testing: { values: pipeline },
  Host: { values: pipeline },
  Rebuild: { values: pipeline },
  node: { values: [...pipeline, "Host"] },
  bun: { values: [...pipeline, "Host"] },
  deno: { values: [...pipeline, "Host"] },
  Types: { values: [], types: ["Row", "Table"] },
  Cli: { values: [...pipeline, "Host", "Rebuild", "Spec", "Import", "Types", "sources", "sandbox"] },
  bin: { values: ["Cli", "main"] },
  main: { values: ["Cli", "Host", "node", "bun", "deno"], types: ["Table"] },
  index: { values: [...pipeline, "Host", "Rebuild", "Spec", "Import", "Types"] },
  FailPoint: { values: [] },
  Version: { values: [] }
}

const wrongArrows = (sources: Sources): ReadonlyArray<string> =>
  Object.entries(sources).flatMap(([path, text]) => {
    const area = areaOf(path)
    const allowed = arrows[area]
    if (allowed === undefined)
      return [`${path}: no rule says what ${area} may import; give it one in test/layout.test.ts`]
    return importsOf(text)
      .filter(({ specifier }) => specifier.startsWith("."))
      .flatMap(({ specifier, typeOnly }) => {
        const target = normalize(join(dirname(path), specifier)).replaceAll("\\", "/")
        const to = areaOf(target)
        if (sources[target] === undefined) return [`${path}: ${specifier} is not there`]
        const fine =
          to === area ||
          everywhere.includes(to) ||
          allowed.values.includes(to) ||
          (typeOnly && allowed.types?.includes(to))
        return fine ? [] : [`${path} imports ${target}: ${area} may not see ${to}${typeOnly ? "" : " at run time"}`]
      })
  })

// --- libraries ---

interface Reserve {
  readonly what: string
  readonly specifier: RegExp
  readonly allowed: RegExp
}

const edges = "(?:(?:node|bun|deno|bin|main|testing|Host|Rebuild|Cli)\\.ts|(?:Cli|Rebuild|testing)/.*)"

/** Libraries that only some files may import. The two middle ones keep a change of Effect's major version small. */
const reserved: ReadonlyArray<Reserve> = [
  {
    what: "a runtime",
    specifier: /^(?:node:|bun(?::|$)|jsr:|npm:|better-sqlite3|@effect\/platform-(?:node|bun)|@effect\/sql-sqlite-)/,
    allowed:
      /^(?:(?:node|bun|deno|bin|main)\.ts|Table\/(?:BetterSqlite|NodeSqlite)\.ts|Fetch\/PrivateKey\.ts|sandbox\/Server\.ts)$/
  },
  {
    what: "SQL",
    specifier: /^@effect\/sql(?:\/|$)/,
    allowed: new RegExp(`^(?:Table\\.ts|Table/.*|${edges})$`)
  },
  {
    what: "the HTTP client",
    specifier: /^@effect\/platform\/(?:HttpClient|FetchHttpClient)/,
    allowed: new RegExp(`^(?:Fetch\\.ts|Fetch/.*|sandbox/Client\\.ts|${edges})$`)
  },
  {
    what: 'a barrel (`import * as Effect from "effect/Effect"`)',
    specifier: /^(?:effect|@effect\/[a-z-]+)$/,
    allowed: /^$/
  },
  {
    what: "effects in stage Row",
    specifier:
      /^effect\/(?!(?:Array|BigDecimal|BigInt|Either|Equal|Function|Number|Option|Order|ParseResult|Predicate|Record|Schema|SchemaAST|String)$)/,
    allowed: /^(?!Row\/)/
  }
]

const wrongLibraries = (sources: Sources): ReadonlyArray<string> =>
  Object.entries(sources).flatMap(([path, text]) =>
    importsOf(text).flatMap(({ specifier }) =>
      reserved
        .filter((rule) => rule.specifier.test(specifier) && !rule.allowed.test(path))
        .map((rule) => `${path} imports ${specifier}: ${rule.what} is not for this file`)
    )
  )

/** Time comes from Effect's Clock, or tests could not move it. `new Date(millis)` is a matter of format and fine. */
const wallClock = (sources: Sources): ReadonlyArray<string> =>
  Object.entries(sources)
    .filter(([, text]) => /\bDate\.now\(|\bnew Date\(\s*\)|\bperformance\.now\(/.test(text))
    .map(([path]) => `${path} reads the time itself; take it from Clock`)

// --- files ---

const linesOf = (text: string): number => text.split("\n").length - 1

const tooLong = (sources: Sources): ReadonlyArray<string> =>
  Object.entries(sources)
    .filter(([, text]) => linesOf(text) > 400)
    .map(([path, text]) => `${path} has ${linesOf(text)} lines; split it by reason to change`)

const median = (sources: Sources): number => {
  const lengths = Object.values(sources)
    .map(linesOf)
    .toSorted((a, b) => a - b)
  return lengths[Math.floor(lengths.length / 2)] ?? 0
}

const wrongHeaders = (sources: Sources): ReadonlyArray<string> =>
  Object.entries(sources).flatMap(([path, text]) => {
    const header = /^(?:#![^\n]*\n)?\/\*\*\n([\s\S]*?)\n \*\/\n/.exec(text)?.[1]
    if (header === undefined) return [`${path} does not start with a header comment`]
    if (/@since|@category/.test(header)) return [`${path} starts with the comment of an export, not with a header`]
    return header.split("\n").length > 12 ? [`${path} has a header of more than 12 lines`] : []
  })

const wrongDocs = (sources: Sources): ReadonlyArray<string> =>
  Object.entries(sources).flatMap(([path, text]) =>
    Array.from(
      text.matchAll(
        /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^export (?:declare )?(?:abstract )?(?:async )?(?:const|function\*?|class|interface|type) (\w+)/gm
      )
    )
      // A further overload of a function that has its comment.
      .filter((match, index, all) => match[1] !== undefined || index === 0 || all[index - 1]?.[2] !== match[2])
      .flatMap(([, comment = "", name]) => {
        const since = comment.match(/@since \d+\.\d+\.\d+/g)?.length ?? 0
        const category = comment.match(/@category [a-z][a-z -]*s\n/g)?.length ?? 0
        return since === 1 && category === 1
          ? []
          : [`${path}: ${name} needs one @since and one lower-case plural @category`]
      })
  )

/** Public modules of the package that its table of contents does not name. */
const unnamed = (sources: Sources): ReadonlyArray<string> => {
  const index = sources["index.ts"] ?? ""
  return Object.keys(sources)
    .filter((path) => /^[A-Z]\w*\.ts$/.test(path) && path !== "Cli.ts" && path !== "Version.ts")
    .map((path) => path.replace(/\.ts$/, ""))
    .filter((name) => !new RegExp(`^export \\* as ${name} from "\\./${name}\\.ts"$`, "m").test(index))
}

// --- the tree ---

const skipped = new Set(["node_modules", "dist", "coverage", ".git", ".build"])

const filesUnder = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !skipped.has(name))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`
      return entry.isDirectory() ? filesUnder(path) : entry.isFile() ? [path] : []
    })

const src: Sources = Object.fromEntries(
  filesUnder("src")
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [path.slice("src/".length), readFileSync(join(root, path), "utf8")])
)

const packageJson: {
  readonly version: string
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))

describe("layout", () => {
  it("imports point along the path of a row", () => assert.deepStrictEqual(wrongArrows(src), []))

  it("runtimes, SQL, HTTP and effects are imported only where they belong", () =>
    assert.deepStrictEqual(wrongLibraries(src), []))

  it("nothing in src reads the wall clock", () => assert.deepStrictEqual(wallClock(src), []))

  it("files are short", () => {
    assert.deepStrictEqual(tooLong(src), [])
    assert.isAtMost(median(src), 130)
  })

  it("every module says what it is", () => assert.deepStrictEqual(wrongHeaders(src), []))

  it("every export has @since and one @category", () => {
    const { "index.ts": _, ...modules } = src
    assert.deepStrictEqual(wrongDocs(modules), [])
  })

  it("index.ts names every public module", () => assert.deepStrictEqual(unnamed(src), []))

  it("package.json exports what is there", () => {
    const missing = Object.entries(packageJson.exports).flatMap(([name, target]) => {
      if (typeof target === "string") return existsSync(join(root, target)) ? [] : [name]
      const module = target.default.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts")
      return src[module] !== undefined && target.types === target.default.replace(/\.js$/, ".d.ts") ? [] : [name]
    })
    assert.deepStrictEqual(missing, [])
  })

  it("Version.ts is the version of package.json", () =>
    assert.include(src["Version.ts"], `export const version = "${packageJson.version}"\n`))

  it("no file knows the machine it was written on", () => {
    const machine = new RegExp(`(?<![\\w.$}-])/(?:${["work", "root"].join("|")})/[\\w.]`)
    const texts = filesUnder("").filter((path) => !/\.(?:db|db-wal|db-shm|png|tgz|log)$/.test(path))
    assert.isAbove(texts.length, 50)
    assert.deepStrictEqual(
      texts.filter((path) => machine.test(readFileSync(join(root, path), "utf8"))),
      []
    )
  })
})

describe("the rules themselves can fail", () => {
  const header = "/**\n * What it is.\n */\n"
  const tree = (sources: Sources): Sources => ({
    "Api.ts": header,
    "Fetch.ts": header,
    "Table/Merge.ts": header,
    ...sources
  })

  it("a stage that looks right, outside, or at what is not there", () => {
    assert.lengthOf(wrongArrows(tree({ "Page.ts": 'import * as Fetch from "./Fetch.ts"\n' })), 0)
    assert.lengthOf(wrongArrows(tree({ "Page.ts": 'import {\n  merge\n} from "./Table/Merge.ts"\n' })), 1)
    assert.lengthOf(wrongArrows(tree({ "Page.ts": 'export * from "./Table/Merge.ts"\n' })), 1)
    assert.lengthOf(wrongArrows(tree({ "Page.ts": 'const late = () => import("./Table/Merge.ts")\n' })), 1)
    assert.lengthOf(
      wrongArrows(tree({ "Row.ts": 'import * as World from "./sandbox/World.ts"\n', "sandbox/World.ts": "" })),
      1
    )
    assert.lengthOf(wrongArrows(tree({ "Page.ts": 'import * as Gone from "./Gone.ts"\n' })), 1)
    assert.lengthOf(wrongArrows(tree({ "Elsewhere.ts": "" })), 1)
  })

  it("a declaration imported at run time by a stage, but not its types", () => {
    const resource = { "Resource.ts": header }
    assert.lengthOf(wrongArrows(tree({ ...resource, "Row.ts": 'import type { Resource } from "./Resource.ts"\n' })), 0)
    assert.lengthOf(wrongArrows(tree({ ...resource, "Row.ts": 'import * as Resource from "./Resource.ts"\n' })), 1)
  })

  it("a library out of place", () => {
    assert.lengthOf(wrongLibraries({ "Page/Offset.ts": 'import { readFileSync } from "node:fs"\n' }), 1)
    assert.lengthOf(wrongLibraries({ "Page.ts": 'import * as SqlClient from "@effect/sql/SqlClient"\n' }), 1)
    assert.lengthOf(wrongLibraries({ "Row/Flatten.ts": 'import * as Effect from "effect/Effect"\n' }), 1)
    assert.lengthOf(wrongLibraries({ "Row/Flatten.ts": 'import * as Schema from "effect/Schema"\n' }), 0)
    assert.lengthOf(wrongLibraries({ "Api.ts": 'import { Effect } from "effect"\n' }), 1)
    assert.lengthOf(wallClock({ "Sync.ts": "const now = Date.now()\n", "Row.ts": "new Date(millis)\n" }), 1)
  })

  it("a long file, a missing header, an export without its comment, a module nobody names", () => {
    assert.lengthOf(tooLong({ "Api.ts": "\n".repeat(401), "Fetch.ts": "\n".repeat(400) }), 1)
    assert.lengthOf(wrongHeaders({ "Api.ts": "export const a = 1\n", "Fetch.ts": header }), 1)
    assert.lengthOf(wrongHeaders({ "Api.ts": "/**\n * @since 0.1.0\n */\n" }), 1)
    const documented = "/**\n * @since 0.1.0\n * @category models\n */\nexport const a = 1\n"
    assert.lengthOf(wrongDocs({ "Api.ts": `${header}${documented}` }), 0)
    assert.lengthOf(wrongDocs({ "Api.ts": `${header}${documented}\nexport const b = 1\n` }), 1)
    assert.lengthOf(wrongDocs({ "Api.ts": `${header}${documented.replace("models", "Model")}` }), 1)
    assert.deepStrictEqual(unnamed({ "Api.ts": "", "Fetch.ts": "", "index.ts": 'export * as Api from "./Api.ts"\n' }), [
      "Fetch"
    ])
  })
})
