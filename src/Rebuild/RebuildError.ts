/**
 * Why a source cannot be rebuilt from what was read; nothing was changed.
 */
import * as Schema from "effect/Schema"

/**
 * - `NotArchived` nothing of it is kept
 * - `Hole` some pages of it are not kept
 * - `NotAsked` the configuration makes a request that was not made
 * - `Masked` what is needed was kept masked
 * - `Failed` what was read does not fit the configuration
 *
 * @since 0.1.0
 * @category errors
 */
export class RebuildError extends Schema.TaggedError<RebuildError>("sluice/RebuildError")("RebuildError", {
  reason: Schema.Literal("NotArchived", "Hole", "NotAsked", "Masked", "Failed"),
  source: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.source} is not rebuilt, and nothing was changed: ${this.detail}`
  }
}
