import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { at, problems, read, withEndpoint, withResource } from "../support.ts"

/** What is written in an endpoint, and what the endpoint holds beside its path. */
const means: ReadonlyArray<readonly [written: string, endpoint: Readonly<Record<string, unknown>>]> = [
  [`"data_selector": []`, { data_selector: "$" }],
  [`"data_selector": ["data", "items"]`, { data_selector: "data.items" }],
  [`"data_selector": ["data", "*", "a b"]`, { data_selector: 'data[*]["a b"]' }],
  [`"data_selector": "data.*.items"`, { data_selector: "data[*].items" }],
  [`"data_selector": "results.*"`, { data_selector: "results[*]" }],
  [`"data_selector": "items[]"`, { data_selector: "items[*]" }],
  [`"data_selector": ".data"`, { data_selector: "data" }],
  [`"data_selector": ""`, {}],
  [`"data_selector": None`, {}],
  [`"record_selector": {"extractor": {"type": "DpathExtractor", "field_path": ["rows"]}}`, { data_selector: "rows" }],
  [`"data_path": "rows"`, { data_selector: "rows" }],
  [`"data_path": "other", "data_selector": "rows"`, { data_selector: "rows" }],
  [`"method": "get"`, { method: "GET" }],
  [`"http_method": "post", "body": {"a": 1}`, { method: "POST", json: { a: 1 } }],
  [`"body": {"query": "x"}`, { method: "POST", json: { query: "x" } }],
  [`"json": {"a": {"b": [1, None]}}`, { method: "POST", json: { a: { b: [1, null] } } }],
  [`"query_params": {"a": "b"}`, { params: { a: "b" } }],
  [`"params": [("a", 1), ("b", "c")]`, { params: { a: 1, b: "c" } }],
  [`"params": {"a": [1, 2], "b": None, "c": True}`, { params: { a: [1, 2], b: null, c: true } }],
  [`"params": {"filter": {"x": {"gt": 1}, "y": "z"}}`, { params: { "filter[x][gt]": 1, "filter[y]": "z" } }],
  [`"params": {"since": "{{ config['start_date'] }}"}`, { params: { since: "${START_DATE}" } }],
  [`"params": None, "headers": None`, {}],
  [`"headers": {"Accept": "x", "N": 1, "No": None}`, { headers: { Accept: "x", N: "1" } }],
  [`"error_handler": {"max_retries": 5, "backoff_factor": 3}`, { retry: { max_retries: 5, factor: 3 } }],
  [
    `"error_handler": {"retry_on_status_codes": [403, 429], "max_retries": 1}`,
    { retry: { max_retries: 1, statuses: [403, 429, 500, 502, 503, 504] } }
  ],
  [
    `"error_handler": [{"type": "DefaultErrorHandler", "response_filters": [{"http_codes": [404, 410], "action": "IGNORE"}, {"http_codes": [429], "action": "RETRY"}], "backoff_strategies": [{"type": "ConstantBackoffStrategy", "backoff_time_in_seconds": 30}]}]`,
    {
      response_actions: [
        { status_code: 404, action: "ignore" },
        { status_code: 410, action: "ignore" }
      ],
      retry: { base_delay: "30s", factor: 1 }
    }
  ],
  [
    `"error_handler": {"response_filters": [{"http_codes": [403], "action": "FAIL", "error_message": "no access"}, {"http_codes": [401], "action": "FAIL"}]}`,
    { response_actions: [{ status_code: 403, action: "fail", message: "no access" }] }
  ],
  [
    `"error_handler": {"type": "CompositeErrorHandler", "error_handlers": [{"response_filters": [{"error_message_contains": "no data", "action": "IGNORE"}]}]}`,
    { response_actions: [{ content: "no data", action: "ignore" }] }
  ],
  [
    `"error_handler": {404: "ignore", 408: "retry"}`,
    {
      response_actions: [{ status_code: 404, action: "ignore" }],
      retry: { statuses: [408, 429, 500, 502, 503, 504] }
    }
  ],
  [
    `"response_actions": [{"status_code": "404", "action": "IGNORE"}]`,
    {
      response_actions: [{ status_code: 404, action: "ignore" }]
    }
  ],
  [
    `"incremental": {"cursor_path": "updated_at", "initial_value": "2024-01-01", "start_param": "since"}`,
    { incremental: { cursor_path: "updated_at", initial_value: "2024-01-01", start_param: "since" } }
  ],
  [
    `"incremental": dlt.sources.incremental("updated_at", initial_value=pendulum.datetime(2024, 1, 2).to_iso8601_string(), row_order="asc", last_value_func=max, primary_key=())`,
    {
      incremental: {
        cursor_path: "updated_at",
        initial_value: "2024-01-02T00:00:00Z",
        last_value_func: "max",
        row_order: "asc"
      }
    }
  ],
  [
    `"incremental_sync": {"type": "DatetimeBasedCursor", "cursor_field": "updated_at", "start_datetime": {"datetime": "{{ config['start_date'] }}", "datetime_format": "%Y-%m-%d"}, "start_time_option": {"inject_into": "request_parameter", "field_name": "from"}, "end_time_option": {"field_name": "to"}, "datetime_format": "%Y-%m-%d", "lookback_window": "P1DT2H", "step": "P30D"}`,
    {
      incremental: {
        cursor_path: "updated_at",
        initial_value: "${START_DATE}",
        start_param: "from",
        lag: 93_600,
        convert: "date"
      }
    }
  ],
  [
    `"params": {"since": {"type": "incremental", "cursor_path": "updated_at", "initial_value": 0, "convert": lambda x: int(x.timestamp())}}`,
    { params: { since: { type: "incremental", cursor_path: "updated_at", initial_value: 0, convert: "epoch_s" } } }
  ],
  [
    `"params": {"since": dlt.sources.incremental("updated_at", "2024-01-01")}`,
    { params: { since: { type: "incremental", cursor_path: "updated_at", initial_value: "2024-01-01" } } }
  ],
  [
    `"incremental": {"cursor_path": "c", "initial_value": 1, "convert": lambda e: pendulum.from_timestamp(int(e)).to_date_string()}`,
    { incremental: { cursor_path: "c", initial_value: 1, convert: "date" } }
  ],
  [
    `"incremental": {"cursor_path": "c", "initial_value": 1, "transform": lambda d: d.isoformat()}`,
    { incremental: { cursor_path: "c", initial_value: 1, transform: "iso" } }
  ],
  [`"nonsense": 1, "feature_extractor": "x"`, {}]
]

/** Paths beside a resource `posts`; `undefined` where the text stays. */
const paths: ReadonlyArray<readonly [written: string, path: string | undefined, open: number]> = [
  [`"path": "/posts/{resources.posts.id}/comments"`, undefined, 0],
  [
    `"path": "/posts/{post_id}/c", "params": {"post_id": {"type": "resolve", "resource": "posts", "field": "id"}}`,
    undefined,
    0
  ],
  [`"path": "/posts/{kind}/c", "params": {"kind": "new"}`, undefined, 0],
  [`"path": "/posts/{post_id}/c"`, "/posts/${POST_ID}/c", 1],
  [`"path": "/posts/:post_id/c"`, "/posts/${POST_ID}/c", 1],
  [`"path": "/{{ config['account'] }}/c"`, "/${ACCOUNT}/c", 0],
  [`"path": "/{{ account }}/c"`, "/${ACCOUNT}/c", 1],
  [`"path": f"/{account}/c"`, "/${ACCOUNT}/c", 1],
  [
    `"path": "/posts/{{ stream_partition.post }}/c", "partition_router": {"type": "SubstreamPartitionRouter", "parent_stream_configs": [{"stream": {"name": "posts"}, "parent_key": "id", "partition_field": "post"}]}`,
    "/posts/{resources.posts.id}/c",
    0
  ],
  [
    `"path": "/posts/{{ stream_slice['post'] }}/c", "partition_router": [{"parent": "posts", "parent_key": "uid", "partition_field": "post"}]`,
    "/posts/{resources.posts.uid}/c",
    0
  ],
  [`"path": "/posts/{resources.nobody.id}"`, undefined, 1]
]

describe("Repair.Endpoint", () => {
  it("a partition becomes a parameter where it is injected as one, and only there", () => {
    const params = (into: string) =>
      at(
        read(
          withResource(
            `{"name": "a", "endpoint": {"path": "a", "partition_router": {"parent": "posts", "parent_key": "id", "request_option": {"field_name": "post", "inject_into": "${into}"}}}}`,
            `"posts", `
          )
        ).config,
        "resources",
        1,
        "endpoint",
        "params"
      )
    assert.deepStrictEqual(params("request_parameter"), { post: "{resources.posts.id}" })
    assert.isUndefined(params("header"))
  })

  for (const [written, endpoint] of means)
    it.effect(written, () =>
      Effect.gen(function* () {
        const result = read(withEndpoint(written))
        assert.deepStrictEqual(at(result.config, "resources", 0, "endpoint"), { path: "a", ...endpoint })
        assert.deepStrictEqual([result.open, yield* problems(result)], [[], []])
      })
    )

  for (const [written, path, open] of paths)
    it.effect(written, () =>
      Effect.gen(function* () {
        const result = read(withResource(`{"name": "a", "endpoint": {${written}}}`, `"posts", `))
        const found = at(result.config, "resources", 1, "endpoint", "path")
        assert.strictEqual(found, path ?? /"path": "(.*?)"/.exec(written)?.[1])
        assert.lengthOf(result.open, open)
        if (path !== undefined || open === 0) assert.deepStrictEqual(yield* problems(result), [])
      })
    )

  it.effect("open: functions, other methods, filters that are no comparison", () =>
    Effect.gen(function* () {
      for (const written of [
        `"method": "PUT"`,
        `"response_actions": [check, {"status_code": 404, "action": check}]`,
        `"incremental": {"cursor_path": "c", "initial_value": pendulum.now().isoformat()}`,
        `"incremental": {"cursor_path": "c", "initial_value": 1, "convert": lambda d: d.add(days=1)}`,
        `"params": {"x": lambda: 1}`,
        `"params": {"x": compute()}`,
        `"partition_router": {"type": "ListPartitionRouter", "values": ["a", "b"], "cursor_field": "x"}`,
        `"record_filter": {"condition": "{{ record.a > 1 and record.b }}"}`,
        `"error_handler": {"response_filters": [{"predicate": "{{ x }}", "action": "RETRY"}]}`
      ]) {
        const result = read(withEndpoint(written))
        assert.isAbove(result.open.length, 0, written)
        assert.include(result.imported.yaml, "# TODO: ", written)
        assert.deepStrictEqual([written, yield* problems(result)], [written, []])
      }
    })
  )

  it("a `record_filter` that compares is a step", () => {
    const { config } = read(withEndpoint(`"record_filter": {"condition": "{{ record['status'] == 'open' }}"}`))
    assert.deepStrictEqual(at(config, "resources", 0, "processing_steps"), [
      { filter: { path: "status", op: "eq", value: "open" } }
    ])
  })

  it("a number that is written with a point keeps it", () => {
    const python = read(withEndpoint(`"params": {"api-version": 7.0, "page": 7}`)).imported.yaml
    const json = `{"client": {"base_url": "https://x.example"}, "resources": [{"name": "a", "endpoint": {"params": {"api-version": 7.0, "page": 7}}}]}`
    for (const yaml of [python, read(json, "a.json").imported.yaml])
      assert.include(yaml, "{ api-version: 7.0, page: 7 }")
  })
})
