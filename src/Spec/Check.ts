/**
 * Everything that is wrong or doubtful about resources put together, most of it about more than one value at a time.
 */
import * as Process from "../Row/Process.ts"
import * as Step from "./Build/Step.ts"
import * as Deletes from "./Check/Deletes.ts"
import * as Doubt from "./Check/Doubt.ts"
import * as Family from "./Check/Family.ts"
import * as Mask from "./Check/Mask.ts"
import * as Request from "./Check/Request.ts"
import * as Table from "./Check/Table.ts"
import * as Windows from "./Check/Windows.ts"
import type { Client } from "./Grammar/Client.ts"
import type { Draft } from "./Draft.ts"
import * as Problem from "./Problem.ts"

/**
 * `names` are those of all resources of the file; `others` what is known of those that are not right in themselves: their tables.
 *
 * @since 0.1.0
 * @category combinators
 */
export const check = (
  drafts: ReadonlyArray<Draft>,
  names: ReadonlyArray<string>,
  others: ReadonlyArray<Draft>
): ReadonlyArray<Problem.Problem> => [
  ...drafts.flatMap((draft) => [
    ...Request.check(draft),
    ...Windows.check(draft),
    ...steps(draft),
    ...Mask.check(draft),
    ...Doubt.check(draft)
  ]),
  ...Family.check(drafts, names),
  ...Table.check(drafts, others),
  ...Deletes.check(drafts)
]

/**
 * What is doubtful about the client itself: placeholders, which are filled in for endpoints only.
 *
 * @since 0.1.0
 * @category combinators
 */
export const client = (value: Client): ReadonlyArray<Problem.Problem> =>
  Object.entries(value.headers ?? {}).flatMap(([name, text]) =>
    /\{(?:resources|incremental)\.|\{\{/.test(text)
      ? [
          Problem.warning(
            ["client", "headers", name],
            "braces are sent as they are written: headers of the client have no placeholders",
            "write the header in `endpoint.headers`, or in those of `resource_defaults`"
          )
        ]
      : []
  )

/**
 * Every problem of one place told once; of warnings of the same words only the first, with the number of the others.
 *
 * @since 0.1.0
 * @category combinators
 */
export const once = (problems: ReadonlyArray<Problem.Problem>): ReadonlyArray<Problem.Problem> => {
  const places = new Map<string, Problem.Problem>()
  for (const problem of problems) {
    const key = `${Problem.format(problem.path)}\n${problem.message}`
    if (!places.has(key)) places.set(key, problem)
  }
  const alike = new Map<string, Array<Problem.Problem>>()
  for (const [place, problem] of places) {
    const key = problem.kind === "warning" ? problem.message : place
    alike.set(key, [...(alike.get(key) ?? []), problem])
  }
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    if (others.length === 0) return [first]
    return [
      {
        ...first,
        message: `${first.message} (and in ${others.length} more ${others.length === 1 ? "place" : "places"})`
      }
    ]
  })
}

// --- internal ---

const steps = (draft: Draft): ReadonlyArray<Problem.Problem> =>
  Process.mistakes((draft.merged.processing_steps ?? []).map(Step.step)).map(({ path, reason }) => {
    const [index = "0", kind = "filter"] = path.split(".")
    return Problem.invalid(draft.at(["processing_steps", Number(index), kind]), reason)
  })
