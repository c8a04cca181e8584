import { assert, describe, it } from "@effect/vitest"
import * as Budget from "../../src/Fetch/Budget.ts"

const quota = (remaining: number, resetMillis = 1000) => ({ name: "default", limit: 20, remaining, resetMillis })

const told = (budget: Budget.Budget | undefined, remaining: number, more: Partial<Budget.Telling> = {}, reset = 1000) =>
  Budget.tell(budget, quota(remaining, reset), {
    now: 100,
    sentAt: 90,
    roundTrip: 10,
    concurrency: 4,
    grace: 0,
    ...more
  })

describe("Budget", () => {
  it("counts what is under way as not yet counted", () => {
    const budget = told(undefined, 3)
    assert.deepStrictEqual(
      [0, 2, 3].map((underWay) => Budget.hasRoom(budget, underWay)),
      [true, true, false]
    )
  })

  it("ends by the first answer of its window, less the way there and back", () => {
    const first = told(undefined, 19)
    assert.strictEqual(first.until, 1093)
    assert.strictEqual(told(first, 18, { now: 400, sentAt: 390 }).until, 1093)
    assert.strictEqual(told(undefined, 19, { grace: 250 }).until, 1343)
  })

  it("takes an answer that was overtaken for what it is", () => {
    const first = told(undefined, 10)
    const { left, toldAt } = told(first, 12, { now: 110, sentAt: 95 })
    assert.deepStrictEqual([left, toldAt], [10, 100])
  })

  it("is full again when a later request finds as much, or an overtaken one far more", () => {
    const first = told(undefined, 2)
    assert.deepStrictEqual(told(first, 2, { now: 1200, sentAt: 1190 }), { left: 2, toldAt: 1200, until: 2193 })
    assert.strictEqual(told(first, 7, { now: 110, sentAt: 95 }).left, 7)
    assert.strictEqual(told(first, 6, { now: 110, sentAt: 95 }).left, 2)
  })

  it("waits for at least one more where they come back one by one", () => {
    const first = told(undefined, 1)
    assert.strictEqual(told(first, 0, { now: 1080, sentAt: 1070 }).until, 1080 + 55 + 3)
  })

  it("follows an end that is put off", () => {
    const first = told(undefined, 5)
    assert.strictEqual(told(first, 4, { now: 200, sentAt: 190 }, 60_000).until, 60_193)
  })
})
