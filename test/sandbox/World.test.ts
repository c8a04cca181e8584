import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import * as World from "../../src/sandbox/World.ts"
import { ask, rows, walk, world } from "./fixture.ts"

const changedRows = (before: World.World, after: World.World, path: string) => {
  const old = walk(before, path, 500).map((row) => JSON.stringify(row, text))
  return walk(after, path, 500).filter((row, n) => JSON.stringify(row, text) !== old[n]).length
}

const text = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value)

const step = (either: Either.Either<World.World, unknown>) => Either.getOrThrow(either)

describe("World", () => {
  it("refuses what no world can be made from, naming the option and the bounds", () => {
    const detail = (options: World.Options) => Either.getOrThrow(Either.flip(World.make(options))).message
    assert.strictEqual(detail({ messages: -1 }), "messages must be a whole number from 0 to 268435455, is -1")
    assert.strictEqual(detail({ bounces: 1.5 }), "bounces must be a whole number from 0 to 268435455, is 1.5")
    assert.strictEqual(detail({ streams: 0 }), "streams must be a whole number from 1 to 10, is 0")
    assert.strictEqual(
      detail({ streams: 9, archivedStreams: 2 }),
      "archivedStreams must be a whole number from 0 to 1, is 2"
    )
    assert.strictEqual(detail({ seed: NaN }), "seed must be a whole number from 0 to 4294967295, is NaN")
    assert.strictEqual(detail({ serverToken: " " }), "serverToken must not be empty")
    assert.include(detail({ epoch: "soon" }), 'epoch "soon" is not an instant such as 2026-')
  })

  it("ten streams leave no room for an archived one", () => {
    assert.strictEqual(world({ streams: 10 }).archivedStreams, 0)
  })

  it("inserted rows are the newest, and no other row changes", () => {
    const before = world()
    const after = step(World.insert(before, { messages: 5, bounces: 2, domains: 1 }))
    for (const [path, added] of [
      ["/messages/outbound", 5],
      ["/bounces", 2]
    ] as const) {
      const [old, now] = [walk(before, path, 500), walk(after, path, 500)]
      assert.strictEqual(now.length, old.length + added)
      assert.deepStrictEqual(now.slice(added), old)
    }
    assert.deepStrictEqual(walk(after, "/domains", 100).slice(0, 8), walk(before, "/domains", 100))
    assert.strictEqual(walk(after, "/domains", 100).length, 9)
  })

  it.prop(
    "a change is seen in exactly so many rows, call after call",
    { first: fc.nat({ max: 40 }), second: fc.nat({ max: 40 }), inserted: fc.nat({ max: 3 }) },
    ({ first, inserted, second }) => {
      const start = step(World.insert(world({ messages: 40, bounces: 40, domains: 40 }), { messages: inserted }))
      const one = step(World.change(start, { messages: first, bounces: first, domains: first }))
      const two = step(World.change(one, { messages: second, bounces: second, domains: second }))
      for (const path of ["/messages/outbound", "/bounces", "/domains"]) {
        assert.strictEqual(changedRows(start, one, path), first, path)
        assert.strictEqual(changedRows(one, two, path), second, path)
        // Also as a client sees it that was away for both.
        assert.strictEqual(changedRows(start, two, path), Math.min(40, first + second), path)
      }
    }
  )

  it("a row that changes again and again does not soon look as it did before", () => {
    const looks = {
      "/domains": new Set<string>(),
      "/bounces": new Set<string>(),
      "/messages/outbound": new Set<string>()
    }
    let one = world({ domains: 1, bounces: 1, messages: 1 })
    for (let n = 0; n < 8; n++) {
      for (const path of ["/domains", "/bounces", "/messages/outbound"] as const) {
        looks[path].add(ask(one, `${path}?count=1&offset=0`).text)
      }
      one = step(World.change(one, { domains: 1, bounces: 1, messages: 1 }))
    }
    assert.deepStrictEqual(
      Object.values(looks).map((set) => set.size),
      [8, 8, 3]
    )
  })

  it("a change begins with the newest rows and keeps every key and time", () => {
    const before = world()
    const after = step(World.change(before, { messages: 3, bounces: 3 }))
    const keys = (path: string, names: ReadonlyArray<string>, of: World.World) =>
      walk(of, path, 500).map((row) => names.map((name) => String(row[name])))
    assert.deepStrictEqual(
      keys("/messages/outbound", ["MessageID", "ReceivedAt"], after),
      keys("/messages/outbound", ["MessageID", "ReceivedAt"], before)
    )
    assert.deepStrictEqual(keys("/bounces", ["ID", "BouncedAt"], after), keys("/bounces", ["ID", "BouncedAt"], before))
    const [old, now] = [before, after].map((of) => rows(ask(of, "/messages/outbound?count=4&offset=0")))
    assert.deepStrictEqual(
      now?.map((row, n) => row["Status"] !== old?.[n]?.["Status"]),
      [true, true, true, false]
    )
  })

  it("refuses to change more rows than there were", () => {
    const refused = Either.getOrThrow(Either.flip(World.change(world(), { domains: 9 })))
    assert.strictEqual(refused.reason, "Rows")
    assert.strictEqual(refused.message, "cannot change 9 domains: the world was made with 8")
    assert.isTrue(Either.isLeft(World.insert(world(), { messages: -1 })))
  })

  it("an operation leaves the world it was given as it was", () => {
    const before = world()
    const page = ask(before, "/messages/outbound?count=10&offset=0").text
    step(World.change(step(World.insert(before, { messages: 2 })), { messages: 2 }))
    assert.strictEqual(ask(before, "/messages/outbound?count=10&offset=0").text, page)
  })
})
