import { assert, describe, it } from "@effect/vitest"
import type * as Key from "../../src/Row/Key.ts"
import type * as Shape from "../../src/Row/Shape.ts"
import type { ColumnType } from "../../src/Row/Value.ts"
import * as Ddl from "../../src/Table/Ddl.ts"

const column = (name: string, type: ColumnType = "text"): Shape.Column => ({
  name,
  path: [name],
  type,
  declared: false
})
const shape: Shape.Shape = {
  tables: [
    { name: "t", parent: -1, path: [], columns: [column("a"), column("from", "integer"), column("r", "real")] },
    { name: "t__l", parent: 0, path: ["l"], columns: [column("value")] },
    { name: "t__l__m", parent: 1, path: ["m"], columns: [column("ok", "boolean")] }
  ]
}
const key: Key.Key = { columns: [1, 0], fields: ["from", "a"], inferred: false }
const none: Key.Key = { columns: [], fields: [], inferred: false }

describe("Ddl", () => {
  it("quotes whatever a name holds", () => {
    assert.strictEqual(Ddl.quote(`a"; DROP TABLE t; --`), `"a""; DROP TABLE t; --"`)
  })

  it("makes the root STRICT, with the key in its order and the bookkeeping columns last", () => {
    assert.strictEqual(
      Ddl.create(shape, key, 0),
      `CREATE TABLE "t" (
  "a" TEXT NOT NULL,
  "from" INTEGER NOT NULL,
  "r" REAL,
  "_sluice_run" TEXT NOT NULL,
  "_sluice_hash" INTEGER NOT NULL,
  PRIMARY KEY ("from", "a")
) STRICT`
    )
  })

  it("gives child tables their parent's key, however deep, and a foreign key that cascades", () => {
    assert.deepStrictEqual(Ddl.keyColumns(shape, key, 2), [
      "_parent__parent_from",
      "_parent__parent_a",
      "_parent__idx",
      "_idx"
    ])
    const sql = Ddl.create(shape, key, 2)
    assert.include(sql, `"_parent__parent_from" INTEGER NOT NULL`)
    assert.include(sql, `"_parent__parent_a" TEXT NOT NULL`)
    assert.include(
      sql,
      `FOREIGN KEY ("_parent__parent_from", "_parent__parent_a", "_parent__idx") REFERENCES "t__l" ("_parent_from", "_parent_a", "_idx") ON DELETE CASCADE`
    )
    assert.match(sql, /STRICT, WITHOUT ROWID$/)
  })

  it("numbers rows without a key", () => {
    assert.deepStrictEqual(Ddl.keyColumns(shape, none, 0), ["_sluice_id"])
    assert.include(Ddl.create(shape, none, 0), `"_sluice_id" INTEGER NOT NULL`)
    assert.include(Ddl.create(shape, none, 1), `"_parent__sluice_id" INTEGER NOT NULL`)
  })

  it("binds the columns that it creates", () => {
    for (const each of [key, none]) {
      for (const table of [0, 1, 2]) {
        const created = [...Ddl.create(shape, each, table).matchAll(/^ {2}"([^"]+)" /gm)].map(([, name]) => name)
        assert.deepStrictEqual(created.toSorted(), Ddl.boundColumns(shape, each, table).toSorted())
      }
    }
  })

  it("evolves by adding, and rebuilds only what changes its storage", () => {
    const [root, list, inner] = shape.tables as [Shape.Table, Shape.Table, Shape.Table]
    const before: Shape.Shape = {
      tables: [
        { ...root, columns: [root.columns[0]!, root.columns[1]!, column("r", "integer")] },
        { ...list, columns: [column("value", "unknown")] }
      ]
    }
    assert.deepStrictEqual(Ddl.evolve(undefined, shape, key).length, 3)
    assert.deepStrictEqual(Ddl.evolve(shape, shape, key), [])
    const after: Shape.Shape = {
      tables: [
        { ...root, columns: [...root.columns, column("new")] },
        { ...list, columns: [column("value", "integer")] },
        inner
      ]
    }
    assert.deepStrictEqual(Ddl.evolve(before, after, key), [
      `ALTER TABLE "t" ADD COLUMN "_sluice_wider" REAL`,
      `UPDATE "t" SET "_sluice_wider" = CAST("r" AS REAL) WHERE "r" IS NOT NULL`,
      `ALTER TABLE "t" DROP COLUMN "r"`,
      `ALTER TABLE "t" RENAME COLUMN "_sluice_wider" TO "r"`,
      `ALTER TABLE "t" ADD COLUMN "new" TEXT`,
      `ALTER TABLE "t__l" ADD COLUMN "_sluice_wider" INTEGER`,
      `ALTER TABLE "t__l" DROP COLUMN "value"`,
      `ALTER TABLE "t__l" RENAME COLUMN "_sluice_wider" TO "value"`,
      Ddl.create(after, key, 2)
    ])
  })
})
