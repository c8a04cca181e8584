/**
 * The query filters of messages, inbound ones too, and bounces: a range of serials by date, and a test on each row for the rest.
 *
 * Outside a row's path. Pure. Dates cost a binary search; any other filter reads every row of the range on every
 * request.
 */
import * as Either from "effect/Either"
import * as Eastern from "../Eastern.ts"
import * as Http from "../Http.ts"
import * as Timeline from "../Timeline.ts"
import * as Bounce from "../Data/Bounce.ts"
import * as BounceType from "../Data/BounceType.ts"
import * as Inbound from "../Data/Inbound.ts"
import * as Message from "../Data/Message.ts"
import * as Stream from "../Data/Stream.ts"
import type { World } from "../World.ts"
import type { Slice } from "./Paging.ts"

type Query = ReadonlyMap<string, string>

/**
 * Rows that match, newest first, computed when a slice of them is asked for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Matches<A> {
  readonly slice: (slice: Slice) => { readonly total: number; readonly rows: ReadonlyArray<A> }
}

/**
 * The matches, or the refusal of a filter that cannot be read.
 *
 * @since 0.1.0
 * @category models
 */
export type Found<A> = Either.Either<Matches<A>, Http.Response>

/**
 * @since 0.1.0
 * @category constructors
 */
export const messages = (world: World, query: Query, code: number): Found<Message.Message> =>
  Either.gen(function* () {
    const stream = yield* streamOf(world, query)
    const range = yield* rangeOf(Message.timeline(world, stream), query, code)
    const tests: Array<(row: Message.Message) => boolean> = []
    given(query, "recipient", (text) => tests.push((row) => row.Recipients.some((email) => equal(email, text))))
    given(query, "fromemail", (text) => tests.push((row) => contains(row.From, text)))
    given(query, "tag", (text) => tests.push((row) => row.Tag === text))
    given(query, "subject", (text) => tests.push((row) => row.Subject !== null && contains(row.Subject, text)))
    const status = yield* oneOf(query, "status", ["queued", "sent", "processed"], code)
    if (status !== undefined) {
      // Postmark takes "sent" and "processed" for the same.
      tests.push((row) => (row.Status === "Queued") === (status === "queued"))
    }
    for (const [name, value] of query) {
      if (name.startsWith("metadata_")) tests.push((row) => hasMetadata(row, name.slice("metadata_".length), value))
    }
    return matches(range, tests, (serial) => Message.message(world, stream, serial))
  })

/**
 * @since 0.1.0
 * @category constructors
 */
export const bounces = (world: World, query: Query, code: number): Found<Bounce.Bounce> =>
  Either.gen(function* () {
    const stream = yield* streamOf(world, query)
    const range = yield* rangeOf(Bounce.timeline(world, stream), query, code)
    const tests: Array<(row: Bounce.Bounce) => boolean> = []
    const type = yield* oneOf(
      query,
      "type",
      BounceType.all.map((type) => type.type.toLowerCase()),
      code
    )
    if (type !== undefined) tests.push((row) => equal(row.Type, type))
    const inactive = yield* oneOf(query, "inactive", ["true", "false"], code)
    if (inactive !== undefined) tests.push((row) => row.Inactive === (inactive === "true"))
    given(query, "emailfilter", (text) => tests.push((row) => contains(row.Email, text)))
    given(query, "tag", (text) => tests.push((row) => row.Tag === text))
    given(query, "messageid", (text) => tests.push((row) => row.MessageID !== null && equal(row.MessageID, text)))
    return matches(range, tests, (serial) => Bounce.bounce(world, stream, serial))
  })

/**
 * Inbound messages; those that were processed unless another `status` is named.
 *
 * @since 0.1.0
 * @category constructors
 */
export const inbound = (world: World, query: Query, code: number): Found<Inbound.Inbound> =>
  Either.gen(function* () {
    const range = yield* rangeOf(Inbound.timeline(world), query, code)
    const words = Inbound.states.map((state) => state.toLowerCase())
    const status = (yield* oneOf(query, "status", words, code)) ?? "processed"
    const tests: Array<(row: Inbound.Inbound) => boolean> = [(row) => equal(row.Status, status)]
    given(query, "recipient", (text) => tests.push((row) => row.ToFull.some(({ Email }) => equal(Email, text))))
    given(query, "fromemail", (text) => tests.push((row) => contains(row.From, text)))
    given(query, "tag", (text) => tests.push((row) => row.Tag === text))
    given(query, "subject", (text) => tests.push((row) => row.Subject !== null && contains(row.Subject, text)))
    given(query, "mailboxhash", (text) => tests.push((row) => row.MailboxHash === text))
    return matches(range, tests, (serial) => Inbound.inbound(world, serial))
  })

/**
 * A parameter that may only hold certain words, in lower case; `undefined` when it is not given.
 *
 * @since 0.1.0
 * @category combinators
 */
export const oneOf = (
  query: Query,
  name: string,
  words: ReadonlyArray<string>,
  code: number
): Either.Either<string | undefined, Http.Response> => {
  const text = query.get(name)
  if (text === undefined || text === "") return Either.right(undefined)
  const word = text.toLowerCase()
  return words.includes(word)
    ? Either.right(word)
    : Either.left(Http.problem(422, code, `Parameter '${name}' has invalid value`))
}

/**
 * A date or Eastern wall-clock time; `undefined` when it is not given.
 *
 * @since 0.1.0
 * @category combinators
 */
export const wall = (
  query: Query,
  name: string,
  code: number
): Either.Either<Exclude<Eastern.Wall, { readonly _tag: "Malformed" }> | undefined, Http.Response> => {
  const text = query.get(name)
  if (text === undefined || text === "") return Either.right(undefined)
  const value = Eastern.parse(text)
  return value._tag === "Malformed"
    ? Either.left(Http.problem(422, code, `Parameter '${name}' has invalid value`))
    : Either.right(value)
}

/**
 * The stream that a query is about.
 *
 * @since 0.1.0
 * @category combinators
 */
export const streamOf = (world: World, query: Query): Either.Either<number, Http.Response> => {
  // Without the parameter, mail of every other stream is left out silently.
  const index = Stream.indexOf(world, query.get("messagestream") || Stream.id(0))
  return index === -1
    ? Either.left(Http.problem(422, 1226, "The message stream for the provided 'ID' was not found."))
    : Either.right(index)
}

// --- internal ---

interface Range {
  readonly low: number
  readonly high: number
}

type Tests<A> = ReadonlyArray<(row: A) => boolean>

const matches = <A>(range: Range, tests: Tests<A>, row: (serial: number) => A): Matches<A> => ({
  slice: ({ count, offset }) => {
    const rows: Array<A> = []
    if (tests.length === 0) {
      const newest = range.high - 1 - offset
      for (let serial = newest; serial >= range.low && serial > newest - count; serial--) rows.push(row(serial))
      return { total: range.high - range.low, rows }
    }
    let total = 0
    for (let serial = range.high - 1; serial >= range.low; serial--) {
      const candidate = row(serial)
      if (!tests.every((test) => test(candidate))) continue
      if (total >= offset && rows.length < count) rows.push(candidate)
      total++
    }
    return { total, rows }
  }
})

const rangeOf = (line: Timeline.Timeline, query: Query, code: number): Either.Either<Range, Http.Response> =>
  Either.gen(function* () {
    const from = yield* wall(query, "fromdate", code)
    const to = yield* wall(query, "todate", code)
    if (from?._tag === "Nothing" || to?._tag === "Nothing") return { low: 0, high: 0 }
    const low = from === undefined ? 0 : Timeline.since(line, from.millis)
    const high =
      to === undefined
        ? line.count
        : // A date alone includes its whole day.
          to.dateOnly
          ? Timeline.since(line, Eastern.nextMidnight(to.millis))
          : Timeline.after(line, to.millis)
    return { low, high: Math.max(low, high) }
  })

const given = (query: Query, name: string, use: (text: string) => void) => {
  const text = query.get(name)
  if (text !== undefined && text !== "") use(text)
}

const equal = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

const contains = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase())

const hasMetadata = (row: Message.Message, key: string, value: string) =>
  Object.entries(row.Metadata).some(([name, text]) => name.toLowerCase() === key && text === value)
