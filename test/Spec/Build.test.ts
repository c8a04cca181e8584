import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import * as Auth from "../../src/Api/Auth.ts"
import * as Incremental from "../../src/Resource/Incremental.ts"
import * as Resource from "../../src/Resource.ts"
import * as Write from "../../src/Resource/Write.ts"
import * as SinglePage from "../../src/Page/SinglePage.ts"
import { client, endpoint, mistakes, parse, resource } from "./fixture.ts"

const one = (text: string) => Effect.map(parse(text), ({ resources }) => resources[0]!)

/** A resource without the functions of its paginator. */
const plain = (value: Resource.Resource) => ({ ...value, paginator: value.paginator.options })

describe("a resource", () => {
  it.effect("is the value that `Resource.make` gives", () =>
    Effect.gen(function* () {
      const written = yield* one(
        `${client}\nresources: [{ name: a, table_name: t, primary_key: [x, y], include_from_parent: [], max_table_nesting: 2, endpoint: { path: /v1/a, paginator: single_page, params: { n: 1 }, data_selector: items } }]`
      )
      assert.deepStrictEqual(
        plain(written),
        plain(
          Resource.make({
            name: "a",
            table: "t",
            path: "/v1/a",
            query: [["n", "1"]],
            paginator: SinglePage.make(),
            selector: "items",
            primaryKey: ["x", "y"],
            writeDisposition: "append",
            maxTableNesting: 2
          })
        )
      )
    })
  )

  it.effect("has its columns in either form, with what they say of keys", () =>
    Effect.gen(function* () {
      const object =
        "columns: { id: { data_type: bigint, primary_key: true, nullable: false }, at: { data_type: timestamp, timezone: false, precision: 3, dedup_sort: desc }, price: { data_type: decimal, precision: 10, scale: 2, description: net }, day: { merge_key: true }, gone: { hard_delete: true }, meta: { data_type: json }, email: { unique: true } }"
      const list =
        "columns: [{ name: id, data_type: bigint, primary_key: true, nullable: false }, { name: at, data_type: timestamp, timezone: false, precision: 3, dedup_sort: desc }, { name: price, data_type: decimal, precision: 10, scale: 2, description: net }, { name: day, merge_key: true }, { name: gone, hard_delete: true }, { name: meta, data_type: json }, { name: email, unique: true }]"
      for (const columns of [object, list]) {
        const found = yield* one(resource("write_disposition: merge", columns))
        assert.deepStrictEqual(
          found.columns.map((column) => JSON.parse(JSON.stringify(column)) as unknown),
          [
            { name: "id", dataType: "bigint", nullable: false },
            { name: "at", dataType: "timestamp", precision: 3, timezone: false },
            { name: "price", dataType: "decimal", precision: 10, scale: 2, description: "net" },
            { name: "day" },
            { name: "gone" },
            { name: "meta", dataType: "json" },
            { name: "email", unique: true }
          ]
        )
        assert.deepStrictEqual(found.json, [])
        assert.deepStrictEqual(found.primaryKey, { fields: ["id"], origin: "declared" })
        assert.deepInclude(found.write, {
          disposition: "merge",
          mergeKey: ["day"],
          hardDelete: "gone",
          dedupSort: { field: "at", order: "desc" }
        })
      }
    })
  )

  it.effect("has the write disposition in every form", () =>
    Effect.gen(function* () {
      for (const [written, expected] of [
        ["append", { disposition: "append" }],
        ["replace", { disposition: "replace" }],
        ["merge", { disposition: "merge" }],
        ["skip", { disposition: "skip" }],
        ["{ disposition: replace }", { disposition: "replace" }],
        ["{ disposition: merge, strategy: upsert }", { disposition: "merge", strategy: "upsert" }],
        ["{ disposition: merge, strategy: insert-only }", { disposition: "merge", strategy: "insert-only" }],
        [
          "{ disposition: merge, strategy: delete-insert, deduplicated: true }",
          { disposition: "merge", strategy: "delete-insert", deduplicated: true }
        ],
        [
          "{ disposition: merge, strategy: scd2, validity_column_names: [f, t], active_record_timestamp: '9999-12-31', boundary_timestamp: '2024-01-01', row_version_column_name: v }",
          {
            disposition: "merge",
            strategy: "scd2",
            history: {
              validFrom: "f",
              validTo: "t",
              activeTimestamp: "9999-12-31",
              boundaryTimestamp: "2024-01-01",
              rowVersion: "v"
            }
          }
        ],
        ["{ disposition: merge, strategy: scd2 }", { disposition: "merge", strategy: "scd2" }]
      ] as const) {
        const found = yield* one(resource("primary_key: id", `write_disposition: ${written}`))
        assert.deepStrictEqual(found.write, Write.make(expected as Write.Options), written)
      }
    })
  )

  it.effect("has the schema contract in every form", () =>
    Effect.gen(function* () {
      for (const [written, expected] of [
        ["freeze", { tables: "freeze", columns: "freeze", dataType: "freeze", variants: false }],
        [
          "{ columns: discard_value, data_type: discard_row }",
          { tables: "evolve", columns: "discard_value", dataType: "discard_row", variants: false }
        ],
        ["{ variants: true }", { tables: "evolve", columns: "evolve", dataType: "evolve", variants: true }]
      ] as const) {
        assert.deepStrictEqual((yield* one(resource(`schema_contract: ${written}`))).contract, expected)
      }
    })
  )

  it.effect("has the auth of the client, or with null none at all", () =>
    Effect.gen(function* () {
      const shared = (more: string) =>
        one(
          `client: { base_url: https://api.example.com, auth: { type: bearer, token: t0ken } }\nresources: [{ name: a, endpoint: { paginator: single_page${more} } }]`
        )
      assert.isUndefined((yield* shared("")).auth)
      assert.deepStrictEqual((yield* shared(", auth: null")).auth, Auth.none)
    })
  )

  it.effect("has its steps in order", () =>
    Effect.gen(function* () {
      const { processing } = yield* one(
        resource(
          "processing_steps:",
          "  - filter: { path: status, value: open }",
          "  - filter: { any: [{ path: a, op: exists }, { all: [{ path: b, op: in, value: [1, 2] }, { not: { path: c, op: matches, value: '^x' } }] }] }",
          "  - explode: lines",
          "  - map: { rename: { a: b }, drop: [c], keep: [d], set: { e: { f: 1 } }, cast: { g: float }, hash: [h], redact: [i] }"
        )
      )
      assert.deepStrictEqual(processing, [
        { filter: { path: "status", op: "eq", value: "open" } },
        {
          filter: {
            any: [
              { path: "a", op: "exists" },
              {
                all: [{ path: "b", op: "in", value: [1, 2] }, { not: { path: "c", op: "matches", value: "^x" } }]
              }
            ]
          }
        },
        { explode: "lines" },
        {
          map: {
            rename: { a: "b" },
            drop: ["c"],
            keep: ["d"],
            set: { e: { f: 1 } },
            cast: { g: "float" },
            hash: ["h"],
            redact: ["i"]
          }
        }
      ])
    })
  )

  for (const [line, path, words] of [
    ["{ filter: { status: open } }", "[0].filter.status", /did you mean \{ path: status, op: eq, value: … \}/],
    ["{ filter: { path: a, op: is_null } }", "[0].filter.op", /did you mean `missing`/],
    ["{ filter: { path: a } }", "[0].filter.value", /`eq` needs one/],
    ["{ filter: { path: a, op: in, value: 1 } }", "[0].filter.value", /needs a list/],
    ["{ filter: { path: a, op: exists, value: 1 } }", "[0].filter.value", /takes no value/],
    ["{ filter: { path: a, op: matches, value: '(' } }", "[0].filter.value", /not a regular expression/],
    ["{ filter: { any: [{ path: a, op: nope }] } }", "[0].filter.any[0].op", /`eq`, `ne`/],
    ["{ filter: { not: { all: [5] } } }", "[0].filter.not.all[0]", /a comparison such as/],
    ["{ yield_map: 'x' }", "[0]", /write `explode: <list>`/],
    ["{ filter: { path: a, value: 1 }, map: { drop: [a] } }", "[0]", /a step has one key/],
    ["{ keep: [a] }", "[0]", /write one of `filter/],
    ["{ map: { remove: [a] } }", "[0].map.remove", /did you mean `drop`/],
    ["{ map: { cast: { a: int } } }", "[0].map.cast.a", /did you mean `integer`/]
  ] as const) {
    it.effect(`has no step such as ${line}`, () =>
      Effect.gen(function* () {
        const { issues, message } = yield* mistakes(resource(`processing_steps: [${line}]`))
        const found = issues.find((issue) => issue.path === `resources[0].processing_steps${path}`)
        assert.match(`${found?.message} ${found?.hint}`, words, message)
      })
    )
  }

  it.effect("has its response actions", () =>
    Effect.gen(function* () {
      const { actions } = yield* one(
        endpoint(
          "response_actions:",
          "  - { status_code: 404, action: ignore }",
          "  - { status_code: 429, content: slow, action: retry, delay: 30s, max_retries: 2 }",
          "  - { content: not ready, action: fail, message: later }",
          "  - { status_code: 410, action: stop }"
        )
      )
      assert.deepStrictEqual(actions, [
        { statusCode: 404, content: undefined, action: { kind: "ignore" } },
        { statusCode: 429, content: "slow", action: { kind: "retry", delay: Duration.seconds(30), maxRetries: 2 } },
        { statusCode: undefined, content: "not ready", action: { kind: "fail", message: "later" } },
        { statusCode: 410, content: undefined, action: { kind: "stop" } }
      ])
      for (const [action, words] of [
        ["{ action: ignore }", /would be taken for every answer/],
        ["{ status_code: 404, action: ignore, delay: 5s }", /only goes with `action: retry`/],
        ["{ status_code: 404, action: ignore, message: x }", /only goes with `action: fail`/],
        ["handle_404", /function or its name/]
      ] as const) {
        assert.match((yield* mistakes(endpoint(`response_actions: [${action}]`))).message, words)
      }
    })
  )
})

describe("incremental", () => {
  it.effect("has every option, on the endpoint", () =>
    Effect.gen(function* () {
      const found = yield* one(
        endpoint(
          "incremental:",
          "  cursor_path: meta.updated",
          "  initial_value: 2024-01-01",
          "  end_value: 2024-02-01",
          "  lag: 3600",
          "  row_order: asc",
          "  on_cursor_value_missing: include",
          "  range_start: open",
          "  range_end: closed",
          "  last_value_func: max",
          "  start_param: since",
          "  end_param: until",
          "  convert: { to: date, time_zone: Europe/Berlin }"
        )
      )
      assert.deepStrictEqual(found.incremental, {
        cursorPath: "meta.updated",
        // A date in YAML stays the text it is.
        initialValue: "2024-01-01",
        endValue: "2024-02-01",
        lag: 3600,
        rowOrder: "asc",
        onMissing: "include",
        rangeStart: "open",
        rangeEnd: "closed",
        lastValue: "max",
        startParam: "since",
        endParam: "until",
        convert: { to: "date", zone: "Europe/Berlin" }
      })
      assert.deepStrictEqual(found.query, [])
    })
  )

  it.effect("is the same as a parameter", () =>
    Effect.gen(function* () {
      const param = yield* one(
        endpoint(
          "params: { since: { type: incremental, cursor_path: at, initial_value: 5, transform: epoch_s }, x: 1 }"
        )
      )
      const own = yield* one(
        endpoint(
          "params: { x: 1 }",
          "incremental: { cursor_path: at, initial_value: 5, start_param: since, convert: epoch_s }"
        )
      )
      assert.deepStrictEqual(param.incremental, own.incremental)
      assert.deepStrictEqual(param.query, own.query)
      assert.deepStrictEqual(
        own.incremental,
        Incremental.make({
          cursorPath: "at",
          initialValue: 5,
          startParam: "since",
          convert: { to: "epoch_s", zone: "UTC" }
        })
      )
    })
  )

  it.effect("of one resource is none of another's, though the defaults are shared", () =>
    Effect.gen(function* () {
      const { resources } = yield* parse(
        `${client}\nresource_defaults: { endpoint: { params: { per_page: 10 } } }\nresources: [{ name: a, endpoint: { incremental: { cursor_path: at, start_param: after } } }, b]`
      )
      assert.deepStrictEqual(
        resources.map(({ incremental, query }) => [incremental?.startParam, query]),
        [
          ["after", [["per_page", "10"]]],
          [undefined, [["per_page", "10"]]]
        ]
      )
    })
  )

  for (const [line, path, words] of [
    ["{ cursor_path: a, end_value: 5 }", "end_value", /needs an `initial_value`/],
    ["{ cursor_path: a, initial_value: 5, end_value: 4 }", "end_value", /does not lie beyond/],
    ["{ cursor_path: a, initial_value: 4, end_value: 5, last_value_func: min }", "end_value", /does not lie beyond/],
    ["{ cursor_path: a, initial_value: 2024-02-01, end_value: 2024-01-01 }", "end_value", /does not lie beyond/],
    ["{ cursor_path: a, initial_value: 5, end_value: x }", "end_value", /not of the type/],
    ["{ cursor_path: a, convert: 'lambda x: x' }", "convert", /function, which a configuration cannot hold/],
    ["{ cursor_path: a, convert: { to: date, time_zone: Mars } }", "convert.time_zone", /not a time zone/],
    ["{ cursor_path: a, initial_value: true }", "initial_value", /a text or a number/]
  ] as const) {
    it.effect(`may not be ${line}`, () =>
      Effect.gen(function* () {
        const { issues, message } = yield* mistakes(endpoint(`incremental: ${line}`))
        assert.deepStrictEqual(
          issues.map((issue) => issue.path),
          [`resources[0].endpoint.incremental.${path}`],
          message
        )
        assert.match(message, words)
      })
    )
  }
})
