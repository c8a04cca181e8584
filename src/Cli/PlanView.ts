/**
 * A forecast as people read it: each resource's request, where it starts, what is done to its table. Pure.
 */
import type * as Forecast from "./Forecast.ts"
import * as Format from "./Format.ts"
import type * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (forecast: Forecast.Forecast, argument: string, view: View.View): string => {
  const { style } = view
  const there = forecast.db_exists ? "" : style.dim(" (not there yet)")
  return [
    `${style.bold(forecast.source)} ${style.dim("→")} ${style.bold(forecast.db)}${there}`,
    ...forecast.resources.map((line) => resource(line, view)),
    verdict(forecast, argument, view)
  ].join("\n\n")
}

// --- internal ---

const resource = (line: Forecast.Line, view: View.View): string => {
  const { style } = view
  const columns = Format.measure(view)
  const text = (text: string) => Format.hang("", text, { indent: 4, columns })
  if (line.skipped !== null) return `${style.dim(`– ${line.name}`)}\n${text(line.skipped)}`
  const mark = line.error === null ? style.green("✓") : style.red("✗")
  const title = `${mark} ${style.bold(line.name)}${line.table === null ? style.dim(" (read, not stored)") : ` → ${line.table}`}`
  const key = line.primary_key.length === 0 ? "no key" : `key ${line.primary_key.join(" + ")}`
  const request = line.first_request
  return [
    title,
    text(style.dim([line.write_disposition, key, `paginator ${line.paginator}`].join(" · "))),
    ...(line.error === null ? [] : [text(style.red(line.error))]),
    ...(request === null ? [] : [`    ${style.cyan(request.method)} ${request.url}`, ...details(request, style)]),
    ...sentences(line).map(text),
    ...(line.ddl.length === 0
      ? []
      : ["", ...line.ddl.flatMap((statement) => `${statement};`.split("\n").map((row) => `    ${row}`))])
  ].join("\n")
}

/** What every request has goes without saying. */
const usual = new Set(["accept", "user-agent"])

const details = (request: NonNullable<Forecast.Line["first_request"]>, style: View.View["style"]) => [
  ...Object.entries(request.headers)
    .filter(([name, value]) => !usual.has(name) || (name === "accept" && value !== "application/json"))
    .map(([name, value]) => `    ${style.dim(`${name}: ${value}`)}`),
  ...(request.body === undefined ? [] : [`    ${JSON.stringify(request.body)}`]),
  ...(request.data === undefined
    ? []
    : [
        `    ${typeof request.data === "string" ? request.data : request.data.map((pair) => pair.join("=")).join("&")}`
      ]),
  ...(request.token_url === undefined ? [] : [`    ${style.dim(`with a token from ${request.token_url}`)}`])
]

const sentences = (line: Forecast.Line): ReadonlyArray<string> => {
  const { expected_requests: requests, expected_total: total, from_page: page, incremental, parent } = line
  return [
    ...(parent === null ? [] : [`once for each row of ${parent}`]),
    ...(page === 0 ? [] : [`goes on after page ${page} of an unfinished walk`]),
    ...(incremental === null ? [] : [range(incremental)]),
    ...(requests === null || line.paginator === "single_page"
      ? []
      : [
          `about ${Format.plural(requests, "request")}${total === null ? "" : ` for ${Format.plural(total, "row")}`}, as in the last complete run`
        ]),
    ...line.notices,
    ...(line.table !== null && line.error === null && line.ddl.length === 0 && line.notices.length === 0
      ? ["the table is there and stays as it is"]
      : [])
  ]
}

const range = (incremental: NonNullable<Forecast.Line["incremental"]>) => {
  const { cursor_path: path, end_value: end, origin, start_value: start } = incremental
  const from =
    origin === "none" || start === null
      ? `everything, whatever its ${path}`
      : `from ${path} ${String(start)} on${origin === "state" ? ", where the last run ended" : ", the initial_value"}`
  return end === null ? from : `${from}, up to ${String(end)}`
}

const verdict = (forecast: Forecast.Forecast, argument: string, { style }: View.View) => {
  const total = forecast.expected_requests
  const about = total === null ? "" : ` About ${Format.plural(total, "request")} in all.`
  const failures = forecast.resources.filter(({ error }) => error !== null).length
  return failures === 0
    ? `${style.green("✓ planned")}: nothing was sent, nothing was written.${about} Next: sluice sync ${argument}`
    : `${style.red("✗")} ${Format.plural(failures, "resource")} cannot be synced into ${forecast.db}, see above; nothing was sent, nothing was written`
}
