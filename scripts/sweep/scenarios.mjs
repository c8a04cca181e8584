/**
 * What is synced in a sweep: an API as a function of a request, and the configuration for it. One scenario per way rows travel.
 *
 * `resources`: the configuration, without client. `answer({ path, query, version, base })`: the body, or `{ status, headers, body }`.
 * `parallel`: synced with `--concurrency 8`, and held against a run that asks for its pages one by one.
 * `versions`: what the API holds; of two, the first is synced undisturbed, and the second is where the kills fall. `moves`: the
 * API holds its first version until the first kill, its second from then on, and the walk under way must start over.
 */

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** A row with a nested object and a list, so that every page fills a child table too. */
const row = (id, word = "a") => ({
  id,
  name: `${word}${id}`,
  nested: { half: id / 2, flag: id % 2 === 0 },
  tags: range(1, id % 3).map((n) => `${word}${n}`),
  lines: range(1, id % 2).map((n) => ({ sku: `s${id}-${n}`, parts: ["p", `${n}`] }))
})

const rows = range(1, 10).map((id) => row(id))

/** Of the second version: some changed, one gone, two new. */
const changed = [
  ...rows.filter(({ id }) => id !== 4).map((each) => (each.id % 3 === 0 ? row(each.id, "b") : each)),
  row(11),
  row(12)
]

const versions = [rows, changed]

const offsetOf = (list, { limit = 2, offset = 0 }) => ({
  items: list.slice(Number(offset), Number(offset) + Number(limit)),
  total: list.length
})

const items = (more) => ({ name: "items", primary_key: "id", ...more })
const endpoint = (more) => ({ path: "/items", data_selector: "items", ...more })
const byOffset = { type: "offset", limit: 2, total_path: "total" }
const untotalled = { type: "offset", limit: 2, total_path: null }

const listed = (disposition, paginator = byOffset, more = {}) => ({
  resources: [items({ write_disposition: disposition, endpoint: endpoint({ paginator }), ...more })],
  answer: ({ query, version }) => {
    const { items, total } = offsetOf(versions[version], query)
    return paginator.total_path === null ? { items } : { items, total }
  }
})

/** Rows are added only, at both ends: a merge takes none away. */
const grown = [changed.slice(1, 9), changed]
const moving = (disposition, more) => ({
  ...listed(disposition, byOffset, more),
  answer: ({ query, version }) => offsetOf(grown[version], query),
  versions: 1,
  moves: true
})

const tokens = ["zero", "one", "two", "three", "four", "five", "six", "seven"]

const orders = (version) => range(1, 4 + version).map((id) => ({ id, note: `order ${id}` }))
const events = (owner, version) =>
  range(1, (owner % 3) + 1 + version).map((n) => ({ id: `${owner}-${n}`, at: n, tags: [`t${n}`] }))

/** Moments of a minute's distance, in order. */
const moment = (n) => `2024-01-01T00:${String(n).padStart(2, "0")}:00Z`
const dated = (count) => range(1, count).map((id) => ({ ...row(id), updated_at: moment(id) }))
const since = (list, { since }) => (since === undefined ? list : list.filter(({ updated_at }) => updated_at >= since))

const incremental = (list, more = {}, disposition = "merge") => ({
  versions: 2,
  resources: [
    items({
      write_disposition: disposition,
      endpoint: endpoint({
        paginator: byOffset,
        incremental: { cursor_path: "updated_at", initial_value: moment(0), start_param: "since", ...more }
      })
    })
  ],
  answer: ({ query, version }) => offsetOf(since(list(version), query), query)
})

const children = (more = {}, size = (version) => version) => ({
  versions: 2,
  resources: [
    { name: "orders", primary_key: "id", endpoint: { path: "/orders", data_selector: "items", paginator: byOffset } },
    {
      name: "events",
      primary_key: "id",
      endpoint: { path: "/orders/{resources.orders.id}/events", data_selector: "items", paginator: byOffset },
      ...more
    }
  ],
  answer: ({ path, query, version }) => {
    const owner = /^\/orders\/(\d+)\/events$/.exec(path)?.[1]
    return offsetOf(owner === undefined ? orders(version) : events(Number(owner), size(version)), query)
  }
})

/** Every third row is refused, and in the second version others are. */
const partly = (version) =>
  rows.map((each) => ((each.id + version) % 3 === 0 ? { ...each, count: "many" } : { ...each, count: each.id }))

const refused = (write_disposition) => ({
  versions: 2,
  resources: [
    items({
      write_disposition,
      columns: { count: { data_type: "bigint" } },
      endpoint: endpoint({ paginator: byOffset }),
      max_reject_ratio: 1
    })
  ],
  answer: ({ query, version }) => offsetOf(partly(version), query)
})

/** Pages of one row: more of them than are under way at once. */
const long = { type: "offset", limit: 1, total_path: "total" }

const byNumber = (size) => ({
  versions: 2,
  resources: [items({ endpoint: endpoint({ paginator: { type: "page_number", base_page: 1, total_path: "pages" } }) })],
  answer: ({ query, version }) => {
    const page = Number(query.page ?? 1)
    const list = versions[version]
    return { items: list.slice((page - 1) * size, page * size), pages: Math.ceil(list.length / size) }
  }
})

/** A list of which no more than four rows can be read: ten minutes and more of it in an hour that is split, and again. */
const capped = (more = {}, start = { start: moment(0) }) => ({
  versions: 2,
  resources: [
    items({
      endpoint: endpoint({
        paginator: byOffset,
        windows: { from_param: "from", to_param: "to", end: "2024-01-01T01:00:00Z", cap: 4, ...start },
        ...more
      })
    })
  ],
  answer: ({ query: { from, to, ...query }, version }) => {
    const within = dated(8 + version * 4).filter(({ updated_at }) => updated_at >= from && updated_at <= to)
    return Number(query.offset ?? 0) + Number(query.limit) > 4
      ? { status: 422, body: { message: "offset and limit together are 4 at most" } }
      : offsetOf(within, query)
  }
})

export const scenarios = {
  offset: { versions: 2, ...listed("merge") },
  "offset, no total": { versions: 2, ...listed("merge", untotalled) },
  "page number": byNumber(2),
  cursor: {
    versions: 2,
    resources: [
      items({ endpoint: endpoint({ paginator: { type: "cursor", cursor_path: "next", cursor_param: "after" } }) })
    ],
    answer: ({ query, version }) => {
      const at = query.after === undefined ? 0 : tokens.indexOf(query.after)
      const list = versions[version]
      return { items: list.slice(at * 2, at * 2 + 2), next: (at + 1) * 2 < list.length ? tokens[at + 1] : null }
    }
  },
  "link in the body": {
    versions: 2,
    resources: [items({ endpoint: endpoint({ paginator: { type: "json_link", next_url_path: "next" } }) })],
    answer: ({ base, query, version }) => {
      const at = Number(query.at ?? 0)
      const list = versions[version]
      return { items: list.slice(at, at + 2), next: at + 2 < list.length ? `${base}/items?at=${at + 2}` : null }
    }
  },
  "link in a header": {
    versions: 2,
    resources: [items({ endpoint: { path: "/items", paginator: { type: "header_link" } } })],
    answer: ({ base, query, version }) => {
      const at = Number(query.at ?? 0)
      const list = versions[version]
      return {
        status: 200,
        headers: at + 2 < list.length ? { link: `<${base}/items?at=${at + 2}>; rel="next"` } : {},
        body: list.slice(at, at + 2)
      }
    }
  },
  "incremental, in order": incremental((version) => dated(8 + version * 4), { row_order: "asc" }),
  "incremental, in no order": {
    lags: true,
    ...incremental((version) => dated(8 + version * 4).toSorted((a, b) => ((a.id * 7) % 13) - ((b.id * 7) % 13)))
  },
  "incremental, appended": incremental((version) => dated(8 + version * 4), { row_order: "asc" }, "append"),
  windows: capped(),
  "windows, incremental": {
    lags: true,
    ...capped({ incremental: { cursor_path: "updated_at", initial_value: moment(0), lag: 60 } }, {})
  },
  "parent and child": children(),
  "parent and child, side by side": children({ parallelized: true }),
  replace: { versions: 2, ...listed("replace") },
  "replace, no key": { versions: 2, ...listed("replace", byOffset, { primary_key: [] }) },
  versions: { versions: 2, ...listed({ disposition: "merge", strategy: "scd2" }) },
  "versions, no key": {
    versions: 2,
    ...listed({ disposition: "merge", strategy: "scd2" }, byOffset, { primary_key: [] })
  },
  "append, no key": { versions: 1, ...listed("append", byOffset, { primary_key: [] }) },
  "append, no key, no total": { versions: 1, ...listed("append", untotalled, { primary_key: [] }) },
  "a list that changes": moving("merge"),
  "a list that changes, replaced": moving("replace"),
  "a list that changes, no key": moving("append", { primary_key: [] }),
  "parent and child, appended": children({ write_disposition: "append", primary_key: [] }),
  "rows that are gone, marked": { versions: 2, ...listed("merge", byOffset, { deletes: "soft", max_delete_ratio: 1 }) },
  "rows that are gone, taken away": {
    versions: 2,
    ...listed("merge", byOffset, { deletes: "hard", max_delete_ratio: 1 })
  },
  "children that are gone": children({ deletes: "hard", max_delete_ratio: 1 }, (version) => 1 - version),
  archive: { versions: 1, archive: true, ...listed("merge") },
  "archive, no key": { versions: 1, archive: true, ...listed("append", byOffset, { primary_key: [] }) },
  "in parallel: offset": { versions: 2, parallel: true, ...listed("merge", long) },
  "in parallel: append, no key": { versions: 1, parallel: true, ...listed("append", long, { primary_key: [] }) },
  "in parallel: page number": { parallel: true, ...byNumber(1) },
  "in parallel: parent and child": { parallel: true, ...children({ parallelized: true }) },
  "rows that are refused": refused("merge"),
  "rows that are refused, replaced": refused("replace"),
  "rows that are refused, in versions": refused({ disposition: "merge", strategy: "scd2" })
}
