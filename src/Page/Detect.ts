/**
 * Which paginator an endpoint needs, told from its first answer.
 *
 * Stage Page, pure. dlt's order, and further: Link header, a link in the body, a number of pages, a cursor, an offset and a
 * limit that are echoed. Looks at keys with a known meaning only, and never into a list: those are rows. Finds nothing where
 * in doubt.
 */
import * as Either from "effect/Either"
import type { View } from "../Page.ts"
import * as Keys from "./Detect/Keys.ts"
import * as Link from "./Link.ts"
import * as Path from "./Path.ts"
import * as Read from "./Read.ts"

/**
 * `options` are those of the paginator's `make`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Found {
  readonly type: "header_link" | "json_link" | "page_number" | "cursor" | "offset"
  readonly options: Readonly<Record<string, string | number>>
  /** What it was told from, for the receipt. */
  readonly why: string
  /** Whether a further page is certain. */
  readonly goesOn: boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const detect = (page: View): Found | undefined => {
  if (Either.getOrUndefined(Link.related(page.headers, "next")) !== undefined)
    return { type: "header_link", options: {}, why: "the answer has a Link header with rel=next", goesOn: true }
  const fields = Keys.fields(page.body)
  const found = link(fields)
  // Without a list the body is one thing, and its `pages` may be those of a book.
  if (found !== undefined || !Keys.holdsList(page.body)) return found
  return pages(fields) ?? cursor(fields) ?? offset(fields, page.rows)
}

// --- internal ---

type Fields = ReadonlyArray<Keys.Field>

const link = (fields: Fields): Found | undefined => {
  const field = fields.find(({ names, value }) => Keys.isNextLink(names) && isLink(value, names))
  if (field === undefined) return undefined
  const at = Path.join(field.names)
  return { type: "json_link", options: { nextUrlPath: at }, why: `there is a link at ${at}`, goesOn: true }
}

const isLink = (value: unknown, names: ReadonlyArray<string>): boolean =>
  typeof value === "string" &&
  (Link.isAbsolute(value) ||
    // A cursor in base64 may begin with a slash.
    (/^[/?]\S+$/.test(value) && (value.startsWith("?") || !/cursor|token/i.test(names.at(-1) ?? ""))))

const pages = (fields: Fields): Found | undefined => {
  const field = fields.find(({ key, value }) => Keys.pageCounts.has(key) && (Read.count(value) ?? 0) > 0)
  if (field === undefined) return undefined
  const count = Read.count(field.value) ?? 0
  const at = Path.join(field.names)
  const own = fields.find(({ key, value }) => Keys.pageNumbers.has(key) && [0, 1].includes(Read.count(value) ?? -1))
  const base = own === undefined ? undefined : Read.count(own.value)
  return {
    type: "page_number",
    options: { totalPath: at, ...(base === undefined ? {} : { basePage: base }) },
    why:
      `the number of pages is at ${at}` +
      (own === undefined ? "" : `, and the page's own number, ${base}, at ${Path.join(own.names)}`),
    goesOn: count > 1
  }
}

const cursor = (fields: Fields): Found | undefined => {
  const field = fields.find(({ names, value }) => Keys.cursorParam(names) !== undefined && isCursor(value))
  const param = field === undefined ? undefined : Keys.cursorParam(field.names)
  if (field === undefined || param === undefined) return undefined
  const at = Path.join(field.names)
  // Some hand out a cursor on the last page as well.
  const more = fields.find(({ key, parent }) => parent === field.parent && Read.isMoreName(key))
  const flag = more === undefined ? undefined : Read.flag(more.value)
  return {
    type: "cursor",
    options: {
      cursorPath: at,
      cursorParam: param,
      ...(more === undefined || flag === undefined ? {} : { hasMorePath: Path.join(more.names) })
    },
    why: `there is a cursor at ${at}, sent as ${param}`,
    goesOn: flag !== false
  }
}

/** No prose: a text for people has spaces in it. */
const isCursor = (value: unknown): boolean =>
  typeof value === "string" ? /^\S{1,4096}$/.test(value) : typeof value === "bigint" || (Read.count(value) ?? 0) > 0

const offset = (fields: Fields, rows: number): Found | undefined => {
  for (const field of fields) {
    const start = Keys.offsets.has(field.key) ? Read.count(field.value) : undefined
    if (start === undefined) continue
    const beside = fields.filter(({ parent }) => parent === field.parent)
    const limit = beside.find(({ key, value }) => key === "limit" && (Read.count(value) ?? 0) > 0)
    const total = beside.find(({ key, value }) => Keys.totals.has(key) && Read.count(value) !== undefined)
    if (limit === undefined || total === undefined) continue
    const at = Path.join(total.names)
    return {
      type: "offset",
      options: {
        limit: Read.count(limit.value) ?? 1,
        offset: start,
        offsetParam: field.names.at(-1) ?? "offset",
        limitParam: limit.names.at(-1) ?? "limit",
        totalPath: at
      },
      why: `${Path.join(field.names)}, ${Path.join(limit.names)} and a total at ${at} are in the body`,
      goesOn: start + rows < (Read.count(total.value) ?? 0)
    }
  }
  return undefined
}
