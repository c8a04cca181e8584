/**
 * Parents and children: every parent is there, a child has one, nobody is its own ancestor.
 */
import type { Draft } from "../Draft.ts"
import * as Problem from "../Problem.ts"
import * as Suggest from "../Suggest.ts"

/**
 * `names` are those of all resources, also of such as cannot be read otherwise.
 *
 * @since 0.1.0
 * @category combinators
 */
export const check = (drafts: ReadonlyArray<Draft>, names: ReadonlyArray<string>): ReadonlyArray<Problem.Problem> => [
  ...drafts.flatMap((draft) => own(draft, names)),
  ...cycles(drafts)
]

// --- internal ---

const own = (draft: Draft, names: ReadonlyArray<string>): ReadonlyArray<Problem.Problem> => {
  const problems: Array<Problem.Problem> = []
  const [first, ...more] = draft.request.parents
  const place = (keys: ReadonlyArray<string>) => draft.at(["endpoint", ...keys])
  for (const [parent, keys] of draft.request.parents) {
    if (names.includes(parent)) continue
    const meant = Suggest.closest(
      parent,
      names.filter((name) => name !== draft.merged.name)
    )
    problems.push(
      Problem.invalid(
        place(keys),
        `there is no resource \`${parent}\` to be the parent of \`${draft.merged.name}\``,
        meant === undefined
          ? `add it, with \`selected: false\` if its rows are not to be stored; there are ${names.map((name) => `\`${name}\``).join(", ")}`
          : `did you mean \`${meant}\`?`
      )
    )
  }
  for (const [parent, keys] of more) {
    problems.push(
      Problem.invalid(
        place(keys),
        `\`${draft.merged.name}\` has two parents, \`${first?.[0]}\` and \`${parent}\``,
        "a resource has one: what is needed of a grandparent is taken over by `include_from_parent` of the parent, as {resources.<parent>._<grandparent>_<field>}"
      )
    )
  }
  if (first === undefined && (draft.merged.include_from_parent ?? []).length > 0) {
    problems.push(
      Problem.invalid(
        draft.at(["include_from_parent"]),
        `\`${draft.merged.name}\` has no parent to include fields from`,
        "a child names its parent in its request: `path: /x/{resources.<parent>.<field>}`"
      )
    )
  }
  return problems
}

const cycles = (drafts: ReadonlyArray<Draft>): ReadonlyArray<Problem.Problem> => {
  const byName = new Map(drafts.map((draft) => [draft.merged.name, draft]))
  /** Told already, or in no circle. */
  const settled = new Set<string>()
  return drafts.flatMap((draft) => {
    const walked = new Set<string>()
    let at: Draft | undefined = draft
    while (at !== undefined && !walked.has(at.merged.name) && !settled.has(at.merged.name)) {
      walked.add(at.merged.name)
      const [parent]: ReadonlyArray<string> = [...at.request.parents.keys()]
      at = parent === undefined ? undefined : byName.get(parent)
    }
    const line = [...walked]
    // What leads into a circle is not in it.
    const tail = at === undefined ? line : line.slice(0, Math.max(0, line.indexOf(at.merged.name)))
    for (const name of at === draft || (at !== undefined && settled.has(at.merged.name)) ? line : tail)
      settled.add(name)
    if (at === undefined || at !== draft || line.length === 0) return []
    const [keys] = draft.request.parents.values()
    const shown = [...line, draft.merged.name].map((name) => `\`${name}\``).join(" needs ")
    return [
      Problem.invalid(
        draft.at(["endpoint", ...(keys ?? [])]),
        line.length === 1 ? `\`${draft.merged.name}\` is its own parent` : `parents in a circle: ${shown}`,
        "one of them must be read without the others"
      )
    ]
  })
}
