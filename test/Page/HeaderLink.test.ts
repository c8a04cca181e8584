import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HeaderLink } from "sluice"
import { items, notices, reply, walk } from "./support.ts"

const linked = (link: string | undefined, name = "link") =>
  walk(HeaderLink.make(), ({ number }) =>
    reply(items(number, number + 1), { headers: number === 0 && link !== undefined ? { [name]: link } : {} })
  )

describe("HeaderLink", () => {
  it.effect.each<readonly [string, string]>([
    ['<https://api.test/b?page=2>; rel="next"', "/b?page=2"],
    ['<https://api.test/b?page=2>; rel="next", <https://api.test/b?page=9>; rel="last"', "/b?page=2"],
    ['<https://api.test/b?page=1>; rel="prev", <https://api.test/b?a=1,2;3>; rel=next; title="a, b"', "/b?a=1,2;3"],
    ['</b>; rel="last next"', "/b"],
    ["<?page=2>; REL=Next", "/?page=2"],
    ['</b>; rel="next",', "/b"]
  ])("%s", ([link, path]) =>
    Effect.gen(function* () {
      const walked = yield* linked(link)
      assert.deepStrictEqual(
        walked.asked.map((ask) => ask.path),
        ["/", `https://api.test${path}`]
      )
      assert.deepStrictEqual([walked.rows.length, walked.end], [2, "no_next"])
    })
  )

  it.effect("the name of the header is compared without case", () =>
    Effect.map(linked('</b>; rel="next"', "Link"), ({ asked }) => assert.lengthOf(asked, 2))
  )

  it.effect("no header, or none of the relation, is the end", () =>
    Effect.gen(function* () {
      for (const link of [undefined, '</a>; rel="prev"', ""]) {
        const walked = yield* linked(link)
        assert.deepStrictEqual([walked.end, walked.asked.length, notices(walked)], ["no_next", 1, []])
      }
    })
  )

  it.effect("a list of one page is doubted without the header, not with one of other relations", () =>
    Effect.gen(function* () {
      const end = (headers: Readonly<Record<string, string>>) =>
        Effect.map(
          walk(HeaderLink.make(), () => reply({ items: items(0, 1), next_cursor: "a" }, { headers })),
          (walked) => walked.end
        )
      assert.strictEqual(yield* end({}), "no_next, incomplete")
      assert.strictEqual(yield* end({ link: '</a>; rel="prev"' }), "no_next")
    })
  )

  it.effect("a header that cannot be read is said, and no end that is complete", () =>
    Effect.gen(function* () {
      const walked = yield* linked("next: /b")
      assert.deepStrictEqual([walked.end, notices(walked)], ["error, incomplete", ["the Link header cannot be read"]])
    })
  )

  it.effect("another relation", () =>
    Effect.gen(function* () {
      const walked = yield* walk(HeaderLink.make({ linksNextKey: "older" }), ({ number }) =>
        reply(items(number, number + 1), {
          headers: number < 2 ? { link: `</n>; rel="next", </p${number}>; rel="older"` } : {}
        })
      )
      assert.lengthOf(walked.rows, 3)
    })
  )

  it.effect("a link that comes again is an error", () =>
    Effect.gen(function* () {
      const walked = yield* walk(HeaderLink.make(), ({ number }) =>
        reply(items(number, number + 1), { headers: { link: '</b>; rel="next"' } })
      )
      assert.match(walked.end, /leads back/)
    })
  )
})
