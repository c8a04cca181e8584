/**
 * What a scripted API answers, as data: pages, statuses, faults, delays.
 *
 * Part of the test kit; `Script` plays it. Holds no state and starts nothing.
 */
import type * as Duration from "effect/Duration"

/**
 * One answer, to one request.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** `no-answer`: the connection is reset before one; `mid-body`: after the body as far as it is given. */
  readonly reset?: "no-answer" | "mid-body" | undefined
  /** Time until the answer begins, on the test's clock. */
  readonly delay?: Duration.DurationInput | undefined
  readonly when?: Expectation | undefined
}

/**
 * What the request must be, for the reply to be given: another request fails the test. Query and headers may hold more.
 *
 * @since 0.1.0
 * @category models
 */
export interface Expectation {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly when?: Expectation | undefined
}

/**
 * A JSON body. A string is taken as JSON text already, for numbers that JavaScript cannot write.
 *
 * @since 0.1.0
 * @category constructors
 */
export const json = (body: unknown, options: Options = {}): Reply =>
  reply("application/json; charset=utf-8", typeof body === "string" ? body : JSON.stringify(body), options)

/**
 * A page of rows: a bare list, or under `field` with `total` beside it as `totalField` (`TotalCount` unless said
 * otherwise).
 *
 * @since 0.1.0
 * @category constructors
 */
export const page = (
  items: ReadonlyArray<unknown>,
  options: Options & {
    readonly field?: string | undefined
    readonly total?: number | undefined
    readonly totalField?: string | undefined
    /** Further fields of the body, beside the rows. */
    readonly extra?: Readonly<Record<string, unknown>> | undefined
  } = {}
): Reply => {
  const total = options.total === undefined ? {} : { [options.totalField ?? "TotalCount"]: options.total }
  const beside = { ...total, ...options.extra }
  if (options.field === undefined && Object.keys(beside).length === 0) return json(items, options)
  return json({ ...beside, [options.field ?? "items"]: items }, options)
}

/**
 * A status, with `Retry-After` in seconds (or as written) and a body where one is given.
 *
 * @since 0.1.0
 * @category constructors
 */
export const status = (
  code: number,
  options: Omit<Options, "status"> & {
    readonly retryAfter?: number | string | undefined
    readonly body?: unknown
  } = {}
): Reply => {
  const retryAfter = options.retryAfter === undefined ? {} : { "retry-after": String(options.retryAfter) }
  const given = { ...options, status: code, headers: { ...retryAfter, ...options.headers } }
  return options.body === undefined ? reply(undefined, "", given) : json(options.body, given)
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const text = (body: string, options: Options = {}): Reply => reply("text/plain; charset=utf-8", body, options)

/**
 * @since 0.1.0
 * @category constructors
 */
export const html = (body: string, options: Options = {}): Reply => reply("text/html; charset=utf-8", body, options)

/**
 * JSON that ends in the middle, with status 200: a proxy gave up, or the server ran out of time.
 *
 * @since 0.1.0
 * @category constructors
 */
export const broken = (options: Options = {}): Reply => json('{"items":[{"id":1},{"id":', options)

/**
 * The connection is reset: before an answer, or behind the part of a body given as `after`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const reset = (options: Options & { readonly after?: string | undefined } = {}): Reply => ({
  ...json(options.after ?? "", options),
  reset: options.after === undefined ? "no-answer" : "mid-body"
})

/**
 * The same reply, later.
 *
 * @since 0.1.0
 * @category combinators
 */
export const delay = (duration: Duration.DurationInput, later: Reply): Reply => ({ ...later, delay: duration })

// --- internal ---

const reply = (contentType: string | undefined, body: string, options: Options): Reply => ({
  status: options.status ?? 200,
  headers: { ...(contentType === undefined ? {} : { "content-type": contentType }), ...options.headers },
  body,
  when: options.when
})
