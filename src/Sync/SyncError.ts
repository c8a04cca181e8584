/**
 * Why a run cannot be started at all. What goes wrong later belongs to a resource, and to the receipt.
 */
import * as Schema from "effect/Schema"

/**
 * - `UnknownResource` a resource that the source does not have · `OtherApi` the Layers are those of another API than the source's
 * - `Parent` a resource whose parent is not there, or is itself
 *
 * @since 0.1.0
 * @category errors
 */
export class SyncError extends Schema.TaggedError<SyncError>("sluice/SyncError")("SyncError", {
  reason: Schema.Literal("UnknownResource", "OtherApi", "Parent"),
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
  get isRetryable(): boolean {
    return false
  }
}
