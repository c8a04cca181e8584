import { assert, describe, it } from "@effect/vitest"
import { Chunk, Duration, Effect, Either, Fiber, Layer, Redacted, Stream, TestClock } from "effect"
import { Api, Fetch, JsonLink, Offset, Page, PageError, RowError, SinglePage } from "sluice"
import { api, json, page, reset, type Script, status } from "sluice/testing"
import * as Select from "../src/Row/Select.ts"
import { items, walk } from "./Page/support.ts"

const request: Fetch.Request = { method: "GET", path: "/things", query: [["q", "x"]] }
const select = (body: unknown): Either.Either<Page.Selected, RowError> => {
  const rows = (body as { readonly items?: unknown }).items
  return Array.isArray(rows)
    ? Either.right({ rows })
    : Either.left(new RowError({ reason: "Selector", detail: "no items" }))
}
const thing = (options: Partial<Page.Walk<RowError>> = {}): Page.Walk<RowError> => ({
  request,
  select,
  paginator: Offset.make({ limit: 2 }),
  ...options
})
const body = (from: number, to: number, total?: number) => page(items(from, to), { field: "items", total })

/** Everything but the network is the real thing. */
const stages = (script: Script) =>
  Page.layer().pipe(
    Layer.provide(Fetch.layer),
    Layer.provide(Layer.merge(script.layer, Api.layer({ baseUrl: "https://api.test" })))
  )
const scripted = <A, E>(script: Script, use: (stream: Page.Page["Type"]["stream"]) => Effect.Effect<A, E>) =>
  Effect.flatMap(Page.Page, ({ stream }) => use(stream)).pipe(
    Effect.zipLeft(script.verify),
    Effect.provide(stages(script))
  )
const collect = <E>(stream: Stream.Stream<Page.Fetched, E>) =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)
const offsets = (script: Script) => script.requests.map(({ query }) => query["offset"])

describe("Page.stream", () => {
  it.effect("a paginator without types that gives no step ends in an error that says so", () =>
    Effect.gen(function* () {
      for (const step of [undefined, { _tag: "Next", position: {} }]) {
        const paginator: Page.Paginator = { type: "mine", options: {}, first: {}, next: () => step as never }
        const script = api([body(0, 2)])
        const error = yield* scripted(script, (stream) => Effect.flip(collect(stream(thing({ paginator })))))
        assert.deepInclude(error, { _tag: "PageError", reason: "NoStep", page: 0 })
        assert.match(error.message, /^the paginator mine gave no step/)
      }
    })
  )

  it.effect("gives the pages in order, with what follows each", () => {
    const script = api([body(0, 2, 5), body(2, 4, 5), body(4, 5, 5)])
    return scripted(script, (stream) =>
      Effect.gen(function* () {
        const pages = yield* collect(stream(thing()))
        assert.deepStrictEqual(
          pages.map(({ index, next, position, rows, step }) => [
            index,
            position.query,
            rows.length,
            step._tag,
            next?.query?.["offset"]
          ]),
          [
            [0, { offset: 0, limit: 2 }, 2, "Continue", 2],
            [1, { offset: 2, limit: 2 }, 2, "Continue", 4],
            [2, { offset: 4, limit: 2 }, 1, "Stop", undefined]
          ]
        )
        assert.deepStrictEqual(
          pages.flatMap(({ rows }) => rows),
          [...items(0, 5)]
        )
        assert.deepStrictEqual(
          pages.map(({ step }) => step.total),
          [5, 5, 5]
        )
        assert.isTrue(pages.every(({ attempts, bytes }) => attempts === 1 && bytes > 10))
        assert.deepStrictEqual(
          script.requests.map(({ path, query }) => [path, query["q"], query["limit"]]),
          Array.from({ length: 3 }, () => ["/things", "x", "2"])
        )
      })
    )
  })

  it.effect("is lazy: a page is fetched when it is asked for, and none beyond", () => {
    const script = api([body(0, 2, 9), body(2, 4, 9)])
    return scripted(script, (stream) =>
      Effect.gen(function* () {
        const made = stream(thing())
        assert.lengthOf(script.requests, 0)
        const asked: Array<number> = []
        yield* made.pipe(
          Stream.tap(() => Effect.sync(() => asked.push(script.requests.length))),
          Stream.take(2),
          Stream.runDrain
        )
        assert.deepStrictEqual(asked, [1, 2])
      })
    )
  })

  it.effect("one page is one chunk", () => {
    const script = api([body(0, 2), body(2, 3)])
    return scripted(script, (stream) =>
      Effect.map(Stream.runCollect(Stream.chunks(stream(thing()))), (chunks) => {
        assert.deepStrictEqual(
          Chunk.toReadonlyArray(chunks)
            .map(Chunk.size)
            .filter((size) => size > 0),
          [1, 1]
        )
      })
    )
  })

  it.effect("retries the request, not the walk", () => {
    const script = api([
      body(0, 2, 6),
      status(503),
      reset(),
      body(2, 4, 6),
      status(429, { retryAfter: 1 }),
      body(4, 6, 6)
    ])
    return scripted(script, (stream) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.fork(collect(stream(thing())))
        yield* TestClock.adjust(Duration.minutes(5))
        const pages = yield* Fiber.join(fiber)
        assert.deepStrictEqual(
          pages.map(({ attempts }) => attempts),
          [1, 3, 2]
        )
        assert.deepStrictEqual(offsets(script), ["0", "2", "2", "2", "4", "4"])
        assert.deepStrictEqual(
          pages.flatMap(({ rows }) => rows),
          [...items(0, 6)]
        )
      })
    )
  })

  it.effect("fails with the request that failed, after the pages before it", () => {
    const script = api([body(0, 2, 6), status(401)])
    return scripted(script, (stream) =>
      Effect.gen(function* () {
        const before: Array<number> = []
        const error = yield* stream(thing()).pipe(
          Stream.runForEach(({ index }) => Effect.sync(() => before.push(index))),
          Effect.flip
        )
        assert.deepInclude(error, { _tag: "FetchError", status: 401 })
        assert.deepStrictEqual(before, [0])
      })
    )
  })

  it.effect("fails with the selector's own error", () => {
    const script = api([body(0, 2, 6), page([], { field: "things" })])
    return scripted(script, (stream) =>
      Effect.map(Effect.flip(Stream.runDrain(stream(thing()))), (error) =>
        assert.deepInclude(error, { _tag: "RowError", reason: "Selector" })
      )
    )
  })

  it.effect("goes on from a position, and counts on", () => {
    const script = api([body(4, 6, 7), body(6, 7, 7)])
    return scripted(script, (stream) =>
      Effect.gen(function* () {
        const pages = yield* collect(
          stream(thing({ from: { position: { query: { offset: 4, limit: 2 } }, index: 2 } }))
        )
        assert.deepStrictEqual(
          pages.map(({ index }) => index),
          [2, 3]
        )
        assert.deepStrictEqual(offsets(script), ["4", "6"])
        assert.deepInclude(pages[1]!.step, { reason: "total_reached", complete: true })
      })
    )
  })

  it.effect("reads no more pages than it is told, and says where it would go on", () => {
    const script = api([body(4, 6, 9), body(6, 8, 9)])
    return scripted(script, (stream) =>
      Effect.gen(function* () {
        const pages = yield* collect(
          stream(thing({ limitPages: 2, from: { position: { query: { offset: 4, limit: 2 } }, index: 2 } }))
        )
        assert.lengthOf(pages, 2)
        assert.deepInclude(pages[1]!.step, { _tag: "Stop", reason: "limit_pages", complete: false, total: 9 })
        assert.deepStrictEqual(pages[1]!.next, { query: { offset: 8, limit: 2 } })
      })
    )
  })

  it.effect("a cap that falls on the last page changes nothing", () => {
    const script = api([body(0, 2, 4), body(2, 4, 4)])
    return scripted(script, (stream) =>
      Effect.map(collect(stream(thing({ limitPages: 2 }))), (pages) => {
        assert.deepInclude(pages[1]!.step, { reason: "total_reached", complete: true })
        assert.isUndefined(pages[1]!.next)
      })
    )
  })

  it.effect("a total that changes is each page's own", () => {
    const script = api([body(0, 2, 4), body(2, 4, 5), body(4, 5, 5)])
    return scripted(script, (stream) =>
      Effect.map(collect(stream(thing())), (pages) =>
        assert.deepStrictEqual(
          pages.map(({ step }) => step.total),
          [4, 5, 5]
        )
      )
    )
  })

  it.effect("a repeated page ends the walk: as complete where nothing can be missing", () => {
    const script = api([body(0, 5), body(0, 5)])
    return scripted(script, (stream) =>
      Effect.map(collect(stream(thing())), (pages) => {
        assert.deepInclude(pages[1]!.step, { _tag: "Stop", reason: "page_repeated", complete: true })
        assert.deepStrictEqual(
          pages.map(({ rows }) => rows.length),
          [5, 0]
        )
      })
    )
  })

  it.effect("and as an error elsewhere", () => {
    const script = api([body(0, 2), body(0, 2)])
    return scripted(script, (stream) =>
      Effect.map(Effect.flip(Stream.runDrain(stream(thing()))), (error) => {
        assert.instanceOf(error, PageError)
        assert.deepInclude(error, { reason: "Repeated", page: 1, isRetryable: false })
        assert.match(error.message, /ignore paging/)
      })
    )
  })

  it.effect("waits for its turn before each page", () => {
    const script = api([body(0, 2, 4), body(2, 4, 4)])
    let turns = 0
    const turn = Effect.sync(() => {
      assert.strictEqual(script.requests.length, turns)
      turns++
    })
    return scripted(script, (stream) =>
      Effect.map(Stream.runDrain(stream(thing({ turn }))), () => assert.strictEqual(turns, 2))
    )
  })

  it.effect("a stream that is run again walks again", () => {
    const script = api([body(0, 2, 4), body(2, 4, 4), body(0, 2, 4), body(2, 4, 4)])
    return scripted(script, (stream) =>
      Effect.gen(function* () {
        const made = stream(thing())
        const first = yield* collect(made)
        assert.deepStrictEqual(yield* collect(made), first)
      })
    )
  })

  it.effect("walks side by side share nothing", () => {
    const script = api({ "/a": [body(0, 2, 4), body(2, 4, 4)], "/b": [body(0, 2, 4), body(2, 4, 4)] })
    return scripted(script, (stream) =>
      Effect.map(
        Effect.all(
          ["/a", "/b"].map((path) => collect(stream(thing({ request: { ...request, path } })))),
          { concurrency: 2 }
        ),
        (walks) =>
          assert.deepStrictEqual(
            walks.map((pages) => pages.length),
            [2, 2]
          )
      )
    )
  })

  it.effect("any object of its shape is a paginator", () =>
    Effect.gen(function* () {
      const letters = "abc"
      const paginator: Page.Paginator = {
        type: "letter",
        options: { letters },
        first: { query: { after: "" } },
        next: (_, last) => {
          const at = letters.indexOf(String(last.query?.["after"])) + (last.query?.["after"] === "" ? 0 : 1)
          return at < letters.length
            ? { _tag: "Continue", position: { query: { after: letters[at]! } } }
            : { _tag: "Stop", reason: "no_next", complete: true }
        }
      }
      const walked = yield* walk(paginator, ({ query }) => ({ items: [query["after"]] }))
      assert.deepStrictEqual(walked.rows, ["", "a", "b", "c"])
      assert.strictEqual(walked.end, "no_next")
    })
  )

  it.effect("an empty body has no rows, and ends a walk", () => {
    const script = api([status(204)])
    return scripted(script, (stream) =>
      Effect.map(
        collect(
          stream(
            thing({
              paginator: SinglePage.make(),
              select: (found) => (found === undefined ? Either.right({ rows: [] }) : select(found))
            })
          )
        ),
        (pages) =>
          assert.deepStrictEqual(
            pages.map(({ rows, step }) => [rows.length, step._tag]),
            [[0, "Stop"]]
          )
      )
    )
  })

  it.effect("a response action ends a walk: as complete for ignore, and not for stop", () =>
    Effect.gen(function* () {
      for (const kind of ["ignore", "stop"] as const) {
        const script = api([body(0, 2, 9), status(404)])
        const actions = [{ statusCode: 404, action: { kind } }]
        yield* scripted(script, (stream) =>
          Effect.map(collect(stream(thing({ request: { ...request, actions } }))), (pages) => {
            assert.lengthOf(pages, 2)
            assert.deepInclude(pages[1], { rows: [], next: undefined, selector: undefined })
            assert.deepInclude(pages[1]!.step, { _tag: "Stop", reason: "ignored", complete: kind === "ignore" })
            assert.lengthOf(pages[1]!.notices, 1)
          })
        )
      }
    })
  )

  it.effect("an answer behind the first page may be the paginator's to judge", () =>
    Effect.gen(function* () {
      const script = api([body(0, 2), status(404)])
      const pages = yield* scripted(script, (stream) => collect(stream(thing())))
      assert.deepStrictEqual(
        pages.map(({ attempts, rows, step }) => [rows.length, step._tag === "Stop" ? step.reason : "", attempts]),
        [
          [2, "", 1],
          [0, "out_of_range", 1]
        ]
      )
      const first = yield* scripted(api([status(404)]), (stream) => Effect.flip(collect(stream(thing()))))
      assert.deepInclude(first, { _tag: "FetchError", status: 404 })
    })
  )

  it.effect("notices are those of the selector and of the paginator", () => {
    const script = api([body(0, 1, 4)])
    const walked = thing({
      paginator: SinglePage.make(),
      select: (found) => Either.map(select(found), (selected) => ({ ...selected, selector: "items", notice: "found" }))
    })
    return scripted(script, (stream) =>
      Effect.map(collect(stream(walked)), ([only]) => {
        assert.strictEqual(only?.selector, "items")
        assert.deepStrictEqual(only?.notices.length, 2)
        assert.strictEqual(only?.notices[0], "found")
      })
    )
  })

  it.effect("a selector that filters, or goes into each element, moves no offset and ends no walk", () => {
    const pages = (field: (row: { readonly id: number }) => unknown) =>
      api([0, 2, 4].map((from) => json({ items: items(from, Math.min(from + 2, 5)).map(field), TotalCount: 5 })))
    const reading = (script: Script, selector: string) => {
      const selecting = Select.make({ selector, selectorRequired: true })
      return scripted(script, (stream) =>
        Effect.map(collect(stream(thing({ select: selecting.select }))), (all) => {
          assert.deepStrictEqual(offsets(script), ["0", "2", "4"])
          assert.deepInclude(all.at(-1)!.step, { reason: "total_reached", complete: true, total: undefined })
          return all.flatMap(({ rows }) => rows)
        })
      )
    }
    return Effect.gen(function* () {
      const filtered = yield* reading(
        pages((row) => row),
        "items[?@.id > 3]"
      )
      assert.deepStrictEqual(filtered, [{ id: 4 }])
      const inner = yield* reading(
        pages(({ id }) => ({ parts: [{ id }, { id: -id }] })),
        "items[*].parts"
      )
      assert.lengthOf(inner, 10)
    })
  })

  it.effect("follows a link on the API's own host with its secrets, which no position holds", () => {
    const secret = "t0ken-of-the-query"
    const script = api({
      "/v1/things": [
        json({ items: items(0, 1), next: `https://api.test/v1/more?token=${secret}&page=2` })
        // Relative to the page it is on.
      ],
      "/v1/more": [json({ items: items(1, 2), next: "?page=3" }), json({ items: items(2, 3) })]
    })
    const stages = Page.layer().pipe(
      Layer.provide(Fetch.layer),
      Layer.provide(
        Layer.merge(script.layer, Api.layer({ baseUrl: "https://api.test/v1", secrets: [Redacted.make(secret)] }))
      )
    )
    const asking = { method: "GET", path: "/things", query: [["token", secret] as const] }
    return Effect.gen(function* () {
      const { stream } = yield* Page.Page
      const pages = yield* collect(stream(thing({ request: asking, paginator: JsonLink.make() })))
      assert.lengthOf(pages, 3)
      assert.deepStrictEqual(
        script.requests.map(({ path, query }) => [path, query["token"], query["page"]]),
        [
          ["/v1/things", secret, undefined],
          ["/v1/more", secret, "2"],
          ["/v1/more", undefined, "3"]
        ]
      )
      assert.notInclude(JSON.stringify(pages), secret)
      yield* script.verify
    }).pipe(Effect.provide(stages))
  })

  it.effect("a link to another host is not followed", () => {
    const script = api([json({ items: items(0, 1), next: "https://elsewhere.test/more" })])
    return scripted(script, (stream) =>
      Effect.map(Effect.flip(collect(stream(thing({ paginator: JsonLink.make() })))), (error) =>
        assert.deepInclude(error, { _tag: "FetchError", reason: "Origin" })
      )
    )
  })
})
