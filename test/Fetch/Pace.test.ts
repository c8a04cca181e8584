import { assert, describe, it } from "@effect/vitest"
import * as Pace from "../../src/Fetch/Pace.ts"

const seen = (more: Partial<Pace.Seen> = {}): Pace.Seen => ({
  now: 0,
  accepted: 20,
  within: 100,
  recent: 20,
  before: 10,
  wait: 1000,
  ...more
})

const level = (more: Partial<Pace.Seen>, pace?: Pace.Pace) => Pace.refused(pace, seen(more))?.level

describe("Pace", () => {
  it("learns nothing from what is refused at once", () => {
    assert.isUndefined(level({ accepted: 0 }))
  })

  it("takes what a first burst got for what a wait brings back, and less where no wait was told", () => {
    assert.approximately(level({})!, 19.4, 0.001)
    assert.approximately(level({ wait: undefined })!, 18, 0.001)
    assert.approximately(level({ accepted: 60, within: 5000, wait: 56_000, recent: 1.07, before: 0.5 })!, 1, 0.05)
  })

  it("takes for the limit what lies between the time just before and the time before that", () => {
    assert.approximately(level({ accepted: 40, within: 2000, recent: 26, before: 18 })!, 22 * 0.97, 1.3)
  })

  it("is kept, then raised slowly, then faster, and forgotten", () => {
    const pace = Pace.refused(undefined, seen())!
    const at = (seconds: number) => Pace.rate(pace, seconds * 1000) / pace.level
    assert.strictEqual(at(0), 1)
    assert.strictEqual(at(30), 1)
    assert.approximately(at(35), 1.075, 0.001)
    assert.approximately(at(90), 5.2, 0.001)
    assert.strictEqual(at(3600), Infinity)
  })

  it("goes down where the level itself is refused, not by more than half at once, and never to nothing", () => {
    const pace = { level: 20, since: 0, keep: 30_000 }
    assert.strictEqual(level({ now: 1000, accepted: 20, within: 1000 }, pace), 18)
    assert.strictEqual(level({ now: 1000, accepted: 1, within: 1000 }, pace), 10)
    let low: Pace.Pace = pace
    for (let i = 1; i < 100; i++) low = Pace.refused(low, seen({ now: i, accepted: 0 }))!
    assert.strictEqual(low.level, 1 / 60)
  })

  it("goes back only a little where more was tried, and tries less often", () => {
    const pace = { level: 20, since: 0, keep: 30_000 }
    const after = Pace.refused(pace, seen({ now: 33_000 }))!
    assert.approximately(after.level, 19.741, 0.001)
    assert.strictEqual(after.keep, 60_000)
    assert.strictEqual(Pace.refused({ ...pace, keep: 200_000 }, seen({ now: 203_000 }))!.keep, 300_000)
  })
})
