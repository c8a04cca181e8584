import { assert, describe, it } from "@effect/vitest"
import * as Detect from "../../src/Page/Detect.ts"

const rows = [{ id: 1 }, { id: 2 }]
const detect = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  Detect.detect({ status: 200, headers, body, rows: 2 })
const found = (body: unknown, headers?: Readonly<Record<string, string>>) => {
  const one = detect(body, headers)
  return one === undefined ? undefined : [one.type, one.options]
}

describe("Detect", () => {
  it.each<readonly [unknown, string]>([
    [{ results: rows, next: "https://api.test/b" }, "next"],
    [{ results: rows, next: "/b?page=2" }, "next"],
    [{ results: rows, next: "?page=2" }, "next"],
    [{ data: rows, next_page: "https://api.test/b" }, "next_page"],
    [{ data: rows, nextPageUrl: "/b" }, "nextPageUrl"],
    [{ data: rows, links: { self: "/a", next: "/b" } }, "links.next"],
    [{ _embedded: { x: rows }, _links: { self: { href: "/a" }, next: { href: "/b" } } }, "_links.next.href"],
    [{ value: rows, "@odata.nextLink": "https://api.test/b" }, '["@odata.nextLink"]'],
    [{ value: rows, "odata.nextLink": "https://api.test/b" }, '["odata.nextLink"]'],
    [{ results: rows, paging: { next: { after: "1", link: "https://api.test/b" } } }, "paging.next.link"],
    [{ results: rows, meta: { pagination: { next_url: "/b" } } }, "meta.pagination.next_url"],
    [{ records: rows, nextRecordsUrl: "/services/data/b" }, "nextRecordsUrl"],
    [{ results: rows, total_pages: 3, next: "/b" }, "next"]
  ])("a link: %j", (body, nextUrlPath) => assert.deepStrictEqual(found(body), ["json_link", { nextUrlPath }]))

  it.each<readonly [unknown, Readonly<Record<string, unknown>>]>([
    [{ items: rows, total_pages: 3 }, { totalPath: "total_pages" }],
    [{ items: rows, totalPages: "3" }, { totalPath: "totalPages" }],
    [{ items: rows, pages: 3 }, { totalPath: "pages" }],
    [
      { items: rows, total_pages: 3, page: 1 },
      { totalPath: "total_pages", basePage: 1 }
    ],
    [
      { items: rows, meta: { current_page: 1, last_page: 3 } },
      { totalPath: "meta.last_page", basePage: 1 }
    ],
    [
      { content: rows, totalPages: 3, number: 0 },
      { totalPath: "totalPages", basePage: 0 }
    ],
    [{ items: rows, total_pages: 3, page: 7 }, { totalPath: "total_pages" }]
  ])("a number of pages: %j", (body, options) => assert.deepStrictEqual(found(body), ["page_number", options]))

  it.each<readonly [unknown, string, string]>([
    [{ items: rows, next_cursor: "abc" }, "next_cursor", "cursor"],
    [{ items: rows, nextCursor: "abc" }, "nextCursor", "cursor"],
    [{ items: rows, next_cursor: "/w==" }, "next_cursor", "cursor"],
    [{ items: rows, nextPageToken: "abc" }, "nextPageToken", "pageToken"],
    [{ items: rows, next_page_token: "abc" }, "next_page_token", "page_token"],
    [{ items: rows, next_page: 2 }, "next_page", "page"],
    [{ items: rows, next: "abc" }, "next", "cursor"],
    [{ items: rows, next: 12 }, "next", "cursor"],
    [{ items: rows, cursors: { next: "abc" } }, "cursors.next", "cursor"],
    [{ items: rows, cursor: "abc" }, "cursor", "cursor"],
    [{ items: rows, paging: { cursors: { before: "a", after: "b" } } }, "paging.cursors.after", "after"],
    [{ items: rows, paging: { next: { after: "17" } } }, "paging.next.after", "after"],
    [{ items: rows, meta: { next_token: "abc" } }, "meta.next_token", "next_token"],
    [{ items: rows, response_metadata: { next_cursor: "abc=" } }, "response_metadata.next_cursor", "cursor"],
    [{ items: rows, continuationToken: "abc" }, "continuationToken", "continuationToken"],
    [{ items: rows, next_offset: 500 }, "next_offset", "offset"]
  ])("a cursor: %j", (body, cursorPath, cursorParam) =>
    assert.deepStrictEqual(found(body), ["cursor", { cursorPath, cursorParam }])
  )

  it("a cursor with a yes or no beside it", () => {
    const more = (flag: boolean) => ({ items: rows, pageInfo: { hasNextPage: flag, endCursor: "abc" } })
    const options = { cursorPath: "pageInfo.endCursor", cursorParam: "after", hasMorePath: "pageInfo.hasNextPage" }
    assert.deepInclude(detect(more(true)), { type: "cursor", options, goesOn: true })
    assert.deepInclude(detect(more(false)), { type: "cursor", options, goesOn: false })
  })

  it.each<readonly [unknown, Readonly<Record<string, unknown>>]>([
    [
      { items: rows, offset: 0, limit: 2, total: 5 },
      { limit: 2, offset: 0, offsetParam: "offset", limitParam: "limit", totalPath: "total" }
    ],
    [
      { items: rows, meta: { skip: 0, limit: 2, totalCount: 5 } },
      { limit: 2, offset: 0, offsetParam: "skip", limitParam: "limit", totalPath: "meta.totalCount" }
    ]
  ])("offset and limit: %j", (body, options) => assert.deepStrictEqual(found(body), ["offset", options]))

  it("a Link header comes first", () => {
    const link = { link: '</b>; rel="next"' }
    assert.deepStrictEqual(found({ items: rows, next: "/b" }, link), ["header_link", {}])
    assert.isUndefined(found(rows, { link: '</a>; rel="last"' }))
    assert.isUndefined(found(rows, { link: "garbage" }))
  })

  it.each<readonly [string, unknown]>([
    ["nothing", { items: rows }],
    ["a list", rows],
    ["no body", undefined],
    ["text", "next"],
    ["the last page", { items: rows, next: null, next_cursor: "", links: { next: null } }],
    ["steps for people", { items: rows, next_steps: "Call us", nextSteps: "soon" }],
    ["prose", { items: rows, next: "see the next page", cursor: "a b" }],
    ["what is in rows", { items: [{ next: "/b", next_cursor: "x", total_pages: 3 }] }],
    ["an unknown next", { items: rows, next_billing_date: "2026-01-01", nextUp: "/b" }],
    ["one book", { id: 1, title: "x", pages: 320, cursor: "x", offset: 0, limit: 5, total: 9 }],
    ["an offset without a total", { items: rows, offset: 0, limit: 2 }],
    ["an offset without a limit", { items: rows, offset: 0, total: 5 }],
    ["scattered ones", { items: rows, a: { offset: 0 }, b: { limit: 2 }, total: 5 }],
    ["zero pages", { items: [], total_pages: 0, next: 0 }]
  ])("finds nothing in %s", (_, body) => assert.isUndefined(found(body)))

  it("says what it was told from, and whether a page follows", () => {
    const said = (body: unknown) => {
      const one = detect(body)
      return [one?.why, one?.goesOn]
    }
    assert.deepStrictEqual(said({ items: rows, next: "/b" }), ["there is a link at next", true])
    assert.deepStrictEqual(said({ items: rows, next_cursor: "x" }), [
      "there is a cursor at next_cursor, sent as cursor",
      true
    ])
    assert.deepStrictEqual(said({ items: rows, meta: { total_pages: 1, page: 1 } }), [
      "the number of pages is at meta.total_pages, and the page's own number, 1, at meta.page",
      false
    ])
    assert.deepStrictEqual(said({ items: rows, offset: 0, limit: 2, total: 2 }), [
      "offset, limit and a total at total are in the body",
      false
    ])
  })
})
