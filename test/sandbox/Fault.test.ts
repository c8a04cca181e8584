import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import * as Fault from "../../src/sandbox/Fault.ts"

/** The numbers of the first `count` requests that each fault hits. */
const run = (
  faults: ReadonlyArray<Fault.Fault>,
  count: number,
  seed = 1,
  path: (n: number) => string = () => "/bounces"
) => {
  const numbers = faults.map((): Array<number> => [])
  let counts: ReadonlyArray<number> = []
  for (let n = 1; n <= count; n++) {
    const step = Fault.hits(faults, seed, counts, path(n))
    counts = step.counts
    for (const fault of step.hit) numbers[faults.indexOf(fault)]?.push(n)
  }
  return numbers
}

describe("Fault", () => {
  it("is read from a command line", () => {
    const read = (text: string) => Either.getOrThrow(Fault.parse(text))
    assert.deepStrictEqual(read("429=0.1"), { kind: "429", rate: 0.1 })
    assert.deepStrictEqual(read(" reset@2,5 "), { kind: "reset", at: [2, 5] })
    assert.deepStrictEqual(read("delay:50=1"), { kind: "delay", value: 50, rate: 1 })
    assert.deepStrictEqual(read("429-retry-after:3@1"), { kind: "429-retry-after", value: 3, at: [1] })
    for (const { kind } of Fault.kinds) assert.deepStrictEqual(read(`${kind}=0.5`), { kind, rate: 0.5 })
  })

  it("is refused with what is wrong and what would be right", () => {
    const message = (text: string) => Either.getOrThrow(Either.flip(Fault.parse(text))).message
    for (const text of ["", "429", "429=", "=0.1", "429@", "429@x", "429=0.1@2", "429 = 0.1"]) {
      assert.strictEqual(
        message(text),
        `fault ${JSON.stringify(text)} must look like 429=0.1, reset@2,5 or delay:50=0.2`
      )
    }
    assert.match(message("500s=1"), /there is no kind "500s"; known are 429, 429-retry-after, .*, insert$/)
    assert.strictEqual(message("429=1.5"), "fault 429: the rate must be from 0 to 1, is 1.5")
    assert.strictEqual(message("429=1..5"), "fault 429: the rate must be from 0 to 1, is NaN")
    assert.strictEqual(message("reset@0"), "fault reset: request numbers are whole and begin with 1, got 0")
    assert.strictEqual(message("reset:3=1"), "fault reset takes no value, got 3")
    assert.strictEqual(
      message("delay:99999999=1"),
      "fault delay: the value must be a whole number of milliseconds up to 1,000,000, is 99999999"
    )
    assert.strictEqual(
      Either.getOrThrow(Either.flip(Fault.check({ kind: "500" }))).message,
      "fault 500 needs a rate or request numbers"
    )
  })

  it("hits the numbers it was given", () => {
    assert.deepStrictEqual(
      run(
        [
          { kind: "500", at: [1, 4] },
          { kind: "delay", at: [4, 2] }
        ],
        6
      ),
      [
        [1, 4],
        [2, 4]
      ]
    )
  })

  it("hits the share it was given, none and all included", () => {
    const [some, none, all] = run(
      [
        { kind: "500", rate: 0.1 },
        { kind: "429", rate: 0 },
        { kind: "504", rate: 1 }
      ],
      5000
    )
    assert.isTrue(some!.length > 400 && some!.length < 600, String(some?.length))
    assert.strictEqual(none?.length, 0)
    assert.strictEqual(all?.length, 5000)
  })

  it.prop(
    "one seed, the same requests",
    { seed: fc.nat(), rate: fc.double({ min: 0, max: 1, noNaN: true }) },
    ({ rate, seed }) => {
      const faults: ReadonlyArray<Fault.Fault> = [
        { kind: "500", rate },
        { kind: "500", rate }
      ]
      assert.deepStrictEqual(run(faults, 50, seed), run(faults, 50, seed))
    }
  )

  it("two seeds, or two faults of one rate, hit different requests", () => {
    const fault: Fault.Fault = { kind: "500", rate: 0.5 }
    assert.notDeepEqual(run([fault], 50, 1), run([fault], 50, 2))
    const [first, second] = run([fault, { ...fault }], 50)
    assert.notDeepEqual(first, second)
  })

  it("with a path it counts only the requests of that path", () => {
    const path = (n: number) => (n % 2 === 0 ? "/Bounces" : "/messages/outbound")
    assert.deepStrictEqual(run([{ kind: "500", at: [2], path: "/bounces" }], 10, 1, path), [[4]])
  })
})
