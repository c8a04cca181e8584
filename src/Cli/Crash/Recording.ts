/**
 * Answers of an API, as Fetch gave them: what `crash-test` records once and its runs are then served from.
 *
 * Plain data, secrets masked already. What an answer is found by is the request without its credentials.
 */
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type * as Fetch from "../../Fetch.ts"
import { FetchError } from "../../Fetch/FetchError.ts"
import * as Json from "../../Fetch/Json.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Entry =
  | { readonly _tag: "Answer"; readonly answer: Omit<Fetch.Response, "location">; readonly location: string }
  | { readonly _tag: "Failure"; readonly error: Fields }

/**
 * By request. Mutable while it is recorded.
 *
 * @since 0.1.0
 * @category models
 */
export type Recording = Map<string, Entry>

type Fields = ConstructorParameters<typeof FetchError>[0]

/**
 * @since 0.1.0
 * @category accessors
 */
export const key = (
  { body, data, method, path, query }: Fetch.Request,
  redact: Fetch.Fetch["Type"]["redact"]
): string => Json.stringify(redact.json([method, path, query, body ?? null, data ?? null]))

/**
 * @since 0.1.0
 * @category constructors
 */
export const ofAnswer = ({ location, ...answer }: Fetch.Response, redact: Fetch.Fetch["Type"]["redact"]): Entry => {
  const { "set-cookie": _cookie, ...headers } = answer.headers
  return {
    _tag: "Answer",
    answer: { ...answer, headers: redact.json(headers) as Fetch.Response["headers"] },
    location: redact.url(Redacted.value(location))
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const ofFailure = (error: FetchError): Entry => {
  const { _tag, ...fields } = JSON.parse(JSON.stringify(error)) as Fields & { readonly _tag: string }
  return { _tag: "Failure", error: fields }
}

/**
 * What is not asked for any more counts as an answer that ends its walk, and everything is read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const end = (baseUrl: URL): Entry => ({
  _tag: "Answer",
  answer: {
    status: 200,
    headers: {},
    body: undefined,
    bytes: 0,
    attempts: 1,
    url: baseUrl.href,
    action: { kind: "ignore", notice: "the recording ends here" }
  },
  location: baseUrl.href
})

/**
 * @since 0.1.0
 * @category combinators
 */
export const give = (entry: Entry): Either.Either<Fetch.Response, FetchError> =>
  entry._tag === "Failure"
    ? Either.left(new FetchError(entry.error))
    : Either.right({ ...entry.answer, location: Redacted.make(new URL(entry.location)) })

/**
 * @since 0.1.0
 * @category combinators
 */
export const encode = (recording: Recording): string => Json.stringify([...recording])

/**
 * @since 0.1.0
 * @category combinators
 */
export const decode = (text: string): Recording =>
  new Map(Either.getOrThrow(Json.parse(text)) as ReadonlyArray<readonly [string, Entry]>)
