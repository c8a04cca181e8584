/**
 * `paginator`: how an endpoint hands out its rows. Told apart by `type`; a text alone is a type with its defaults.
 */
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import * as PaginatorLore from "./PaginatorLore.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const Offset = Schema.Struct({
  type: type("offset", "Pages by an offset and a limit."),
  limit: Value.required(Value.Whole(1), { description: "Rows to ask for per page.", example: "100" }),
  offset: Value.key(Value.Whole(0), { description: "Offset of the first page.", default: 0, example: "1" }),
  offset_param: param("Query parameter of the offset.", "offset", "skip"),
  offset_body_path: bodyPath("Place of the offset in the JSON body, instead of a parameter.", "page.from"),
  limit_param: param("Query parameter of the limit.", "limit", "count"),
  limit_body_path: bodyPath("Place of the limit in the JSON body, instead of a parameter.", "page.size"),
  total_path: total("the number of rows there are", "meta.total"),
  maximum_offset: Value.key(Value.Whole(1), {
    description: "No page starts at or beyond this offset.",
    example: "1000"
  }),
  stop_after_empty_page: stopAfterEmptyPage(true),
  has_more_path: hasMore()
})
  .annotations({ identifier: "OffsetPaginator", ...PaginatorLore.offset })
  .pipe(Schema.filter((options) => [...either(options, "offset"), ...either(options, "limit"), ...onePlace(options)]))

/**
 * @since 0.1.0
 * @category models
 */
export const PageNumber = Schema.Struct({
  type: type("page_number", "Pages by their number."),
  base_page: Value.key(Value.Whole(0), { description: "Number of the API's first page.", default: 0, example: "1" }),
  page: Value.key(Value.Whole(0), { description: "Page to start with; base_page if left out.", example: "3" }),
  page_param: param("Query parameter of the page.", "page", "pageNumber"),
  page_body_path: bodyPath("Place of the page in the JSON body, instead of a parameter.", "query.page"),
  total_path: total("the number of pages there are (not of rows)", "meta.total_pages"),
  maximum_page: Value.key(Value.Whole(1), {
    description: "This page and those after it are not asked for.",
    example: "10"
  }),
  stop_after_empty_page: stopAfterEmptyPage(true),
  has_more_path: hasMore()
})
  .annotations({ identifier: "PageNumberPaginator", ...PaginatorLore.pageNumber })
  .pipe(Schema.filter((options) => either(options, "page")))

const links = {
  next_url_path: Value.key(Value.JsonPath, {
    description: "Path to the URL of the next page; none or null there is the end.",
    default: "next",
    example: "links.next"
  })
}

/**
 * @since 0.1.0
 * @category models
 */
export const JsonLink = Schema.Struct({
  type: type("json_link", "The body holds the URL of the next page."),
  ...links
}).annotations({ identifier: "JsonLinkPaginator", ...PaginatorLore.jsonLink })

/**
 * @since 0.1.0
 * @category models
 */
export const JsonResponse = Schema.Struct({
  type: type("json_response", "The old name of json_link."),
  ...links
}).annotations({ identifier: "JsonResponsePaginator", ...PaginatorLore.jsonLink })

/**
 * @since 0.1.0
 * @category models
 */
export const HeaderLink = Schema.Struct({
  type: type("header_link", "The Link header holds the URL of the next page."),
  links_next_key: Value.key(Value.NonEmptyText, {
    description: "The link's `rel`.",
    default: "next",
    example: "next-page"
  })
}).annotations({ identifier: "HeaderLinkPaginator", ...PaginatorLore.headerLink })

/**
 * @since 0.1.0
 * @category models
 */
export const HeaderCursor = Schema.Struct({
  type: type("header_cursor", "A header holds the cursor of the next page."),
  cursor_key: Value.key(Value.NonEmptyText, {
    description: "The header; none of it is the end.",
    default: "next",
    example: "X-Next-Cursor"
  }),
  cursor_param: Value.key(Value.NonEmptyText, {
    description: "Query parameter the cursor is sent in.",
    default: "cursor",
    example: "after"
  })
}).annotations({ identifier: "HeaderCursorPaginator", ...PaginatorLore.headerCursor })

/**
 * @since 0.1.0
 * @category models
 */
export const Cursor = Schema.Struct({
  type: type("cursor", "The body holds the cursor of the next page."),
  cursor_path: Value.key(Value.JsonPath, {
    description: "Path to the cursor; none, null or an empty text there is the end.",
    default: "cursors.next",
    example: "meta.next_cursor"
  }),
  cursor_param: param("Query parameter the cursor is sent in.", "cursor", "after"),
  cursor_body_path: bodyPath("Place of the cursor in the JSON body, instead of a parameter.", "query.cursor"),
  stop_after_empty_page: stopAfterEmptyPage(false),
  has_more_path: hasMore()
})
  .annotations({ identifier: "CursorPaginator", ...PaginatorLore.cursor })
  .pipe(Schema.filter((options) => either(options, "cursor")))

/**
 * @since 0.1.0
 * @category models
 */
export const SinglePage = Schema.Struct({
  type: type("single_page", "One request gives everything.")
}).annotations({ identifier: "SinglePagePaginator", ...PaginatorLore.none })

/**
 * @since 0.1.0
 * @category models
 */
export const Auto = Schema.Struct({
  type: type("auto", "Found from the first answer; the same as no paginator at this place.")
}).annotations({ identifier: "AutoPaginator", ...PaginatorLore.none })

/**
 * @since 0.1.0
 * @category models
 */
export const Paginator = Schema.Union(
  Schema.Literal(
    "auto",
    "single_page",
    "page_number",
    "json_link",
    "json_response",
    "header_link",
    "header_cursor",
    "cursor"
  ),
  Offset,
  PageNumber,
  JsonLink,
  JsonResponse,
  HeaderLink,
  HeaderCursor,
  Cursor,
  SinglePage,
  Auto
).annotations({ identifier: "Paginator", ...PaginatorLore.paginator })

/**
 * @since 0.1.0
 * @category models
 */
export type Paginator = typeof Paginator.Type

/**
 * Options of paginators, for a hint where they are written a level too high.
 *
 * @since 0.1.0
 * @category defaults
 */
export const keys: ReadonlyArray<string> = [
  ...new Set(
    [Offset.from, PageNumber.from, Cursor.from, JsonLink, HeaderLink, HeaderCursor].flatMap(({ fields }) =>
      Object.keys(fields)
    )
  )
].filter((key) => key !== "type")

// --- internal ---

function type<const Name extends string>(name: Name, description: string) {
  return Value.required(Schema.Literal(name).annotations(PaginatorLore.type), { description, example: name })
}

/** An empty text is none: dlt wants one beside a body path. */
function param(description: string, fallback: string, example: string) {
  return Value.key(Value.Text, { description, default: fallback, example })
}

function bodyPath(description: string, example: string) {
  return Value.key(Schema.Union(Schema.Literal(""), Value.BodyPath).annotations(Value.bodyPathLore), {
    description,
    example
  })
}

function total(of: string, example: string) {
  return Schema.optional(
    Schema.NullOr(
      Schema.Union(Schema.Literal(""), Value.JsonPath).annotations(Lore.lore({ expected: "a JSONPath, or null" }))
    )
  ).annotations({
    description: `Path to ${of}. Left out: found by its name where the body has one. null: there is none.`,
    ...Lore.lore({ example })
  })
}

function stopAfterEmptyPage(fallback: boolean) {
  return Value.key(Schema.Boolean, {
    description: "Whether an empty page is the end.",
    default: fallback,
    example: String(!fallback)
  })
}

function hasMore() {
  return Value.key(Value.JsonPath, {
    description: "Path to a boolean: whether more pages follow. It may end a walk, never prolong it.",
    example: "has_more"
  })
}

function either(options: Readonly<Record<string, unknown>>, name: "offset" | "limit" | "page" | "cursor") {
  const param = options[`${name}_param`]
  const path = options[`${name}_body_path`] || null
  if (param === "" && path === null) {
    return [{ path: [`${name}_param`], message: `is an empty text\nwrite the name, or a \`${name}_body_path\`` }]
  }
  return param != null && param !== "" && path !== null
    ? [{ path: [`${name}_body_path`], message: `\`${name}_param\` and \`${name}_body_path\` exclude each other` }]
    : []
}

/** Offset and limit in one place would be one value. */
function onePlace(options: Readonly<Record<string, unknown>>) {
  const place = (name: "offset" | "limit") =>
    options[`${name}_body_path`]
      ? { key: `${name}_body_path`, at: `body ${String(options[`${name}_body_path`])}` }
      : { key: `${name}_param`, at: `query ${String(options[`${name}_param`] || name)}` }
  const [offset, limit] = [place("offset"), place("limit")]
  return offset.at === limit.at ? [{ path: [limit.key], message: `is the place of \`${offset.key}\` too` }] : []
}
