/**
 * `paginator` of a configuration → a paginator of stage Page, and which of those at hand an endpoint goes by.
 *
 * dlt's order: that of the endpoint (or the defaults), for one entity a single page, that of the client, else detection.
 */
import * as Auto from "../../Page/Auto.ts"
import * as Cursor from "../../Page/Cursor.ts"
import * as HeaderCursor from "../../Page/HeaderCursor.ts"
import * as HeaderLink from "../../Page/HeaderLink.ts"
import * as JsonLink from "../../Page/JsonLink.ts"
import * as Offset from "../../Page/Offset.ts"
import type { Paginator } from "../../Page.ts"
import * as PageNumber from "../../Page/PageNumber.ts"
import * as SinglePage from "../../Page/SinglePage.ts"
import type { Merged } from "../Defaults.ts"
import type { Client } from "../Grammar/Client.ts"
import type * as Grammar from "../Grammar/Paginator.ts"

/**
 * A paginator in long form.
 *
 * @since 0.1.0
 * @category models
 */
export type Long = Exclude<Grammar.Paginator, string>

/**
 * The paginator an endpoint goes by; `auto` is none of its own, as in dlt. `origin` is where it was found.
 *
 * A path that ends in a placeholder is one entity to dlt, which then ignores the client's paginator. Here it still counts
 * where that costs nothing (it only follows what an answer says) or where a selector says that the answer holds a list.
 *
 * @since 0.1.0
 * @category accessors
 */
export const choose = (
  { endpoint }: Pick<Merged, "endpoint">,
  client: Pick<Client, "paginator">,
  isEntity: boolean
): { readonly paginator: Long; readonly origin: "endpoint" | "client" | "entity" | "none" } => {
  const own = endpoint.paginator == null ? undefined : long(endpoint.paginator)
  if (own !== undefined && own.type !== "auto") return { paginator: own, origin: "endpoint" }
  const shared = client.paginator == null ? undefined : long(client.paginator)
  if (isEntity && own === undefined) {
    const isList = endpoint.data_selector != null && endpoint.data_selector !== "$"
    if (shared === undefined || shared.type === "auto") {
      return isList
        ? { paginator: { type: "auto" }, origin: "none" }
        : { paginator: { type: "single_page" }, origin: "entity" }
    }
    const asks = shared.type === "offset" || shared.type === "page_number"
    return asks && !isList
      ? { paginator: { type: "single_page" }, origin: "entity" }
      : { paginator: shared, origin: "client" }
  }
  if (shared !== undefined && shared.type !== "auto") return { paginator: shared, origin: "client" }
  return { paginator: { type: "auto" }, origin: "none" }
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const long = (value: Grammar.Paginator): Long => (typeof value === "string" ? { type: value } : value)

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (value: Long): Paginator => {
  switch (value.type) {
    case "auto":
      return Auto.make()
    case "single_page":
      return SinglePage.make()
    case "offset":
      return Offset.make({
        limit: value.limit,
        offset: value.offset ?? undefined,
        offsetParam: value.offset_param || undefined,
        offsetBodyPath: value.offset_body_path || undefined,
        limitParam: value.limit_param || undefined,
        limitBodyPath: value.limit_body_path || undefined,
        totalPath: total(value.total_path),
        maximumOffset: value.maximum_offset ?? undefined,
        stopAfterEmptyPage: value.stop_after_empty_page ?? undefined,
        hasMorePath: value.has_more_path ?? undefined
      })
    case "page_number":
      return PageNumber.make({
        basePage: value.base_page ?? undefined,
        page: value.page ?? undefined,
        pageParam: value.page_param || undefined,
        pageBodyPath: value.page_body_path || undefined,
        totalPath: total(value.total_path),
        maximumPage: value.maximum_page ?? undefined,
        stopAfterEmptyPage: value.stop_after_empty_page ?? undefined,
        hasMorePath: value.has_more_path ?? undefined
      })
    case "json_link":
    case "json_response":
      return JsonLink.make({ nextUrlPath: value.next_url_path ?? undefined })
    case "header_link":
      return HeaderLink.make({ linksNextKey: value.links_next_key ?? undefined })
    case "header_cursor":
      return HeaderCursor.make({
        cursorKey: value.cursor_key ?? undefined,
        cursorParam: value.cursor_param || undefined
      })
    case "cursor":
      return Cursor.make({
        cursorPath: value.cursor_path ?? undefined,
        cursorParam: value.cursor_param || undefined,
        cursorBodyPath: value.cursor_body_path || undefined,
        stopAfterEmptyPage: value.stop_after_empty_page ?? undefined,
        hasMorePath: value.has_more_path ?? undefined
      })
  }
}

// --- internal ---

const total = (path: string | null | undefined) => (path === "" ? null : path)
