/**
 * Masks that cannot be: of what tells rows apart, and of what is to be stored as it is.
 */
import * as SinglePage from "../../Page/SinglePage.ts"
import * as Resource from "../../Resource.ts"
import * as Masks from "../../Row/Masks.ts"
import * as Name from "../../Row/Name.ts"
import * as Write from "../Build/Write.ts"
import type { Draft } from "../Draft.ts"
import * as Problem from "../Problem.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const check = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const { merged } = draft
  const mask = merged.mask ?? []
  const masked = new Set(mask.map(plain))
  const both = (merged.unmask ?? []).filter((field) => masked.has(plain(field)))
  const resource = Resource.make({
    name: merged.name,
    path: "",
    paginator: SinglePage.make(),
    mask,
    primaryKey: Write.primaryKey(merged),
    writeDisposition: Write.make(merged),
    incremental: draft.incremental,
    deletes: Write.deletes(merged)
  })
  return [
    ...Masks.contradictions(resource).map((why) =>
      Problem.invalid(draft.at(["mask"]), why, "leave it out of `mask`, or tell rows apart by another field")
    ),
    ...both.map((field) =>
      Problem.invalid(
        draft.at(["unmask"]),
        `${JSON.stringify(field)} is in \`mask\`, too`,
        "write it in one of them: `unmask` is for fields that are masked for their names"
      )
    )
  ]
}

// --- internal ---

const plain = (field: string) => Name.path(field.replaceAll(".", "__"))
