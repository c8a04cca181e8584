/**
 * What a request gets once the faults have had their way: an answer, how late, and whether the connection breaks in it.
 *
 * Outside a row's path. Pure: the time of day comes in as an argument, for `Retry-After` dates only.
 */
import * as Either from "effect/Either"
import * as Fault from "./Fault.ts"
import * as Http from "./Http.ts"
import * as Postmark from "./Postmark.ts"
import * as Paging from "./Postmark/Paging.ts"
import * as World from "./World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Reply {
  readonly response: Http.Response
  readonly delayMillis: number
  /** The body is to be cut in the middle and the connection closed. */
  readonly reset: boolean
  readonly world: World.World
}

/**
 * `delay`, `insert` and `duplicate-page` add up with any other fault; of those that spoil the answer the first one
 * counts.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  world: World.World,
  request: Http.Request,
  hit: ReadonlyArray<Fault.Fault>,
  now: number
): Reply => {
  const grown = hit.reduce(
    (world, fault) => (fault.kind === "insert" ? insert(world, request, Fault.value(fault)) : world),
    world
  )
  const duplicate = hit.some((fault) => fault.kind === "duplicate-page")
  const answered = Postmark.handle(grown, duplicate ? before(grown, request) : request)
  const spoil = hit.find((fault) => !additive.includes(fault.kind))
  return {
    response: spoil === undefined ? answered : spoilt(spoil, answered, now),
    delayMillis: hit.reduce((sum, fault) => (fault.kind === "delay" ? sum + Fault.value(fault) : sum), 0),
    reset: spoil?.kind === "reset",
    world: grown
  }
}

// --- internal ---

const additive: ReadonlyArray<Fault.Kind> = ["delay", "duplicate-page", "insert"]

const spoilt = (fault: Fault.Fault, answered: Http.Response, now: number): Http.Response => {
  switch (fault.kind) {
    case "429":
      return tooMany()
    case "429-retry-after":
      return tooMany(String(Fault.value(fault)))
    case "429-retry-after-date":
      // An HTTP date has whole seconds: round up, so that nobody who obeys it comes too early.
      return tooMany(new Date(Math.ceil(now / 1000 + Fault.value(fault)) * 1000).toUTCString())
    case "500":
      return Http.problem(500, 101, "An unexpected error has occurred. Error ID: 00000000-0000-0000-0000-000000000000")
    case "502-html":
      return Http.html(502, "Bad Gateway")
    case "503-maintenance":
      return Http.problem(503, 100, "The Postmark API is offline for maintenance.")
    case "504":
      return Http.html(504, "Gateway Time-out")
    case "truncated":
      return { ...answered, body: half(answered.body) }
    default:
      return answered
  }
}

const tooMany = (retryAfter?: string): Http.Response => {
  const response = Http.problem(
    429,
    429,
    "We have detected that you are making requests at a rate that exceeds acceptable use of the API. Please slow down."
  )
  return retryAfter === undefined
    ? response
    : { ...response, headers: { ...response.headers, "retry-after": retryAfter } }
}

/** Cut inside a pair of surrogates, a character would become another one instead of missing. */
const half = (body: string) => {
  const middle = Math.floor(body.length / 2)
  const code = body.charCodeAt(middle - 1)
  return body.slice(0, code >= 0xd800 && code <= 0xdbff ? middle - 1 : middle)
}

/** New rows come into the list that is being read; a list without new rows stays as it is. */
const insert = (world: World.World, request: Http.Request, rows: number): World.World => {
  const { path } = Http.target(request)
  const kind = (["messages", "bounces", "domains"] as const).find((name) => path.includes(name))
  return kind === undefined ? world : Either.getOrElse(World.insert(world, { [kind]: rows }), () => world)
}

/** The request for the page before; for a first page, or a list without pages, the request itself. */
const before = (world: World.World, request: Http.Request): Http.Request => {
  const url = Http.url(request)
  const { query } = Http.target(request)
  const size = Number(query.get(Paging.sizeName(world.shape)) ?? Paging.maxCount)
  const offset = Number(query.get("offset") ?? 0)
  if (!(size > 0) || !(offset > 0)) return request
  const others = [...url.searchParams].filter(([name]) => name.toLowerCase() !== "offset")
  const moved = new URLSearchParams([...others, ["offset", String(Math.max(0, offset - size))]])
  return { ...request, url: `${url.pathname}?${moved}` }
}
