/**
 * `windows`: what they do not go together with, since rows would come twice, or be taken for gone, or two keys say one thing.
 */
import * as Duration from "effect/Duration"
import * as Incremental from "../Build/Incremental.ts"
import * as Write from "../Build/Write.ts"
import type { Draft } from "../Draft.ts"
import * as Problem from "../Problem.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const check = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const { endpoint } = draft.merged
  const { windows } = endpoint
  if (windows == null) return []
  const problems: Array<Problem.Problem> = []
  const say = (keys: ReadonlyArray<string>, message: string, hint: string) =>
    void problems.push(Problem.invalid(draft.at(["endpoint", ...keys]), message, hint))
  const { from_param: from, largest, smallest, to_param: to } = windows
  if (from === to) say(["windows", "to_param"], "is the parameter that `from_param` names", "write the one of the end")
  for (const name of [from, to]) {
    if (Object.hasOwn(endpoint.params ?? {}, name))
      say(["params", name], "`windows` sets this parameter", "leave it out; the range is `windows.start` and `end`")
  }
  const days = (key: "largest" | "smallest", time: Duration.Duration | null | undefined) => {
    if (
      windows.format === "date" &&
      time != null &&
      (Duration.toMillis(time) % day !== 0 || Duration.toMillis(time) < day)
    )
      say(["windows", key], "is not a whole number of days, as `format: date` needs", "write 1d, or more")
  }
  days("smallest", smallest)
  days("largest", largest)
  if (largest != null && smallest != null && Duration.toMillis(largest) < Duration.toMillis(smallest))
    say(["windows", "largest"], "is shorter than `smallest`", "no window could be either")
  const { incremental } = draft
  if (windows.start == null && incremental?.initialValue === undefined)
    say(["windows"], "nothing says where they start", "write `start: 45d`, or an `incremental.initial_value`")
  const param = Incremental.params(endpoint)[0]
  if (endpoint.incremental == null && param !== undefined)
    say(["params", param.name], "`windows` set the start of the walk", "write `incremental` on the endpoint instead")
  for (const key of ["start_param", "end_param", "row_order"] as const) {
    if (endpoint.incremental?.[key] != null)
      say(["incremental", key], "`windows` say which rows are asked for", "leave it out")
  }
  if (endpoint.incremental?.last_value_func === "min")
    say(["incremental", "last_value_func"], "`windows` go from the earlier to the later", "leave it out")
  const { disposition, strategy } = { strategy: undefined, ...Write.make(draft.merged) }
  const at = (message: string, hint: string) => say(["windows"], message, hint)
  if (disposition === "append")
    at("a row at a bound comes twice, and `append` would add it twice", "write `write_disposition: merge`")
  else if (Write.primaryKey(draft.merged).length === 0)
    at("a row at a bound comes twice, and without a key it would be there twice", "write a `primary_key`")
  if (strategy === "scd2") at("`scd2` would end the versions of rows that lie before the start", "write `merge`")
  return problems
}

// --- internal ---

const day = 86_400_000
