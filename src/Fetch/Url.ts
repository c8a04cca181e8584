/**
 * Joins base URL, path and query into the URL of one request, keeping what is already encoded as it was written.
 *
 * Stage Fetch. Whether the result may be asked is for `Origin` to say.
 */
import * as Either from "effect/Either"

/**
 * A path is put behind the base URL's own path, whatever it begins with; only `http://…` and `https://…` replace the
 * base. The base URL's query comes first, then the path's, then `query`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  base: URL,
  path: string,
  query: ReadonlyArray<readonly [name: string, value: string]>
): Either.Either<URL, string> => {
  const written = path.trim()
  const absolute = /^https?:\/\//i.test(written)
  if (!absolute && /^[a-z][a-z0-9+.-]*:\/\//i.test(written)) return Either.left("a URL must be http or https")
  const text = absolute ? written : join(base, written)
  if (!URL.canParse(text)) return Either.left("not a valid URL")
  const url = new URL(text)
  url.hash = ""
  const searches = [absolute ? "" : base.search.slice(1), url.search.slice(1), encode(query)]
  url.search = searches.filter((part) => part !== "").join("&")
  return Either.right(url)
}

/**
 * Sets query parameters, taking the place of any of the same name: a credential is sent once.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withQuery = (url: URL, pairs: Readonly<Record<string, string>>): URL => {
  const names = Object.keys(pairs)
  if (names.length === 0) return url
  const others = url.search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !names.includes(decode(part.split("=")[0]!)))
  const next = new URL(url)
  next.search = [...others, encode(Object.entries(pairs))].join("&")
  return next
}

/**
 * A name or value of a query as it was before encoding; as it is, when the encoding is broken.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "))
  } catch {
    return text
  }
}

// --- internal ---

const join = (base: URL, path: string) => {
  const root = base.origin + base.pathname.replace(/\/+$/, "")
  if (path === "") return base.origin + base.pathname
  return /^[?#]/.test(path) ? base.origin + base.pathname + path : `${root}/${path.replace(/^\//, "")}`
}

// URLSearchParams replaces lone surrogates instead of throwing; %20 is read as a space by every server, `+` by most.
const encode = (pairs: ReadonlyArray<readonly [string, string]>) =>
  new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString().replaceAll("+", "%20")
