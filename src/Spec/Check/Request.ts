/**
 * What only shows when the parts of one request come together: a body without a method for it, a placeholder without its
 * source, two incrementals.
 */
import * as Origin from "../../Fetch/Origin.ts"
import * as Incremental from "../Build/Incremental.ts"
import type { Draft } from "../Draft.ts"
import type { Client } from "../Grammar/Client.ts"
import * as Problem from "../Problem.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const check = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const { endpoint } = draft.merged
  const { paginator } = draft.paginator
  const problems: Array<Problem.Problem> = []
  const say = (keys: ReadonlyArray<string>, message: string, hint: string) =>
    void problems.push(Problem.invalid(draft.at(["endpoint", ...keys]), message, hint))
  for (const { hint, keys, message } of draft.request.mistakes) say(keys, message, hint)
  const inBody = Object.entries(paginator).some(([key, value]) => key.endsWith("_body_path") && value != null)
  if (draft.method === "GET" && inBody) {
    say(["method"], "a paginator that writes into the body needs a request with a body", "write `method: POST`")
  }
  if (inBody && typeof endpoint.data === "string") {
    say(["data"], "a paginator cannot write into a text", "write the body as `json`, or as an object of form fields")
  }
  for (const body of ["json", "data"] as const) {
    if (draft.method === "GET" && endpoint[body] != null)
      say([body], "a GET request has no body", "write `method: POST`")
  }
  if (endpoint.data != null && Object.keys(endpoint.json ?? {}).length > 0) {
    say(["data"], "`json` and `data` exclude each other", "keep the one the API wants")
  }
  const path = draft.request.path
  if (draft.knowsHosts && /^https?:\/\//i.test(path) && !isAllowed(path, draft.client)) {
    say(
      ["path"],
      "leads to a host that credentials must not be sent to",
      "write a path below `client.base_url`, or add the host to `client.allowed_hosts`"
    )
  }
  return [...problems, ...incremental(draft)]
}

// --- internal ---

const isAllowed = (path: string, client: Client) => {
  // Placeholders in the path are no part of its host; in the host they are never allowed.
  const url = path.replace(/\{[^{}]*\}/g, "x")
  const [, authority = ""] = /^https?:\/\/([^/?#]*)/i.exec(path) ?? []
  return (
    !authority.includes("{") &&
    URL.canParse(url) &&
    Origin.guard(new URL(client.base_url), client.allowed_hosts ?? [])(new URL(url)) === undefined
  )
}

const incremental = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const { endpoint } = draft.merged
  const problems: Array<Problem.Problem> = []
  const say = (keys: ReadonlyArray<string>, message: string, hint: string) =>
    void problems.push(Problem.invalid(draft.at(["endpoint", ...keys]), message, hint))
  const params = Incremental.params(endpoint)
  const taken = endpoint.incremental == null ? params[0]?.name : "endpoint.incremental"
  for (const { name } of endpoint.incremental == null ? params.slice(1) : params) {
    say(
      ["params", name],
      `a resource has one incremental cursor, and it has one already: \`${taken}\``,
      "keep one; further values of it are written {incremental.start_value} and {incremental.end_value}"
    )
  }
  const declared = draft.incremental
  if (declared === undefined) {
    if (draft.request.incremental !== undefined) {
      say(
        draft.request.incremental,
        "`{incremental.…}` has no value: there is no `incremental` on the endpoint",
        "write `incremental: { cursor_path: updated_at, initial_value: … }` beside it"
      )
    }
    return problems
  }
  const { endValue, initialValue } = declared
  if (endValue !== undefined && initialValue === undefined) {
    say(["incremental", "end_value"], "`end_value` needs an `initial_value`", "write where the window starts")
  }
  if (endValue !== undefined && initialValue !== undefined) {
    const order = compare(initialValue, endValue)
    if (order === "other")
      say(
        ["incremental", "end_value"],
        "is not of the type of `initial_value`",
        "write both as texts or both as numbers"
      )
    if (order === (declared.lastValue === "min" ? "before" : "after"))
      say(["incremental", "end_value"], "does not lie beyond `initial_value`", "the window is empty")
  }
  return problems
}

/** Texts are compared only where they are dates or times of one form. */
const compare = (
  first: string | number | bigint,
  second: string | number | bigint
): "before" | "after" | "other" | "unknown" => {
  if ((typeof first === "string") !== (typeof second === "string")) return "other"
  const form = (value: string) => value.replace(/\d/g, "0")
  if (
    typeof first === "string" &&
    typeof second === "string" &&
    (form(first) !== form(second) || !/^\d{4}-\d\d/.test(first))
  )
    return "unknown"
  return first < second ? "before" : first > second ? "after" : "unknown"
}
