/**
 * Opens and clicks: of a stream, or of one message. Paged, with the window of messages; dates are no filter here.
 *
 * Outside a row's path. Pure. A bad query is 422 with the ErrorCode of messages.
 */
import * as Either from "effect/Either"
import * as Engagement from "../Data/Engagement.ts"
import * as Message from "../Data/Message.ts"
import * as Http from "../Http.ts"
import type { World } from "../World.ts"
import * as Filter from "./Filter.ts"
import type { List, Under } from "./Lists.ts"
import * as Paging from "./Paging.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const opens: List = (world, query) => ofStream(world, query, "Opens", ({ opens }) => opens)

/**
 * @since 0.1.0
 * @category constructors
 */
export const clicks: List = (world, query) => ofStream(world, query, "Clicks", ({ clicks }) => clicks)

/**
 * @since 0.1.0
 * @category constructors
 */
export const messageOpens: Under = (world, query, id) => ofMessage(world, query, id, "Opens", ({ opens }) => opens)

/**
 * @since 0.1.0
 * @category constructors
 */
export const messageClicks: Under = (world, query, id) => ofMessage(world, query, id, "Clicks", ({ clicks }) => clicks)

// --- internal ---

type Query = ReadonlyMap<string, string>
type Row = Engagement.Engagement
type Pick = (both: Engagement.Both) => ReadonlyArray<Row>

const ofStream = (world: World, query: Query, field: string, pick: Pick) =>
  Either.merge(
    Either.gen(function* () {
      const slice = yield* Paging.read(world, query, { code: 700, windowed: true })
      const stream = yield* Filter.streamOf(world, query)
      const wanted = filters.flatMap(([name, of]) => {
        const text = (query.get(name) ?? "").toLowerCase()
        return text === "" ? [] : [(row: Row) => (of(row) ?? "").toLowerCase() === text]
      })
      const rows = pick(Engagement.ofStream(world, stream))
      return page(field, wanted.length === 0 ? rows : rows.filter((row) => wanted.every((test) => test(row))), slice)
    })
  )

const ofMessage = (world: World, query: Query, id: string, field: string, pick: Pick) =>
  Either.merge(
    Either.gen(function* () {
      const slice = yield* Paging.read(world, query, { code: 700, windowed: true })
      const found = Message.find(world, id)
      if (found === undefined) return yield* Either.left(Http.problem(422, 701, "This message was not found."))
      return page(field, pick(Engagement.ofMessage(world, found.stream, found.serial)), slice)
    })
  )

const page = (field: string, all: ReadonlyArray<Row>, { count, offset }: Paging.Slice): Http.Response => {
  const rows = all.slice(offset, offset + count)
  return Http.json(200, `{"TotalCount":${all.length},"${field}":[${rows.map(Http.encode).join(",")}]}`)
}

const filters: ReadonlyArray<readonly [name: string, of: (row: Row) => string | null | undefined]> = [
  ["recipient", (row) => row.Recipient],
  ["tag", (row) => row.Tag],
  ["client_name", (row) => row.Client?.Name],
  ["client_company", (row) => row.Client?.Company],
  ["client_family", (row) => row.Client?.Family],
  ["os_name", (row) => row.OS?.Name],
  ["os_family", (row) => row.OS?.Family],
  ["os_company", (row) => row.OS?.Company],
  ["platform", (row) => row.Platform],
  ["country", (row) => row.Geo?.["Country"]],
  ["region", (row) => row.Geo?.["Region"]],
  ["city", (row) => row.Geo?.["City"]]
]
