import { paginator } from "../fixture.ts"
import { type Case, one } from "./Case.ts"

export const cases: ReadonlyArray<Case> = [
  one(
    "offset without options",
    paginator("offset"),
    "5:18",
    "resources[0].endpoint.paginator",
    /needs its `limit`/,
    /limit: 100/
  ),
  one(
    "limit missing",
    paginator("{ type: offset }"),
    "5:7",
    "resources[0].endpoint.paginator.limit",
    /`limit` is missing/,
    /whole number/
  ),
  one(
    "limit a text",
    paginator('{ type: offset, limit: "500" }'),
    "5:41",
    "resources[0].endpoint.paginator.limit",
    /whole number, 1 or more, found "500"/
  ),
  one(
    "limit a fraction",
    paginator("{ type: offset, limit: 1.5 }"),
    "5:41",
    "resources[0].endpoint.paginator.limit",
    /found 1.5/
  ),
  one(
    "limit 0",
    paginator("{ type: offset, limit: 0 }"),
    "5:41",
    "resources[0].endpoint.paginator.limit",
    /1 or more, found 0/
  ),
  one(
    "page_size",
    paginator("{ type: offset, page_size: 5 }"),
    "5:34",
    "resources[0].endpoint.paginator.page_size",
    /unknown key/,
    /did you mean `limit`\?/
  ),
  one(
    "page_param",
    paginator("{ type: offset, limit: 5, page_param: p }"),
    "5:44",
    "resources[0].endpoint.paginator.page_param",
    /unknown key/,
    /did you mean `offset_param`\?/
  ),
  one(
    "stop_condition",
    paginator("{ type: offset, limit: 5, stop_condition: x }"),
    "5:44",
    "resources[0].endpoint.paginator.stop_condition",
    /unknown key/,
    /leave it out/
  ),
  one(
    "both places",
    paginator("{ type: offset, limit: 5, offset_param: a, offset_body_path: b }"),
    "5:79",
    "resources[0].endpoint.paginator.offset_body_path",
    /exclude each other/
  ),
  one(
    "total_path a number",
    paginator("{ type: offset, limit: 5, total_path: 5 }"),
    "5:56",
    "resources[0].endpoint.paginator.total_path",
    /a JSONPath, or null/
  ),
  one(
    "type misspelt",
    paginator("{ type: ofset, limit: 5 }"),
    "5:26",
    "resources[0].endpoint.paginator.type",
    /`offset` or `page_number` .*found "ofset"/,
    /did you mean `offset`\?/
  ),
  one(
    "type missing",
    paginator("{ limit: 5 }"),
    "5:7",
    "resources[0].endpoint.paginator.type",
    /`type` is missing/,
    /`offset` or `page_number`/
  ),
  one(
    "cursor with stop_condition",
    paginator("{ type: cursor, cursor_path: x, stop_condition: y }"),
    "5:50",
    "resources[0].endpoint.paginator.stop_condition",
    /unknown key/,
    /leave it out/
  ),
  one(
    "page_number with limit",
    paginator("{ type: page_number, limit: 5 }"),
    "5:39",
    "resources[0].endpoint.paginator.limit",
    /`page_number` has no `limit`/,
    /`params: \{ limit: 5 \}`/
  ),
  one("automatic", paginator("automatic"), "5:18", "resources[0].endpoint.paginator", /expected/),
  one(
    "OffsetIncrement",
    paginator("{ type: OffsetIncrement }"),
    "5:26",
    "resources[0].endpoint.paginator.type",
    /expected/,
    /did you mean `offset`\?/
  ),
  one(
    "single_page with limit",
    paginator("{ type: single_page, limit: 5 }"),
    "5:39",
    "resources[0].endpoint.paginator.limit",
    /no `limit`/
  ),
  one(
    "one place for offset and limit",
    paginator("{ type: offset, limit: 5, limit_param: offset, total_path: null }"),
    "5:57",
    "resources[0].endpoint.paginator.limit_param",
    /is the place of `offset_param` too/
  )
]
