/**
 * `error_handler` and other words for retries → `retry` and `response_actions`.
 */
import * as RetryPolicy from "../../Api/RetryPolicy.ts"
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"
import * as Keys from "./Keys.ts"

/**
 * Adds what a handler says to an endpoint or a client. `actions` gives the object that `response_actions` go into.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (
  entry: Value.Entry,
  owner: Value.Dict,
  actions: () => Value.Dict,
  log: Finding.Log,
  path: string
): void => {
  const found: Found = { statuses: new Set(), retry: [], actions: [] }
  read(entry.value, found, log, path, owner, entry.at)
  if (found.statuses.size > 0 || found.retry.length > 0) {
    const retry = Value.ensure(owner, "retry", entry.at)
    for (const [key, value] of found.retry) if (Value.get(retry, key) === undefined) Value.set(retry, key, value)
    statuses(retry, [...found.statuses], entry.at)
    if (retry.entries.length === 0) Value.take(owner, "retry")
    log.repair(
      "mapped",
      entry.at,
      Keys.join(path, "retry"),
      retry.entries.length === 0
        ? `\`${entry.key}\` retries what is retried anyway`
        : `\`${entry.key}\` is said by \`retry\``,
      Value.entry(owner, "retry") ?? owner
    )
  }
  if (found.actions.length > 0) {
    const to = actions()
    const list = Value.get(to, "response_actions")
    const all = list?._tag === "List" ? [...list.items, ...found.actions] : found.actions
    const made = Value.set(to, "response_actions", Value.list(all, entry.at))
    log.repair(
      "mapped",
      entry.at,
      Keys.join(path, "response_actions"),
      `\`${entry.key}\` is said by \`response_actions\``,
      made
    )
  }
  if (found.statuses.size === 0 && found.retry.length === 0 && found.actions.length === 0)
    log.repair("dropped", entry.at, path, `\`${entry.key}\` says nothing that is not done anyway: left out`, owner)
}

/**
 * The statuses that are retried, beside those that always are; nothing when there are no others.
 *
 * @since 0.1.0
 * @category combinators
 */
export const statuses = (retry: Value.Dict, more: ReadonlyArray<number>, at: number): void => {
  const usual = RetryPolicy.defaults.statuses
  const added = more.filter((status) => !usual.includes(status) && status >= 400 && status <= 599)
  if (added.length === 0) return
  const all = [...new Set([...usual, ...added])].toSorted((a, b) => a - b)
  Value.set(
    retry,
    "statuses",
    Value.list(
      all.map((status) => Value.scalar(status, at)),
      at
    )
  )
}

// --- internal ---

interface Found {
  readonly statuses: Set<number>
  readonly retry: Array<readonly [key: string, value: Value.Value]>
  readonly actions: Array<Value.Value>
}

const counts = ["max_retries", "maxretries", "retries", "retry_count", "max_retry", "num_retries", "retry_attempts"]
const attempts = ["max_attempts", "attempts"]
const factors = ["backoff_factor", "factor", "multiplier", "backoff_multiplier"]
const delays = [
  "base_delay",
  "initial_delay",
  "backoff_time_in_seconds",
  "delay",
  "retry_delay",
  "wait_time",
  "min_delay",
  "initial_backoff",
  "backoff_time"
]
const caps = ["max_delay", "max_backoff", "max_backoff_time", "max_wait", "max_wait_time"]
const codes = [
  "http_codes",
  "status_codes",
  "retry_codes",
  "retry_on",
  "retry_statuses",
  "retry_on_status",
  "retry_status_codes",
  "statuses",
  "codes",
  "http_code",
  "status_code",
  "status_forcelist",
  "retry_on_status_codes"
]

const read = (value: Value.Value, to: Found, log: Finding.Log, path: string, owner: Value.Dict, at: number): void => {
  if (value._tag === "List") {
    for (const item of value.items) {
      const status = Value.numberOf(item)
      if (status !== undefined) to.statuses.add(status)
      else read(item, to, log, path, owner, at)
    }
    return
  }
  if (value._tag === "Code") {
    log.todo("code", at, path, `\`${value.source}\` is code: say it as \`retry\` or \`response_actions\``, owner)
    return
  }
  if (value._tag !== "Dict") return
  const type = Value.textOf(Value.get(value, "type")) ?? ""
  const get = (names: ReadonlyArray<string>) =>
    value.entries.find(({ key }) => names.some((name) => Keys.plain(name) === Keys.plain(key)))
  const seconds = (entry: Value.Entry | undefined) => {
    const number = Value.numberOf(entry?.value)
    return number === undefined ? Value.textOf(entry?.value) : `${number}s`
  }
  const action = (Value.textOf(get(["action", "response_action"])?.value) ?? "").toLowerCase()
  const found = get(codes)
  const list = found?.value._tag === "List" ? found.value.items : found === undefined ? [] : [found.value]
  const numbers = list.flatMap((item) => range(item))
  if (action === "ignore" || action === "skip" || action === "success") {
    const content = Value.textOf(get(["error_message_contains", "content", "message_contains"])?.value)
    const bases: ReadonlyArray<number | undefined> =
      numbers.length > 0 ? numbers : content === undefined ? [] : [undefined]
    for (const status of bases)
      to.actions.push(
        Value.dict(
          [
            ...(status === undefined ? [] : [["status_code", Value.scalar(status, at)] as const]),
            ...(content === undefined ? [] : [["content", Value.text(content, at)] as const]),
            ["action", Value.text("ignore", at)] as const
          ],
          at
        )
      )
    if (bases.length === 0)
      log.todo(
        "unsupported",
        value.at,
        path,
        `the filter with action ${action.toUpperCase()} names no status and no text`,
        owner
      )
  } else if (action === "fail" || action === "raise" || action === "abort" || action === "error") {
    // Other statuses fail anyway; what the error should say is worth keeping.
    const message = get(["error_message", "message"])?.value
    const said = message?._tag === "Text" && !message.text.includes("{{") ? message : undefined
    for (const status of numbers)
      if (said !== undefined || RetryPolicy.defaults.statuses.includes(status))
        to.actions.push(
          Value.dict(
            [
              ["status_code", Value.scalar(status, at)],
              ["action", Value.text("fail", at)],
              ...(said === undefined ? [] : [["message", said] as const])
            ],
            at
          )
        )
  } else if (numbers.length > 0) for (const status of numbers) to.statuses.add(status)
  else if (get(["predicate"]) !== undefined)
    log.todo(
      "unsupported",
      value.at,
      path,
      "a filter by an expression: say it as `response_actions` with a status or a text",
      owner
    )
  const retries = Value.numberOf(get(counts)?.value)
  const tries = Value.numberOf(get(attempts)?.value)
  const count = retries ?? (tries === undefined ? undefined : tries - 1)
  if (count !== undefined && count >= 0) to.retry.push(["max_retries", Value.scalar(Math.trunc(count), at)])
  const factor = Value.numberOf(get(factors)?.value)
  const delay = seconds(get(delays))
  if (/constant/i.test(type)) {
    if (delay !== undefined) to.retry.push(["base_delay", Value.text(delay, at)], ["factor", Value.scalar(1, at)])
  } else if (/exponential/i.test(type) && factor !== undefined) {
    // Airbyte's factor is the first delay, doubled each time.
    to.retry.push(["base_delay", Value.text(`${factor}s`, at)], ["factor", Value.scalar(2, at)])
  } else {
    if (factor !== undefined && factor >= 1) to.retry.push(["factor", Value.scalar(factor, at)])
    if (delay !== undefined && /^\d/.test(delay)) to.retry.push(["base_delay", Value.text(delay, at)])
  }
  const cap = seconds(get(caps))
  if (cap !== undefined && /^\d/.test(cap)) to.retry.push(["max_delay", Value.text(cap, at)])
  const header = Value.textOf(get(["header"])?.value)
  if (header !== undefined && !/^retry-after$/i.test(header))
    log.repair(
      "dropped",
      value.at,
      path,
      `the header \`${header}\` is not read: waits follow Retry-After and the retry policy`,
      owner
    )
  for (const { key, value: inner } of value.entries) {
    // `{ 404: ignore }`
    if (/^[45]\d\d$/.test(key)) {
      const word = (Value.textOf(inner) ?? "").toLowerCase()
      if (/ignore|skip/.test(word))
        to.actions.push(
          Value.dict(
            [
              ["status_code", Value.scalar(Number(key), at)],
              ["action", Value.text("ignore", at)]
            ],
            at
          )
        )
      else if (/retry|backoff|wait/.test(word)) to.statuses.add(Number(key))
    } else if (
      /handlers?$|filters?$|strateg(?:y|ies)$|^backoff$|^retry$|policy$/i.test(key) &&
      inner._tag !== "Text" &&
      inner._tag !== "Scalar"
    )
      read(inner, to, log, path, owner, at)
  }
}

/** `429`, `"5xx"`. */
const range = (value: Value.Value): ReadonlyArray<number> => {
  const number = Value.numberOf(value)
  if (number !== undefined) return Number.isInteger(number) && number >= 100 && number <= 599 ? [number] : []
  return /^5xx$/i.test(Value.textOf(value) ?? "") ? RetryPolicy.defaults.statuses.filter((status) => status >= 500) : []
}
