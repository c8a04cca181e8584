/**
 * What `check` found out, as one document: a line per resource for people, or JSON. Pure.
 */
import type { FetchError } from "../Fetch/FetchError.ts"
import type { PageError } from "../Page/PageError.ts"
import type { Resource } from "../Resource.ts"
import type { RowError } from "../Row/RowError.ts"
import type { Source } from "../Source.ts"
import type { Look, Outcome } from "./FirstPage.ts"
import * as Format from "./Format.ts"
import * as Notices from "./Notices.ts"
import type * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Finding {
  readonly name: string
  /** `unasked`: nothing was sent, since `--offline` was given. */
  readonly status: "ok" | "partial" | "failed" | "skipped" | "unasked"
  /** The row of the parent that a child was asked for. */
  readonly parent: string | null
  readonly paginator: string
  /** It was found on the first page, since none is declared. */
  readonly paginator_detected: boolean
  /** Where the rows were. */
  readonly selector: string | null
  /** Rows on the first page. */
  readonly rows: number
  /** Of these, rows that processing steps and the incremental range leave out. */
  readonly filtered: number
  readonly rejected: number
  readonly reported_total: number | null
  readonly primary_key: ReadonlyArray<string>
  readonly primary_key_inferred: boolean
  readonly retries: number
  readonly notices: ReadonlyArray<string>
  readonly error: { readonly stage: string; readonly reason: string; readonly message: string } | null
  readonly duration_ms: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Report {
  readonly source: string
  readonly base_url: string
  readonly offline: boolean
  readonly status: "complete" | "partial" | "failed"
  readonly resources: ReadonlyArray<Finding>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const unasked = (resource: Resource): Finding => ({
  name: resource.name,
  status: resource.unavailable === undefined ? "unasked" : "skipped",
  parent: null,
  paginator: resource.paginator.type,
  paginator_detected: false,
  selector: resource.selector ?? null,
  rows: 0,
  filtered: 0,
  rejected: 0,
  reported_total: null,
  primary_key: resource.primaryKey.fields,
  primary_key_inferred: false,
  retries: 0,
  notices: resource.unavailable === undefined ? [] : [resource.unavailable],
  error: null,
  duration_ms: 0
})

/**
 * @since 0.1.0
 * @category constructors
 */
export const finding = (outcome: Outcome): Finding => ({ ...judged(outcome), duration_ms: outcome.took })

/**
 * @since 0.1.0
 * @category constructors
 */
export const notSelected = (resource: Resource): Outcome => ({
  _tag: "Left",
  resource,
  took: 0,
  why: "left out: it is not selected",
  isWanted: false
})

/**
 * @since 0.1.0
 * @category constructors
 */
export const report = (
  source: Source,
  resources: ReadonlyArray<Finding>,
  options: { readonly offline: boolean }
): Report => {
  const asked = resources.filter(({ status }) => status !== "skipped")
  const every = (...statuses: ReadonlyArray<Finding["status"]>) =>
    asked.every(({ status }) => statuses.includes(status))
  return {
    source: source.name,
    base_url: source.api.baseUrl,
    offline: options.offline,
    // A child that could not be asked for, beside nothing but failures, makes them no better.
    status: every("ok", "unasked") ? "complete" : every("failed", "unasked") ? "failed" : "partial",
    resources
  }
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (report: Report, argument: string, view: View.View): string => {
  const { style } = view
  const indent = Math.max(...report.resources.map(({ name }) => name.length)) + 6
  const columns = Format.measure(view)
  const lines = report.resources.flatMap((finding) => {
    const line = (label: string, text: string) => Format.hang(label, text, { indent, columns })
    const [first = "", ...rest] = [...sentences(finding), ...finding.notices]
    const dimmed = finding.status === "skipped" ? style.dim : (text: string) => text
    return [
      line(`  ${marks(finding.status, view)} ${dimmed(finding.name)}`, dimmed(first)),
      ...rest.map((text) => line("", text))
    ]
  })
  return [
    `${style.bold(report.source)} ${style.dim("at")} ${report.base_url}`,
    lines.join("\n"),
    verdict(report, argument, view)
  ].join("\n\n")
}

// --- internal ---

const judged = (outcome: Outcome): Finding => {
  const { resource } = outcome
  switch (outcome._tag) {
    case "Read":
      return found(resource, outcome)
    case "Failed":
      return failed(resource, outcome.error)
    case "Left":
      return {
        ...unasked(resource),
        status: outcome.isRefused === true ? "partial" : outcome.isWanted ? "unasked" : "skipped",
        notices: [outcome.why]
      }
  }
}

const found = (resource: Resource, look: Look): Finding => {
  const { batch, fetched, parent, prepared } = look
  const [first] = batch.rejects
  const detected = resource.paginator.type === "auto" ? (fetched.next?.detected?.type ?? "single_page") : undefined
  return {
    ...unasked(resource),
    status: batch.rejects.length === 0 ? "ok" : "partial",
    parent: parent ?? null,
    paginator: detected ?? resource.paginator.type,
    paginator_detected: detected !== undefined,
    selector: fetched.selector ?? null,
    rows: fetched.rows.length,
    filtered: Math.max(0, prepared.filtered),
    rejected: batch.rejects.length,
    reported_total: fetched.step.total ?? null,
    primary_key: batch.key?.fields ?? resource.primaryKey.fields,
    primary_key_inferred: batch.key?.inferred ?? false,
    retries: fetched.attempts - 1,
    notices: [
      ...Notices.of(look),
      ...(first === undefined
        ? []
        : [
            `${Format.plural(batch.rejects.length, "row")} would be set aside, the first because at ${first.path || "its top"}: ${first.reason}`
          ])
    ]
  }
}

const failed = (resource: Resource, error: FetchError | PageError | RowError): Finding => ({
  ...unasked(resource),
  status: "failed",
  retries: error._tag === "FetchError" ? Math.max(0, error.attempts - 1) : 0,
  error: { stage: error._tag.replace("Error", "").toLowerCase(), reason: error.reason, message: error.message }
})

const marks = (status: Finding["status"], { style }: View.View) =>
  ({
    ok: style.green("✓"),
    unasked: style.green("✓"),
    partial: style.yellow("!"),
    failed: style.red("✗"),
    skipped: style.dim("–")
  })[status]

const sentences = (finding: Finding): ReadonlyArray<string> => {
  const { error, primary_key, primary_key_inferred, reported_total, rows, status } = finding
  if (error !== null) return [error.message]
  if (status === "skipped") return []
  const key =
    primary_key.length === 0
      ? "no key: rows are appended"
      : `key ${primary_key.join(" + ")}${primary_key_inferred ? ", inferred" : ""}`
  const pages = `paginator ${finding.paginator}${finding.paginator_detected ? " (detected)" : ""}`
  if (status === "unasked") return [`${key}; ${pages}`]
  const all = reported_total === null || reported_total === rows ? "" : `, ${Format.count(reported_total)} in all`
  const of = finding.parent === null ? "" : ` of ${finding.parent}`
  const less = finding.filtered === 0 ? "" : `, ${Format.count(finding.filtered)} of them left out by steps or range`
  return [
    rows === 0
      ? `no rows yet${of}; ${pages}`
      : `${Format.plural(rows, "row")} on the first page${of}${all}${less}; ${key}; ${pages}`
  ]
}

const verdict = ({ offline, resources, status }: Report, argument: string, { style }: View.View): string => {
  const failures = resources.filter((finding) => finding.status === "failed").length
  if (status === "complete") {
    const next = `sluice ${offline ? "check" : "sync"} ${argument}`
    return `${style.green("✓ ready")}: ${offline ? "the configuration is right; nothing was sent" : "nothing was written"}. Next: ${next}`
  }
  return status === "failed"
    ? `${style.red("✗ failed")}: no resource can be read`
    : `${style.yellow("! partial")}: ${failures > 0 ? `${Format.plural(failures, "resource")} cannot be read` : "some rows would be set aside"}`
}
