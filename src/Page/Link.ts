/**
 * Links to a next page: made absolute, and found in a `Link` header.
 *
 * Stage Page, pure. Whether a link may be followed is for the origin pin of `Fetch` to say.
 */
import LinkHeader from "http-link-header"
import * as Either from "effect/Either"
import type { Position, View } from "../Page.ts"

/**
 * A longer link or cursor is not gone on with: every checkpoint would hold it, and no server takes it back.
 *
 * @since 0.1.0
 * @category defaults
 */
export const maxLength = 100_000

/**
 * The position behind a link; a relative one starts from the page it is on. Left is why it is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const follow = (link: string, { url }: View): Either.Either<Position, string> => {
  if (link.length > maxLength) return Either.left(`is longer than ${maxLength} characters`)
  const written = link.trim()
  if (!URL.canParse(written, url)) return Either.left("is not a URL")
  const resolved = new URL(written, url)
  resolved.hash = ""
  return /^https?:$/.test(resolved.protocol)
    ? Either.right({ url: resolved.href })
    : Either.left("is not a link to follow, which begins with http:// or https://")
}

/**
 * Whether a text is an absolute link, whatever it was taken for.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isAbsolute = (text: string): boolean => /^https?:\/\/\S+$/i.test(text.trim()) && URL.canParse(text.trim())

/**
 * @since 0.1.0
 * @category accessors
 */
export const header = (headers: View["headers"], name: string): string | undefined => {
  const wanted = name.toLowerCase()
  return Object.entries(headers).find(([known]) => known.toLowerCase() === wanted)?.[1]
}

/**
 * The link of a relation (RFC 8288) in the `Link` header. Left is what is wrong with the header.
 *
 * @since 0.1.0
 * @category accessors
 */
export const related = (headers: View["headers"], relation: string): Either.Either<string | undefined, string> => {
  const text = header(headers, "link")
  if (text === undefined) return Either.right(undefined)
  return Either.try({
    try: () => LinkHeader.parse(text).rel(relation)[0]?.uri,
    catch: () => "the Link header cannot be read"
  })
}
