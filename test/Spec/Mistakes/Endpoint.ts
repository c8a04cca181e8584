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
    /did you mean `retry`\?/
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
    "response_actions",
    endpoint("response_actions: []"),
    "6:7",
    "resources[0].endpoint.response_actions",
    /not supported yet/
  ),
  one(
    "incremental",
    endpoint("incremental: { cursor_path: x }"),
    "6:7",
    "resources[0].endpoint.incremental",
    /not supported yet/
  ),
  one("data", endpoint("data: x"), "6:7", "resources[0].endpoint.data", /not supported yet/),
  one(
    "method PUT",
    endpoint("method: PUT"),
    "6:15",
    "resources[0].endpoint.method",
    /expected `GET` or `POST`, found "PUT"/
  ),
  one(
    "method Get",
    endpoint("method: Get"),
    "6:15",
    "resources[0].endpoint.method",
    /expected/,
    /did you mean `GET`\?/
  ),
  one("path a number", endpoint("path: 5"), "6:13", "resources[0].endpoint.path", /expected a text, found 5/),
  one(
    "a parent in the path",
    endpoint('path: "/x/{resources.b.id}"'),
    "6:13",
    "resources[0].endpoint.path",
    /\{resources\.…\}` are not supported yet/
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
    /placeholders in a path \(`\{id\}`\)/
  ),
  one(
    "resolve",
    endpoint("params: { a: { type: resolve, resource: b, field: id } }"),
    "6:20",
    "resources[0].endpoint.params.a",
    /`resolve` is not supported yet/
  ),
  one(
    "incremental param",
    endpoint("params: { a: { type: incremental, cursor_path: x } }"),
    "6:20",
    "resources[0].endpoint.params.a",
    /`incremental` is not supported yet/
  ),
  one(
    "param an object",
    endpoint("params: { a: { b: 1 } }"),
    "6:20",
    "resources[0].endpoint.params.a",
    /expected a text.*found an object/
  ),
  one(
    "{incremental.…} in a param",
    endpoint('params: { a: "{incremental.start_value}" }'),
    "6:20",
    "resources[0].endpoint.params.a",
    /not supported yet/
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
    "selector a wildcard",
    endpoint('data_selector: "items[*].x"'),
    "6:22",
    "resources[0].endpoint.data_selector",
    /JSONPath is not supported yet/
  ),
  one(
    "selector .*",
    endpoint("data_selector: data.*"),
    "6:22",
    "resources[0].endpoint.data_selector",
    /JSONPath is not supported yet/
  )
]
