/**
 * What an import found, as a report for scripts and as a list for people.
 */
import type * as Import from "../Import.ts"
import * as Format from "./Format.ts"
import type * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Report {
  readonly file: string
  /** `null`: the YAML went to stdout, or is here only. */
  readonly out: string | null
  readonly name: string
  /** `open`: something must be filled in by hand. */
  readonly status: "complete" | "open"
  readonly yaml: string
  /** Environment variables that the YAML names. */
  readonly variables: ReadonlyArray<string>
  readonly repairs: ReadonlyArray<Import.Finding>
  readonly open: ReadonlyArray<Import.Finding>
  readonly warnings: ReadonlyArray<Import.Finding>
  /** What `check --offline` says against the result; line and column are those of the YAML. */
  readonly problems: ReadonlyArray<Import.Finding>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const report = (
  imported: Import.Imported,
  options: { readonly file: string; readonly out: string | undefined; readonly problems: ReadonlyArray<Import.Finding> }
): Report => ({
  file: options.file,
  out: options.out ?? null,
  name: imported.name,
  status: imported.open.length === 0 && options.problems.length === 0 ? "complete" : "open",
  yaml: imported.yaml,
  variables: imported.variables,
  repairs: imported.repairs,
  open: imported.open,
  warnings: imported.warnings,
  problems: options.problems
})

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (report: Report, view: View.View): string => {
  const { style } = view
  const columns = Format.measure(view)
  const list = (title: string, findings: ReadonlyArray<Import.Finding>, file: string) =>
    findings.length === 0
      ? []
      : [
          style.bold(title),
          ...findings.map(({ column, line, message, path }) => {
            const place = `${file}:${line}:${column}`
            return Format.hang(`  ${style.dim(place)} `, path === "" ? message : `${path}: ${message}`, {
              indent: 6,
              columns
            })
          }),
          ""
        ]
  const count = report.open.length + report.problems.length
  const what = report.out ?? "the YAML"
  const variables =
    report.variables.length === 0
      ? ""
      : `; it needs ${report.variables.length === 1 ? "the variable" : "the variables"} ${report.variables.join(", ")}`
  return [
    ...list("Repaired", report.repairs, report.file),
    ...list("Worth knowing", report.warnings, report.file),
    ...list("To be filled in by hand", report.open, report.file),
    ...list("Not accepted by check", report.problems, what),
    count === 0
      ? `${style.green("✓")} imported ${report.file}${report.out === null ? "" : ` into ${report.out}`}${variables}`
      : `${style.yellow("!")} imported ${report.file}${report.out === null ? "" : ` into ${report.out}`}, with ${Format.plural(count, "point")} to be filled in by hand${variables}`
  ].join("\n")
}
