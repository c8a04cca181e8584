/**
 * The `header_link` paginator: the `Link` header holds the URL of the next page (RFC 8288).
 *
 * Stage Page, pure. As dlt's, but relative links are resolved and a broken header is said, not taken for the end.
 */
import * as Either from "effect/Either"
import type { Paginator, Step, View } from "../Page.ts"
import * as End from "./End.ts"
import * as Link from "./Link.ts"
import * as Missing from "./Missing.ts"
import * as Read from "./Read.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Relation of the next page; `next` unless said otherwise. */
  readonly linksNextKey?: string | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Paginator => {
  const relation = options.linksNextKey ?? "next"
  return {
    type: "header_link",
    options: { ...options },
    first: {},
    next: (page, last) => next(relation, page, last.url === undefined)
  }
}

// --- internal ---

const next = (relation: string, page: View, isFirst: boolean): Step => {
  const total = Read.certainTotal(page.body)
  const link = Link.related(page.headers, relation)
  if (Either.isLeft(link)) return End.broken(link.left, total)
  if (link.right === undefined) {
    const isAbsent = isFirst && Link.header(page.headers, "link") === undefined
    return End.noNext(isAbsent ? Missing.notice(page, "the Link header", "header_link") : undefined, total)
  }
  return Either.match(Link.follow(link.right, page), {
    onLeft: (why) => End.broken(`the link ${relation} of the Link header ${why}`, total),
    onRight: (position) => ({ _tag: "Continue", position, total })
  })
}
