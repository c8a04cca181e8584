/**
 * What people write under `paginator`, and what they mean: keys that other tools have, with the exact repair.
 */
import * as Lore from "../Lore.ts"

const instead = {
  limit_offset: "offset",
  offset_limit: "offset",
  offset_increment: "offset",
  page: "page_number",
  pages: "page_number",
  page_increment: "page_number",
  paged: "page_number",
  next: "json_link",
  next_url: "json_link",
  next_link: "json_link",
  json_url: "json_link",
  link: "header_link",
  links: "header_link",
  link_header: "header_link",
  cursor_pagination: "cursor",
  next_page_token: "cursor",
  token: "cursor",
  none: "single_page",
  single: "single_page",
  no_pagination: "single_page",
  custom: "one of the types here, or a paginator of your own in a TypeScript source: { type, options, first, next }"
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const type = Lore.lore({ instead })

/**
 * @since 0.1.0
 * @category defaults
 */
export const paginator = Lore.lore({
  expected: "an object such as { type: offset, limit: 100 }, or a type such as single_page",
  instead,
  say: (found) =>
    found === "offset"
      ? { message: "the paginator `offset` needs its `limit`", hint: "write { type: offset, limit: 100 }" }
      : undefined
})

const stops = "leave it out: the walk ends by itself when nothing follows"

/**
 * A page size that these paginators do not have: it is a query parameter of the endpoint.
 */
const pageSize =
  (paginator: string) =>
  (key: string, found: Readonly<Record<string, unknown>>): Lore.Said | undefined => {
    if (!sizes.includes(key) && !sizeParams.includes(key)) return undefined
    const name = sizeParams.map((each) => found[each]).find((each) => typeof each === "string") ?? "limit"
    const size = sizes.map((each) => found[each]).find((each) => typeof each === "number") ?? 100
    const shown = /^\w+$/.test(String(name)) ? String(name) : JSON.stringify(name)
    return {
      message: `\`${paginator}\` has no \`${key}\``,
      hint: `the page size is a parameter of the endpoint: write \`params: { ${shown}: ${String(size)} }\` beside \`paginator\``
    }
  }

const sizes = ["limit", "page_size", "per_page", "size", "count"]
const sizeParams = ["limit_param", "page_size_param", "size_param", "per_page_param", "limit_key"]

/**
 * @since 0.1.0
 * @category defaults
 */
export const offset = Lore.lore({
  instead: {
    page_size: "limit",
    per_page: "limit",
    size: "limit",
    count: "limit",
    start: "offset",
    initial_offset: "offset",
    start_offset: "offset",
    page_param: "offset_param",
    start_param: "offset_param",
    offset_key: "offset_param",
    size_param: "limit_param",
    count_param: "limit_param",
    limit_key: "limit_param",
    page_size_param: "limit_param",
    total: "total_path",
    total_key: "total_path",
    total_count_path: "total_path",
    max_offset: "maximum_offset",
    has_more: "has_more_path",
    stop_condition: stops,
    inject_on_first_request: "leave it out: the first request has its offset as well"
  }
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const pageNumber = Lore.lore({
  instead: {
    start_from_page: "base_page",
    start_page: "base_page",
    first_page: "base_page",
    initial_page: "base_page",
    start: "base_page",
    offset_param: "page_param",
    page_key: "page_param",
    total_pages: "total_path",
    total_pages_path: "total_path",
    max_page: "maximum_page",
    max_pages: "did you mean `maximum_page`? It is the first page that is not asked for",
    has_more: "has_more_path",
    stop_condition: stops,
    inject_on_first_request: "leave it out: the first request has its page as well",
    step: "leave it out: a page follows the one before"
  },
  unknown: pageSize("page_number")
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const cursor = Lore.lore({
  instead: {
    stop_condition: stops,
    cursor_value: "did you mean `cursor_path`? It is the path to the cursor in the body",
    cursor_key: "cursor_path",
    cursor_field: "cursor_path",
    next_cursor_path: "cursor_path",
    next_page_token_path: "cursor_path",
    next_url_path: "a URL in the body is followed by `type: json_link`",
    page_param: "cursor_param",
    param: "cursor_param",
    cursor_query_param: "cursor_param",
    has_more: "has_more_path",
    start_time_option: "a time range is `incremental: { cursor_path, start_param, end_param }` beside `paginator`",
    end_time_option: "a time range is `incremental: { cursor_path, start_param, end_param }` beside `paginator`",
    step: "a time range is `incremental: { cursor_path, start_param, end_param }` beside `paginator`"
  },
  unknown: pageSize("cursor")
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const jsonLink = Lore.lore({
  instead: {
    next_path: "next_url_path",
    next_key: "next_url_path",
    next_url: "next_url_path",
    url_path: "next_url_path",
    cursor_path: "did you mean `next_url_path`? A cursor that is no URL needs `type: cursor`",
    next_page_token_path: "a token that is no URL needs `type: cursor` with its `cursor_path`",
    max_pages: "leave it out, or run with `--limit-pages`",
    stop_condition: stops
  },
  unknown: pageSize("json_link")
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const headerLink = Lore.lore({
  instead: { rel: "links_next_key", next_key: "links_next_key", link_key: "links_next_key", stop_condition: stops },
  unknown: pageSize("header_link")
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const headerCursor = Lore.lore({
  instead: {
    header: "cursor_key",
    header_name: "cursor_key",
    cursor_header: "cursor_key",
    param: "cursor_param",
    stop_condition: stops
  },
  unknown: pageSize("header_cursor")
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const none = Lore.lore({ instead: { stop_condition: stops }, unknown: pageSize("single_page") })
