import { client } from "../fixture.ts"
import { type Entry, entry } from "./Entry.ts"

/** What configurations written by language models get wrong: rewritten connectors of another tool. */
export const entries: ReadonlyArray<Entry> = [
  entry(
    "paginator[offset]: no total_path",
    "paginator",
    "{ type: offset, limit: 100 }",
    "warning",
    "total_path",
    /total_path: null/
  ),
  entry(
    "paginator[page_number]: no total_path",
    "paginator",
    "{ type: page_number, base_page: 1 }",
    "warning",
    "total_path",
    /total_path: null/
  ),
  entry(
    "paginator[page_number]: limit",
    "paginator",
    "{ type: page_number, base_page: 1, limit: 50, total_path: null }",
    "error",
    "limit",
    /params: \{ limit: 50 \}/
  ),
  entry(
    "path: {param} bound to nothing",
    "endpoint",
    'path: "/v1/{account_id}/users"',
    "error",
    "path",
    /`\{account_id\}` is bound to nothing.*params: \{ account_id/s
  ),
  entry(
    "paginator[page_number]: limit_param",
    "paginator",
    "{ type: page_number, limit_param: per_page, total_path: null }",
    "error",
    "limit_param",
    /params: \{ per_page: 100 \}/
  ),
  entry(
    "auth.type: oauth2",
    "auth",
    "{ type: oauth2, client_id: a, client_secret: b, access_token_url: https://x.com }",
    "error",
    "type",
    /did you mean `oauth2_client_credentials`/
  ),
  entry(
    "paginator[cursor]: stop_condition",
    "paginator",
    '{ type: cursor, cursor_path: next, stop_condition: "{{ not response.next }}" }',
    "error",
    "stop_condition",
    /leave it out/
  ),
  entry(
    "endpoint: error_handler",
    "endpoint",
    "error_handler: { type: DefaultErrorHandler }",
    "error",
    "error_handler",
    /retry.*response_actions/
  ),
  entry(
    "paginator[cursor]: no cursor_path",
    "paginator",
    "{ type: cursor, cursor_param: after }",
    "warning",
    "cursor_path",
    /cursors\.next/
  ),
  entry(
    "paginator[cursor]: limit",
    "paginator",
    "{ type: cursor, cursor_path: next, limit: 100 }",
    "error",
    "limit",
    /params: \{ limit: 100 \}/
  ),
  entry(
    "auth.type: basic",
    "auth",
    "{ type: basic, username: u, password: p }",
    "error",
    "type",
    /did you mean `http_basic`/
  ),
  entry(
    'path: "{{ name }}"',
    "endpoint",
    'path: "/v1/{{ account_id }}/users"',
    "error",
    "path",
    /\{resources\.<parent>\.account_id\}.*"\$\{ACCOUNT_ID\}"/
  ),
  entry("data_selector: []", "endpoint", "data_selector: []", "error", "data_selector", /leave it out/),
  entry(
    "data_selector: .* over an array",
    "endpoint",
    "data_selector: data.*",
    "warning",
    "data_selector",
    /write `data\[\*\]`/
  ),
  entry(
    "paginator[page_number]: start_from_page",
    "paginator",
    "{ type: page_number, start_from_page: 1, total_path: null }",
    "error",
    "start_from_page",
    /did you mean `base_page`/
  ),
  entry(
    "data_selector: a list of keys",
    "endpoint",
    "data_selector: [data, '*', items]",
    "error",
    "data_selector",
    /did you mean `data\[\*\]\.items`/
  ),
  entry(
    "paginator[cursor]: cursor_value",
    "paginator",
    "{ type: cursor, cursor_value: next_token }",
    "error",
    "cursor_value",
    /did you mean `cursor_path`/
  ),
  entry(
    "paginator[cursor]: cursor_path names a URL",
    "paginator",
    "{ type: cursor, cursor_path: links.next }",
    "warning",
    "cursor_path",
    /json_link, next_url_path: "links\.next"/
  ),
  entry(
    "paginator[cursor]: cursor_path names a URL (HAL)",
    "paginator",
    "{ type: cursor, cursor_path: _links.next.href }",
    "warning",
    "cursor_path",
    /json_link/
  ),
  entry(
    "paginator[cursor]: cursor_path names a URL (OData)",
    "paginator",
    "{ type: cursor, cursor_path: \"['@odata.nextLink']\" }",
    "warning",
    "cursor_path",
    /json_link/
  ),
  entry(
    "resource: incremental_sync",
    "resource",
    "incremental_sync: {}",
    "error",
    "incremental_sync",
    /endpoint: \{ incremental: \{ cursor_path/
  ),
  entry(
    'params: "{{ expr }}"',
    "endpoint",
    'params: { since: "{{ last_run }}" }',
    "warning",
    "params.since",
    /doubled braces are sent as single ones/
  ),
  entry(
    'params: "{{ config[..] }}"',
    "endpoint",
    "params: { since: \"{{ config['start_date'] }}\" }",
    "error",
    "params.since",
    /"\$\{START_DATE\}"/
  ),
  entry("auth.type: none", "auth", "{ type: none }", "error", "type", /leave `auth` out/),
  entry(
    "paginator[cursor]: cursor_path into the response headers",
    "paginator",
    "{ type: cursor, cursor_path: headers.link.next.url }",
    "warning",
    "cursor_path",
    /header_link/
  ),
  entry(
    "paginator[cursor]: limit_param",
    "paginator",
    "{ type: cursor, cursor_path: next, limit_param: size }",
    "error",
    "limit_param",
    /params: \{ size: 100 \}/
  ),
  entry(
    "paginator[cursor]: page_size",
    "paginator",
    "{ type: cursor, cursor_path: next, page_size: 50 }",
    "error",
    "page_size",
    /params: \{ limit: 50 \}/
  ),
  entry(
    "auth[bearer]: location",
    "auth",
    "{ type: bearer, token: x, location: header }",
    "error",
    "location",
    /leave it out/
  ),
  entry(
    "auth[bearer] missing: token",
    "auth",
    "{ type: bearer }",
    "error",
    "token",
    /neither API__TOKEN nor TOKEN is set/
  ),
  entry("auth[bearer]: api_key", "auth", "{ type: bearer, api_key: x }", "error", "api_key", /did you mean `token`/),
  entry("endpoint: body", "endpoint", "body: { a: 1 }", "error", "body", /did you mean `json`/),
  entry(
    "endpoint: incremental_sync",
    "endpoint",
    "incremental_sync: {}",
    "error",
    "incremental_sync",
    /did you mean `incremental`.*cursor_path/
  ),
  entry(
    "endpoint: partition_router",
    "endpoint",
    "partition_router: {}",
    "error",
    "partition_router",
    /\{resources\.<parent>\.<field>\}/
  ),
  entry(
    "paginator[offset]: page_param",
    "paginator",
    "{ type: offset, limit: 5, page_param: p, total_path: null }",
    "error",
    "page_param",
    /did you mean `offset_param`/
  ),
  entry(
    "paginator[offset]: size_param",
    "paginator",
    "{ type: offset, limit: 5, size_param: p, total_path: null }",
    "error",
    "size_param",
    /did you mean `limit_param`/
  ),
  entry("auth.type: custom", "auth", "{ type: custom }", "error", "type", /TypeScript source/),
  entry(
    "paginator[page_number]: inject_on_first_request",
    "paginator",
    "{ type: page_number, inject_on_first_request: true, total_path: null }",
    "error",
    "inject_on_first_request",
    /leave it out/
  ),
  entry(
    "endpoint: record_filter",
    "endpoint",
    "record_filter: {}",
    "error",
    "record_filter",
    /processing_steps: \[\{ filter/
  ),
  entry(
    "auth[api_key]: location body",
    "auth",
    "{ type: api_key, api_key: x, location: body }",
    "error",
    "location",
    /endpoint\.json/
  ),
  entry(
    "paginator[cursor]: end_time_option",
    "paginator",
    "{ type: cursor, cursor_path: next, end_time_option: x }",
    "error",
    "end_time_option",
    /incremental: \{ cursor_path/
  ),
  entry(
    "paginator[cursor]: start_time_option",
    "paginator",
    "{ type: cursor, cursor_path: next, start_time_option: x }",
    "error",
    "start_time_option",
    /incremental: \{ cursor_path/
  ),
  entry("auth.type: session_token", "auth", "{ type: session_token }", "error", "type", /TypeScript source/),
  entry("endpoint: http_method", "endpoint", "http_method: GET", "error", "http_method", /did you mean `method`/),
  entry(
    "paginator[cursor]: step",
    "paginator",
    "{ type: cursor, cursor_path: next, step: P1D }",
    "error",
    "step",
    /incremental/
  ),
  entry("paginator.type: custom", "paginator", "{ type: custom }", "error", "type", /TypeScript source/),
  // Stubs.
  entry("auth.type: apikey", "auth", "{ type: apikey, api_key: x }", "error", "type", /did you mean `api_key`/),
  entry(
    "auth[api_key] missing: api_key",
    "auth",
    "{ type: api_key, name: X-Key }",
    "error",
    "api_key",
    /neither API__API_KEY nor API_KEY is set/
  ),
  entry("auth.type: basic (stub)", "auth", "{ type: basic }", "error", "type", /did you mean `http_basic`/),
  entry("auth[api_key]: key", "auth", "{ type: api_key, key: x }", "error", "key", /did you mean `api_key`/),
  entry("auth[api_key]: value", "auth", "{ type: api_key, value: x }", "error", "value", /did you mean `api_key`/),
  entry("auth[api_key]: token", "auth", "{ type: api_key, token: x }", "error", "token", /did you mean `api_key`/),
  entry("auth.type: query", "auth", "{ type: query, api_key: x }", "error", "type", /did you mean `api_key`/),
  entry(
    "auth[api_key]: header",
    "auth",
    "{ type: api_key, api_key: x, header: X-Key }",
    "error",
    "header",
    /did you mean `name`/
  ),
  ...["aws4", "aws_sigv4", "aws_signature_v4", "hmac", "oauth1"].map((type) =>
    entry(
      `auth.type: ${type}`,
      "auth",
      `{ type: ${type}, api_key: x }`,
      "error",
      "type",
      /signed requests are not supported/
    )
  ),
  entry("auth.type: apiKey", "auth", "{ type: apiKey, api_key: x }", "error", "type", /did you mean `api_key`/),
  entry(
    "auth[api_key]: in",
    "auth",
    "{ type: api_key, api_key: x, in: header }",
    "error",
    "in",
    /did you mean `location`/
  ),
  entry(
    "auth[api_key]: header_name",
    "auth",
    "{ type: api_key, api_key: x, header_name: X }",
    "error",
    "header_name",
    /did you mean `name`/
  ),
  entry("auth.type: header", "auth", "{ type: header, api_key: x }", "error", "type", /did you mean `api_key`/),
  entry("auth.type: token", "auth", "{ type: token, token: x }", "error", "type", /did you mean `bearer`/),
  entry("resource: client", "resource", "client: {}", "error", "client", /belongs to `client`/),
  entry("resource: resources", "resource", "resources: []", "error", "resources", /belongs to `resources`/),
  entry(
    "resource: missing name",
    "whole",
    `${client}\nresources: [{ endpoint: /x }]`,
    "error",
    "resources[0].name",
    /`name` is missing/
  ),
  entry(
    "auth[api_key]: key_name",
    "auth",
    "{ type: api_key, api_key: x, key_name: X }",
    "error",
    "key_name",
    /did you mean `name`/
  ),
  entry(
    "auth.type: custom_headers",
    "auth",
    "{ type: custom_headers, api_key: x }",
    "error",
    "type",
    /did you mean `api_key`/
  ),
  entry(
    "auth.type: custom_header",
    "auth",
    "{ type: custom_header, api_key: x }",
    "error",
    "type",
    /did you mean `api_key`/
  ),
  entry(
    "auth[api_key]: headers",
    "auth",
    "{ type: api_key, api_key: x, headers: {} }",
    "error",
    "headers",
    /did you mean `name`/
  )
]
