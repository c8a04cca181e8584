/**
 * A JSONPath: where in a JSON body something is. RFC 9535 by a library, and the spellings that people write instead.
 *
 * Stage Page, pure; `Row` uses it too. A path of plain names is followed without the library. Sees own properties only, and
 * hands on every value as it is, `bigint` included.
 */
import * as Either from "effect/Either"
import { JSONPathEnvironment, JSONPathError, type JSONPathQuery, type JSONValue } from "json-p3"
import * as Json from "../Fetch/Json.ts"
import * as Spelling from "./Path/Spelling.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Path {
  /** As it was written. */
  readonly text: string
  /** The names of a path that is nothing but names: `data.items`. */
  readonly segments: ReadonlyArray<string> | undefined
  /** How it reads in RFC 9535, where it was written in a way the standard does not know. */
  readonly repaired: string | undefined
  /** Every match, in document order. */
  readonly all: (body: unknown) => ReadonlyArray<unknown>
  /** The first match; `undefined` when there is none. */
  readonly first: (body: unknown) => unknown
  /** Whether no match says only that there are none: a filter that lets nothing through, a list without elements. */
  readonly mayMissIn: (body: unknown) => boolean
  /**
   * How many elements the list has that a path chooses from or goes into (`items[?@.open]`, `groups[*].items`), where that is
   * another number than that of its matches; `undefined` for any other path.
   */
  readonly elements: (body: unknown) => number | undefined
}

/**
 * Left is what is wrong, with the character where it is. An empty text is a path that matches nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (text: string): Either.Either<Path, string> => {
  const known = cache.get(text)
  if (known !== undefined) return known
  const made = make(text)
  // Configurations hold some dozens of paths; a program that makes them up by the thousand shall not fill the memory.
  if (cache.size >= 1000) cache.clear()
  cache.set(text, made)
  return made
}

/**
 * As `compile`, for a path written in a program: throws a `RangeError` on a mistake.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unsafeCompile = (text: string): Path =>
  Either.getOrThrowWith(compile(text), (why) => new RangeError(`JSONPath: ${why}`))

/**
 * The path of plain names, quoted where they need it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const join = (names: ReadonlyArray<string>): string =>
  names.length === 0
    ? "$"
    : names.reduce((path, name) => {
        if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name)) return `${path}[${JSON.stringify(name)}]`
        return path === "" ? name : `${path}.${name}`
      }, "")

// --- internal ---

const cache = new Map<string, Either.Either<Path, string>>()

const environment = new JSONPathEnvironment({ maxRecursionDepth: Json.maxDepth + 1 })

const make = (text: string): Either.Either<Path, string> => {
  const written = text.trim()
  if (written === "") {
    return Either.right({
      text,
      segments: undefined,
      repaired: undefined,
      all: () => [],
      first: () => undefined,
      mayMissIn: () => true,
      elements: () => undefined
    })
  }
  const strict = query(rooted(written))
  const spelling = Spelling.read(written)
  if (Either.isLeft(spelling)) {
    if (Either.isLeft(strict)) return Either.left(spelling.left)
    return Either.right(byQueries(text, [strict.right], simple))
  }
  const { filters, leading, lists, names, queries } = spelling.right
  const repaired = Either.isRight(strict) ? undefined : queries.join(" | ")
  if (names !== undefined) return Either.right(byNames(text, names, repaired))
  const mayMissIn = (body: unknown) => {
    const reached = follow(body, leading, 0)
    return typeof reached === "object" && reached !== null && (filters || Object.keys(reached).length === 0)
  }
  const elements = (body: unknown) => {
    const list = lists ? undefined : follow(body, leading, 0)
    return Array.isArray(list) ? list.length : undefined
  }
  const compiled = Either.isRight(strict) ? Either.right([strict.right]) : Either.all(queries.map(query))
  return Either.mapBoth(compiled, {
    onLeft: (why) => `${why} in ${JSON.stringify(written)}`,
    onRight: (all) => byQueries(text, all, { repaired, mayMissIn, elements })
  })
}

const simple: Pick<Path, "repaired" | "mayMissIn" | "elements"> = {
  repaired: undefined,
  mayMissIn: () => false,
  elements: () => undefined
}

const rooted = (written: string) =>
  written.startsWith("$") ? written : `$${written.startsWith("[") ? "" : "."}${written}`

const query = (text: string): Either.Either<JSONPathQuery, string> =>
  Either.try({
    try: () => environment.compile(text),
    // Its own position is that of the text it was given, which is not the one that was written.
    catch: (error) => (error instanceof JSONPathError ? error.message.replace(/ \(.*:\d+\)$/s, "") : String(error))
  })

const byNames = (text: string, names: ReadonlyArray<string>, repaired: string | undefined): Path => ({
  text,
  segments: names,
  repaired,
  all: (body) => {
    const found = follow(body, names, 0)
    return found === undefined ? [] : [found]
  },
  first: (body) => follow(body, names, 0),
  mayMissIn: () => false,
  elements: () => undefined
})

const follow = (value: unknown, names: ReadonlyArray<string>, from: number): unknown => {
  if (from === names.length) return value
  if (typeof value !== "object" || value === null) return undefined
  const object = value as Record<string, unknown>
  let name = names[from]!
  if (Array.isArray(value)) return /^\d+$/.test(name) ? follow(object[name], names, from + 1) : undefined
  if (Object.hasOwn(object, name)) {
    const found = follow(object[name], names, from + 1)
    if (found !== undefined) return found
  }
  // A key may hold the dots itself: `odata.nextLink`, `page.total`.
  for (let to = from + 1; to < names.length; to++) {
    name += `.${names[to]!}`
    if (!Object.hasOwn(object, name)) continue
    const found = follow(object[name], names, to + 1)
    if (found !== undefined) return found
  }
  return undefined
}

const byQueries = (
  text: string,
  queries: ReadonlyArray<JSONPathQuery>,
  about: Pick<Path, "repaired" | "mayMissIn" | "elements">
): Path => ({
  ...about,
  text,
  segments: undefined,
  // A body is JSON, but for the integers beyond 2^53 that are `bigint`: the library hands those on untouched.
  all: (body) => queries.flatMap((one) => one.query(body as JSONValue).values()),
  first: (body) => {
    for (const one of queries) {
      const found = one.match(body as JSONValue)
      if (found !== undefined) return found.value
    }
    return undefined
  }
})
