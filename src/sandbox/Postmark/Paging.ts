/**
 * `count` and `offset` (or `limit` and `offset`): required, bounded, refused with the resource's own ErrorCode.
 *
 * Outside a row's path. Pure.
 */
import * as Either from "effect/Either"
import * as Http from "../Http.ts"
import type { World } from "../World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Slice {
  readonly offset: number
  readonly count: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Rule {
  /** Postmark's ErrorCode for a bad query of this resource. */
  readonly code: number
  /** Whether `count + offset` may not pass the world's window. */
  readonly windowed: boolean
}

/**
 * The most rows one page may have.
 *
 * @since 0.1.0
 * @category defaults
 */
export const maxCount = 500

/**
 * Name of the parameter that sets a page's size.
 *
 * @since 0.1.0
 * @category accessors
 */
export const sizeName = (shape: World["shape"]): "count" | "limit" => (shape === "spec" ? "limit" : "count")

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (
  world: World,
  query: ReadonlyMap<string, string>,
  rule: Rule
): Either.Either<Slice, Http.Response> =>
  Either.gen(function* () {
    const size = sizeName(world.shape)
    const required = world.shape === "postmark"
    const count = yield* number(query, size, rule.code, required ? undefined : maxCount)
    const offset = yield* number(query, "offset", rule.code, required ? undefined : 0)
    if (count < 1 || count > maxCount) {
      return yield* refuse(rule.code, `Parameter '${size}' has invalid value: it must be between 1 and ${maxCount}.`)
    }
    if (rule.windowed && count + offset > world.window) {
      return yield* refuse(rule.code, `Count + Offset cannot exceed ${world.window} messages.`)
    }
    return { count, offset }
  })

// --- internal ---

const refuse = (code: number, message: string) => Either.left(Http.problem(422, code, message))

const number = (query: ReadonlyMap<string, string>, name: string, code: number, fallback: number | undefined) => {
  const text = query.get(name)
  if (text === undefined || text === "") {
    return fallback === undefined ? refuse(code, `Parameter '${name}' is required.`) : Either.right(fallback)
  }
  return /^\d{1,15}$/.test(text)
    ? Either.right(Number(text))
    : refuse(code, `Parameter '${name}' has invalid value: it must be a number that is not negative.`)
}
