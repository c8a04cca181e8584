/**
 * The `json_link` paginator: the body holds the URL of the next page.
 *
 * Stage Page, pure. As dlt's, but an empty link is the end, a relative one is resolved, and what is no link ends the walk with
 * a reason instead of a crash. The link replaces path and query; method, headers and body stay.
 */
import * as Either from "effect/Either"
import type { Paginator, Step, View } from "../Page.ts"
import * as End from "./End.ts"
import * as Link from "./Link.ts"
import * as Missing from "./Missing.ts"
import * as Path from "./Path.ts"
import * as Read from "./Read.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** JSONPath of the link; `next` unless said otherwise. */
  readonly nextUrlPath?: string | undefined
}

/**
 * Throws a `RangeError` on a path that is none: a mistake in the program, since `Spec` checks configuration files before.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Paginator => {
  const path = Path.unsafeCompile(options.nextUrlPath ?? "next")
  return {
    type: "json_link",
    options: { ...options },
    first: {},
    next: (page, last) => next(path, page, last.url === undefined)
  }
}

// --- internal ---

const next = (path: Path.Path, page: View, isFirst: boolean): Step => {
  const total = Read.certainTotal(page.body)
  const found = link(path.first(page.body))
  if (found === undefined || found === null || found === "" || found === false)
    return isFirst && found === undefined
      ? End.noNext(Missing.notice(page, path.text, "json_link"), total, Missing.doubt(path.text))
      : End.noNext(undefined, total)
  if (typeof found !== "string")
    return End.broken(`${End.kindOf(found)} at ${path.text}, where a link should be`, total)
  return Either.match(Link.follow(found, page), {
    onLeft: (why) => End.broken(`what is at ${path.text} ${why}`, total),
    onRight: (position) => ({ _tag: "Continue", position, total })
  })
}

/** `{ "next": { "href": … } }` is a link, too. */
const link = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  const object = value as Record<string, unknown>
  const name = ["href", "url", "link"].find((key) => typeof object[key] === "string")
  return name === undefined ? value : object[name]
}
