/**
 * What a complete answer comes to: a decoded body, a quiet end by a response action, or a failure.
 *
 * Stage Fetch, internal to it. Actions come first, then the status under the retry policy, then the body. Sends nothing.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as RetryPolicy from "../Api/RetryPolicy.ts"
import * as Action from "./Action.ts"
import * as Body from "./Body.ts"
import * as Classify from "./Classify.ts"
import * as ErrorBody from "./ErrorBody.ts"
import type * as Exchange from "./Exchange.ts"
import * as Failure from "./Failure.ts"
import * as Digits from "./Digits.ts"
import * as Json from "./Json.ts"
import type * as Redact from "./Redact.ts"
import * as RetryAfter from "./RetryAfter.ts"

/**
 * What an answer brought, secrets already masked.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly bytes: number
  readonly location: URL
  readonly action?: { readonly kind: "ignore" | "stop"; readonly notice: string }
}

/**
 * What answers are read under.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reading {
  readonly policy: RetryPolicy.RetryPolicy
  readonly actions: ReadonlyArray<Action.Action>
  readonly redactor: Redact.BodyRedactor
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (raw: Exchange.Raw, reading: Reading): Effect.Effect<Answer, Failure.Failure> =>
  reading.actions.length === 0
    ? plain(raw, reading)
    : Effect.flatMap(find(raw, reading), (found) =>
        found === undefined ? plain(raw, reading) : act(found, raw, reading)
      )

/**
 * An answer that is not a success, with what it says of itself.
 *
 * @since 0.1.0
 * @category constructors
 */
export const refused = (raw: Exchange.Raw, { policy, redactor }: Reading): Effect.Effect<never, Failure.Failure> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const { headers, status } = raw
    const verdict = Classify.answer(status, headers, policy, now)
    const said = ErrorBody.read(redactor.text(lenient(raw)), headers["content-type"])
    const after = verdict._tag === "Ok" ? undefined : verdict.after
    const tooLong = verdict._tag === "Fail" && verdict.reason === "RetryAfter" && after !== undefined
    return Effect.fail<Failure.Failure>({
      reason: tooLong ? "RetryAfter" : "Status",
      detail: tooLong ? tooLongToWait(after, policy, said.message) : said.message,
      status,
      code: said.code,
      retryAfter: after,
      transient: verdict._tag === "Retry" || tooLong,
      retry: verdict._tag === "Retry"
    })
  })

// --- internal ---

const isSuccess = ({ status }: Exchange.Raw) => status >= 200 && status < 300

const plain = (raw: Exchange.Raw, reading: Reading): Effect.Effect<Answer, Failure.Failure> =>
  isSuccess(raw) ? parse(raw, reading.redactor) : refused(raw, reading)

// Wrong bytes are for `parse` to refuse.
const lenient = ({ bytes }: Exchange.Raw) => new TextDecoder().decode(bytes)

const find = (raw: Exchange.Raw, { actions, redactor }: Reading) => {
  const text = actions.some(({ content, when }) => content !== undefined || when !== undefined) ? lenient(raw) : ""
  const seen = (): Action.Seen => ({
    status: raw.status,
    headers: maskHeaders(raw.headers, redactor),
    text: redactor.text(text)
  })
  return Effect.try({
    try: () => Action.match(actions, { status: raw.status, text }, seen),
    catch: (error) => ({
      ...Failure.make("Action", redactor.text(`the condition of a response action threw: ${String(error)}`)),
      status: raw.status
    })
  })
}

const act = (
  { action }: Action.Action,
  raw: Exchange.Raw,
  reading: Reading
): Effect.Effect<Answer, Failure.Failure> => {
  const { policy, redactor } = reading
  const { headers, status } = raw
  if (action.kind === "ignore" || action.kind === "stop") {
    const verb = action.kind === "ignore" ? "ignored" : "taken as the end"
    return Effect.succeed({
      status,
      headers: maskHeaders(headers, redactor),
      body: undefined,
      bytes: raw.bytes.length,
      location: raw.location,
      action: { kind: action.kind, notice: `an answer with status ${status} was ${verb}, as a response action says` }
    })
  }
  const said = ErrorBody.read(redactor.text(lenient(raw)), headers["content-type"])
  const failure = { ...Failure.make("Action", said.message), status, code: said.code }
  if (action.kind === "fail") return Effect.fail({ ...failure, detail: action.message ?? said.message })
  return Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const after = action.delay === undefined ? RetryAfter.parse(headers["retry-after"], now) : undefined
    const tooLong = after !== undefined && Duration.greaterThan(after, policy.maxRetryAfter)
    return Effect.fail<Failure.Failure>({
      ...failure,
      detail: tooLong ? tooLongToWait(after, policy, said.message) : said.message,
      retryAfter: after,
      action,
      transient: true,
      retry: !tooLong
    })
  })
}

const tooLongToWait = (after: Duration.Duration, policy: RetryPolicy.RetryPolicy, message: string) =>
  `the server asks to wait ${Duration.format(after)}, longer than ${Duration.format(policy.maxRetryAfter)}: ${message}`

const parse = (raw: Exchange.Raw, redactor: Redact.BodyRedactor): Effect.Effect<Answer, Failure.Failure> => {
  const { bytes, headers, location, status } = raw
  const broken = (why: string) => Effect.fail({ ...Failure.make("Body", why), status })
  const text = Body.text(bytes)
  if (Either.isLeft(text)) return broken(text.left)
  const about = { status, headers: maskHeaders(headers, redactor), bytes: bytes.length, location }
  if (text.right.trim() === "") return Effect.succeed({ ...about, body: undefined })
  const parsed = Json.parse(text.right)
  if (Either.isLeft(parsed)) return broken(ErrorBody.unreadable(text.right, headers["content-type"], parsed.left))
  // Most bodies hold no secret; a look at the text is far cheaper than a walk over the value.
  const body = redactor.mayHold(text.right) ? Digits.carry(parsed.right, redactor.json(parsed.right)) : parsed.right
  return Effect.succeed({ ...about, body })
}

const maskHeaders = (headers: Readonly<Record<string, string>>, redactor: Redact.Redactor) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactor.text(value)]))
