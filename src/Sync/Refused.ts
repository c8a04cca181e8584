/**
 * The refused rows of a resource in a run: how many, why, and what its receipt says of them.
 *
 * Pure.
 */
import type { Resource } from "../Resource.ts"
import type { Problem } from "../Row/Decode.ts"

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

// --- internal ---

const counted = (value: number, one: string) => `${value} ${value === 1 ? one : `${one}s`}`

/** Reasons name no value; still, an API may have a path for each of its rows. */
const mostReasons = 100
