import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Template from "../../../src/Page/Template.ts"
import { client, mistakes, parse } from "../fixture.ts"

const family = (...resources: ReadonlyArray<string>) =>
  [client, "resources:", ...resources.map((each) => `  - ${each}`)].join("\n")

const said = (...resources: ReadonlyArray<string>) =>
  Effect.map(mistakes(family(...resources)), ({ issues }) =>
    issues.map(({ message, path }) => [path, message] as const)
  )

describe("parents and children", () => {
  it.effect("go any depth, and grandparents' fields come with the parent", () =>
    Effect.gen(function* () {
      const { resources } = yield* parse(
        family(
          "orgs",
          '{ name: repos, include_from_parent: [id], endpoint: "/orgs/{resources.orgs.id}/repos" }',
          '{ name: issues, include_from_parent: [name, _orgs_id], endpoint: "/orgs/{resources.repos._orgs_id}/repos/{resources.repos.id}/issues" }',
          '{ name: comments, parallelized: true, endpoint: { path: "/comments", params: { issue: "{resources.issues.id}" } } }'
        )
      )
      assert.deepStrictEqual(
        resources.map(({ includeFromParent, name, parallelized, path, query }) => [
          name,
          Template.placeholders([path, ...query.map(([, text]) => text)]).map((each) =>
            each._tag === "Parent" ? `${each.resource}.${each.path}` : each.value
          ),
          includeFromParent,
          parallelized
        ]),
        [
          ["orgs", [], [], false],
          ["repos", ["orgs.id"], ["id"], false],
          ["issues", ["repos._orgs_id", "repos.id"], ["name", "_orgs_id"], false],
          ["comments", ["issues.id"], [], true]
        ]
      )
    })
  )

  it.effect("may be written in any order, and parents left out of the tables", () =>
    Effect.gen(function* () {
      const { resources } = yield* parse(
        family(
          '{ name: b, endpoint: "/{resources.a.id}/b" }',
          "{ name: a, selected: false }",
          "{ name: c, write_disposition: skip }"
        )
      )
      assert.deepStrictEqual(
        resources.map(({ selected, unavailable, write }) => [selected, write.disposition, unavailable]),
        [
          [true, "append", undefined],
          [false, "append", undefined],
          [true, "skip", undefined]
        ]
      )
    })
  )

  it.effect("a parent that is not there", () =>
    Effect.gen(function* () {
      const [[path, message] = ["", ""]] = yield* said("posts", '{ name: b, endpoint: "/{resources.post.id}/b" }')
      assert.strictEqual(path, "resources[1].endpoint")
      assert.match(message, /no resource `post` to be the parent of `b`/)
      const error = yield* mistakes(family("posts", '{ name: b, endpoint: "/{resources.post.id}/b" }'))
      assert.match(error.message, /did you mean `posts`\?/)
    })
  )

  it.effect("two parents", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        (yield* said(
          "a",
          "b",
          '{ name: c, endpoint: { path: "/{resources.a.id}/c", params: { b: "{resources.b.id}" } } }'
        )).map(([path]) => path),
        ["resources[2].endpoint.params.b"]
      )
    })
  )

  it.effect("a circle is told once, and its own parent too", () =>
    Effect.gen(function* () {
      const circle = yield* said(
        '{ name: a, endpoint: "/{resources.c.id}/x" }',
        '{ name: b, endpoint: "/{resources.a.id}/x" }',
        '{ name: c, endpoint: "/{resources.b.id}/x" }',
        '{ name: d, endpoint: "/{resources.c.id}/x" }'
      )
      assert.deepStrictEqual(circle, [
        ["resources[0].endpoint", "parents in a circle: `a` needs `c` needs `b` needs `a`"]
      ])
      assert.deepStrictEqual(yield* said('{ name: a, endpoint: "/{resources.a.id}/x" }'), [
        ["resources[0].endpoint", "`a` is its own parent"]
      ])
    })
  )

  it.effect("fields to include from nobody", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        (yield* said("{ name: a, include_from_parent: [id] }")).map(([path]) => path),
        ["resources[0].include_from_parent"]
      )
    })
  )
})
