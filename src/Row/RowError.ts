/**
 * Why a resource's rows cannot be taken at all. A single bad row is no error: it is a `Reject`, data like the rows beside it.
 */
import * as Schema from "effect/Schema"

/**
 * - `Selector` the selector matches nothing in the body · `KeyMissing` no row has the declared key, or none can be inferred
 * - `KeyChanged` the table was made with another key · `NameCollision` a reserved column name, or two lists that meet in one table · `BadRow` a bad row under `on_bad_row: fail`
 * - `Cursor` no row has the cursor · `Contract` rows bring what the schema contract freezes · `Hint` a column hint cannot be kept
 * - `Process` a processing step is written wrongly · `Mask` what tells rows apart is to be masked
 * - `Bounds` more rows in a page, columns or tables than there may be · `Rejects` more rows were refused than `max_reject_ratio` allows
 *
 * @since 0.1.0
 * @category errors
 */
export class RowError extends Schema.TaggedError<RowError>("sluice/RowError")("RowError", {
  reason: Schema.Literal(
    "Selector",
    "KeyMissing",
    "KeyChanged",
    "NameCollision",
    "BadRow",
    "Cursor",
    "Contract",
    "Hint",
    "Process",
    "Mask",
    "Bounds",
    "Rejects"
  ),
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
  get isRetryable(): boolean {
    return false
  }
}
