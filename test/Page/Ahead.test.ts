/** Pages that are fetched before the walk comes to them: how many, which, and what becomes of those that nobody asks for. */
import { assert, describe, it } from "@effect/vitest"
import { Chunk, Deferred, Effect, Fiber, Layer, Stream } from "effect"
import { Api, Auto, Cursor, Fetch, Offset, Page, PageNumber } from "sluice"
import * as Ahead from "../../src/Page/Ahead.ts"
import { type Answer, type Asked, serve, type Served } from "../Sync/support.ts"

const offsetOf = ({ query }: Asked) => Number(query["offset"])
const pageOf = (url: string) => Number(/(?:offset|page)=(\d+)/.exec(url)?.[1])

/** A list by offset; `cut`: how many rows the page has that begins there. */
const list =
  (size: number, cut: (at: number, limit: number) => number = (_, limit) => limit) =>
  (asked: Asked): Answer => {
    const at = offsetOf(asked)
    const length = Math.max(0, Math.min(cut(at, Number(asked.query["limit"])), size - at))
    return { body: { items: Array.from({ length }, (_, i) => at + i), total: size } }
  }

const select = (body: unknown) =>
  Effect.runSync(Effect.either(Effect.sync(() => ({ rows: (body as { items: [] }).items }))))

const walk = (
  paginator: Page.Paginator,
  served: Served,
  options: Partial<Page.Walk<never>> & { pages?: number } = {}
) => {
  const { pages = 1, ...more } = options
  const room = Ahead.room(pages)
  const unused: Array<number> = []
  const stages = Page.layer().pipe(
    Layer.provide(Fetch.layer),
    Layer.provide(
      Layer.merge(
        served.layer,
        Api.layer({ baseUrl: "https://api.test", retry: { maxRetries: 2, baseDelay: 0 }, limits: { concurrency: 64 } })
      )
    )
  )
  const stream = Stream.unwrap(
    Effect.map(Page.Page, (page) =>
      page.stream<never>({
        request: { method: "GET", path: "/list", query: [] },
        select,
        paginator,
        ahead: { room, unused: (attempts) => void unused.push(attempts) },
        ...more
      })
    )
  ).pipe(Stream.provideLayer(stages))
  return { room, unused, stream }
}

const read = (...args: Parameters<typeof walk>) => {
  const { room, stream, unused } = walk(...args)
  const pages: Array<Page.Fetched> = []
  return stream.pipe(
    Stream.runForEachChunk((chunk) => Effect.sync(() => void pages.push(...Chunk.toReadonlyArray(chunk)))),
    Effect.either,
    Effect.map((result) => ({ pages, unused, room, error: result._tag === "Left" ? result.left : undefined }))
  )
}

const offset = Offset.make({ limit: 10 })

/** Whatever is to happen by itself has happened. */
const quiet = Effect.repeatN(
  Effect.promise(() => new Promise((done) => setImmediate(done))),
  500
)

describe("pages ahead", () => {
  it.live("are as many under way as there is room for, and come in order", () =>
    Effect.gen(function* () {
      for (const pages of [1, 2, 8, 16]) {
        const served = serve(list(400), (url) => 1 + ((Number(url.searchParams.get("offset")) / 10) % 5))
        const inTurn = yield* read(offset, serve(list(400)))
        const { room, unused, ...ahead } = yield* read(offset, served, { pages })
        assert.strictEqual(served.most, pages)
        assert.deepStrictEqual(ahead.pages, inTurn.pages)
        assert.strictEqual(served.asked.length, 40)
        assert.deepStrictEqual([room.taken, unused], [0, []])
      }
    })
  )

  it.live("are asked for behind the page that the walk is at, the next one first", () =>
    Effect.gen(function* () {
      const served = serve(list(400))
      yield* read(offset, served, { pages: 4, limitPages: 5 })
      assert.deepStrictEqual(served.asked.map(pageOf), [0, 10, 20, 30, 40])
    })
  )

  it.live("wait while nobody takes those that are there", () =>
    Effect.gen(function* () {
      const served = serve(list(400))
      const turns = Effect.unsafeMakeSemaphore(3)
      const { stream } = walk(offset, served, { pages: 8, turn: Effect.asVoid(turns.take(1)) })
      const fiber = yield* Effect.fork(Stream.runDrain(stream))
      yield* quiet
      // The first page tells of the others; then the third is asked for with seven behind it, and no more.
      assert.strictEqual(served.asked.length, 3 + 7)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.live("go by the rows that came where the server caps its pages, and ask for nothing in vain", () =>
    Effect.gen(function* () {
      const served = serve(list(400, () => 7))
      const { pages, unused } = yield* read(Offset.make({ limit: 50 }), served, { pages: 8 })
      assert.strictEqual(pages.flatMap(({ rows }) => rows).length, 400)
      assert.deepStrictEqual([served.asked.length, unused], [pages.length, []])
      assert.strictEqual(served.most, 8)
    })
  )

  it.live(
    "are thrown away behind a page that is shorter than its like, and the walk goes on by the rows that came",
    () =>
      Effect.gen(function* () {
        const cut = (at: number, limit: number) => (at === 100 ? 3 : limit)
        const served: Served = serve((asked) => {
          // From here on all is as it was before.
          if (offsetOf(asked) === 203) served.most = 0
          return list(400, cut)(asked)
        })
        const inTurn = yield* read(offset, serve(list(400, cut)))
        const { pages, unused } = yield* read(offset, served, { pages: 8 })
        assert.deepStrictEqual(pages, inTurn.pages)
        assert.isAtLeast(unused.length, 1)
        assert.isAtMost(unused.length, 2 * 7)
        assert.strictEqual(served.asked.length, pages.length + unused.length)
        assert.strictEqual(served.most, 8)
      })
  )

  it.live("are few where no page is like the one before it", () =>
    Effect.gen(function* () {
      const cut = (at: number) => 1 + ((at * 7) % 10)
      const served = serve(list(400, cut))
      const { pages, unused } = yield* read(offset, served, { pages: 16 })
      assert.strictEqual(pages.flatMap(({ rows }) => rows).length, 400)
      assert.isAtMost(unused.length, pages.length / 2)
    })
  )

  it.live("tell of requests in vain what was sent, retries too", () =>
    Effect.gen(function* () {
      const tries = new Map<number, number>()
      const served = serve(
        (asked) => {
          const at = offsetOf(asked)
          tries.set(at, (tries.get(at) ?? 0) + 1)
          if (at === 10) return { status: 404 }
          return at === 30 && tries.get(at) === 1 ? { status: 503 } : list(400)(asked)
        },
        (url) => (url.searchParams.get("offset") === "10" ? 20 : 1)
      )
      const { pages, unused } = yield* read(offset, served, { pages: 4 })
      assert.strictEqual(pages.length, 2)
      assert.deepStrictEqual(pages[1]?.step._tag === "Stop" && pages[1].step.reason, "out_of_range")
      assert.deepStrictEqual(unused.toSorted(), [1, 1, 2])
      assert.strictEqual(served.asked.length, 2 + 4)
    })
  )

  it.live("fail the walk at the first page that fails, whichever failed first", () =>
    Effect.gen(function* () {
      const served = serve(
        (asked) => ([20, 40].includes(offsetOf(asked)) ? { status: 422 } : list(400)(asked)),
        (url) => (url.searchParams.get("offset") === "20" ? 20 : 1)
      )
      const { error, pages } = yield* read(offset, served, { pages: 8 })
      assert.deepStrictEqual(
        pages.map(({ index }) => index),
        [0, 1]
      )
      assert.match(String(error), /offset=20/)
    })
  )

  it.live("are asked for up to a cap: of pages, of a place", () =>
    Effect.gen(function* () {
      const few = serve(list(400))
      yield* read(offset, few, { pages: 8, limitPages: 3 })
      assert.strictEqual(few.asked.length, 3)
      const capped = serve(list(400))
      yield* read(Offset.make({ limit: 10, maximumOffset: 50 }), capped, { pages: 8 })
      assert.deepStrictEqual(capped.asked.map(pageOf), [0, 10, 20, 30, 40])
    })
  )

  it.live("end with the walk that is broken off", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const served = serve(list(400), (url) => (url.searchParams.get("offset") === "0" ? 1 : 1e9))
      const { room, stream, unused } = walk(offset, served, { pages: 8 })
      const fiber = yield* Effect.fork(Stream.runForEach(stream, () => Deferred.succeed(started, undefined)))
      yield* Deferred.await(started)
      yield* quiet
      assert.strictEqual(served.asked.length, 9)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual([room.taken, unused], [0, Array.from({ length: 7 }, () => 1)])
    })
  )

  it.live("share the room of the walks beside theirs", () =>
    Effect.gen(function* () {
      const served = serve(list(200))
      const { stream } = walk(offset, served, { pages: 4 })
      const { room } = walk(offset, served, { pages: 4 })
      const ahead = { room, unused: () => {} }
      const both = [1, 2].map(() => Stream.runDrain(walk(offset, served, { ahead }).stream))
      yield* Effect.all(both, { concurrency: "unbounded" })
      assert.isAtMost(served.most, 5)
      yield* Stream.runDrain(stream)
    })
  )
})

describe("where a walk goes on", () => {
  const view = (body: object, rows: number): Page.View => ({ status: 200, headers: {}, body, rows })
  const told = (paginator: Page.Paginator, page: Page.View, last = paginator.first, most = 4) => {
    const all = paginator.ahead?.(page, last)
    if (all === undefined) return undefined
    const some: Array<unknown> = []
    for (const { body, query } of all) {
      if (some.length === most) break
      some.push(Number(Object.values({ ...query, ...body })[0]))
    }
    return some
  }

  it("is known of an offset up to the total, by the rows that came", () => {
    const paginator = Offset.make({ limit: 10 })
    assert.deepStrictEqual(told(paginator, view({ total: 35 }, 10)), [10, 20, 30])
    assert.deepStrictEqual(told(paginator, view({ total: 1e9 }, 10)), [10, 20, 30, 40])
    assert.deepStrictEqual(told(paginator, view({ total: 16 }, 4)), [4, 8, 12])
    assert.deepStrictEqual(told(Offset.make({ limit: 10, offset: 1 }), view({ total: 20 }, 10)), [11])
    assert.deepStrictEqual(told(Offset.make({ limit: 10, maximumOffset: 20 }), view({ total: 95 }, 10)), [10])
    assert.deepStrictEqual(told(Offset.make({ limit: 10, totalPath: "a.b" }), view({ a: { b: 21 } }, 10)), [10, 20])
  })

  it("is not known of an offset without a total that can be trusted", () => {
    assert.isUndefined(told(Offset.make({ limit: 10 }), view({}, 10)))
    assert.isUndefined(told(Offset.make({ limit: 10 }), view({ total: 10 }, 10)))
    assert.isUndefined(told(Offset.make({ limit: 10 }), view({ total: 30 }, 0)))
    assert.isUndefined(told(Offset.make({ limit: 10, totalPath: null }), view({ total: 95 }, 10)))
    assert.isUndefined(told(Offset.make({ limit: 10, hasMorePath: "more" }), view({ more: true }, 10)))
  })

  it("is known of page numbers up to the number of pages, or of items", () => {
    const based = PageNumber.make({ basePage: 1 })
    assert.deepStrictEqual(told(based, view({ total_pages: 4 }, 10)), [2, 3, 4])
    assert.deepStrictEqual(told(based, view({ total_count: 35 }, 10)), [2, 3, 4])
    assert.deepStrictEqual(told(PageNumber.make({ basePage: 0 }), view({ total_pages: 4 }, 10)), [1, 2, 3])
    assert.deepStrictEqual(told(PageNumber.make({ basePage: 1, maximumPage: 3 }), view({ total_pages: 9 }, 10)), [2])
    assert.deepStrictEqual(
      told(PageNumber.make({ basePage: 1, pageBodyPath: "a.page" }), view({ total_pages: 3 }, 9)),
      [2, 3]
    )
  })

  it("is not thought to be further than items reach, where a total may count them", () => {
    const based = PageNumber.make({ basePage: 1 })
    assert.deepStrictEqual(told(based, view({ total: 35 }, 10)), [2, 3, 4])
    // More were read than there would be.
    const last = { query: { page: 4 }, memo: { rows: 30, base: 1 } }
    assert.deepStrictEqual(told(based, view({ total: 35 }, 10), last), [5, 6, 7, 8])
  })

  it("is not known of page numbers without either, nor of cursors", () => {
    assert.isUndefined(told(PageNumber.make({ basePage: 1 }), view({}, 10)))
    assert.isUndefined(told(PageNumber.make({ basePage: 1, totalPath: null }), view({ total_count: 35 }, 10)))
    assert.isUndefined(
      told(Cursor.make({ cursorPath: "next", cursorParam: "after" }), view({ next: "a", total: 9 }, 1))
    )
  })

  it("is known of what `auto` found, on its first page and on later ones", () => {
    const auto = Auto.make()
    const page = view({ items: [], offset: 0, limit: 10, total: 35 }, 10)
    assert.deepStrictEqual(told(auto, page), [10, 20, 30])
    const step = auto.next(page, auto.first)
    assert.strictEqual(step._tag, "Continue")
    if (step._tag === "Continue") {
      assert.deepStrictEqual(
        told(auto, view({ items: [], offset: 10, limit: 10, total: 35 }, 10), step.position),
        [20, 30]
      )
    }
    assert.isUndefined(told(auto, view({ items: [], next: "/list?a=1" }, 10)))
  })
})
