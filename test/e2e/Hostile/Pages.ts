/** Pages without an end, in circles, and positions that lead nowhere. */
import { type Case, list } from "./Case.ts"

const cursor = { paginator: { type: "cursor", cursor_path: "next", cursor_param: "cursor" }, data_selector: "data" }
const link = { paginator: { type: "json_link", next_url_path: "next" }, data_selector: "data" }
const offset = { paginator: { type: "offset", limit: 2, total_path: null }, data_selector: "data" }
const numbers = { paginator: { type: "page_number", total_path: null }, data_selector: "data" }

/** Cursors c1 → c2 → … → cN → c1, each page with rows of its own or the same ones. */
const circle = (length: number, fresh: boolean): Case => ({
  name: `circle_of_${length}_${fresh ? "new_rows" : "same_rows"}`,
  endpoint: cursor,
  answer: ({ json, nth, query }) => {
    const at = Number(query.get("cursor") ?? 0)
    json({ data: list(2, fresh ? 2 * nth : 2 * at), next: 1 + (at % length) })
  },
  status: "failed",
  says: /leads back to a page already read|holds the same 2 rows/
})

export const cases: ReadonlyArray<Case> = [
  circle(1, true),
  circle(2, true),
  circle(2, false),
  circle(37, true),
  circle(300, false),
  {
    name: "link_to_itself",
    endpoint: link,
    answer: ({ json, nth, request }) => json({ data: list(2, 2 * nth), next: request.url }),
    status: "failed",
    says: /leads back to a page already read/
  },
  {
    name: "header_link_to_itself",
    endpoint: { paginator: "header_link" },
    answer: ({ json, nth, request }) => json(list(2, 2 * nth), { link: `<${request.url}>; rel="next"` }),
    status: "failed",
    says: /leads back to a page already read/
  },
  {
    name: "offset_ignored",
    endpoint: offset,
    answer: ({ json }) => json({ data: list(2) }),
    status: "failed",
    says: /ignore paging/
  },
  {
    name: "offset_ignored_and_stamped",
    endpoint: offset,
    answer: ({ json, nth }) => json({ data: list(2).map((row) => ({ ...row, at: nth })) }),
    status: "failed",
    says: /rows of the same keys/
  },
  {
    name: "empty_pages_with_cursors",
    endpoint: cursor,
    answer: ({ json, nth }) => json({ data: [], next: nth + 1 }),
    status: "failed",
    says: /empty pages in a row/
  },
  {
    name: "total_that_grows",
    endpoint: { paginator: { type: "offset", limit: 2, total_path: "total" }, data_selector: "data" },
    answer: ({ json, nth }) =>
      json(nth > 20 ? { data: [], total: 1e9 } : { data: list(2, 2 * nth), total: 1000 * nth }),
    status: "partial",
    rows: { inserted: 42 },
    says: /the API reports 1000000000 rows but sent none from offset 42 on/
  },
  {
    name: "pages_numbered_for_ever_repeat",
    endpoint: numbers,
    answer: ({ json, nth }) => json({ data: list(2, 2 * Math.min(nth, 30)) }),
    status: "failed",
    says: /holds the same 2 rows as the page before/
  },
  {
    name: "cursor_of_ten_megabytes",
    endpoint: cursor,
    answer: ({ json, nth }) => json({ data: list(2, 2 * nth), next: "x".repeat(900_000) }),
    status: "partial",
    rows: { inserted: 2 },
    says: /a text of 900000 characters at next, where a cursor should be/
  },
  {
    name: "link_of_ten_megabytes",
    endpoint: link,
    answer: ({ json, nth }) => json({ data: list(2, 2 * nth), next: `/x?y=${"x".repeat(900_000)}` }),
    status: "partial",
    rows: { inserted: 2 },
    says: /longer than/
  },
  {
    name: "cursor_that_is_an_object",
    endpoint: cursor,
    answer: ({ json }) => json({ data: list(2), next: { a: 1 } }),
    status: "partial",
    rows: { inserted: 2 },
    says: /an object at next, where a cursor should be/
  },
  {
    name: "link_to_a_file",
    endpoint: link,
    answer: ({ json }) => json({ data: list(2), next: "file:///etc/passwd" }),
    status: "partial",
    rows: { inserted: 2 },
    says: /not a link to follow/
  },
  {
    name: "link_to_another_host",
    endpoint: link,
    answer: ({ json }) => json({ data: list(2), next: "http://169.254.169.254/latest/meta-data" }),
    status: "failed",
    rows: { inserted: 2 },
    says: /169\.254\.169\.254/
  },
  {
    name: "redirects_in_a_circle",
    answer: ({ request, response }) => response.writeHead(302, { location: request.url! }).end(),
    status: "failed",
    says: /redirected more than 5 times/
  },
  {
    name: "parent_keys_of_a_megabyte",
    answer: ({ json }) => json([{ id: "k".repeat(500_000) }, { id: "short" }]),
    status: "complete",
    rows: { inserted: 2 }
  },
  {
    name: "child_of_a_megabyte",
    endpoint: { path: "child_of_a_megabyte/{resources.parent_keys_of_a_megabyte.id}" },
    answer: ({ json }) => json(list(2)),
    status: "partial",
    says: /431|414|reset|refused/
  }
]
