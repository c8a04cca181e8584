/**
 * `deletes`: a resource that cannot tell which rows are gone must not be said to; what only looks like it is a warning.
 */
import * as ResourceDeletes from "../../Resource/Deletes.ts"
import * as ResourceWrite from "../../Resource/Write.ts"
import * as Write from "../Build/Write.ts"
import type { Draft } from "../Draft.ts"
import * as Problem from "../Problem.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const check = (drafts: ReadonlyArray<Draft>): ReadonlyArray<Problem.Problem> =>
  drafts.flatMap((draft) => {
    const deletes = ResourceDeletes.make(Write.deletes(draft.merged))
    if (!ResourceDeletes.acts(deletes)) return idle(draft)
    const found = ResourceDeletes.unfit({
      write: ResourceWrite.make(Write.make(draft.merged)),
      hasKey: Write.primaryKey(draft.merged).length > 0,
      isIncremental: draft.incremental !== undefined,
      hasWindows: draft.merged.endpoint.windows != null
    })
    if (found !== undefined) return [Problem.invalid(draft.at(["deletes"]), found.why, found.hint)]
    return [...family(draft, drafts), ...windows(draft, deletes)]
  })

// --- internal ---

/** Keys that say how to do what is not done. */
const idle = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const { deletes, max_delete_ratio: ratio } = draft.merged
  const hint = "write `deletes: soft` or `hard`"
  return [
    ...(ratio == null
      ? []
      : [Problem.warning(draft.at(["max_delete_ratio"]), "has no effect without `deletes`", hint)]),
    ...(typeof deletes === "object" && deletes?.aged_by != null
      ? [Problem.warning(draft.at(["deletes", "aged_by"]), "has no effect with `mode: ignore`", hint)]
      : [])
  ]
}

/** Of a parent that asks for what is newer only some rows come, and so only the rows of some. */
const family = (draft: Draft, drafts: ReadonlyArray<Draft>): ReadonlyArray<Problem.Problem> => {
  const seen = new Set([draft.merged.name])
  let at: Draft | undefined = draft
  while (at !== undefined) {
    const [parent]: ReadonlyArray<string> = [...at.request.parents.keys()]
    at = parent === undefined || seen.has(parent) ? undefined : drafts.find(({ merged }) => merged.name === parent)
    if (at === undefined) return []
    seen.add(at.merged.name)
    if (at.incremental !== undefined) {
      return [
        Problem.invalid(
          draft.at(["deletes"]),
          `\`${at.merged.name}\` is incremental: rows of parents that do not come again would seem to be gone`,
          "write `deletes: ignore`, or leave `incremental` out there"
        )
      ]
    }
  }
  return []
}

const lower =
  /^(?:since|from)$|(?:^|_)since(?:_|$)|(?:from|start|begin|after|min)_?(?:date|time|day)|(?:date|time|created|updated|modified)(?:_at)?\W*_?(?:from|after|gte?|min|start)\b/
const upper =
  /^(?:until|to)$|(?:^|_)until(?:_|$)|(?:to|end|before|max)_?(?:date|time|day)|(?:date|time|created|updated|modified)(?:_at)?\W*_?(?:to|before|lte?|max|end)\b/

/** Parameters that look as if they bound the rows by time. */
const windows = (draft: Draft, { agedBy }: ResourceDeletes.Deletes): ReadonlyArray<Problem.Problem> =>
  Object.keys(draft.merged.endpoint.params ?? {}).flatMap((name) => {
    const words = name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase()
    const at = draft.at(["endpoint", "params", name])
    if (upper.test(words)) {
      return [
        Problem.warning(
          at,
          "looks like the end of a window in time: with `deletes`, rows that lie behind it are taken for gone",
          "leave it out, or `deletes`"
        )
      ]
    }
    if (agedBy !== undefined || !lower.test(words)) return []
    return [
      Problem.warning(
        at,
        "looks like the start of a window in time: with `deletes`, rows that leave the window are taken for gone",
        "write `deletes: { mode: soft, aged_by: <the field with the time> }`"
      )
    ]
  })
