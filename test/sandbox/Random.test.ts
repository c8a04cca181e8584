import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Random from "../../src/sandbox/Random.ts"

const uint32 = fc.integer({ min: 0, max: 4_294_967_295 })

describe("Random", () => {
  it.prop("mix is a bijection that unmix undoes", { value: uint32 }, ({ value }) => {
    assert.strictEqual(Random.unmix(Random.mix(value)), value)
    assert.strictEqual(Random.mix(Random.unmix(value)), value)
  })

  it("a row's numbers depend on the seed, the kind, the index and the place, and on nothing else", () => {
    const number = (seed: number, kind: number, index: number, n: number) =>
      Random.draw(Random.root(seed, kind, index), n)
    assert.strictEqual(number(1, 2, 3, 4), number(1, 2, 3, 4))
    const others = [number(1, 2, 3, 4), number(9, 2, 3, 4), number(1, 9, 3, 4), number(1, 2, 9, 4), number(1, 2, 3, 9)]
    assert.strictEqual(new Set(others).size, 5)
  })

  it("shares come out as asked for", () => {
    const hits = Array.from({ length: 10_000 }, (_, n) => Random.chance(Random.root(1, 1, n), 20)).filter(
      Boolean
    ).length
    assert.isTrue(hits > 1800 && hits < 2200, String(hits))
    assert.isFalse(Random.chance(0, 0))
    assert.isTrue(Random.chance(4_294_967_295, 100))
  })

  it.prop(
    "a guid is a lower-case version 4 that begins with the given bits",
    { first: uint32, row: uint32 },
    ({ first, row }) => {
      const guid = Random.guid(first, row)
      assert.match(guid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      assert.strictEqual(Number.parseInt(guid.slice(0, 8), 16), first)
    }
  )
})
