import { NodeContext } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Duration, Effect, FastCheck as fc, Redacted } from "effect"
import * as Yaml from "yaml"
import * as Write from "../src/Resource/Write.ts"
import * as Api from "../src/Api.ts"
import type { Source } from "../src/Source.ts"
import * as Spec from "../src/Spec.ts"
import { client, mistakes, parse, resource } from "./Spec/fixture.ts"

const env = (variables: Readonly<Record<string, string>>) =>
  Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))

const load = (file: string, variables: Readonly<Record<string, string>> = { API_KEY: "k-123" }) =>
  Spec.load(file).pipe(env(variables), Effect.provide(NodeContext.layer))

/** Everything about a source but the paginators' functions, its secrets in the clear. */
const plain = ({ api, name, resources }: Source) =>
  JSON.parse(
    JSON.stringify({ name, api, resources }, (_, value: unknown) => {
      if (Redacted.isRedacted(value)) return `secret ${String(Redacted.value(value))}`
      if (Duration.isDuration(value)) return Duration.toMillis(value)
      return typeof value === "bigint" ? `${value}n` : value
    })
  ) as unknown

const offset = { type: "offset", limit: 500, offset_param: "offset" }
const endpoints: ReadonlyArray<readonly [name: string, path: string, selector: string]> = [
  ["deliverystats", "/v1/deliverystats", "Bounces"],
  ["message_streams", "/v1/message-streams", "MessageStreams"],
  ["domains", "/v1/domains", "Domains"],
  ["messages", "/v1/messages/outbound", "Messages"],
  ["bounces", "/v1/bounces", "Bounces"],
  ["servers", "/v1/servers", "Servers"]
]

const specification = {
  client: {
    base_url: "https://api.example.com",
    auth: { type: "api_key", name: "api_key", api_key: "${API_KEY}", location: "header" }
  },
  resource_defaults: { primary_key: "id", write_disposition: "merge" },
  resources: endpoints.map(([name, path, data_selector]) => ({
    name,
    endpoint: { path, data_selector, paginator: offset }
  }))
}

describe("Spec", () => {
  it.effect("loads the configuration of the analytics API from YAML: six resources", () =>
    Effect.gen(function* () {
      const source = yield* load("examples/analytics.yaml")
      assert.strictEqual(source.name, "analytics")
      assert.strictEqual(source.api.baseUrl, "https://api.example.com")
      assert.deepStrictEqual(source.api.auth, {
        _tag: "ApiKey",
        name: "api_key",
        value: Redacted.make("k-123"),
        location: "header"
      })
      assert.deepStrictEqual(
        source.resources.map(({ name, path, selector }) => [name, path, selector]),
        endpoints.map((each) => [...each])
      )
      for (const each of source.resources) {
        assert.deepInclude(each, {
          method: "GET",
          write: Write.make(),
          primaryKey: { fields: ["id"], origin: "default" },
          selectorRequired: true,
          unavailable: undefined
        })
        assert.strictEqual(each.paginator.type, "offset")
        assert.deepStrictEqual(each.paginator.first, { query: { offset: 0, limit: 500 } })
        assert.isUndefined(each.paginator.options.totalPath)
      }
      const api = yield* Api.make(source.api)
      assert.deepInclude(api.retry, { maxRetries: 3, factor: 2, statuses: [429, 500, 502, 503, 504] })
    })
  )

  it.effect("gives the same for the same configuration as JSON", () =>
    Effect.gen(function* () {
      const yaml = yield* parse(Yaml.stringify(specification), { file: "a.yaml", env: { API_KEY: "k" } })
      const json = yield* parse(JSON.stringify(specification, null, 2), { file: "a.json", env: { API_KEY: "k" } })
      assert.deepStrictEqual(plain(json), plain(yaml))
      assert.deepStrictEqual(
        json.resources.map(({ path }) => path),
        endpoints.map(([, path]) => path)
      )
    })
  )

  it.effect("names the variable that is not set, and its place", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(load("examples/analytics.yaml", {}))
      assert.strictEqual(error.reason, "MissingSecret")
      assert.match(
        error.message,
        /has a missing value:\n {2}examples\/analytics\.yaml:13:14 client\.auth\.api_key: the environment variable API_KEY is not set$/
      )
      assert.isFalse(error.isRetryable)
    })
  )

  it.effect("says when there is no file, or a folder in its place", () =>
    Effect.gen(function* () {
      const missing = yield* Effect.flip(load("examples/nothing.yaml"))
      assert.deepStrictEqual(
        [missing.reason, missing.message],
        ["NotFound", "examples/nothing.yaml: there is no such file"]
      )
      const folder = yield* Effect.flip(load("examples"))
      assert.strictEqual(folder.reason, "Unreadable")
      assert.match(folder.message, /^examples: cannot be read/)
    })
  )

  it.effect("is named by the file, or by itself", () =>
    Effect.gen(function* () {
      const text = resource("endpoint: { paginator: single_page }")
      for (const [file, name] of [
        ["a/b/shop.yaml", "shop"],
        ["shop.v2.yml", "shop.v2"],
        ["shop.YAML", "shop"]
      ]) {
        assert.strictEqual((yield* parse(text, { file: file! })).name, name)
      }
      assert.strictEqual((yield* parse(`name: other\n${text}`, { file: "shop.yaml" })).name, "other")
      const json = yield* parse(JSON.stringify(Yaml.parse(text)), { file: "shop.json" })
      assert.strictEqual(json.name, "shop")
    })
  )

  it.effect("reads a file with a byte order mark", () =>
    Effect.gen(function* () {
      const text = resource("endpoint: { paginator: single_page }")
      assert.lengthOf((yield* parse(`\uFEFF${text}`)).resources, 1)
      assert.lengthOf((yield* parse(`\uFEFF${JSON.stringify(Yaml.parse(text))}`, { file: "x.json" })).resources, 1)
      const error = yield* mistakes(`\uFEFFnmae: x\n${text}`)
      assert.deepStrictEqual(
        error.issues.map(({ column, line }) => [line, column]),
        [[1, 1]]
      )
    })
  )

  it.effect("takes a text for a name and a path at once", () =>
    Effect.gen(function* () {
      const { resources } = yield* parse(
        `${client.replace(" }", ", paginator: single_page }")}\nresources: [bounces, { name: x }, { name: y, endpoint: /z }]`
      )
      assert.deepStrictEqual(
        resources.map(({ name, path, table }) => [name, path, table]),
        [
          ["bounces", "bounces", "bounces"],
          ["x", "x", "x"],
          ["y", "/z", "y"]
        ]
      )
      assert.deepInclude(resources[0]!, {
        write: Write.make({ disposition: "append" }),
        primaryKey: { fields: [], origin: "declared" },
        selector: undefined
      })
    })
  )

  it.effect("gives every option of the client its typed value", () =>
    Effect.gen(function* () {
      const { api, resources } = yield* parse(
        [
          "client:",
          "  base_url: https://api.example.com/v1/",
          "  headers: { Accept: application/json }",
          "  auth: { type: api_key, api_key: k, location: param }",
          "  retry: { max_retries: 5, factor: 1.5, base_delay: 500ms, max_delay: 2m, jitter: false, statuses: [429], max_retry_after: 1h }",
          "  limits: { concurrency: 2, rate: 0.5, timeout: 90, max_body_bytes: 1000 }",
          '  allowed_hosts: [cdn.example.com, "x.example:8443"]',
          "  paginator: { type: single_page }",
          "resources:",
          "  - { name: a, endpoint: { retry: { max_retries: 0 } } }",
          "  - { name: b, table_name: t, selected: false, max_table_nesting: 0, on_bad_row: quarantine, endpoint: { data_selector_required: false } }"
        ].join("\n")
      )
      assert.deepInclude(api, {
        baseUrl: "https://api.example.com/v1/",
        headers: { Accept: "application/json" },
        allowedHosts: ["cdn.example.com", "x.example:8443"]
      })
      assert.deepInclude(api.auth!, { name: "Authorization", location: "query" })
      const { limits, retry } = yield* Api.make(api)
      assert.deepStrictEqual(
        [Duration.toMillis(retry.baseDelay), Duration.toMillis(retry.maxDelay), Duration.toMillis(retry.maxRetryAfter)],
        [500, 120_000, 3_600_000]
      )
      assert.deepInclude(retry, { maxRetries: 5, factor: 1.5, jitter: false, statuses: [429] })
      assert.deepInclude(limits, { concurrency: 2, rate: 0.5, maxBodyBytes: 1000 })
      assert.strictEqual(Duration.toMillis(limits.timeout), 90_000)
      const [a, b] = resources
      assert.deepInclude(a!.retry!, { maxRetries: 0, factor: 1.5, statuses: [429] })
      assert.strictEqual(a!.paginator.type, "single_page")
      assert.deepInclude(b!, {
        table: "t",
        maxTableNesting: 0,
        onBadRow: "quarantine",
        selectorRequired: false,
        retry: undefined,
        selected: false,
        unavailable: undefined
      })
    })
  )

  it.effect("gives every option of the offset paginator", () =>
    Effect.gen(function* () {
      const { resources } = yield* parse(
        resource(
          "endpoint:",
          "  method: POST",
          "  data_selector: items",
          "  paginator:",
          "    type: offset",
          "    limit: 50",
          "    offset: 10",
          "    offset_body_path: page.from",
          "    limit_body_path: $.page.size",
          "    total_path: $.meta.total",
          "    maximum_offset: 1000",
          "    stop_after_empty_page: false",
          "    has_more_path: meta.more"
        )
      )
      assert.deepStrictEqual(resources[0]!.paginator.options, {
        limit: 50,
        offset: 10,
        offsetParam: undefined,
        offsetBodyPath: "page.from",
        limitParam: undefined,
        limitBodyPath: "page.size",
        totalPath: "$.meta.total",
        maximumOffset: 1000,
        stopAfterEmptyPage: false,
        hasMorePath: "meta.more"
      })
      for (const none of ["null", '""']) {
        const off = yield* parse(
          resource(`endpoint: { data_selector: x, paginator: { type: offset, limit: 5, total_path: ${none} } }`)
        )
        assert.isNull(off.resources[0]!.paginator.options.totalPath)
      }
    })
  )

  it.effect("reports syntax on its own", () =>
    Effect.gen(function* () {
      const error = yield* mistakes("client:\n\tbase_url: x\n", { file: "x.yaml" })
      assert.strictEqual(error.reason, "Syntax")
      assert.match(
        error.message,
        /^x\.yaml has a mistake:\n {2}x\.yaml:2:1 a tab is used for indentation; YAML is indented with spaces$/
      )
    })
  )

  it("describes every key in the JSON Schema", () => {
    const schema = JSON.parse(JSON.stringify(Spec.jsonSchema())) as {
      readonly $defs: Readonly<
        Record<string, { readonly properties: Readonly<Record<string, { readonly description?: string }>> }>
      >
    }
    assert.includeMembers(Object.keys(schema.$defs), [
      "SluiceConfig",
      "Resource",
      "ResourceDefaults",
      "Endpoint",
      "OffsetPaginator",
      "ApiKey",
      "Retry",
      "Limits"
    ])
    for (const [noun, { properties }] of Object.entries(schema.$defs)) {
      for (const [key, { description }] of Object.entries(properties ?? {}))
        assert.isString(description, `${noun}.${key}`)
    }
  })

  const words = fc.constantFrom(
    "a",
    "Bounces",
    "data.items",
    "no",
    "yes",
    "null",
    "1",
    "1.0",
    "# x",
    "a: b",
    "${API_KEY}",
    "x${API_KEY}y",
    " pad ",
    "é😀",
    "line\nbreak",
    "'",
    '"',
    "{}",
    "- x",
    "<<",
    "0x1f",
    "~",
    ""
  )
  const scalars = fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null))
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/)
  const someEndpoint = fc.record(
    {
      path: fc.constantFrom("/v1/a", "b c", "x?y=1", ""),
      params: fc.dictionary(word, fc.oneof(scalars, fc.array(scalars, { maxLength: 3 })), { maxKeys: 4 }),
      data_selector: fc.constantFrom("a", "$", "a.b"),
      data_selector_required: fc.boolean(),
      method: fc.constantFrom("GET", "post"),
      paginator: fc.oneof(
        fc.constant("single_page"),
        fc.record(
          {
            type: fc.constant("offset"),
            limit: fc.integer({ min: 1, max: 1000 }),
            total_path: fc.constantFrom(null, "total", "")
          },
          { requiredKeys: ["type", "limit"] }
        )
      )
    },
    { requiredKeys: ["paginator", "data_selector"] }
  )
  const someResource = fc.record(
    {
      endpoint: someEndpoint,
      primary_key: fc.oneof(word, fc.array(word, { maxLength: 3 }), fc.constant(null)),
      table_name: word,
      max_table_nesting: fc.nat(5),
      // No two names may become one column.
      columns: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.constant({ data_type: "json" }), { maxKeys: 3 })
    },
    { requiredKeys: ["endpoint"] }
  )
  const config = fc.record(
    {
      client: fc.record(
        {
          base_url: fc.constant("https://api.example.com"),
          headers: fc.dictionary(word, fc.constantFrom("a", "${API_KEY}", "1"), { maxKeys: 2 })
        },
        { requiredKeys: ["base_url"] }
      ),
      resource_defaults: fc.record(
        { primary_key: word, write_disposition: fc.constantFrom("append") },
        { requiredKeys: [] }
      ),
      resources: fc.array(someResource, { minLength: 1, maxLength: 4 }).map((resources) =>
        resources.map(({ table_name, ...each }, index) => ({
          name: `r${index}`,
          ...each,
          // No two tables may meet.
          ...(table_name === undefined ? {} : { table_name: `${table_name}_${index}` })
        }))
      )
    },
    { requiredKeys: ["client", "resources"] }
  )

  it.effect.prop("reads YAML and JSON alike", { config }, ({ config }) =>
    Effect.gen(function* () {
      const yaml = yield* parse(Yaml.stringify(config), { file: "x.yaml", env: { API_KEY: "k-123" } })
      const json = yield* parse(JSON.stringify(config), { file: "x.json", env: { API_KEY: "k-123" } })
      assert.deepStrictEqual(plain(json), plain(yaml))
      assert.strictEqual(yaml.resources.length, config.resources.length)
    })
  )

  it.effect.prop(
    "answers any text with a source or its own error, and any place it names exists",
    { text: fc.oneof(fc.string(), fc.json()) },
    ({ text }) =>
      Effect.gen(function* () {
        for (const file of ["x.yaml", "x.json"]) {
          const error = yield* Effect.flip(parse(text, { file }))
          assert.isNotEmpty(error.issues)
          for (const { column, line } of error.issues) {
            assert.isAtLeast(line, 1)
            assert.isAtMost(line, text.split(/\n/).length)
            assert.isAtLeast(column, 1)
          }
        }
      })
  )
})
