import type { Connection } from "@effect/sql/SqlConnection"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import * as Statements from "../../src/Table/Statements.ts"

describe("Statements", () => {
  it("splits any number of rows into few sizes that fit and add up", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 1, max: 2000 }), (count, width) => {
        const sizes = Statements.sizes(count, width)
        assert.strictEqual(
          sizes.reduce((sum, size) => sum + size, 0),
          count
        )
        for (const size of sizes) {
          assert.isAtMost(size * width, 32_766)
          assert.isTrue(Number.isInteger(Math.log2(size)))
        }
        assert.isAtMost(new Set(sizes).size, 9)
      })
    )
  })

  it.effect("gives each row to one statement, in order, and none for no rows", () =>
    Effect.gen(function* () {
      const calls: Array<readonly [string, ReadonlyArray<unknown>]> = []
      const connection = {
        executeRaw: (text: string, cells: ReadonlyArray<unknown>) => Effect.sync(() => void calls.push([text, cells]))
      }
      const write = (count: number) =>
        Statements.writeMany(connection as unknown as Connection, {
          statement: (rows) => `insert ${rows}`,
          width: 2,
          count,
          fill: (index, into) => into.push(index, -index)
        })
      yield* write(0)
      assert.deepStrictEqual(calls, [])
      yield* write(259)
      assert.deepStrictEqual(
        calls.map(([text]) => text),
        [...Array.from({ length: 4 }, () => "insert 64"), "insert 2", "insert 1"]
      )
      assert.deepStrictEqual(
        calls.flatMap(([, cells]) => cells),
        Array.from({ length: 259 }, (_, i) => [i, -i]).flat()
      )
    })
  )
})
