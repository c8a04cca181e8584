/**
 * Why the sandbox refuses to start or to change: one class and a reason.
 *
 * Outside a row's path: only `Cli`, tests and benchmarks meet it. What a client of the fake API sees is an HTTP answer,
 * not this.
 */
import * as Schema from "effect/Schema"

/**
 * - `Option` a value no world can be made from · `Fault` a fault that cannot be read · `Rows` more rows asked for than
 *   exist
 * - `PortInUse` another program listens there · `Listen` the port cannot be bound for another cause
 *
 * @since 0.1.0
 * @category models
 */
export const Reason = Schema.Literal("Option", "Fault", "Rows", "PortInUse", "Listen")

/**
 * @since 0.1.0
 * @category errors
 */
export class SandboxError extends Schema.TaggedError<SandboxError>("sluice/SandboxError")("SandboxError", {
  reason: Reason,
  /** What, where and what to do. */
  detail: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
  get isRetryable(): boolean {
    return this.reason === "PortInUse"
  }
}
