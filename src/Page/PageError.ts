/**
 * Why a walk over pages cannot go on, beside a failed request.
 */
import * as Schema from "effect/Schema"

/**
 * - `Repeated` a page or a position came again and rows may be missing · `Endless` more pages than any list has
 * - `NoStep` a paginator that is not of sluice threw, or gave something else than a step
 * · `Origin` a saved position that leads to a host that is not allowed
 *
 * @since 0.1.0
 * @category errors
 */
export class PageError extends Schema.TaggedError<PageError>("sluice/PageError")("PageError", {
  reason: Schema.Literal("Repeated", "Endless", "NoStep", "Origin"),
  /** 0-based number of the page. */
  page: Schema.Number,
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
  get isRetryable(): boolean {
    return false
  }
}
