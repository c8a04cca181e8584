/**
 * Why a configuration file cannot be used: every mistake at once, each with its place.
 *
 * Outside the row's path. Holds no value that came from the environment or from a secret's file.
 */
import * as Schema from "effect/Schema"

/**
 * One mistake: 1-based line and column, the path of its key (empty: the file as a whole), and what to do about it.
 *
 * @since 0.1.0
 * @category models
 */
export const Issue = Schema.Struct({
  file: Schema.String,
  line: Schema.Number,
  column: Schema.Number,
  path: Schema.String,
  message: Schema.String,
  hint: Schema.optional(Schema.String)
})

/**
 * @since 0.1.0
 * @category models
 */
export type Issue = typeof Issue.Type

/**
 * - `NotFound`, `Unreadable` there is no such file, or it cannot be read
 * - `Syntax` it is not YAML or JSON
 * - `Invalid` it is, but not a configuration
 * - `MissingSecret` nothing is wrong with the file, but values from outside that it names are missing
 *
 * @since 0.1.0
 * @category models
 */
export const Reason = Schema.Literal("NotFound", "Unreadable", "Syntax", "Invalid", "MissingSecret")

/**
 * @since 0.1.0
 * @category errors
 */
export class SpecError extends Schema.TaggedError<SpecError>("sluice/SpecError")("SpecError", {
  reason: Reason,
  file: Schema.String,
  issues: Schema.Array(Issue),
  /** Why the file could not be read; the other reasons have `issues`. */
  detail: Schema.optional(Schema.String)
}) {
  override get message(): string {
    if (this.issues.length === 0) return `${this.file}: ${this.detail ?? "cannot be used"}`
    const count = this.issues.length
    const what = this.reason === "MissingSecret" ? "missing value" : "mistake"
    return `${this.file} has ${count === 1 ? `a ${what}` : `${count} ${what}s`}:\n${this.issues.map(line).join("\n")}`
  }
  get isRetryable(): boolean {
    return false
  }
}

// --- internal ---

const line = (issue: Issue) => {
  const path = issue.path === "" ? "" : `${issue.path}: `
  const hint = issue.hint === undefined ? "" : `; ${issue.hint}`
  return `  ${issue.file}:${issue.line}:${issue.column} ${path}${issue.message}${hint}`
}
