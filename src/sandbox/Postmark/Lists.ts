/**
 * The six lists: each a query in, an answer out. Shared by both shapes of the API.
 *
 * Outside a row's path. Pure.
 */
import * as Either from "effect/Either"
import * as DeliveryStats from "../Data/DeliveryStats.ts"
import * as Domain from "../Data/Domain.ts"
import * as Server from "../Data/Server.ts"
import * as Stream from "../Data/Stream.ts"
import * as Http from "../Http.ts"
import type { World } from "../World.ts"
import * as Filter from "./Filter.ts"
import * as Paging from "./Paging.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type List = (world: World, query: ReadonlyMap<string, string>) => Http.Response

/**
 * A list of one thing, by its ID.
 *
 * @since 0.1.0
 * @category models
 */
export type Under = (world: World, query: ReadonlyMap<string, string>, id: string) => Http.Response

/**
 * @since 0.1.0
 * @category constructors
 */
export const deliveryStats: List = (world) => Http.json(200, Http.encode(DeliveryStats.deliveryStats(world)))

/**
 * @since 0.1.0
 * @category constructors
 */
export const messageStreams: List = (world, query) =>
  answer(
    Either.gen(function* () {
      const type = yield* Filter.oneOf(query, "messagestreamtype", types, 1222)
      const archived = yield* Filter.oneOf(query, "includearchivedstreams", ["true", "false"], 1222)
      const all = Array.from({ length: Stream.count(world) }, (_, index) => Stream.stream(world, index))
      const streams = all.filter(
        (stream) =>
          (archived === "true" || stream.ArchivedAt === null) &&
          (type === undefined || type === "all" || stream.MessageStreamType.toLowerCase() === type)
      )
      return Http.json(200, `{"MessageStreams":[${streams.map(Http.encode).join(",")}],"TotalCount":${streams.length}}`)
    })
  )

/**
 * @since 0.1.0
 * @category constructors
 */
export const domains: List = (world, query) =>
  answer(
    Either.map(Paging.read(world, query, { code: 500, windowed: false }), (slice) => {
      const total = Domain.count(world)
      return page(
        "Domains",
        total,
        rows(slice, total, (index) => Domain.domain(world, index))
      )
    })
  )

/**
 * @since 0.1.0
 * @category constructors
 */
export const servers: List = (world, query) =>
  answer(
    Either.map(Paging.read(world, query, { code: 600, windowed: false }), (slice) => {
      const name = (query.get("name") ?? "").toLowerCase()
      const row = (index: number) => Server.server(world, index)
      if (name === "") return page("Servers", world.servers, rows(slice, world.servers, row))
      const found: Array<number> = []
      for (let index = 0; index < world.servers; index++) {
        if (Server.name(index).toLowerCase().includes(name)) found.push(index)
      }
      const wanted = found.slice(slice.offset, slice.offset + slice.count)
      return page("Servers", found.length, wanted.map(row))
    })
  )

/**
 * @since 0.1.0
 * @category constructors
 */
export const messages: List = (world, query) =>
  answer(
    Either.gen(function* () {
      const slice = yield* Paging.read(world, query, { code: 700, windowed: true })
      const { rows, total } = (yield* Filter.messages(world, query, 700)).slice(slice)
      return page("Messages", total, rows)
    })
  )

/**
 * @since 0.1.0
 * @category constructors
 */
export const bounces: List = (world, query) =>
  answer(
    Either.gen(function* () {
      const slice = yield* Paging.read(world, query, { code: 1000, windowed: true })
      const { rows, total } = (yield* Filter.bounces(world, query, 1000)).slice(slice)
      return page("Bounces", total, rows)
    })
  )

// --- internal ---

const types = ["all", "inbound", "transactional", "broadcasts"]

const answer = (either: Either.Either<Http.Response, Http.Response>): Http.Response => Either.merge(either)

const page = (field: string, total: number, rows: ReadonlyArray<object>): Http.Response =>
  Http.json(200, `{"TotalCount":${total},"${field}":[${rows.map(Http.encode).join(",")}]}`)

const rows = <A>({ count, offset }: Paging.Slice, total: number, row: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length: Math.max(0, Math.min(count, total - offset)) }, (_, n) => row(offset + n))
