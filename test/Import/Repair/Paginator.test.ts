import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { at, problems, read, withClient, withEndpoint, withPaginator } from "../support.ts"

interface Case {
  readonly written: string
  readonly paginator: unknown
  readonly params?: unknown
}

const cases: ReadonlyArray<Case> = [
  { written: `{"type": "offset", "limit": 500}`, paginator: { type: "offset", limit: 500 } },
  { written: `"offset"`, paginator: { type: "offset", limit: 100 } },
  { written: `{"type": "offset", "limit": "50"}`, paginator: { type: "offset", limit: 50 } },
  {
    written: `{"type": "offset", "page_size": 50, "page_param": "from", "size_param": "size"}`,
    paginator: { type: "offset", limit: 50, offset_param: "from", limit_param: "size" }
  },
  {
    written: `OffsetPaginator(100, 0, "skip", "take", total_path=None)`,
    paginator: { type: "offset", limit: 100, offset: 0, offset_param: "skip", limit_param: "take", total_path: null }
  },
  {
    written: `{"type": "offset", "limit": 100, "total_path": ""}`,
    paginator: { type: "offset", limit: 100, total_path: null }
  },
  { written: `{"limit": 10, "offset_param": "o"}`, paginator: { type: "offset", limit: 10, offset_param: "o" } },
  { written: `{"type": "limit_offset", "limit": 10}`, paginator: { type: "offset", limit: 10 } },
  {
    written: `{"type": "page_number", "page_param": "page", "limit": 100, "limit_param": "per_page"}`,
    paginator: { type: "page_number", page_param: "page" },
    params: { per_page: 100 }
  },
  {
    written: `{"type": "page_number", "start_from_page": 1, "limit": 20, "inject_on_first_request": True}`,
    paginator: { type: "page_number", base_page: 1 },
    params: { limit: 20 }
  },
  {
    written: `{"type": "page_number", "start_from_page": 1, "max_pages": 10}`,
    paginator: { type: "page_number", base_page: 1, maximum_page: 11 }
  },
  {
    written: `{"type": "page_number", "page_size": "{{ config['page_size'] }}", "limit_param": "n"}`,
    paginator: { type: "page_number" },
    params: { n: "${PAGE_SIZE}" }
  },
  {
    written: `{"type": "page_number", "page_size": 20}`,
    paginator: { type: "page_number" },
    params: { page_size: 20 }
  },
  { written: `{"type": "page", "maximum_page": 3}`, paginator: { type: "page_number", maximum_page: 3 } },
  {
    written: `PageNumberPaginator(base_page=1, total_path="meta.pages")`,
    paginator: { type: "page_number", base_page: 1, total_path: "meta.pages" }
  },
  {
    written: `{"type": "cursor", "cursor_param": "after", "cursor_path": "next_cursor", "limit": 50, "stop_condition": "none"}`,
    paginator: { type: "cursor", cursor_param: "after", cursor_path: "next_cursor" },
    params: { limit: 50 }
  },
  {
    written: `{"type": "cursor", "cursor_path": "next_cursor", "stop_condition": "{{ response.get('has_more', {}) == False }}"}`,
    paginator: { type: "cursor", cursor_path: "next_cursor", has_more_path: "has_more" }
  },
  {
    written: `{"type": "cursor", "cursor_value": "{{ response['meta']['next'] }}", "cursor_param": "c"}`,
    paginator: { type: "cursor", cursor_path: "meta.next", cursor_param: "c" }
  },
  {
    written: `{"type": "cursor", "cursor_value": "{{ response.get('a', {}).get('next_page') or response.get('b') }}"}`,
    paginator: { type: "cursor", cursor_path: "a.next_page" }
  },
  {
    written: `{"type": "cursor", "cursor_param": "t", "stop_condition": "{{ 'token' not in response['meta'] }}"}`,
    paginator: { type: "cursor", cursor_param: "t", cursor_path: "meta.token" }
  },
  {
    written: `{"type": "cursor", "cursor_path": "headers.link.next.url", "cursor_param": "page"}`,
    paginator: { type: "header_link" }
  },
  {
    written: `{"type": "cursor", "cursor_path": "headers.link.older.url"}`,
    paginator: { type: "header_link", links_next_key: "older" }
  },
  {
    written: `{"type": "cursor", "cursor_value": "{{ headers['link']['next']['url'] }}", "limit": 5}`,
    paginator: { type: "header_link" },
    params: { limit: 5 }
  },
  {
    written: `{"type": "cursor", "cursor_path": "headers.X-Next", "cursor_param": "c"}`,
    paginator: { type: "header_cursor", cursor_param: "c", cursor_key: "X-Next" }
  },
  {
    written: `{"type": "cursor", "cursor_path": "links.next", "cursor_param": "page"}`,
    paginator: { type: "json_link", next_url_path: "links.next" }
  },
  {
    written: `{"type": "cursor", "cursor_path": "@odata.nextLink", "cursor_param": "$skiptoken"}`,
    paginator: { type: "json_link", next_url_path: '["@odata.nextLink"]' }
  },
  {
    written: `{"type": "cursor", "cursor_path": "_links.next.href"}`,
    paginator: { type: "json_link", next_url_path: "_links.next.href" }
  },
  {
    written: `{"type": "cursor", "cursor_path": "paging.next"}`,
    paginator: { type: "cursor", cursor_path: "paging.next" }
  },
  {
    written: `{"type": "json_response", "next_url_path": "next"}`,
    paginator: { type: "json_link", next_url_path: "next" }
  },
  {
    written: `{"type": "json_response", "cursor_path": "next_token", "cursor_param": "t"}`,
    paginator: { type: "cursor", cursor_path: "next_token", cursor_param: "t" }
  },
  { written: `JSONResponsePaginator("next")`, paginator: { type: "json_link", next_url_path: "next" } },
  { written: `HeaderLinkPaginator()`, paginator: { type: "header_link" } },
  {
    written: `JSONResponseCursorPaginator(cursor_path="c", cursor_param="d")`,
    paginator: { type: "cursor", cursor_path: "c", cursor_param: "d" }
  },
  { written: `SinglePagePaginator()`, paginator: { type: "single_page" } },
  { written: `"none"`, paginator: "single_page" },
  { written: `{"type": "no_pagination"}`, paginator: { type: "single_page" } },
  { written: `"auto"`, paginator: "auto" }
]

describe("Repair.Paginator", () => {
  for (const { paginator, params, written } of cases)
    it.effect(written, () =>
      Effect.gen(function* () {
        const result = read(withPaginator(written))
        assert.deepStrictEqual(at(result.config, "resources", 0, "endpoint", "paginator"), paginator)
        assert.deepStrictEqual(at(result.config, "resources", 0, "endpoint", "params"), params)
        assert.deepStrictEqual([result.open, yield* problems(result)], [[], []])
      })
    )

  it.effect("the last row's field is a path into the rows", () =>
    Effect.gen(function* () {
      const result = read(
        withEndpoint(
          `"data_selector": "data.items", "paginator": {"type": "cursor", "cursor_value": "{{ last_record['id'] }}", "cursor_param": "after"}`
        )
      )
      assert.deepInclude(at(result.config, "resources", 0, "endpoint", "paginator"), {
        cursor_path: "data.items[-1].id"
      })
      assert.deepStrictEqual(yield* problems(result), [])
    })
  )

  it("a page size of the client's paginator is a parameter of every endpoint; the endpoint's own wins", () => {
    const { config } = read(withClient(`"paginator": {"type": "page_number", "limit": 10, "limit_param": "n"}`))
    assert.deepStrictEqual(at(config, "client", "paginator"), { type: "page_number" })
    assert.deepStrictEqual(at(config, "resource_defaults", "endpoint", "params"), { n: 10 })
    const own = read(withEndpoint(`"params": {"limit": 5}, "paginator": {"type": "page_number", "limit": 10}`))
    assert.deepStrictEqual(at(own.config, "resources", 0, "endpoint", "params"), { limit: 5 })
  })

  it.effect("open: classes of the program's own, unknown types, numbers that only the program knows", () =>
    Effect.gen(function* () {
      for (const [written, paginator] of [
        [`PostBodyPaginator(1)`, "auto"],
        [`{"type": "custom", "class": "X"}`, "auto"],
        [`{"type": "offset", "limit": page_size()}`, { type: "offset", limit: 100 }],
        [
          `{"type": "cursor", "cursor_value": "{{ now_utc() }}", "cursor_param": "c"}`,
          { type: "cursor", cursor_param: "c" }
        ]
      ] as const) {
        const result = read(withPaginator(written))
        assert.deepStrictEqual(
          [written, at(result.config, "resources", 0, "endpoint", "paginator")],
          [written, paginator]
        )
        assert.lengthOf(result.open, 1)
        assert.deepStrictEqual(yield* problems(result), [])
      }
    })
  )
})
