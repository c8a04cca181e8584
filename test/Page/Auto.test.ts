import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import { Auto } from "sluice"
import { items, notices, reply, type Server, walk, type Walked } from "./support.ts"

const asked = (walked: Walked) => walked.asked.map(({ path, query }) => ({ path, ...query }))
const ids = (walked: Walked) => walked.rows.map((row) => (row as { readonly id: number }).id)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
const api = "https://api.test"

describe("Auto", () => {
  it.effect("follows a Link header", () =>
    Effect.gen(function* () {
      const walked = yield* walk(Auto.make(), ({ number }) =>
        reply(items(number, number + 1), { headers: number < 2 ? { link: `</p${number}>; rel="next"` } : {} })
      )
      assert.deepStrictEqual([ids(walked), walked.end], [upTo(3), "no_next"])
      assert.deepStrictEqual(notices(walked), [
        "paginator detected: header_link, since the answer has a Link header with rel=next"
      ])
    })
  )

  it.effect("follows links in the body", () =>
    Effect.gen(function* () {
      const walked = yield* walk(Auto.make(), ({ number }) => ({
        items: items(number, number + 1),
        links: { next: number < 2 ? `/p?n=${number}` : null }
      }))
      assert.deepStrictEqual(asked(walked), [
        { path: "/" },
        { path: `${api}/p?n=0`, n: "0" },
        { path: `${api}/p?n=1`, n: "1" }
      ])
      assert.strictEqual(walked.end, "no_next")
      assert.deepStrictEqual(notices(walked), ["paginator detected: json_link, since there is a link at links.next"])
    })
  )

  it.effect("gives cursors back", () =>
    Effect.gen(function* () {
      const walked = yield* walk(Auto.make(), ({ number }) => ({
        items: items(number, number + 1),
        nextPageToken: ["a", "b", undefined][number]
      }))
      assert.deepStrictEqual(asked(walked), [
        { path: "/" },
        { path: "/", pageToken: "a" },
        { path: "/", pageToken: "b" }
      ])
      assert.deepStrictEqual([ids(walked), walked.end], [upTo(3), "no_next"])
    })
  )

  it.effect("goes on behind an echoed offset", () =>
    Effect.gen(function* () {
      const walked = yield* walk(Auto.make(), ({ query }) => {
        const skip = Number(query["skip"] ?? 0)
        return { items: items(skip, Math.min(skip + 2, 5)), paging: { skip, limit: 2, total: 5 } }
      })
      assert.deepStrictEqual(asked(walked), [
        { path: "/" },
        { path: "/", skip: "2", limit: "2" },
        { path: "/", skip: "4", limit: "2" }
      ])
      assert.deepStrictEqual([ids(walked), walked.end], [upTo(5), "total_reached"])
    })
  )

  const paged =
    (base: number, count: number, also: (page: number) => object = () => ({})): Server =>
    ({ query }) => {
      const page = Number(query["page"] ?? base)
      const from = (page - base) * 2
      return { items: items(from, Math.min(from + 2, count)), total_pages: Math.ceil(count / 2), ...also(page) }
    }

  it.effect("an API that counts its pages from 1 is read completely, and no page stored twice", () =>
    Effect.gen(function* () {
      const probed = yield* walk(Auto.make(), paged(1, 6))
      assert.deepStrictEqual(
        probed.asked.map(({ query }) => query["page"]),
        [undefined, "1", "2", "3"]
      )
      assert.deepStrictEqual([ids(probed), probed.end], [upTo(6), "total_reached"])
      assert.match(
        notices(probed).join(" "),
        /page_number, since the number of pages is at total_pages page 1 is page 0 once/
      )
      const told = yield* walk(
        Auto.make(),
        paged(1, 6, (page) => ({ current_page: page }))
      )
      assert.deepStrictEqual(
        told.asked.map(({ query }) => query["page"]),
        [undefined, "2", "3"]
      )
      assert.deepStrictEqual([ids(told), told.end], [upTo(6), "total_reached"])
    })
  )

  it.effect("and one that counts from 0", () =>
    Effect.gen(function* () {
      for (const also of [() => ({}), (page: number) => ({ pageIndex: page })]) {
        const walked = yield* walk(Auto.make(), paged(0, 6, also))
        assert.deepStrictEqual(
          walked.asked.map(({ query }) => query["page"]),
          [undefined, "1", "2"]
        )
        assert.deepStrictEqual([ids(walked), walked.end], [upTo(6), "total_reached"])
      }
    })
  )

  it.effect("where nothing is found one page is all, unless something speaks against it", () =>
    Effect.gen(function* () {
      const end = (body: unknown) =>
        Effect.map(
          walk(Auto.make(), () => body),
          (walked) => [walked.end, ...notices(walked)]
        )
      assert.deepStrictEqual(yield* end({ items: items(0, 2) }), ["single_page"])
      assert.deepStrictEqual(yield* end(items(0, 2)), ["single_page"])
      assert.deepStrictEqual(yield* end({ items: items(0, 2), next: null, next_steps: "Call us" }), ["single_page"])
      assert.match(
        (yield* end({ items: items(0, 2), has_more: true })).join(),
        /^single_page, incomplete,the body says/
      )
      assert.match(
        (yield* end({ items: items(0, 2), TotalCount: 9 })).join(),
        /^single_page, incomplete,the body reports/
      )
      assert.match((yield* end({ items: items(0, 2), total: 9 })).join(), /^single_page, incomplete,the body reports/)
      assert.deepStrictEqual(yield* end({ items: items(0, 2), total_pages: 1 }), [
        "total_reached",
        "paginator detected: page_number, since the number of pages is at total_pages"
      ])
    })
  )

  it.effect("an answer of 404 ends the walk, and not as a whole one where the API said that there is more", () =>
    Effect.gen(function* () {
      const walked = yield* walk(Auto.make(), ({ number }) =>
        number === 1 ? reply({}, { status: 404 }) : { items: items(0, 2), page: 0, total_pages: 9 }
      )
      assert.deepStrictEqual([walked.asked.length, walked.end], [2, "out_of_range, incomplete"])
      assert.match(notices(walked).join(), /said that there is more, but answered 404 for page 1/)
      // Of a first request nothing is known yet.
      const refused = yield* walk(Auto.make(), () => reply({}, { status: 404 }))
      assert.match(refused.end, /answered 404/)
    })
  )

  it.effect("a cursor that the API does not heed is an error, not a loop", () =>
    Effect.map(
      walk(Auto.make(), () => ({ items: items(0, 2), cursor: "now" })),
      ({ end }) => assert.match(end, /same 2 rows as the page before/)
    )
  )

  const servers: Readonly<Record<string, (count: number) => Server>> = {
    one: (count) => paged(1, count),
    zero: (count) => paged(0, count),
    told: (count) => paged(1, count, (page) => ({ page })),
    cursor:
      (count) =>
      ({ query }) => {
        const from = Number(query["cursor"] ?? 0)
        return {
          items: items(from, Math.min(from + 2, count)),
          next_cursor: from + 2 < count ? String(from + 2) : null
        }
      },
    link:
      (count) =>
      ({ query }) => {
        const from = Number(query["from"] ?? 0)
        return { items: items(from, Math.min(from + 2, count)), next: from + 2 < count ? `?from=${from + 2}` : null }
      },
    offset:
      (count) =>
      ({ query }) => {
        const offset = Number(query["offset"] ?? 0)
        return { items: items(offset, Math.min(offset + 2, count)), offset, limit: 2, total: count }
      }
  }
  it.effect.prop(
    "any such list is read whole, each row once, also when the walk is taken up again",
    [fc.constantFrom(...Object.keys(servers)), fc.nat({ max: 15 }), fc.nat()],
    ([kind, count, cut]) =>
      Effect.gen(function* () {
        const server = servers[kind]!(count)
        const whole = yield* walk(Auto.make(), server)
        assert.deepStrictEqual(ids(whole), upTo(count))
        assert.notInclude(whole.end, "incomplete")
        const page = whole.pages[cut % whole.pages.length]!
        if (page.next === undefined) return
        const position = JSON.parse(JSON.stringify(page.next))
        assert.isDefined(position.detected)
        const rest = yield* walk(Auto.make(), server, { from: { position, index: page.index + 1 } })
        assert.deepStrictEqual(
          rest.rows,
          whole.pages.slice(page.index + 1).flatMap(({ rows }) => rows)
        )
        assert.strictEqual(rest.end, whole.end)
      })
  )
})
