/** However rows are cut into pages, asked for and broken off: the tables are those of one page that nobody disturbed. */
import { FileSystem } from "@effect/platform"
import { NodeFileSystem, NodePath } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Layer, Logger } from "effect"
import {
  AutoDriver,
  Cursor,
  type FailPoint,
  HeaderLink,
  Host,
  JsonLink,
  Offset,
  type Page,
  PageNumber,
  Resource,
  SinglePage,
  Source
} from "sluice"
import { compare, crash } from "sluice/testing"
import { runs } from "../fuzz.ts"
import { type Answer, type Asked, run, serve } from "./support.ts"

type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>

const base = "https://api.test"

/** A paginator, and the API that it is for. */
const ways: Readonly<
  Record<
    string,
    {
      readonly paginator: (size: number) => Page.Paginator
      readonly answer: (asked: Asked, rows: Rows, size: number) => Answer
    }
  >
> = {
  offset: {
    paginator: (size) => Offset.make({ limit: size, totalPath: "total" }),
    answer: ({ query }, rows, size) => cut(rows, Number(query["offset"] ?? 0), size, { total: rows.length })
  },
  "offset without a total": {
    paginator: (size) => Offset.make({ limit: size }),
    answer: ({ query }, rows, size) => cut(rows, Number(query["offset"] ?? 0), size)
  },
  page_number: {
    paginator: () => PageNumber.make({ basePage: 1 }),
    answer: ({ query }, rows, size) => cut(rows, (Number(query["page"] ?? 1) - 1) * size, size)
  },
  cursor: {
    paginator: () => Cursor.make({ cursorPath: "next", cursorParam: "after" }),
    answer: ({ query }, rows, size) => {
      const from = Number(query["after"] ?? 0)
      return cut(rows, from, size, { next: from + size < rows.length ? String(from + size) : null })
    }
  },
  json_link: {
    paginator: () => JsonLink.make({ nextUrlPath: "next" }),
    answer: ({ path, query }, rows, size) => {
      const from = Number(query["from"] ?? 0)
      return cut(rows, from, size, { next: from + size < rows.length ? `${base}${path}?from=${from + size}` : null })
    }
  },
  header_link: {
    paginator: () => HeaderLink.make(),
    answer: ({ path, query }, rows, size) => {
      const from = Number(query["from"] ?? 0)
      const link = `<${base}${path}?from=${from + size}>; rel="next"`
      return { ...cut(rows, from, size), headers: from + size < rows.length ? { link } : {} }
    }
  },
  single_page: { paginator: () => SinglePage.make(), answer: (_, rows) => cut(rows, 0, rows.length) }
}

const cut = (rows: Rows, from: number, size: number, beside: object = {}): Answer => ({
  body: { items: rows.slice(from, from + size), ...beside }
})

const places: ReadonlyArray<FailPoint.Name> = [
  "request",
  "body",
  "page.statement",
  "page.commit",
  "page.committed",
  "receipt.committed"
] as ReadonlyArray<FailPoint.Name>

/**
 * Every field is of one type, and `f` of a declared one, so that a row is refused or not for itself: where types drift, it
 * depends on the rows before it, also on those of a walk that was broken off.
 */
const row = fc.record(
  {
    a: fc.oneof(fc.integer(), fc.constant(null)),
    b: fc.array(fc.oneof(fc.constantFrom("x", "", "007"), fc.record({ c: fc.double({ min: 0.1, max: 0.9 }) })), {
      maxLength: 3
    }),
    d: fc.record({ e: fc.boolean() }),
    f: fc.oneof(
      { weight: 9, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String) },
      { weight: 1, arbitrary: fc.constant("no number") }
    )
  },
  { requiredKeys: [] }
)

const world = fc.record({
  way: fc.constantFrom(...Object.keys(ways)),
  disposition: fc.constantFrom("merge" as const, "replace" as const, "append" as const),
  keyed: fc.boolean(),
  rows: fc.array(row, { minLength: 1, maxLength: 20 }),
  size: fc.integer({ min: 1, max: 7 }),
  crashes: fc.array(fc.record({ at: fc.constantFrom(...places), nth: fc.integer({ min: 1, max: 6 }) }), {
    maxLength: 3
  })
})

const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, AutoDriver.layer)

const sync = (
  db: string,
  world: {
    readonly way: string
    readonly disposition: "merge" | "replace" | "append"
    readonly keyed: boolean
    readonly rows: Rows
    readonly size: number
  }
) => {
  const { answer, paginator } = ways[world.way]!
  const of = Source.make({
    name: "test",
    api: { baseUrl: base, retry: { maxRetries: 0 } },
    resources: [
      Resource.make({
        name: "things",
        path: "/things",
        selector: "items",
        primaryKey: world.keyed ? "id" : undefined,
        writeDisposition: world.disposition,
        maxRejectRatio: 1,
        columns: [{ name: "f", dataType: "wei" }],
        paginator: paginator(world.size)
      })
    ]
  })
  const served = serve((asked) => answer(asked, world.rows, world.size))
  return run(of).pipe(
    Effect.provide(
      Layer.merge(
        Layer.provide(Host.layer({ db, api: of.api }), Layer.merge(platform, served.layer)),
        Logger.remove(Logger.defaultLogger)
      )
    )
  )
}

describe("any way through any rows", () => {
  it.effect.prop(
    "ends in the same tables, however often it is broken off",
    [world],
    ([{ crashes, rows: drawn, ...world }]) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const dir = yield* fs.makeTempDirectoryScoped()
        const rows = drawn.map((each, id) => ({ id, ...each }))
        yield* sync(`${dir}/whole.db`, { ...world, way: "single_page", rows })
        for (const place of crashes) yield* crash(place)(sync(`${dir}/a.db`, { ...world, rows }))
        const receipt = yield* sync(`${dir}/a.db`, { ...world, rows })
        const [line] = receipt.resources
        assert.notStrictEqual(line?.status, "failed", JSON.stringify(line?.error))
        // What is appended by each run is there once for each that came to its end, so only undisturbed runs are compared.
        if (crashes.length > 0 && world.disposition === "append") return
        if (crashes.length > 0 && !world.keyed && world.disposition === "merge") return
        assert.deepStrictEqual(yield* compare(`${dir}/whole.db`, `${dir}/a.db`), [])
      }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer)),
    { fastCheck: { numRuns: runs(25) }, timeout: 600_000 }
  )
})
