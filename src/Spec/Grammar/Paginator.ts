/**
 * `paginator`: how an endpoint hands out its rows. Told apart by `type`; `offset` and `single_page` so far.
 */
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const Offset = Schema.Struct({
  type: Schema.propertySignature(type("offset")).annotations({ description: "Pages by an offset and a limit." }),
  limit: Schema.propertySignature(Value.Whole(1)).annotations({ description: "Rows to ask for per page." }),
  offset: Schema.optional(Value.Whole(0)).annotations({ description: "Offset of the first page.", default: 0 }),
  offset_param: param("Query parameter of the offset.", "offset"),
  offset_body_path: path("Dotted path of the offset in the JSON body, instead of a parameter."),
  limit_param: param("Query parameter of the limit.", "limit"),
  limit_body_path: path("Dotted path of the limit in the JSON body, instead of a parameter."),
  total_path: Schema.optional(
    Schema.NullOr(
      Schema.Union(Schema.Literal(""), Value.DottedPath).annotations(
        Lore.lore({ expected: "names joined by dots, or null" })
      )
    )
  ).annotations({
    description:
      "Dotted path to the number of rows there are. Left out: found by its name where the body has one. null: there is none."
  }),
  maximum_offset: Schema.optional(Schema.NullOr(Value.Whole(1))).annotations({
    description: "No page starts at or beyond this offset."
  }),
  stop_after_empty_page: Schema.optional(Schema.Boolean).annotations({
    description: "Whether an empty page is the end.",
    default: true
  }),
  has_more_path: Schema.optional(Schema.NullOr(Value.DottedPath)).annotations({
    description: "Dotted path to a boolean: whether more pages follow."
  })
})
  .annotations({
    identifier: "OffsetPaginator",
    ...Lore.lore({
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
        has_more: "has_more_path"
      }
    })
  })
  .pipe(Schema.filter((offset) => [...either(offset, "offset"), ...either(offset, "limit")]))

/**
 * @since 0.1.0
 * @category models
 */
export const SinglePage = Schema.Struct({
  type: Schema.propertySignature(type("single_page")).annotations({ description: "One request gives everything." })
}).annotations({ identifier: "SinglePagePaginator" })

/**
 * @since 0.1.0
 * @category models
 */
export const Paginator = Schema.Union(type("single_page"), Offset, SinglePage).annotations(
  Lore.lore({
    expected: "an object such as { type: offset, limit: 500 }, or single_page",
    say: (found) =>
      found === "offset"
        ? { message: "the paginator `offset` needs its `limit`", hint: "write { type: offset, limit: 500 }" }
        : undefined
  })
)

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
export const keys: ReadonlyArray<string> = Object.keys(Offset.from.fields).filter((key) => key !== "type")

// --- internal ---

function type<const Name extends "offset" | "single_page">(name: Name) {
  return Schema.Literal(name).annotations(
    Lore.lore({
      notYet: ["page_number", "cursor", "json_link", "json_response", "header_link", "header_cursor", "auto"],
      instead: {
        limit_offset: "offset",
        offset_limit: "offset",
        offset_increment: "offset",
        page: "page_number",
        pages: "page_number",
        page_increment: "page_number",
        next: "json_link",
        next_url: "json_link",
        link: "header_link",
        link_header: "header_link",
        cursor_pagination: "cursor",
        none: "single_page",
        single: "single_page",
        no_pagination: "single_page"
      }
    })
  )
}

function param(description: string, fallback: string) {
  return Schema.optional(Schema.NullOr(Value.NonEmptyText)).annotations({ description, default: fallback })
}

function path(description: string) {
  return Schema.optional(Schema.NullOr(Value.DottedPath)).annotations({ description })
}

const either = (options: Readonly<Record<string, unknown>>, name: "offset" | "limit") =>
  options[`${name}_param`] != null && options[`${name}_body_path`] != null
    ? [{ path: [`${name}_body_path`], message: `\`${name}_param\` and \`${name}_body_path\` exclude each other` }]
    : []
