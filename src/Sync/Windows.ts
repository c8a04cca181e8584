/**
 * The paginator of a walk: the resource's own, or that one in windows of time, from where its cursor stands to when the run began.
 *
 * Pure. A walk that is taken up again has its windows in its position, and goes on with those.
 */
import { decodeTime } from "ulid"
import type * as Page from "../Page.ts"
import * as Windowed from "../Page/Windowed.ts"
import type { Resource } from "../Resource.ts"
import type { Moment } from "../Resource/Windows.ts"
import type { Cursor } from "../Row/Cursor.ts"
import { convert } from "./Convert.ts"
import type { Job } from "./Job.ts"

/**
 * When the run began, in milliseconds since 1970: of its name, so that a run done once more asks for the same windows.
 *
 * @since 0.1.0
 * @category accessors
 */
export const began =
  ({ run }: Job): (() => number) =>
  () =>
    decodeTime(run)

/**
 * `now`: when the run began. Throws a `RangeError` where nothing says when the windows start: `Spec` says it of configurations.
 *
 * @since 0.1.0
 * @category constructors
 */
export const paginator = (
  resource: Resource,
  cursor: Cursor["values"] | undefined,
  now: () => number
): Page.Paginator => {
  const { windows } = resource
  if (windows === undefined) return resource.paginator
  const millis = (value: unknown): number | undefined => {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return undefined
    const at = convert(value, { to: "epoch_ms", zone: windows.timeZone })
    return typeof at === "number" && Number.isFinite(at) ? at : undefined
  }
  const moment = (given: Moment | undefined): number | undefined =>
    given === undefined ? undefined : "ago" in given ? now() - given.ago : millis(given.at)
  const starts = [millis(cursor?.start_value), moment(windows.start)].filter((at) => at !== undefined)
  if (starts.length === 0)
    throw new RangeError("windows: neither `start` nor a cursor's `initial_value` says, as a time, where they begin")
  const start = Math.max(...starts)
  const end = millis(cursor?.end_value) ?? moment(windows.end) ?? now()
  return Windowed.make(resource.paginator, windows, { start, end: Math.max(start, end) })
}
