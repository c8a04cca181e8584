import { client } from "../fixture.ts"
import { type Entry, entry } from "./Entry.ts"

/** What people get wrong by hand, and single deviations that were tried on dlt one by one. */
export const entries: ReadonlyArray<Entry> = [
  entry("auth.type: cookie", "auth", "{ type: cookie, api_key: x }", "error", "type", /`location` is `cookie`/),
  entry("paginator beside endpoint", "resource", "paginator: single_page", "error", "paginator", /endpoint\.paginator/),
  entry(
    "incremental beside endpoint",
    "resource",
    "incremental: { cursor_path: x }",
    "error",
    "incremental",
    /endpoint\.incremental/
  ),
  entry("params beside endpoint", "resource", "params: { a: 1 }", "error", "params", /endpoint\.params/),
  entry(
    "client.error_handler",
    "whole",
    "client: { base_url: https://x.com, error_handler: {} }\nresources: [a]",
    "error",
    "client.error_handler",
    /retry/
  ),
  entry(
    "endpoint.feature_extractor",
    "endpoint",
    "feature_extractor: x",
    "error",
    "feature_extractor",
    /processing_steps/
  ),
  entry("api_key without its key", "auth", "{ type: api_key, name: X-Key }", "error", "api_key", /API_KEY/),
  entry(
    "a child of a missing parent",
    "endpoint",
    'path: "/x/{resources.nobody.id}"',
    "error",
    "path",
    /no resource `nobody`/
  ),
  entry("no base_url", "whole", "client: {}\nresources: [a]", "error", "client.base_url", /`base_url` is missing/),
  entry(
    "json_response with cursor_path",
    "paginator",
    "{ type: json_response, cursor_path: next }",
    "error",
    "cursor_path",
    /did you mean `next_url_path`/
  ),
  entry(
    "json_response with next_page_token_path",
    "paginator",
    "{ type: json_response, next_page_token_path: next }",
    "error",
    "next_page_token_path",
    /type: cursor/
  ),
  entry(
    "json_response with max_pages",
    "paginator",
    "{ type: json_response, max_pages: 5 }",
    "error",
    "max_pages",
    /--limit-pages/
  ),
  entry(
    "data_path on the endpoint",
    "endpoint",
    "data_path: items",
    "error",
    "data_path",
    /did you mean `data_selector`/
  ),
  entry(
    "incremental.date_format",
    "endpoint",
    "incremental: { cursor_path: x, date_format: y }",
    "error",
    "incremental.date_format",
    /did you mean `convert`/
  ),
  entry(
    "a GraphQL query with single braces",
    "endpoint",
    'method: POST\n      json: { query: "query { me { id } }" }',
    "ok"
  ),
  // Probed.
  entry("method get", "endpoint", "method: get", "ok"),
  entry("method post", "endpoint", "method: post", "ok"),
  entry("method Post", "endpoint", "method: Post", "ok"),
  entry("method PUT", "endpoint", "method: PUT", "error", "method", /only requests that read/),
  entry("method PATCH", "endpoint", "method: PATCH", "error", "method", /only requests that read/),
  entry("method GET", "endpoint", "method: GET", "ok"),
  entry("wd upsert", "resource", "write_disposition: upsert", "error", "write_disposition", /did you mean `merge`/),
  entry("wd dict", "resource", "write_disposition: { disposition: append }", "ok"),
  entry(
    "wd dict bad strat",
    "resource",
    "write_disposition: { disposition: merge, strategy: nope }",
    "error",
    "write_disposition.strategy",
    /`delete-insert`/
  ),
  entry("wd skip", "resource", "write_disposition: skip", "ok"),
  entry("pag no type", "paginator", "{ limit: 5 }", "error", "type", /`type` is missing/),
  entry("pag null", "paginator", "null", "ok"),
  entry(
    "pag limit str",
    "paginator",
    '{ type: offset, limit: "5", total_path: null }',
    "error",
    "limit",
    /a whole number/
  ),
  entry(
    "total_path int",
    "paginator",
    "{ type: offset, limit: 5, total_path: 5 }",
    "error",
    "total_path",
    /JSONPath, or null/
  ),
  entry(
    "base_page str",
    "paginator",
    '{ type: page_number, base_page: "1", total_path: null }',
    "error",
    "base_page",
    /a whole number/
  ),
  entry(
    "max bool",
    "paginator",
    "{ type: page_number, base_page: 1, maximum_page: true, total_path: null }",
    "error",
    "maximum_page",
    /a whole number/
  ),
  entry(
    "limit float",
    "paginator",
    "{ type: offset, limit: 5.5, total_path: null }",
    "error",
    "limit",
    /a whole number/
  ),
  entry("basic no pw", "auth", "{ type: http_basic, username: u }", "error", "password", /PASSWORD/),
  entry("api_key no key", "auth", "{ type: api_key }", "error", "api_key", /API_KEY/),
  entry("bearer no token", "auth", "{ type: bearer }", "error", "token", /TOKEN/),
  entry(
    "oauth no url",
    "auth",
    "{ type: oauth2_client_credentials, client_id: a, client_secret: b }",
    "error",
    "access_token_url",
    /ACCESS_TOKEN_URL/
  ),
  entry("auth empty dict", "auth", "{}", "error", "token", /TOKEN/),
  entry("auth string bearer", "auth", "bearer", "error", "token", /TOKEN/),
  entry("token null", "auth", "{ type: bearer, token: null }", "error", "token", /TOKEN/),
  entry("no client", "whole", "resources: [a]", "error", "client", /`client` is missing/),
  entry("no resources", "whole", client, "error", "resources", /`resources` is missing/),
  entry("extra top", "whole", `x: 1\n${client}\nresources: [a]`, "error", "x", /known here/),
  entry("res no name", "whole", `${client}\nresources: [{}]`, "error", "resources[0].name", /`name` is missing/),
  entry(
    "res name null",
    "whole",
    `${client}\nresources: [{ name: null }]`,
    "error",
    "resources[0].name",
    /expected a text/
  ),
  entry("endpoint null", "resource", "endpoint: null", "error", "endpoint", /a path, or an object/),
  entry(
    "headers int",
    "whole",
    "client: { base_url: https://x.com, headers: { x: 1 } }\nresources: [a]",
    "error",
    "client.headers.x",
    /expected a text/
  ),
  entry("ep headers int", "endpoint", "headers: { x: 1 }", "ok"),
  entry("params null", "endpoint", "params: null", "ok"),
  entry("json list", "endpoint", "json: [1]", "error", "json", /expected an object/),
  entry(
    "json+data",
    "endpoint",
    "method: POST\n      json: { a: 1 }\n      data: { b: 2 }",
    "error",
    "data",
    /exclude each other/
  ),
  entry(
    "status_code str",
    "endpoint",
    'response_actions: [{ status_code: "404", action: ignore }]',
    "error",
    "response_actions[0].status_code",
    /write 404 without quotes/
  ),
  entry(
    "ra no action",
    "endpoint",
    "response_actions: [{ status_code: 404 }]",
    "error",
    "response_actions[0].action",
    /`action` is missing/
  ),
  entry(
    "ra unknown key",
    "endpoint",
    "response_actions: [{ status_code: 404, action: ignore, x: 1 }]",
    "error",
    "response_actions[0].x",
    /known here/
  ),
  entry(
    "ra unknown action",
    "endpoint",
    "response_actions: [{ status_code: 404, action: explode }]",
    "error",
    "response_actions[0].action",
    /`ignore`, `retry`/
  ),
  entry("columns dict", "resource", "columns: { a: { data_type: text } }", "ok"),
  entry(
    "columns bad dt",
    "resource",
    "columns: { a: { data_type: varchar } }",
    "error",
    "columns.a.data_type",
    /did you mean `text`/
  ),
  entry("columns list", "resource", "columns: [{ name: a, data_type: text }]", "ok"),
  entry("pk int", "resource", "primary_key: 5", "error", "primary_key", /name of a field/),
  entry("pk []", "resource", "primary_key: []", "ok"),
  entry("max_nest str", "resource", 'max_table_nesting: "2"', "error", "max_table_nesting", /a whole number/),
  entry("selected str", "resource", 'selected: "true"', "error", "selected", /true or false/),
  entry(
    "inc no cursor",
    "endpoint",
    "incremental: { initial_value: 1 }",
    "error",
    "incremental.cursor_path",
    /`cursor_path` is missing/
  ),
  entry("inc null", "endpoint", "incremental: null", "ok"),
  entry(
    "2 inc",
    "endpoint",
    "params: { a: { type: incremental, cursor_path: x }, b: { type: incremental, cursor_path: y } }",
    "error",
    "params.b",
    /one incremental cursor/
  ),
  entry(
    "inc param end",
    "endpoint",
    "params: { a: { type: incremental, cursor_path: x, end_value: 5 } }",
    "error",
    "params.a.end_value",
    /beside `params`/
  ),
  entry(
    "inc row_order bad",
    "endpoint",
    "incremental: { cursor_path: x, row_order: up }",
    "error",
    "incremental.row_order",
    /`asc` or `desc`/
  ),
  entry(
    "inc lag str",
    "endpoint",
    'incremental: { cursor_path: x, lag: "5" }',
    "error",
    "incremental.lag",
    /a number, 0 or more/
  ),
  entry(
    "inc start_param in params",
    "endpoint",
    "params: { a: { type: incremental, cursor_path: x, start_param: y } }",
    "error",
    "params.a.start_param",
    /beside `params`/
  ),
  entry(
    "resolve extra",
    "endpoint",
    'path: "/x/{a}"\n      params: { a: { type: resolve, resource: a, field: id, more: 1 } }',
    "error",
    "params.a.more",
    /known here/
  ),
  entry(
    "resolve no field",
    "endpoint",
    'path: "/x/{a}"\n      params: { a: { type: resolve, resource: b } }',
    "error",
    "params.a.field",
    /`field` is missing/
  ),
  entry("selector bad", "endpoint", 'data_selector: "a[?"', "error", "data_selector", /is not a JSONPath/),
  entry(
    "next bad",
    "paginator",
    '{ type: json_link, next_url_path: "a[" }',
    "error",
    "next_url_path",
    /is not a JSONPath/
  ),
  entry("resources str", "whole", `${client}\nresources: a`, "error", "resources", /a list of resources/),
  entry(
    "cycle",
    "whole",
    `${client}\nresources: [{ name: a, endpoint: "/{resources.b.id}/x" }, { name: b, endpoint: "/{resources.a.id}/x" }]`,
    "error",
    "resources[0].endpoint",
    /in a circle: `a` needs `b` needs `a`/
  ),
  entry(
    "cursor both",
    "paginator",
    "{ type: cursor, cursor_path: n, cursor_param: a, cursor_body_path: b }",
    "error",
    "cursor_body_path",
    /exclude each other/
  ),
  entry("table_format native", "resource", "table_format: native", "warning", "table_format", /no effect/),
  entry("file_format", "resource", "file_format: parquet", "warning", "file_format", /no effect/),
  entry("schema_contract str", "resource", "schema_contract: freeze", "ok"),
  entry("schema_contract bad", "resource", "schema_contract: nope", "error", "schema_contract", /`evolve`/),
  entry(
    "defaults name",
    "whole",
    `${client}\nresource_defaults: { name: x }\nresources: [a]`,
    "error",
    "resource_defaults.name",
    /`resources`/
  ),
  entry(
    "defaults endpoint str",
    "whole",
    `${client}\nresource_defaults: { endpoint: /x }\nresources: [a]`,
    "error",
    "resource_defaults.endpoint",
    /an object/
  ),
  entry("resource_defaults null", "whole", `${client}\nresource_defaults: null\nresources: [a]`, "ok"),
  // What dlt accepts and then loses without a word.
  entry(
    "page_number from 0 with a total",
    "paginator",
    "{ type: page_number, total_path: pages }",
    "warning",
    "base_page",
    /leave out the last page of an API that counts from 1/
  ),
  entry(
    "an unquoted @",
    "paginator",
    '{ type: json_link, next_url_path: "@odata.nextLink" }',
    "warning",
    "next_url_path",
    /dlt matches nothing/
  ),
  entry(
    "merge without a key",
    "resource",
    "write_disposition: merge",
    "warning",
    "write_disposition",
    /every run adds the same rows again/
  ),
  entry(
    "replace with incremental",
    "whole",
    `${client}\nresources: [{ name: a, write_disposition: replace, endpoint: { incremental: { cursor_path: x } } }]`,
    "warning",
    "resources[0].write_disposition",
    /its cursor is not kept/
  ),
  entry(
    "scd2 with incremental",
    "whole",
    `${client}\nresources: [{ name: a, write_disposition: { disposition: merge, strategy: scd2 }, endpoint: { incremental: { cursor_path: x } } }]`,
    "warning",
    "resources[0].write_disposition",
    /retires every row/
  ),
  entry(
    "braces half doubled",
    "endpoint",
    'method: POST\n      json: { query: "query { me {{ id }} }" }',
    "warning",
    "json.query",
    /single and doubled braces/
  ),
  entry(
    "a placeholder in the client's headers",
    "whole",
    'client: { base_url: https://x.com, headers: { X: "{resources.a.id}" } }\nresources: [a]',
    "warning",
    "client.headers.X",
    /no placeholders/
  ),
  entry(
    "a path in the defaults",
    "whole",
    `${client}\nresource_defaults: { endpoint: { path: /x } }\nresources: [a]`,
    "warning",
    "resource_defaults.endpoint.path",
    /no effect/
  ),
  entry(
    "a column property of another database",
    "resource",
    "columns: { a: { partition: true, x-annotation: 1 } }",
    "warning",
    "columns.a.partition",
    /no effect/
  ),
  entry(
    "the primary key of an incremental",
    "endpoint",
    "incremental: { cursor_path: x, primary_key: id }",
    "warning",
    "incremental.primary_key",
    /no effect/
  ),
  entry(
    "a table that may be a child table",
    "whole",
    `${client}\nresources: [posts, posts__tags]`,
    "warning",
    "resources[1]",
    /child table of `posts`/
  ),
  entry(
    "a placeholder in the path's query",
    "whole",
    `${client}\nresources: [posts, { name: a, endpoint: "x?post={resources.posts.id}" }]`,
    "warning",
    "resources[1].endpoint",
    /one entity, in the query too/
  )
]
