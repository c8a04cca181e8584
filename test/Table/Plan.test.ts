import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import type { FlatRow } from "../../src/Row/Flatten.ts"
import * as Plan from "../../src/Table/Plan.ts"

const key = { columns: [0], fields: ["id"], inferred: false }
const row = (id: string | number, digest: number): FlatRow => ({ values: [id, digest], children: [], digest })

describe("Plan", () => {
  it("tells new, changed and unchanged rows apart by their stored digests", () => {
    const plan = Plan.make(
      key,
      [row(1, 10), row(2, 20), row(3, 30)],
      new Map([
        [1, 20],
        [2, 31]
      ])
    )
    assert.deepInclude(plan, { inserted: 1, updated: 1, unchanged: 1, conflict: undefined })
    assert.deepStrictEqual(
      plan.writes.map(({ values }) => values[0]),
      [1, 3]
    )
    assert.deepStrictEqual(
      plan.changed.map(({ values }) => values[0]),
      [3]
    )
  })

  it("inserts every row that has no key", () => {
    const rows = [row(1, 1), row(1, 1)]
    assert.deepInclude(Plan.make({ ...key, columns: [] }, rows, new Map()), { inserted: 2, writes: rows, changed: [] })
  })

  it("counts and writes as if the rows came one by one", () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 })), { maxLength: 12 })
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.option(fc.integer({ min: 0, max: 2 })), { minLength: 4, maxLength: 4 }),
        (pairs, table) => {
          const given = pairs.map(([id, digest]) => row(id, digest))
          const stored = new Map(
            pairs.flatMap(([id], index) => (table[id] === null ? [] : [[index, table[id]!] as const]))
          )
          const plan = Plan.make(key, given, stored)
          const now = new Map(table.flatMap((digest, id) => (digest === null ? [] : [[id, digest] as const])))
          const counts = { inserted: 0, updated: 0, unchanged: 0 }
          for (const [id, digest] of pairs) {
            counts[!now.has(id) ? "inserted" : now.get(id) === digest ? "unchanged" : "updated"]++
            now.set(id, digest)
          }
          assert.deepInclude(plan, counts)
          const after = new Map(table.flatMap((digest, id) => (digest === null ? [] : [[id, digest] as const])))
          for (const { digest, values } of plan.writes) after.set(Number(values[0]), digest)
          assert.deepStrictEqual(after, now)
          assert.strictEqual(new Set(plan.writes.map(({ values }) => values[0])).size, plan.writes.length)
        }
      )
    )
  })
})
