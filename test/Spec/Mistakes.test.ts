import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { auth, client, endpoint, mistakes, paginator, resource } from "./fixture.ts"

interface Case {
  readonly what: string
  readonly text: string
  readonly at: string
  readonly path: string
  readonly message: RegExp
  readonly hint?: RegExp
}

const one = (what: string, text: string, at: string, path: string, message: RegExp, hint?: RegExp): Case =>
  ({ what, text, at, path, message, ...(hint === undefined ? {} : { hint }) })

const ok = "{ name: a, endpoint: { paginator: single_page } }"
const top = (line: string) => `${line}\n${client}\nresources: [${ok}]`
const inClient = (line: string) => `client:\n  base_url: https://api.example.com\n  ${line}\nresources: [${ok}]`
const defaults = (line: string) => `${client}\nresource_defaults:\n  ${line}\nresources: [${ok}]`

const cases: ReadonlyArray<Case> = [
  // The top level
  one("client missing", `resources: [${ok}]`, "1:1", "client", /`client` is missing/),
  one("resources missing", client, "1:1", "resources", /`resources` is missing/, /a list of resources/),
  one("resources empty", `${client}\nresources: []`, "2:12", "resources", /empty list/),
  one("resources a text", `${client}\nresources: a`, "2:12", "resources", /expected a list of resources.*found "a"/),
  one("resources nothing", `${client}\nresources:`, "2:11", "resources", /found nothing/),
  one("a list at the top", "- a", "1:1", "", /expected an object with `client` and `resources`, found a list/),
  one("unknown key", top("nmae: x"), "1:1", "nmae", /unknown key `nmae`/, /did you mean `name`\?/),
  one("a key nothing is like", top("wibble: x"), "1:1", "wibble", /unknown key/, /known here: .*`client`/),
  one("base_url at the top", top("base_url: x"), "1:1", "base_url", /does not belong here/, /belongs to `client.base_url`/),
  one("primary_key at the top", top("primary_key: id"), "1:1", "primary_key", /does not belong here/, /resource_defaults.primary_key/),
  one("streams", top("streams: []"), "1:1", "streams", /unknown key/, /did you mean `resources`\?/),
  one("name with a slash", top("name: ../x"), "1:7", "name", /not a plain name/, /database file/),
  // The client
  one("client a text", `client: x\nresources: [${ok}]`, "1:9", "client", /expected an object, found "x"/),
  one("base_url missing", `client: { headers: {} }\nresources: [${ok}]`, "1:1", "client.base_url", /`base_url` is missing/),
  one("baseUrl", `client: { baseUrl: https://x.com }\nresources: [${ok}]`, "1:11", "client.baseUrl", /unknown key/, /did you mean `base_url`\?/),
  one("base_url without scheme", `client: { base_url: api.x.com }\nresources: [${ok}]`, "1:21", "client.base_url", /not an http or https URL/, /https:\/\//),
  one("base_url with a password", `client: { base_url: "https://u:p@x.com" }\nresources: [${ok}]`, "1:21", "client.base_url", /user name or a password/, /client.auth/),
  one("base_url with a placeholder", `client: { base_url: "https://x.com/{v}" }\nresources: [${ok}]`, "1:21", "client.base_url", /placeholders/),
  one("error_handler", inClient("error_handler: {}"), "3:3", "client.error_handler", /unknown key/, /did you mean `retry`\?/),
  one("session", inClient("session: {}"), "3:3", "client.session", /`session` is not supported yet/),
  one("pagination", inClient("pagination: single_page"), "3:3", "client.pagination", /unknown key/, /did you mean `paginator`\?/),
  one("timeout on the client", inClient("timeout: 5s"), "3:3", "client.timeout", /does not belong here/, /client.limits.timeout/),
  one("header a number", inClient("headers: { X-V: 2 }"), "3:19", "client.headers.X-V", /expected a text, found a number/),
  one("header with a space", inClient("headers: { X V: a }"), "3:19", "client.headers[\"X V\"]", /not a name for a header/),
  one("header with a line break", inClient("headers: { X: \"a\\nb\" }"), "3:17", "client.headers.X", /no header may hold/),
  one("allowed_hosts a URL", inClient("allowed_hosts: [\"https://x.com/\"]"), "3:19", "client.allowed_hosts[0]", /not a host/, /without scheme/),
  one("max_attempts", inClient("retry: { max_attempts: 3 }"), "3:12", "client.retry.max_attempts", /unknown key/, /`max_retries`\? It counts/),
  one("max_retries negative", inClient("retry: { max_retries: -1 }"), "3:25", "client.retry.max_retries", /whole number, 0 or more, found -1/),
  one("delay in words", inClient("retry: { base_delay: 5 seconds }"), "3:24", "client.retry.base_delay", /500ms, 1s or 2m.*found "5 seconds"/),
  one("status out of range", inClient("retry: { statuses: [429, 99] }"), "3:28", "client.retry.statuses[1]", /400 to 599, found 99/),
  one("jitter yes", inClient("retry: { jitter: yes }"), "3:20", "client.retry.jitter", /expected true or false, found "yes"/),
  one("concurrency 0", inClient("limits: { concurrency: 0 }"), "3:26", "client.limits.concurrency", /1 or more, found 0/),
  one("timeout 0", inClient("limits: { timeout: 0 }"), "3:22", "client.limits.timeout", /no time at all/),
  one("rate_limit", inClient("limits: { rate_limit: 5 }"), "3:13", "client.limits.rate_limit", /unknown key/, /did you mean `rate`\?/),
  // auth
  one("auth apikey", auth("{ type: apikey, api_key: x }"), "3:17", "client.auth.type", /expected `api_key`, found "apikey"/, /did you mean `api_key`\?/),
  one("auth bearer", auth("{ type: bearer, token: x }"), "3:17", "client.auth.type", /`bearer` is not supported yet/, /`api_key`/),
  one("auth basic", auth("{ type: basic, username: u, password: p }"), "3:17", "client.auth.type", /expected `api_key`/, /`http_basic`.*not supported yet/),
  one("auth oauth2", auth("{ type: oauth2 }"), "3:17", "client.auth.type", /expected/, /`oauth2_client_credentials`.*not supported yet/),
  one("auth none", auth("{ type: none }"), "3:17", "client.auth.type", /expected/, /leave `auth` out/),
  one("auth a text", auth("bearer"), "3:9", "client.auth", /short form .* not supported yet/),
  one("auth without type", auth("{ token: x }"), "3:9", "client.auth", /means a bearer token/),
  one("api_key without type", auth("{ api_key: x, name: y }"), "3:9", "client.auth", /`type` is missing/, /type: api_key/),
  one("key for api_key", auth("{ type: api_key, key: x }"), "3:26", "client.auth.key", /unknown key `key`/, /did you mean `api_key`\?/),
  one("token for api_key", auth("{ type: api_key, token: x }"), "3:26", "client.auth.token", /unknown key `token`/, /did you mean `api_key`\?/),
  one("value for api_key", auth("{ type: api_key, value: x }"), "3:26", "client.auth.value", /unknown key `value`/, /did you mean `api_key`\?/),
  one("in for location", auth("{ type: api_key, api_key: x, in: header }"), "3:38", "client.auth.in", /unknown key/, /did you mean `location`\?/),
  one("location body", auth("{ type: api_key, api_key: x, location: body }"), "3:48", "client.auth.location", /expected `header` or `query`/),
  one("location cookie", auth("{ type: api_key, api_key: x, location: cookie }"), "3:48", "client.auth.location", /`cookie` is not supported yet/),
  one("api_key a list", auth("{ type: api_key, api_key: [x] }"), "3:35", "client.auth.api_key", /expected a text, found a list/),
  one("api_key missing", auth("{ type: api_key }"), "3:3", "client.auth.api_key", /`api_key` is missing/),
  one("api_key empty", auth("{ type: api_key, api_key: \"\" }"), "3:35", "client.auth.api_key", /empty text/),
  one("api_key of several lines", auth("{ type: api_key, api_key: \"a\\nb\" }"), "3:35", "client.auth.api_key", /no header may hold/),
  one("name with a space", auth("{ type: api_key, name: a b, api_key: x }"), "3:32", "client.auth.name", /not a name for a header/),
  one("$API_KEY", auth("{ type: api_key, api_key: $API_KEY }"), "3:35", "client.auth.api_key", /variable without braces/, /"\$\{NAME\}"/),
  one("dlt.secrets", auth("{ type: api_key, api_key: 'dlt.secrets[\"api_key\"]' }"), "3:35", "client.auth.api_key", /Python expression/, /"\$\{API_KEY\}"/),
  one("os.environ", auth("{ type: api_key, api_key: 'os.environ[\"PM_TOKEN\"]' }"), "3:35", "client.auth.api_key", /Python expression/, /"\$\{PM_TOKEN\}"/),
  one("{{ }} as a secret", auth("{ type: api_key, api_key: \"{{ config['k'] }}\" }"), "3:35", "client.auth.api_key", /template of another tool/, /\$\{NAME\}/),
  one("a default in a reference", auth("{ type: api_key, api_key: \"${K:-x}\" }"), "3:35", "client.auth.api_key", /default inside/),
  one("a reference not closed", auth("{ type: api_key, api_key: \"${K\" }"), "3:35", "client.auth.api_key", /not followed by the name/),
  one("$env of nothing", auth("{ type: api_key, api_key: { $env: 5 } }"), "3:35", "client.auth.api_key", /`\$env`/),
  // resource_defaults
  one("name in the defaults", defaults("name: x"), "3:3", "resource_defaults.name", /does not belong here/, /`resources`/),
  one("endpoint a text", defaults("endpoint: /x"), "3:13", "resource_defaults.endpoint", /expected .*an object.*found "\/x"/),
  one("a default path", defaults("endpoint: { path: /x }"), "3:15", "resource_defaults.endpoint.path", /no effect/),
  one("replace", defaults("write_disposition: replace"), "3:22", "resource_defaults.write_disposition", /`replace` is not supported yet/, /`merge`, `append`/),
  // A resource
  one("resource a number", `${client}\nresources: [5]`, "2:13", "resources[0]", /a name, or an object with a `name`, found 5/),
  one("name missing", `${client}\nresources: [{ endpoint: { paginator: single_page } }]`, "2:13", "resources[0].name", /`name` is missing/),
  one("nam", `${client}\nresources: [{ nam: x }]`, "2:15", "resources[0].nam", /unknown key/, /did you mean `name`\?/),
  one("the same name twice", `${client}\nresources:\n  - ${ok}\n  - ${ok}`, "4:13", "resources[1].name", /"a" is taken by resources\[0\]/),
  one("path beside endpoint", resource("path: /x", "endpoint: { paginator: single_page }"), "4:5", "resources[0].path", /does not belong/, /endpoint.path/),
  one("params beside endpoint", resource("params: {}", "endpoint: { paginator: single_page }"), "4:5", "resources[0].params", /does not belong/, /endpoint.params/),
  one("paginator beside endpoint", resource("paginator: single_page"), "4:5", "resources[0].paginator", /does not belong/, /endpoint.paginator/),
  one("incremental", resource("incremental: {}"), "4:5", "resources[0].incremental", /not supported yet/),
  one("incremental_sync", resource("incremental_sync: {}"), "4:5", "resources[0].incremental_sync", /unknown key/, /`incremental`.*not supported yet/),
  one("include_from_parent", resource("include_from_parent: [id]"), "4:5", "resources[0].include_from_parent", /not supported yet/),
  one("processing_steps", resource("processing_steps: []"), "4:5", "resources[0].processing_steps", /not supported yet/),
  one("parallelized", resource("parallelized: true"), "4:5", "resources[0].parallelized", /not supported yet/),
  one("primary_key a number", resource("primary_key: 5"), "4:18", "resources[0].primary_key", /name of a field, or a list of names, found 5/),
  one("primary_key with commas", resource("primary_key: a, b"), "4:18", "resources[0].primary_key", /comma/, /a list/),
  one("upsert", resource("write_disposition: upsert"), "4:24", "resources[0].write_disposition", /expected `merge` or `append`/, /did you mean `merge`\?/),
  one("a strategy", resource("write_disposition: { disposition: merge, strategy: scd2 }"), "4:24", "resources[0].write_disposition", /strategy .* not supported yet/),
  one("a typed column", resource("columns: { at: { data_type: timestamp } }"), "4:33", "resources[0].columns.at.data_type", /`timestamp` is not supported yet/),
  one("column property", resource("columns: { at: { data_type: json, nullable: false } }"), "4:39", "resources[0].columns.at.nullable", /not supported yet/),
  one("column a text", resource("columns: { at: json }"), "4:20", "resources[0].columns.at", /\{ data_type: json \}, found "json"/),
  one("column list without name", resource("columns: [{ data_type: json }]"), "4:15", "resources[0].columns[0]", /`name` is missing/),
  one("on_bad_row", resource("on_bad_row: drop"), "4:17", "resources[0].on_bad_row", /`quarantine` or `fail`, found "drop"/),
  one("nesting negative", resource("max_table_nesting: -1"), "4:24", "resources[0].max_table_nesting", /0 or more, found -1/),
  one("selected no", resource("selected: no"), "4:15", "resources[0].selected", /true or false, found "no"/),
  // Parts that do not go together
  one("no paginator", resource("endpoint: /x"), "4:5", "resources[0].endpoint.paginator", /no paginator.*not supported yet/, /offset.*single_page/),
  one("offset without selector", resource("endpoint: { paginator: { type: offset, limit: 5 } }"), "4:5", "resources[0].endpoint.data_selector", /finding the rows .* not supported yet/, /`\$`/),
  one("merge without key", resource("write_disposition: merge", "endpoint: { paginator: single_page }"), "3:5", "resources[0].primary_key", /`merge` needs a primary key/),
  one("GET with a body", endpoint("json: { a: 1 }"), "6:13", "resources[0].endpoint.json", /GET request has no body/, /method: POST/),
  one("another host", endpoint("path: https://evil.example/x"), "6:13", "resources[0].endpoint.path", /credentials must not be sent to/, /allowed_hosts/),
  one("offset in the body of a GET", paginator("{ type: offset, limit: 5, offset_body_path: o }"), "4:5", "resources[0].endpoint.method", /needs a request with a body/),
  // An endpoint
  one("endpoint a number", resource("endpoint: 5"), "4:15", "resources[0].endpoint", /a path, or an object .*found 5/),
  one("data_selecter", endpoint("data_selecter: x"), "6:7", "resources[0].endpoint.data_selecter", /unknown key/, /did you mean `data_selector`\?/),
  one("record_selector", endpoint("record_selector: x"), "6:7", "resources[0].endpoint.record_selector", /unknown key/, /did you mean `data_selector`\?/),
  one("pagination", endpoint("pagination: {}"), "6:7", "resources[0].endpoint.pagination", /unknown key/, /did you mean `paginator`\?/),
  one("body", endpoint("body: {}"), "6:7", "resources[0].endpoint.body", /unknown key/, /did you mean `json`\?/),
  one("http_method", endpoint("http_method: GET"), "6:7", "resources[0].endpoint.http_method", /unknown key/, /did you mean `method`\?/),
  one("error_handler", endpoint("error_handler: {}"), "6:7", "resources[0].endpoint.error_handler", /unknown key/, /did you mean `retry`\?/),
  one("limit a level too high", endpoint("limit: 5"), "6:7", "resources[0].endpoint.limit", /does not belong/, /endpoint.paginator.limit/),
  one("primary_key in endpoint", endpoint("primary_key: id"), "6:7", "resources[0].endpoint.primary_key", /does not belong/),
  one("response_actions", endpoint("response_actions: []"), "6:7", "resources[0].endpoint.response_actions", /not supported yet/),
  one("incremental", endpoint("incremental: { cursor_path: x }"), "6:7", "resources[0].endpoint.incremental", /not supported yet/),
  one("data", endpoint("data: x"), "6:7", "resources[0].endpoint.data", /not supported yet/),
  one("method PUT", endpoint("method: PUT"), "6:15", "resources[0].endpoint.method", /expected `GET` or `POST`, found "PUT"/),
  one("method Get", endpoint("method: Get"), "6:15", "resources[0].endpoint.method", /expected/, /did you mean `GET`\?/),
  one("path a number", endpoint("path: 5"), "6:13", "resources[0].endpoint.path", /expected a text, found 5/),
  one("a parent in the path", endpoint("path: \"/x/{resources.b.id}\""), "6:13", "resources[0].endpoint.path", /\{resources\.…\}` are not supported yet/),
  one("{{ }} in the path", endpoint("path: \"/x/{{ id }}\""), "6:13", "resources[0].endpoint.path", /template of another tool/),
  one("{name} in the path", endpoint("path: \"/x/{id}\""), "6:13", "resources[0].endpoint.path", /placeholders in a path \(`\{id\}`\)/),
  one("resolve", endpoint("params: { a: { type: resolve, resource: b, field: id } }"), "6:20", "resources[0].endpoint.params.a", /`resolve` is not supported yet/),
  one("incremental param", endpoint("params: { a: { type: incremental, cursor_path: x } }"), "6:20", "resources[0].endpoint.params.a", /`incremental` is not supported yet/),
  one("param an object", endpoint("params: { a: { b: 1 } }"), "6:20", "resources[0].endpoint.params.a", /expected a text.*found an object/),
  one("{incremental.…} in a param", endpoint("params: { a: \"{incremental.start_value}\" }"), "6:20", "resources[0].endpoint.params.a", /not supported yet/),
  one("{{ }} in a param", endpoint("params: { a: \"{{ config['x'] }}\" }"), "6:20", "resources[0].endpoint.params.a", /template of another tool/),
  one("json a list", endpoint("json: [1]"), "6:13", "resources[0].endpoint.json", /expected an object, found a list/),
  one("selector a list of keys", endpoint("data_selector: [a, b]"), "6:22", "resources[0].endpoint.data_selector", /list of names/, /did you mean `a\.b`\?/),
  one("selector an empty list", endpoint("data_selector: []"), "6:22", "resources[0].endpoint.data_selector", /list of names/, /`\$`/),
  one("selector empty", endpoint("data_selector: \"\""), "6:22", "resources[0].endpoint.data_selector", /empty text/),
  one("selector a wildcard", endpoint("data_selector: \"items[*].x\""), "6:22", "resources[0].endpoint.data_selector", /JSONPath is not supported yet/),
  one("selector .*", endpoint("data_selector: data.*"), "6:22", "resources[0].endpoint.data_selector", /JSONPath is not supported yet/),
  // Paginators
  one("offset without options", paginator("offset"), "5:18", "resources[0].endpoint.paginator", /needs its `limit`/, /limit: 500/),
  one("limit missing", paginator("{ type: offset }"), "5:7", "resources[0].endpoint.paginator.limit", /`limit` is missing/, /whole number/),
  one("limit a text", paginator("{ type: offset, limit: \"500\" }"), "5:41", "resources[0].endpoint.paginator.limit", /whole number, 1 or more, found "500"/),
  one("limit a fraction", paginator("{ type: offset, limit: 1.5 }"), "5:41", "resources[0].endpoint.paginator.limit", /found 1.5/),
  one("limit 0", paginator("{ type: offset, limit: 0 }"), "5:41", "resources[0].endpoint.paginator.limit", /1 or more, found 0/),
  one("page_size", paginator("{ type: offset, page_size: 5 }"), "5:34", "resources[0].endpoint.paginator.page_size", /unknown key/, /did you mean `limit`\?/),
  one("page_param", paginator("{ type: offset, limit: 5, page_param: p }"), "5:44", "resources[0].endpoint.paginator.page_param", /unknown key/, /did you mean `offset_param`\?/),
  one("stop_condition", paginator("{ type: offset, limit: 5, stop_condition: x }"), "5:44", "resources[0].endpoint.paginator.stop_condition", /unknown key/, /known here/),
  one("both places", paginator("{ type: offset, limit: 5, offset_param: a, offset_body_path: b }"), "5:79", "resources[0].endpoint.paginator.offset_body_path", /exclude each other/),
  one("total_path a number", paginator("{ type: offset, limit: 5, total_path: 5 }"), "5:56", "resources[0].endpoint.paginator.total_path", /names joined by dots, or null/),
  one("type misspelt", paginator("{ type: ofset, limit: 5 }"), "5:26", "resources[0].endpoint.paginator.type", /`offset` or `single_page`, found "ofset"/, /did you mean `offset`\?/),
  one("type missing", paginator("{ limit: 5 }"), "5:7", "resources[0].endpoint.paginator.type", /`type` is missing/, /`offset` or `single_page`/),
  one("type cursor", paginator("{ type: cursor, cursor_path: x, stop_condition: y }"), "5:26", "resources[0].endpoint.paginator.type", /`cursor` is not supported yet/),
  one("page_number with limit", paginator("{ type: page_number, limit: 5 }"), "5:26", "resources[0].endpoint.paginator.type", /`page_number` is not supported yet/),
  one("auto", paginator("auto"), "5:18", "resources[0].endpoint.paginator", /`auto` is not supported yet/),
  one("OffsetIncrement", paginator("{ type: OffsetIncrement }"), "5:26", "resources[0].endpoint.paginator.type", /expected/, /did you mean `offset`\?/),
  one("single_page with limit", paginator("{ type: single_page, limit: 5 }"), "5:39", "resources[0].endpoint.paginator.limit", /unknown key/),
  // YAML
  one("a key twice", `${client}\nresources: [${ok}]\nclient: {}`, "3:1", "client", /written twice, first in line 1/),
  one("a tag", auth("{ type: api_key, api_key: !env KEY }"), "3:40", "client.auth.api_key", /tag that means nothing/, /\$\{NAME\}/)
]

describe("a mistake", () => {
  for (const { at, hint, message, path, text, what } of cases) {
    it.effect(`${what} (${path === "" ? "top level" : path})`, () =>
      Effect.gen(function*() {
        const error = yield* mistakes(text)
        assert.strictEqual(error.issues.length, 1, error.message)
        const [issue] = error.issues
        assert.deepStrictEqual([`${issue?.line}:${issue?.column}`, issue?.path], [at, path], error.message)
        assert.match(issue?.message ?? "", message)
        if (hint !== undefined) assert.match(issue?.hint ?? "", hint)
        assert.strictEqual(error.reason, "Invalid")
        assert.include(error.message, `/etc/sluice/api.yaml:${at} ${path}`)
      }))
  }

  it.effect("does not hide another: all at once, in the order of the file", () =>
    Effect.gen(function*() {
      const error = yield* mistakes([
        "client:",
        "  base_url: https://api.example.com",
        "  auth: { type: api_key, api_key: \"${NOT_SET}\" }",
        "  retry: { factor: 0 }",
        "resource_defaults: { primary_key: id, write_disposition: merge }",
        "resources:",
        "  - name: a",
        "    endpoint: { pagination: single_page, paginator: single_page }",
        "  - name: a",
        "  - { name: b, endpoint: { paginator: cursor, data_selector: \"a[0]\" } }"
      ].join("\n"))
      assert.deepStrictEqual(error.issues.map((issue) => `${issue.line} ${issue.path}`), [
        "3 client.auth.api_key",
        "4 client.retry.factor",
        "8 resources[0].endpoint.pagination",
        "9 resources[1].name",
        "10 resources[2].endpoint.paginator",
        "10 resources[2].endpoint.data_selector"
      ])
      assert.match(error.message, /^\/etc\/sluice\/api\.yaml has 6 mistakes:\n/)
    }))

  it.effect("of one part does not hide what only shows when parts come together", () =>
    Effect.gen(function*() {
      const error = yield* mistakes(`${client}\nresources:\n  - { name: a, wibble: 1 }\n  - { name: b }\n`)
      assert.deepStrictEqual(error.issues.map((issue) => issue.path), ["resources[0].wibble", "resources[1].endpoint.paginator"])
    }))

  it.effect("inherited from the defaults is shown where it stands", () =>
    Effect.gen(function*() {
      const error = yield* mistakes(`${client}\nresource_defaults:\n  endpoint: { json: { a: 1 }, paginator: single_page }\nresources: [a]`)
      assert.deepStrictEqual(error.issues.map(({ column, line, path }) => [line, column, path]), [[3, 21, "resource_defaults.endpoint.json"]])
    }))
})
