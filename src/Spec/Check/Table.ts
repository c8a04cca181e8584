/**
 * Tables: no two resources share one, none takes a name of sluice's own, and the strategy has the key it needs.
 */
import * as Name from "../../Row/Name.ts"
import * as Write from "../Build/Write.ts"
import type { Draft } from "../Draft.ts"
import * as Problem from "../Problem.ts"

/**
 * `others` take part with their tables only.
 *
 * @since 0.1.0
 * @category combinators
 */
export const check = (drafts: ReadonlyArray<Draft>, others: ReadonlyArray<Draft>): ReadonlyArray<Problem.Problem> => [
  ...drafts.flatMap((draft) => [...strategy(draft), ...columns(draft)]),
  ...collisions([...drafts, ...others].toSorted((a, b) => a.index - b.index))
]

// --- internal ---

const strategy = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const write = Write.make(draft.merged)
  const chosen =
    typeof draft.merged.write_disposition === "object" ? draft.merged.write_disposition?.strategy : undefined
  const problems: Array<Problem.Problem> = []
  if ((chosen === "upsert" || chosen === "insert-only") && Write.primaryKey(draft.merged).length === 0) {
    problems.push(
      Problem.invalid(
        draft.at(["primary_key"]),
        `\`${chosen}\` needs a primary key`,
        "write the field that tells two rows apart, or `write_disposition: append`"
      )
    )
  }
  if (
    (write.strategy === "upsert" || write.strategy === "insert-only") &&
    chosen != null &&
    (write.mergeKey ?? []).length > 0
  ) {
    problems.push(
      Problem.invalid(
        draft.at(["merge_key"]),
        `\`${chosen}\` goes by the primary key alone`,
        "leave the merge key out, or write `strategy: delete-insert`"
      )
    )
  }
  return problems
}

/** Two hints for one column: which of them counts would be a matter of chance. */
const columns = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const seen = new Map<string, string>()
  return Object.keys(draft.merged.columns).flatMap((name) => {
    const column = Name.path(name)
    const first = seen.get(column)
    seen.set(column, first ?? name)
    return first === undefined
      ? []
      : [
          Problem.invalid(
            draft.at(["columns", name]),
            `\`${name}\` is the column \`${column}\`, and so is \`${first}\``,
            "keep one of them"
          )
        ]
  })
}

const stored = ({ merged }: Draft) => {
  const write =
    typeof merged.write_disposition === "object" ? merged.write_disposition?.disposition : merged.write_disposition
  return merged.selected !== false && write !== "skip"
}

const written = ({ merged }: Draft) => merged.table_name ?? merged.name

/** Child tables that `columns` speak of: `items[].price` is of `orders__items`. */
const lists = (draft: Draft): ReadonlyArray<string> =>
  Object.keys(draft.merged.columns).flatMap((name) => {
    const parts = name.replaceAll(".", "__").split("[]").slice(0, -1)
    return parts.map((_, i) => Name.path(`${written(draft)}__${parts.slice(0, i + 1).join("")}`))
  })

const collisions = (drafts: ReadonlyArray<Draft>): ReadonlyArray<Problem.Problem> => {
  const seen = new Map<string, Draft>()
  const problems: Array<Problem.Problem> = []
  for (const draft of drafts.filter(stored)) {
    const table = Name.path(written(draft))
    const key = draft.merged.table_name == null ? "name" : "table_name"
    const first = seen.get(table)
    const say = (message: string, hint: string) => void problems.push(Problem.invalid(draft.at([key]), message, hint))
    if (table.startsWith("_sluice") || table.startsWith("sqlite_")) {
      say(
        `the table would be \`${table}\`, a name that is kept for bookkeeping`,
        "write a `table_name` that starts otherwise"
      )
    }
    if (first === undefined) seen.set(table, draft)
    // The same name twice is told as such.
    else if (first.merged.name !== draft.merged.name) {
      say(
        `the table \`${table}\` is that of \`${first.merged.name}\` (resources[${first.index}]) already`,
        "write a `table_name` of its own"
      )
    }
  }
  for (const draft of drafts.filter(stored)) {
    const table = Name.path(written(draft))
    for (const [parent, other] of seen) {
      if (other === draft || !table.startsWith(`${parent}__`)) continue
      const at = draft.at([draft.merged.table_name == null ? "name" : "table_name"])
      const what = `\`${table}\` is also the child table of \`${parent}\` for`
      const list = `\`${table.slice(parent.length + 2)}\` in its rows`
      problems.push(
        lists(other).includes(table)
          ? Problem.invalid(at, `${what} the list ${list}`, "write another `table_name`")
          : Problem.warning(at, `${what} a list ${list}`, "write another `table_name` if its rows have one")
      )
    }
  }
  return problems
}
