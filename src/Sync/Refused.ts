/**
 * The refused rows of a resource in a run: how many, why, and what its receipt says of them.
 *
 * Pure.
 */
import type { Redactor } from "../Fetch/Redact.ts"
import type { Fetched } from "../Page.ts"
import type { Resource } from "../Resource.ts"
import type { Problem } from "../Row/Decode.ts"
import { RowError } from "../Row/RowError.ts"

/**
 * Refused rows, and how often for which reason, as far as there is room.
 *
 * @since 0.1.0
 * @category models
 */
export interface Refused {
  readonly rows: number
  readonly reasons: ReadonlyMap<string, number>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const none: Refused = { rows: 0, reasons: new Map() }

/**
 * @since 0.1.0
 * @category combinators
 */
export const add = ({ reasons, rows }: Refused, problems: ReadonlyArray<Problem>): Refused => {
  if (problems.length === 0) return { reasons, rows }
  const counted = new Map(reasons)
  for (const { path, reason } of problems) {
    const what = `${reason} at ${path === "" ? "its top" : path}`
    if (counted.has(what) || counted.size < mostReasons) counted.set(what, (counted.get(what) ?? 0) + 1)
  }
  return { rows: rows + problems.length, reasons: counted }
}

/**
 * Of rows of this run last, as `Cli/ReceiptView` knows them by.
 *
 * @since 0.1.0
 * @category accessors
 */
export const notices = (of: {
  readonly resource: Resource
  readonly refused: Refused
  readonly orphans: number
  readonly earlier: number
}): ReadonlyArray<string> => {
  const { earlier, orphans, refused, resource } = of
  const passed = resource.incremental !== undefined && resource.incremental.endValue === undefined
  const out = "once they fit, sluice rejects replay stores them, and --full-refresh reads them again"
  return [
    ...(refused.rows > 0 && passed ? [`later runs ask for newer rows only: ${out}`] : []),
    ...(earlier > 0
      ? [`${counted(earlier, "row")} that earlier runs refused ${earlier === 1 ? "is" : "are"} still out: ${out}`]
      : []),
    ...(orphans > 0
      ? [
          `${counted(orphans, "parent")} of it ${orphans === 1 ? "was" : "were"} refused, and so its rows were not asked for: see _sluice_rejects`
        ]
      : []),
    ...(refused.rows > 0
      ? [
          `${counted(refused.rows, "row")} ${refused.rows === 1 ? "was refused: it is" : "were refused: they are"} in _sluice_rejects, each with its reason`
        ]
      : [])
  ]
}

/**
 * The error of a bad row that ends its resource, with the page it came on: its index, its parent, and how it is asked for.
 *
 * @since 0.1.0
 * @category combinators
 */
export const located =
  ({ index, position }: Pick<Fetched, "index" | "position">, parent: string | undefined, redactor: Redactor) =>
  (error: RowError): RowError => {
    if (error.reason !== "BadRow") return error
    const asked = Object.entries({ ...position.query, ...position.body }).map(([name, value]) => `${name}=${value}`)
    const at = position.url === undefined ? redactor.text(asked.join(", ")) : redactor.url(position.url)
    const how = at === "" ? "" : ` (${at.length > mostOfPosition ? `${at.slice(0, mostOfPosition)}…` : at})`
    const of = parent === undefined ? "" : ` of ${parent}`
    return new RowError({ reason: "BadRow", detail: `page ${index}${how}${of}, ${error.detail}` })
  }

// --- internal ---

/** Cursors may be long; it is only to find the page by. */
const mostOfPosition = 200

const counted = (value: number, one: string) => `${value} ${value === 1 ? one : `${one}s`}`

/** Reasons name no value; still, an API may have a path for each of its rows. */
const mostReasons = 100
