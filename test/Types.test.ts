/**
 * Types that a compiler takes: the text is made of what SQLite says of real tables, and is compiled, with Kysely's queries on it.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc, Schema } from "effect"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Blueprint from "../src/Cli/Blueprint.ts"
import * as Catalogue from "../src/Cli/Catalogue.ts"
import * as SinglePage from "../src/Page/SinglePage.ts"
import * as Resource from "../src/Resource.ts"
import * as Field from "../src/Row/Field.ts"
import * as Source from "../src/Source.ts"
import * as Postmark from "../src/sources/postmark.ts"
import * as AutoDriver from "../src/Table/AutoDriver.ts"
import * as Types from "../src/Types.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

const options = { source: "shop", command: "sluice schema types shop.ts" }

const shop = Source.make({
  name: "shop",
  api: { baseUrl: "https://api.example.com" },
  resources: [
    Resource.make({
      name: "orders",
      path: "/orders",
      paginator: SinglePage.make(),
      primaryKey: ["shop-id", "id"],
      json: ["extra"],
      schema: Schema.Struct({
        "shop-id": Schema.String,
        id: Field.Integer,
        total: Schema.Number,
        paid: Schema.Boolean,
        placedAt: Schema.NullOr(Field.Timestamp),
        class: Schema.optional(Schema.String),
        lines: Schema.Array(Schema.Struct({ sku: Schema.String, count: Field.Integer }))
      })
    }),
    Resource.make({
      name: "2nd list",
      path: "/x",
      paginator: SinglePage.make(),
      schema: Schema.Struct({ größe: Schema.Number })
    }),
    Resource.make({ name: "later", path: "/later", paginator: SinglePage.make(), primaryKey: "id" })
  ]
})

const typesOf = (source: Source.Source) =>
  Catalogue.types(Blueprint.make(source, []), options).pipe(Effect.provide(AutoDriver.layer))

/** Compiles files with the strictest settings, as the declarations of kysely in node_modules want them. */
const compile = (files: Readonly<Record<string, string>>): string => {
  mkdirSync(join(root, ".build"), { recursive: true })
  const folder = mkdtempSync(join(root, ".build/types-"))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      target: "es2023",
      module: "nodenext",
      allowImportingTsExtensions: true,
      types: []
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }))
    writeFileSync(join(folder, "package.json"), '{"type":"module"}')
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-p", folder],
      {
        encoding: "utf8"
      }
    )
    return `${status} ${stdout}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const query = `import type { Kysely } from "kysely"
import type { Database, OrdersRow } from "./types.ts"

export const report = async (db: Kysely<Database>) => {
  const rows = await db
    .selectFrom("orders")
    .innerJoin("orders__lines", (join) =>
      join.onRef("orders__lines._parent_id", "=", "orders.id").onRef("orders__lines._parent_shop_id", "=", "orders.shop_id")
    )
    .select(["orders.id", "orders.placed_at", "orders__lines.sku"])
    .where("orders.paid", "=", 1)
    .execute()
  const [first] = rows
  const id: number | undefined = first?.id
  const placed: string | null | undefined = first?.placed_at
  // @ts-expect-error -- it may be null
  const certain: string | undefined = first?.placed_at
  // @ts-expect-error -- there is no such column
  await db.selectFrom("orders").select("nope").execute()
  // @ts-expect-error -- there is no such table
  await db.selectFrom("order").selectAll().execute()
  return [id, placed, certain]
}

export const total = (row: OrdersRow): number => row.total ?? 0
`

describe("Types", () => {
  it.effect(
    "compile with strict settings, and type a query of Kysely's",
    () =>
      Effect.gen(function* () {
        const types = yield* typesOf(shop)
        const postmark = yield* typesOf(Postmark.make({}))
        assert.strictEqual(compile({ "types.ts": types, "postmark.ts": postmark, "query.ts": query }), "0 ")
        assert.match(
          compile({ "types.ts": types, "wrong.ts": query.replace("orders.paid", "orders.payed") }),
          /^[12] .*wrong\.ts/
        )
      }),
    60_000
  )

  it.effect("say what a driver gives: text, numbers, 0 or 1, JSON, null where there may be none", () =>
    Effect.gen(function* () {
      const text = yield* typesOf(shop)
      assert.include(
        text,
        [
          "export interface OrdersRow {",
          "  shop_id: string",
          "  id: number",
          "  total: number | null",
          "  paid: 0 | 1 | null",
          "  placed_at: string | null",
          "  class: string | null",
          "  /** JSON text. */",
          "  extra: string | null",
          "  _sluice_run: string",
          "  _sluice_hash: number",
          "}"
        ]
          .toSorted((a, b) => text.indexOf(`\n${a}\n`) - text.indexOf(`\n${b}\n`))
          .join("\n")
      )
      assert.include(
        text,
        "export interface OrdersLinesRow {\n  _parent_shop_id: string\n  _parent_id: number\n  _idx: number\n"
      )
      assert.match(text, /\n {2}orders__lines: OrdersLinesRow\n/)
      // Without any column there is nothing to say yet.
      assert.notInclude(text, "later")
    })
  )

  it("keep names apart, and let none end a comment or a text", () => {
    const table = (name: string): Types.Table => ({
      name,
      resource: "*/ alert(1) /*",
      columns: [{ name: 'a"b\n*/', storage: "INTEGER", nullable: true }],
      known: [{ name: 'a"b\n*/', path: ["a"], type: "integer", declared: false, exact: true }]
    })
    const text = Types.render([table("a__b"), table("a_b"), table("1"), table("database"), table("x y")], options)
    for (const name of ["ABRow", "ABRow2", "_1Row", "DatabaseRow", "XYRow"]) {
      assert.include(text, `export interface ${name} {`)
    }
    assert.include(text, '  "x y": XYRow')
    assert.include(text, "number | bigint | null")
    assert.strictEqual(compile({ "types.ts": text }), "0 ")
  }, 60_000)

  it("an interface has a name that is one, whatever the table is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        assert.match(Types.interfaceName(name), /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u)
      })
    )
  })
})
