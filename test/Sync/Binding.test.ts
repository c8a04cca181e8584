import { assert, describe, it } from "@effect/vitest"
import { Resource, SinglePage } from "sluice"
import * as Binding from "../../src/Sync/Binding.ts"

const make = (options: Partial<Resource.Options> = {}) =>
  Resource.make({ name: "r", path: "/r", paginator: SinglePage.make(), ...options })

describe("Binding", () => {
  it("knows what a request needs of its parent, wherever it is written", () => {
    assert.isUndefined(Binding.needs(make({ query: [["a", "{incremental.start_value}"]] })))
    assert.deepStrictEqual(
      Binding.needs(
        make({
          path: "/{resources.p.id}",
          query: [["q", "{resources.p.q}"]],
          headers: { "x-{resources.p.h}": "{resources.p.id}" },
          body: { deep: [{ b: "{resources.p.body.path}" }] },
          data: [["f", "{resources.p.f}"]]
        })
      ),
      { parent: "p", paths: ["id", "q", "h", "body.path", "f"], nullable: ["body.path"] }
    )
    assert.deepStrictEqual(Binding.needs(make({ data: "raw {resources.p.x}" })), {
      parent: "p",
      paths: ["x"],
      nullable: []
    })
  })

  it("fills every part of a request", () => {
    const request = Binding.request(
      make({
        method: "post",
        path: "/{resources.p.id}/x",
        query: [
          ["a", "{resources.p.id}"],
          ["a", "2"],
          ["gone", "{incremental.end_value}"]
        ],
        headers: { "x-at": "{incremental.start_value}", "x-gone": "{incremental.end_value}" },
        body: { id: "{resources.p.n}", end: "{incremental.end_value}" },
        incremental: { cursorPath: "at" }
      }),
      { parent: { id: "a/b", n: 5 }, cursor: { start_value: 3 } }
    )
    assert.strictEqual(request.path, "/a%2Fb/x")
    assert.deepStrictEqual(request.query, [
      ["a", "a/b"],
      ["a", "2"]
    ])
    assert.deepStrictEqual(request.headers, { "x-at": "3" })
    assert.deepStrictEqual(request.body, { id: 5 })
  })

  it("sets the range parameters over those of the same name, and none that has no value", () => {
    const resource = make({
      query: [
        ["from", "x"],
        ["k", "1"]
      ],
      incremental: { cursorPath: "at", startParam: "from", endParam: "to" }
    })
    assert.deepStrictEqual(Binding.request(resource).query, [
      ["from", "x"],
      ["k", "1"]
    ])
    assert.deepStrictEqual(Binding.request(resource, { cursor: { start_value: 1, end_value: 2 } }).query, [
      ["k", "1"],
      ["from", "1"],
      ["to", "2"]
    ])
  })

  it("converts what it sends", () => {
    const resource = make({
      query: [["since", "{incremental.start_value}"]],
      incremental: { cursorPath: "at", convert: (value) => `<${value}>` }
    })
    assert.deepStrictEqual(Binding.request(resource, { cursor: { start_value: "a" } }).query, [["since", "<a>"]])
  })
})
