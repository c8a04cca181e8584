import { assert, describe, it } from "@effect/vitest"
import type { FailPoint } from "sluice"
import * as Plan from "../../../src/Cli/Crash/Plan.ts"

const places = new Map<FailPoint.Name, number>([
  ["lock", 1],
  ["page.begin", 5],
  ["page.statement", 90],
  ["receipt.committed", 1]
])

describe("Plan.make", () => {
  it("tries every place that a run comes by, at turns that it has, some twice and some at any moment", () => {
    const plan = Plan.make(places, { trials: 60, seed: 1, millis: 400 })
    assert.lengthOf(plan, 60)
    const wheres = new Set(plan.map(({ where }) => where))
    assert.deepStrictEqual([...wheres].toSorted(), [...places.keys(), "at random", "twice"].toSorted())
    for (const { kills, where } of plan) {
      assert.lengthOf(kills, where === "twice" ? 2 : 1)
      for (const kill of kills) {
        if ("afterMillis" in kill) {
          assert.isTrue(kill.afterMillis >= 1 && kill.afterMillis <= 400)
          continue
        }
        const [name, nth] = kill.place.split(":") as [FailPoint.Name, string]
        assert.isTrue(Number(nth) >= 1 && Number(nth) <= places.get(name)!, kill.place)
      }
    }
    // Another round is not the same one again.
    assert.isAbove(new Set(plan.flatMap(({ kills }) => kills.map((kill) => JSON.stringify(kill)))).size, 15)
  })

  it("is the same for the same seed", () => {
    const make = (seed: number) => Plan.make(places, { trials: 9, seed, millis: 400 })
    assert.deepStrictEqual(make(3), make(3))
    assert.notDeepEqual(make(3), make(4))
  })
})
