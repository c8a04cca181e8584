import { endpoint, resource } from "../fixture.ts"
import { type Case, one } from "./Case.ts"

export const cases: ReadonlyArray<Case> = [
  one("endpoint a number", resource("endpoint: 5"), "4:15", "resources[0].endpoint", /a path, or an object .*found 5/),
  one(
    "data_selecter",
    endpoint("data_selecter: x"),
    "6:7",
    "resources[0].endpoint.data_selecter",
    /unknown key/,
    /did you mean `data_selector`\?/
  ),
  one(
    "record_selector",
    endpoint("record_selector: x"),
    "6:7",
    "resources[0].endpoint.record_selector",
    /unknown key/,
    /did you mean `data_selector`\?/
  ),
  one(
    "pagination",
    endpoint("pagination: {}"),
    "6:7",
    "resources[0].endpoint.pagination",
    /unknown key/,
    /did you mean `paginator`\?/
  ),
  one("body", endpoint("body: {}"), "6:7", "resources[0].endpoint.body", /unknown key/, /did you mean `json`\?/),
  one(
    "http_method",
    endpoint("http_method: GET"),
    "6:7",
    "resources[0].endpoint.http_method",
    /unknown key/,
    /did you mean `method`\?/
  ),
  one(
    "error_handler",
    endpoint("error_handler: {}"),
    "6:7",
    "resources[0].endpoint.error_handler",
    /unknown key/,
    /`retry: \{ statuses: .*response_actions/
  ),
  one(
    "limit a level too high",
    endpoint("limit: 5"),
    "6:7",
    "resources[0].endpoint.limit",
    /does not belong/,
    /endpoint.paginator.limit/
  ),
  one(
    "primary_key in endpoint",
    endpoint("primary_key: id"),
    "6:7",
    "resources[0].endpoint.primary_key",
    /does not belong/
  ),
  one(
    "a response action that is none",
    endpoint("response_actions: [{ status_code: 404, action: skip }]"),
    "6:54",
    "resources[0].endpoint.response_actions[0].action",
    /`ignore`, `retry`, `fail` or `stop`, found "skip"/,
    /did you mean `ignore`\?/
  ),
  one(
    "incremental without cursor_path",
    endpoint("incremental: { cursor_field: x }"),
    "6:22",
    "resources[0].endpoint.incremental.cursor_field",
    /unknown key/,
    /did you mean `cursor_path`\?/
  ),
  one(
    "data in a GET",
    endpoint("data: x"),
    "6:13",
    "resources[0].endpoint.data",
    /GET request has no body/,
    /method: POST/
  ),
  one(
    "method PUT",
    endpoint("method: PUT"),
    "6:15",
    "resources[0].endpoint.method",
    /expected `GET` or `POST`, found "PUT"/
  ),
  one("method a number", endpoint("method: 5"), "6:15", "resources[0].endpoint.method", /`GET` or `POST`, found 5/),
  one("path a number", endpoint("path: 5"), "6:13", "resources[0].endpoint.path", /expected a text, found 5/),
  one(
    "a parent that is not there",
    endpoint('path: "/x/{resources.b.id}"'),
    "6:13",
    "resources[0].endpoint.path",
    /no resource `b` to be the parent of `a`/,
    /add it/
  ),
  one(
    "{{ }} in the path",
    endpoint('path: "/x/{{ id }}"'),
    "6:13",
    "resources[0].endpoint.path",
    /template of another tool/
  ),
  one(
    "{name} in the path",
    endpoint('path: "/x/{id}"'),
    "6:13",
    "resources[0].endpoint.path",
    /`\{id\}` is bound to nothing/,
    /params: \{ id: … \}.*\{resources\.<parent>\.id\}.*"\$\{ID\}"/
  ),
  one(
    "a resolve that nothing uses",
    endpoint("params: { a: { type: resolve, resource: a, field: id } }"),
    "6:20",
    "resources[0].endpoint.params.a",
    /nothing uses the parameter/,
    /a: "\{resources\.a\.id\}"/
  ),
  one(
    "end_value in an incremental param",
    endpoint("params: { a: { type: incremental, cursor_path: x, end_value: 5 } }"),
    "6:57",
    "resources[0].endpoint.params.a.end_value",
    /does not belong into a parameter/,
    /incremental: \{ cursor_path/
  ),
  one(
    "param an object",
    endpoint("params: { a: { b: 1 } }"),
    "6:20",
    "resources[0].endpoint.params.a",
    /an object is no query parameter/,
    /filter\[name\]/
  ),
  one(
    "{incremental.…} without incremental",
    endpoint('params: { a: "{incremental.start_value}" }'),
    "6:20",
    "resources[0].endpoint.params.a",
    /no `incremental` on the endpoint/,
    /cursor_path/
  ),
  one(
    "{{ }} in a param",
    endpoint("params: { a: \"{{ config['x'] }}\" }"),
    "6:20",
    "resources[0].endpoint.params.a",
    /template of another tool/
  ),
  one("json a list", endpoint("json: [1]"), "6:13", "resources[0].endpoint.json", /expected an object, found a list/),
  one(
    "selector a list of keys",
    endpoint("data_selector: [a, b]"),
    "6:22",
    "resources[0].endpoint.data_selector",
    /list of names/,
    /did you mean `a\.b`\?/
  ),
  one(
    "selector an empty list",
    endpoint("data_selector: []"),
    "6:22",
    "resources[0].endpoint.data_selector",
    /list of names/,
    /`\$`/
  ),
  one("selector empty", endpoint('data_selector: ""'), "6:22", "resources[0].endpoint.data_selector", /empty text/),
  one(
    "selector not closed",
    endpoint('data_selector: "items[*"'),
    "6:22",
    "resources[0].endpoint.data_selector",
    /is not a JSONPath/,
    /data\.items/
  )
]
