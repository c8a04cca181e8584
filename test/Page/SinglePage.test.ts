import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import { SinglePage } from "sluice"
import { items, notices, walk } from "./support.ts"

const read = (body: object) => walk(SinglePage.make(), () => body)

describe("SinglePage", () => {
  it("asks for nothing of its own", () => {
    assert.deepStrictEqual(SinglePage.make().first, {})
    assert.deepInclude(SinglePage.make(), { type: "single_page", options: {} })
  })

  it.effect("sends one request, and that is everything", () =>
    Effect.gen(function* () {
      for (const body of [
        { items: items(0, 3) },
        { items: [] },
        { items: items(0, 3), TotalCount: 3 },
        { items: items(0, 3), total: 2 },
        {}
      ]) {
        const walked = yield* read(body)
        assert.strictEqual(walked.end, "single_page")
        assert.lengthOf(walked.asked, 1)
        assert.deepStrictEqual(notices(walked), [])
        assert.isUndefined(walked.pages[0]!.next)
      }
      assert.strictEqual((yield* read({ items: items(0, 3), TotalCount: 3 })).last!.total, 3)
    })
  )

  it.effect("is incomplete when the body says that more follows, in so many words", () =>
    Effect.gen(function* () {
      for (const more of [{ has_more: true }, { hasNextPage: true }, { hasNext: true }]) {
        const walked = yield* read({ items: items(0, 3), ...more })
        assert.strictEqual(walked.end, "single_page, incomplete")
        assert.match(notices(walked)[0]!, /more rows follow/)
      }
      for (const none of [{ has_more: false }, { has_more: "true" }, { more: true }]) {
        assert.strictEqual((yield* read({ items: items(0, 3), ...none })).end, "single_page")
      }
    })
  )

  it.effect("is incomplete when the body says that there was more", () =>
    Effect.gen(function* () {
      const walked = yield* read({ items: items(0, 3), TotalCount: 41203 })
      assert.strictEqual(walked.end, "single_page, incomplete")
      assert.strictEqual(walked.last!.total, 41203)
      assert.deepStrictEqual(notices(walked), [
        "the body reports a total of 41203 but held 3 rows: if the endpoint is paged, declare its paginator"
      ])
    })
  )

  it.effect("only mentions a number that may be something else", () =>
    Effect.gen(function* () {
      const walked = yield* read({ items: items(0, 3), total: 99 })
      assert.strictEqual(walked.end, "single_page")
      assert.isUndefined(walked.last!.total)
      assert.lengthOf(notices(walked), 1)
    })
  )

  it.effect("one row that is no list is not held against the number of rows there are", () =>
    Effect.gen(function* () {
      const single = { select: () => Either.right({ rows: [{ value: 41 }], single: true }) }
      const walked = yield* walk(SinglePage.make(), () => ({ TotalCount: 41 }), single)
      assert.deepStrictEqual([walked.end, notices(walked)], ["single_page", []])
    })
  )
})
