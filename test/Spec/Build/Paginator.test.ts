import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { parse, warnings } from "../fixture.ts"

const base = (paginator: string) => `client: { base_url: https://api.example.com, paginator: ${paginator} }`

const load = (paginator: string, endpoint: string, defaults = "{}") =>
  [
    base(paginator),
    `resource_defaults: { endpoint: ${defaults} }`,
    "resources:",
    "  - { name: posts, endpoint: { paginator: single_page } }",
    `  - { name: a, endpoint: ${endpoint} }`
  ].join("\n")

const chosen = (...args: Parameters<typeof load>) =>
  Effect.map(parse(load(...args)), ({ resources }) => [resources[1]!.paginator.type, resources[1]!.selector])

describe("the paginator of an endpoint", () => {
  it.effect("is its own, then that of the defaults, then that of the client, then found", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* chosen("header_link", "{ paginator: json_link }", "{ paginator: cursor }"), [
        "json_link",
        undefined
      ])
      assert.deepStrictEqual(yield* chosen("header_link", "{ method: GET }", "{ paginator: cursor }"), [
        "cursor",
        undefined
      ])
      assert.deepStrictEqual(yield* chosen("header_link", "{ method: GET }"), ["header_link", undefined])
      assert.deepStrictEqual(yield* chosen("null", "{ method: GET }"), ["auto", undefined])
      // As in dlt, `auto` on an endpoint is none of its own.
      assert.deepStrictEqual(yield* chosen("header_link", "{ paginator: auto }"), ["header_link", undefined])
      assert.deepStrictEqual(yield* chosen("header_link", "{ paginator: null }", "{ paginator: cursor }"), [
        "header_link",
        undefined
      ])
    })
  )

  const entity = 'path: "/posts/{resources.posts.id}"'
  const pages = "{ type: page_number, base_page: 1, total_path: null }"

  it.effect("of one entity asks for no pages, unless a selector says that it is a list", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* chosen("null", `{ ${entity} }`), ["single_page", "$"])
      assert.deepStrictEqual(yield* chosen(pages, `{ ${entity} }`), ["single_page", "$"])
      assert.deepStrictEqual(yield* chosen(pages, `{ ${entity}, data_selector: items }`), ["page_number", "items"])
      assert.deepStrictEqual(yield* chosen("null", `{ ${entity}, data_selector: items }`), ["auto", "items"])
      // What only follows an answer costs nothing.
      assert.deepStrictEqual(yield* chosen("header_link", `{ ${entity} }`), ["header_link", "$"])
      assert.deepStrictEqual(yield* chosen(pages, `{ ${entity}, paginator: header_link }`), ["header_link", "$"])
      assert.deepStrictEqual(yield* chosen(pages, `{ ${entity} }`, "{ paginator: header_link }"), ["header_link", "$"])
      assert.deepStrictEqual(yield* chosen(pages, '{ path: "/posts/{id}", params: { id: 5 } }'), ["single_page", "$"])
      assert.deepStrictEqual(yield* chosen(pages, '{ path: "/posts/{resources.posts.id}/comments" }'), [
        "page_number",
        undefined
      ])
    })
  )

  it.effect("that dlt would choose otherwise is said", () =>
    Effect.gen(function* () {
      const dropped = yield* warnings(load(pages, `{ ${entity} }`))
      assert.deepStrictEqual(
        dropped.map(({ path }) => path),
        ["resources[1].endpoint.path"]
      )
      assert.match(dropped[0]!.message, /one entity: `client.paginator` is not used/)
      const kept = yield* warnings(load(pages, `{ ${entity}, data_selector: items }`))
      assert.match(kept[0]!.message, /dlt ignores it/)
      assert.deepStrictEqual(yield* warnings(load("null", `{ ${entity} }`)), [])
    })
  )

  it.effect("has every option of its type", () =>
    Effect.gen(function* () {
      for (const [written, options] of [
        [
          "{ type: page_number, base_page: 1, page: 3, page_param: p, total_path: meta.pages, maximum_page: 9, stop_after_empty_page: false, has_more_path: more }",
          {
            basePage: 1,
            page: 3,
            pageParam: "p",
            totalPath: "meta.pages",
            maximumPage: 9,
            stopAfterEmptyPage: false,
            hasMorePath: "more"
          }
        ],
        ["{ type: page_number, page_param: '', page_body_path: a.p }", { pageParam: undefined, pageBodyPath: "a.p" }],
        ["{ type: json_link, next_url_path: links.next }", { nextUrlPath: "links.next" }],
        ["{ type: json_response, next_url_path: links.next }", { nextUrlPath: "links.next" }],
        ["{ type: header_link, links_next_key: n }", { linksNextKey: "n" }],
        ["{ type: header_cursor, cursor_key: k, cursor_param: c }", { cursorKey: "k", cursorParam: "c" }],
        [
          "{ type: cursor, cursor_path: c.n, cursor_param: after, stop_after_empty_page: true, has_more_path: more }",
          { cursorPath: "c.n", cursorParam: "after", stopAfterEmptyPage: true, hasMorePath: "more" }
        ],
        [
          "{ type: cursor, cursor_path: c.n, cursor_body_path: q.after }",
          { cursorPath: "c.n", cursorBodyPath: "q.after" }
        ]
      ] as const) {
        const { resources } = yield* parse(load("null", `{ method: POST, paginator: ${written} }`))
        for (const [key, value] of Object.entries(options))
          assert.deepStrictEqual(resources[1]!.paginator.options[key], value, `${written} ${key}`)
      }
    })
  )

  it.effect("may be a type alone", () =>
    Effect.gen(function* () {
      for (const [written, type] of [
        ["auto", "auto"],
        ["single_page", "single_page"],
        ["page_number", "page_number"],
        ["json_link", "json_link"],
        ["json_response", "json_link"],
        ["header_link", "header_link"],
        ["header_cursor", "header_cursor"],
        ["cursor", "cursor"]
      ]) {
        assert.deepStrictEqual(yield* chosen("null", `{ paginator: ${written} }`), [type, undefined])
        assert.deepStrictEqual(yield* chosen("null", `{ paginator: { type: ${written} } }`), [type, undefined])
      }
    })
  )
})
