import { assert, describe, it } from "@effect/vitest"
import { Either } from "effect"
import { Resource, SinglePage, Source } from "sluice"
import * as Order from "../../src/Sync/Order.ts"

const resource = (name: string, parent?: string, options: Partial<Resource.Options> = {}) =>
  Resource.make({
    name,
    path: parent === undefined ? `/${name}` : `/${name}/{resources.${parent}.id}`,
    paginator: SinglePage.make(),
    ...options
  })

const order = (resources: ReadonlyArray<Resource.Resource>, ...names: ReadonlyArray<string>) =>
  Either.map(Order.order(Source.make({ name: "s", api: { baseUrl: "https://x.test" }, resources }), names), (all) =>
    all.map(({ left, resource, stored }) => `${resource.name}${stored ? "" : left ? " left" : " read"}`)
  )
const right = (...args: Parameters<typeof order>) => Either.getOrThrow(order(...args))
const left = (...args: Parameters<typeof order>) => Either.getOrThrow(Either.flip(order(...args))).message

describe("Order", () => {
  const family = [resource("c", "b"), resource("x"), resource("b", "a"), resource("a")]

  it("puts parents first, and keeps the order otherwise", () => {
    assert.deepStrictEqual(right(family), ["x", "a", "b", "c"])
  })

  it("takes the ancestors of what is asked for, to read them only", () => {
    assert.deepStrictEqual(right(family, "c"), ["a read", "b read", "c"])
    assert.deepStrictEqual(right(family, "a"), ["a"])
    assert.deepStrictEqual(right(family, "c", "a"), ["a", "b read", "c"])
  })

  it("reads what is not selected only for a child, and takes it when it is asked for", () => {
    const unselected = [
      resource("a", undefined, { selected: false }),
      resource("b", "a"),
      resource("x", undefined, { selected: false })
    ]
    assert.deepStrictEqual(right(unselected), ["a read", "x left", "b"])
    assert.deepStrictEqual(right(unselected, "a"), ["a"])
    assert.deepStrictEqual(right([resource("s", undefined, { writeDisposition: "skip" })]), ["s read"])
  })

  it("names what is not there", () => {
    assert.include(left(family, "nope"), 's has no resource "nope"; it has c, x, b, a')
    assert.include(left([resource("b", "a")]), "the resource b takes rows of a, which s does not have")
    const two = resource("c", "a", { query: [["x", "{resources.b.id}"]] })
    assert.include(left([resource("a"), resource("b"), two]), "c takes rows of a and of b: it can have one parent")
    assert.include(left([resource("b", "a"), resource("a", "b")]), "is its own ancestor")
    assert.include(left([resource("a", "a")]), "the resource a is its own ancestor")
  })
})
