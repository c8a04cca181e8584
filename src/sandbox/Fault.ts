/**
 * Faults on demand: which of them hits the n-th request, decided by the seed and never by chance.
 *
 * Outside a row's path. Pure. A retried request has another number, so a rate below 1 lets a patient client through.
 */
import * as Either from "effect/Either"
import * as Random from "./Random.ts"
import { SandboxError } from "./SandboxError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Kind = (typeof kinds)[number]["kind"]

/**
 * A fault that hits a share of the requests, or the ones of given numbers, or both.
 *
 * @since 0.1.0
 * @category models
 */
export interface Fault {
  readonly kind: Kind
  /** Share of the requests, 0 to 1. */
  readonly rate?: number | undefined
  /** Numbers of the requests, the first is 1. */
  readonly at?: ReadonlyArray<number> | undefined
  /** Only requests whose path contains this, in any letter case; `rate` and `at` count these alone. */
  readonly path?: string | undefined
  /** Seconds to wait (`429-retry-after`, `429-retry-after-date`), milliseconds (`delay`), or rows (`insert`). */
  readonly value?: number | undefined
}

/**
 * Every kind with what it does; `value` is the value a fault of the kind has unless it brings one, and its unit.
 *
 * @since 0.1.0
 * @category defaults
 */
export const kinds = [
  { kind: "429", description: "429 with Postmark's message and no Retry-After" },
  { kind: "429-retry-after", description: "429 with Retry-After in seconds", value: 1, unit: "seconds" },
  { kind: "429-retry-after-date", description: "429 with Retry-After as an HTTP date", value: 1, unit: "seconds" },
  { kind: "500", description: "500 with Postmark's error body" },
  { kind: "502-html", description: "502 with an HTML body, as a proxy sends it" },
  { kind: "503-maintenance", description: "503 with ErrorCode 100, offline for maintenance" },
  { kind: "504", description: "504 with an HTML body, as a proxy sends it" },
  { kind: "reset", description: "the connection is cut in the middle of the body" },
  { kind: "truncated", description: "200 whose JSON ends in the middle, the connection is fine" },
  { kind: "delay", description: "the answer comes late", value: 250, unit: "milliseconds" },
  { kind: "duplicate-page", description: "the rows of the page before are served again" },
  { kind: "insert", description: "new rows come in just before the page is read", value: 3, unit: "rows" }
] as const satisfies ReadonlyArray<{
  readonly kind: string
  readonly description: string
  readonly value?: number
  readonly unit?: string
}>

/**
 * Reads `KIND=RATE` (`429=0.1`), `KIND@N,N` (`reset@2,5`), and either with a value after a colon (`delay:50=0.2`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Either.Either<Fault, SandboxError> => {
  const match = /^([a-z0-9-]+)(?::(\d+))?(?:=([0-9.]+)|@(\d+(?:,\d+)*))$/.exec(text.trim())
  if (match === null) return refuse(`fault ${JSON.stringify(text)} must look like 429=0.1, reset@2,5 or delay:50=0.2`)
  const [, kind = "", value, rate, at] = match
  const known = kinds.find((candidate) => candidate.kind === kind)
  if (known === undefined) {
    return refuse(`fault ${JSON.stringify(text)}: there is no kind ${JSON.stringify(kind)}; known are ${names()}`)
  }
  return check({
    kind: known.kind,
    ...(value === undefined ? {} : { value: Number(value) }),
    ...(rate === undefined ? {} : { rate: Number(rate) }),
    ...(at === undefined ? {} : { at: at.split(",").map(Number) })
  })
}

/**
 * Refuses what could never hit or could not be meant.
 *
 * @since 0.1.0
 * @category constructors
 */
export const check = (fault: Fault): Either.Either<Fault, SandboxError> => {
  const { at, kind, rate, value } = fault
  const known = kinds.find((candidate) => candidate.kind === kind)
  if (known === undefined) return refuse(`there is no fault ${JSON.stringify(kind)}; known are ${names()}`)
  if (rate === undefined && at === undefined) return refuse(`fault ${kind} needs a rate or request numbers`)
  if (rate !== undefined && !(rate >= 0 && rate <= 1)) {
    return refuse(`fault ${kind}: the rate must be from 0 to 1, is ${rate}`)
  }
  if (at?.some((number) => !Number.isInteger(number) || number < 1)) {
    return refuse(`fault ${kind}: request numbers are whole and begin with 1, got ${at.join(",")}`)
  }
  const unit = "unit" in known ? known.unit : undefined
  if (value !== undefined && unit === undefined) return refuse(`fault ${kind} takes no value, got ${value}`)
  if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= 1_000_000)) {
    return refuse(`fault ${kind}: the value must be a whole number of ${unit} up to 1,000,000, is ${value}`)
  }
  return Either.right(fault)
}

/**
 * The faults that hit a request, and the counts to decide the next one by: `counts[n]` are the requests fault `n` has
 * seen.
 *
 * @since 0.1.0
 * @category combinators
 */
export const hits = (
  faults: ReadonlyArray<Fault>,
  seed: number,
  counts: ReadonlyArray<number>,
  path: string
): { readonly hit: ReadonlyArray<Fault>; readonly counts: ReadonlyArray<number> } => {
  const hit: Array<Fault> = []
  const next = faults.map((fault, n) => {
    const before = counts[n] ?? 0
    if (fault.path !== undefined && !path.toLowerCase().includes(fault.path.toLowerCase())) return before
    const number = before + 1
    const rated = fault.rate !== undefined && Random.chance(Random.root(seed, 1000 + n, number), fault.rate * 100)
    if (rated || fault.at?.includes(number) === true) hit.push(fault)
    return number
  })
  return { hit, counts: next }
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const value = (fault: Fault): number => {
  const known = kinds.find(({ kind }) => kind === fault.kind)
  return fault.value ?? (known !== undefined && "value" in known ? known.value : 0)
}

// --- internal ---

const names = () => kinds.map(({ kind }) => kind).join(", ")

const refuse = (detail: string) => Either.left(new SandboxError({ reason: "Fault", detail }))
