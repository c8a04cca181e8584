/**
 * The API both engines are asked to read: the rows of data.mjs behind every kind of paging, credential and answer.
 *
 *     node conformance/server.mjs [PORT]      prints its port
 *
 * The same request always gets the same answer, but for two switches: the generation (1 or 2: what the data is at the first and at the
 * second load) and, for the flaky endpoints, how often a path was asked since the last reset. `/_control/reset?generation=N` sets both,
 * `/_control/log` hands out the requests seen since and forgets them.
 */
import { createServer } from "node:http"
import { pathToFileURL } from "node:url"
import { comments, events, fixed, posts, reactions, users } from "./data.mjs"

// --- answers ---

const json = (body, status = 200, headers = {}) => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: write(body)
})

/** JSON whose BigInts are plain digits. */
const write = (value) =>
  JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `\u0000${item}` : item)).replaceAll(
    /"\\u0000(\d+)"/g,
    "$1"
  )

const size = 5
const number = (text, otherwise) => (text == null || text === "" ? otherwise : Number(text))

const slice = (rows, page, base, per = size) => rows.slice((page - base) * per, (page - base + 1) * per)
const pages = (rows, per = size) => Math.ceil(rows.length / per)

/** What one of the paged endpoints answers, by name; `q` holds the query's last value by name. */
const paged = {
  // page numbers
  pages: ({ q }) => {
    const page = Math.max(1, number(q.page, 1))
    return json({ data: slice(posts, page, 1), page, total_pages: pages(posts) })
  },
  pages_from_one: ({ q }) => {
    const page = number(q.page, 1)
    return json({ data: page < 1 ? [] : slice(posts, page, 1), total_pages: pages(posts) })
  },
  pages_zero: ({ q }) => {
    const page = number(q.page, 0)
    return json({ data: slice(posts, page, 0), page, total: pages(posts), total_pages: pages(posts) })
  },
  pages_zero_only: ({ q }) => {
    const page = number(q.page, 0)
    return json({ data: slice(posts, page, 0), total_pages: pages(posts) })
  },
  pages_nested_total: ({ q }) => {
    const page = number(q.pg, 1)
    return json({ items: slice(posts, page, 1), meta: { paging: { "page-count": String(pages(posts)) } } })
  },
  pages_bare: ({ q }) => json(slice(posts, number(q.page, 1), 1)),
  pages_has_more: ({ q }) => {
    const page = number(q.page, 1)
    return json({ data: slice(posts, page, 1), has_more: page < pages(posts) })
  },
  // offsets
  offsets: ({ q }) =>
    offsets(q.offset, q.limit, (data, offset, limit) => ({ data, total: posts.length, offset, limit })),
  offsets_named: ({ q }) =>
    offsets(q.skip, q.take, (data) => ({ result: { rows: data }, meta: { total_records: String(posts.length) } })),
  offsets_no_total: ({ q }) => offsets(q.offset, q.limit, (data) => ({ data })),
  offsets_bare: ({ q }) => offsets(q.offset, q.limit, (data) => data),
  offsets_has_more: ({ q }) =>
    offsets(q.offset, q.limit, (data, offset, limit) => ({ data, more: offset + limit < posts.length })),
  offsets_ignored: () => json({ data: posts.slice(0, size) }),
  // cursors
  cursors: ({ q }) => cursors(q.cursor, (data, next) => ({ data, cursors: { next } })),
  cursors_flat: ({ q }) => cursors(q.after ?? q.cursor, (data, next) => ({ data, next_cursor: next ?? "" })),
  cursors_absent: ({ q }) =>
    cursors(q.starting_after, (data, next) => (next === null ? { data } : { data, paging: { after: next } })),
  cursors_null_end: ({ q }) =>
    cursors(q.cursor, (data, next) => ({ users: next === null ? null : data, cursors: { next } })),
  cursors_has_more: ({ q }) =>
    cursors(q.cursor, (data, next) => ({ data, has_more: next !== null, cursors: { next: next ?? "end" } })),
  cursors_last_id: ({ q }) => cursors(q.starting_after, (data) => ({ data }), true),
  header_cursors: ({ q }) => cursors(q.cursor, (data) => data, false, "next"),
  header_cursors_named: ({ q }) => cursors(q.page_token, (data) => ({ data }), false, "x-next-token"),
  cursors_token: ({ q }) => cursors(q.next_token ?? q.cursor, (data, next) => ({ data, next_token: next })),
  cursors_numeric: ({ q }) => {
    const at = number(q.cursor, 0)
    return json({ data: posts.slice(at, at + size), meta: { next: at + size < posts.length ? at + size : 0 } })
  },
  cursors_urls: ({ q, origin, path }) =>
    links(q, (data, page) => ({ data, next: page && `${origin}${path}?page=${page}` })),
  flags_text: ({ q }) => offsets(q.offset, q.limit, (data, offset) => ({ data, more: offset < 10 ? "true" : "false" })),
  flags_absent: ({ q }) =>
    offsets(q.offset, q.limit, (data, offset) => ({ data, ...(offset < 10 ? { more: true } : {}) })),
  // links
  links: ({ q, origin, path }) =>
    links(q, (data, page) => ({ results: data, next: page && `${origin}${path}?page=${page}` })),
  links_named: ({ q, origin, path }) =>
    links(q, (data, page) => ({ data, pagination: page ? { next_page: `${origin}${path}?page=${page}&keep=1` } : {} })),
  links_relative: ({ q, path }) =>
    links(q, (data, page) => ({ results: data, next_page: page && `${path}?page=${page}` })),
  links_query: ({ q }) => links(q, (data, page) => ({ results: data, next: page && `?page=${page}` })),
  links_odata: ({ q, origin, path }) =>
    links(q, (data, page) => ({ value: data, ...(page && { "@odata.nextLink": `${origin}${path}?page=${page}` }) })),
  links_hal: ({ q, path }) =>
    links(q, (data, page) => ({
      _embedded: { posts: data },
      _links: { self: { href: path }, ...(page && { next: { href: `${path}?page=${page}` } }) }
    })),
  links_empty: ({ q, origin, path }) =>
    links(q, (data, page) => ({ results: data, next: page ? `${origin}${path}?page=${page}` : "" })),
  header_links: ({ q, origin, path }) =>
    links(
      q,
      (data) => data,
      (page) => ({ link: `<${origin}${path}?page=${page}>; rel="next", <${origin}${path}>; rel="first"` })
    ),
  header_links_named: ({ q, path }) =>
    links(
      q,
      (data) => ({ data }),
      (page) => ({ link: `<${path}?page=${page}>; rel="older"` })
    ),
  prose: () => json({ data: posts.slice(0, 3), next_steps: "Read the manual" })
}

const offsets = (at, count, body) => {
  const offset = number(at, 0)
  const limit = number(count, size)
  return json(body(posts.slice(offset, offset + limit), offset, limit))
}

const cursors = (cursor, body, last = false, header = undefined) => {
  const at = last ? number(cursor, 0) : number(cursor?.replace("c", ""), 0)
  const rows = posts.slice(at, at + size)
  const next = at + size < posts.length ? `c${at + size}` : null
  return json(body(rows, next), 200, header !== undefined && next !== null ? { [header]: next } : {})
}

const links = (q, body, headers = () => ({})) => {
  const page = number(q.page, 1)
  const next = page < pages(posts) ? page + 1 : null
  return json(body(slice(posts, page, 1), next), 200, next === null ? {} : headers(next))
}

/** POST endpoints that page by their body. */
const searches = {
  offset: (body) => offsets(body.offset, body.limit, (data) => ({ data, total: posts.length })),
  offset_nested: (body) => offsets(body.paging?.start, body.paging?.count, (data) => ({ data, total: posts.length })),
  page: (body) => json({ data: slice(posts, number(body.page, 1), 1), total: pages(posts) }),
  page_nested: (body) => json({ data: slice(posts, number(body.query?.page, 1), 1), pages_in_all: pages(posts) }),
  cursor: (body) => cursors(body.cursor, (data, next) => ({ data, cursors: { next } })),
  cursor_nested: (body) =>
    cursors(body.variables?.after, (data, next) => ({ data: { posts: { nodes: data, end: next } } })),
  link: (body, q) => links(q, (data, page) => ({ data, next: page && `?page=${page}` })),
  none: (body) => json({ data: [{ id: 1, filter: body.filter ?? null }] })
}

/** Rows from `since` (that value too) to `until` (without it), as most APIs have it. */
const feed = (q, generation, { field = "updated_at", changed = false } = {}) => {
  const from = q.since ?? q.from
  const to = q.until ?? q.to
  const value = (text) => (field === "seq" ? Number(text) : text)
  const rows = events(generation, changed).filter(
    (row) => (from === undefined || row[field] >= value(from)) && (to === undefined || row[field] < value(to))
  )
  return q.order === "desc" ? rows.reverse() : rows
}

const unauthorised = (why) => json({ error: "unauthorized", why }, 401)
const notFound = (path) => json({ error: "not found", path }, 404)

/** Which credential an endpoint under /protected wants. */
const guards = {
  bearer: ({ headers }) => headers.authorization === "Bearer token-1",
  other_bearer: ({ headers }) => headers.authorization === "Bearer token-2",
  basic: ({ headers }) => headers.authorization === `Basic ${Buffer.from("user:pässword").toString("base64")}`,
  api_key: ({ headers }) => headers["x-api-key"] === "key-1",
  api_key_plain: ({ headers }) => headers.authorization === "key-1",
  api_key_query: ({ q }) => q.api_key === "key-1",
  cookie: ({ headers }) => /(?:^|; )session=key-1(?:;|$)/.test(headers.cookie ?? ""),
  oauth: ({ headers }) => headers.authorization === "Bearer oauth-token"
}

// --- one instance ---

/**
 * Starts an instance with a log and switches of its own; `port` 0 takes a free one.
 */
export const start = async (port = 0) => {
  let generation = 1
  let log = []
  let asked = new Map()
  const reset = (next = 1) => {
    generation = next
    log = []
    asked = new Map()
  }

  const answer = (request) => {
    const { method, path, q, body, headers } = request
    const segments = path.split("/").slice(1)
    const [head, second, third, fourth, fifth] = segments
    const times = (asked.get(path) ?? 0) + 1
    asked.set(path, times)

    if (head === "paged" && Object.hasOwn(paged, second)) return paged[second](request)
    if (head === "search" && method === "POST" && Object.hasOwn(searches, second))
      return searches[second](body?.json ?? {}, q)
    if (head === "fixed" && Object.hasOwn(fixed, second)) {
      const value = fixed[second]
      return json(
        Object.hasOwn(value, "1") && Object.hasOwn(value, "2") && !Array.isArray(value) ? value[generation] : value
      )
    }
    // Whatever is asked here gets three rows: for configurations of which only the requests matter.
    if (head === "items") return json({ data: [{ id: 1 }, { id: 2 }, { id: 3 }] })
    if (head === "echo") {
      const pairs = [...request.pairs, ...Object.entries(body?.json ?? {}), ...(body?.form ?? [])]
      return json({
        data: pairs.map(([name, value], id) => ({
          id,
          name,
          value: typeof value === "string" ? value : JSON.stringify(value),
          kind: typeof value
        }))
      })
    }

    if (head === "posts") {
      if (second === undefined) return json({ data: posts.slice(0, 3) })
      const id = Number(second)
      if (third === undefined) return json({ ...posts[id - 1], detail: `Detail ${id}` })
      if (third === "comments" && fourth === undefined) {
        const offset = number(q.offset, 0)
        const limit = number(q.limit, 2)
        const all = comments(id)
        return json({
          data: all.slice(offset, offset + limit),
          total: all.length,
          has_more: offset + limit < all.length
        })
      }
      if (third === "all_comments") return json({ comments: comments(id) })
      if (third === "comments" && fifth === "reactions") return json({ reactions: reactions(id, Number(fourth)) })
      if (third === "changes")
        return json({
          data: feed(q, generation)
            .filter((row) => row.id % 3 === id - 1)
            .map((row) => ({ ...row, post: id }))
        })
      if (third === "gone") return id === 2 ? json({ error: "gone" }, 404) : json({ data: comments(id) })
      if (third === "locked")
        return id === 1
          ? json({ error: "gone" }, 404)
          : id === 2
            ? json({ error: "locked" }, 422)
            : json({ data: comments(id) })
      if (third === "nothing") return id === 2 ? { status: 204, headers: {}, body: "" } : json({ data: comments(id) })
      if (third === "said") return id === 2 ? json({ message: "not ready yet" }, 409) : json({ data: comments(id) })
    }
    if (head === "comments_of") {
      const id = Number(
        q.post_id ??
          headers["x-post-id"] ??
          body?.json?.post_id ??
          body?.form?.find(([name]) => name === "post_id")?.[1]
      )
      return json({ data: comments(id), asked_by: typeof body?.json?.post_id })
    }
    if (head === "by_code")
      return json({ data: [{ id: decodeURIComponent(second ?? ""), length: decodeURIComponent(second ?? "").length }] })

    if (head === "gone_later") return generation === 1 ? json([{ id: 1 }, { id: 2 }]) : json({ error: "gone" }, 404)

    if (head === "events") return json({ data: feed(q, generation) })
    if (head === "events_by_seq") return json({ data: feed(q, generation, { field: "seq" }) })
    if (head === "events_changed") return json({ data: feed(q, generation, { changed: true }) })
    if (head === "events_changed_by_seq") return json({ data: feed(q, generation, { field: "seq", changed: true }) })
    if (head === "events_unfiltered")
      return json({ data: q.order === "desc" ? events(generation).reverse() : events(generation) })
    if (head === "events_posted") return json({ data: feed(body?.json?.range ?? body?.json ?? {}, generation) })
    if (head === "events_by_header") return json({ data: feed({ since: headers["x-since"] }, generation) })
    if (head === "events_paged") {
      const rows = feed(q, generation)
      const page = number(q.page, 1)
      return json({ data: slice(rows, page, 1, 2), total: pages(rows, 2) })
    }
    if (head === "users") return json({ data: users(generation) })
    if (head === "users_of_one") return json({ data: generation === 1 ? users(1) : users(2).slice(0, 1) })

    if (head === "protected" && Object.hasOwn(guards, second)) {
      return guards[second](request)
        ? json({
            data: [
              { id: 1, secret: false },
              { id: 2, secret: false }
            ]
          })
        : unauthorised(second)
    }
    if (head === "oauth" && second === "token" && method === "POST") {
      const form = Object.fromEntries(body?.form ?? [])
      return form.grant_type === "client_credentials" &&
        form.client_id === "client-1" &&
        form.client_secret === "hush-1"
        ? json({ access_token: "oauth-token", token_type: "Bearer", expires_in: 3600 })
        : json({ error: "invalid_client" }, 401)
    }

    if (head === "status") {
      const status = Number(second)
      return json({ error: `status ${status}`, detail: third ?? "none" }, status)
    }
    if (head === "flaky")
      return times === 1 ? json({ error: "busy" }, Number(second)) : json({ data: [{ id: 1, second }] })
    if (head === "slow_down")
      return times === 1 ? json({ error: "slow" }, 429, { "retry-after": "0" }) : json({ data: [{ id: 1 }] })
    if (head === "moved") return { status: 302, headers: { location: `/items/moved?to=${second ?? ""}` }, body: "" }
    if (head === "urls")
      return json({ data: [1, 2].map((id) => ({ id, url: `${request.origin}/posts/${id}/all_comments` })) })
    if (head === "ends_with_404")
      return number(q.page, 1) > 2 ? notFound(path) : json({ data: slice(posts, number(q.page, 1), 1) })
    if (head === "said_in_200") return json({ error: "no data for this account", data: [{ id: 99 }] })
    return notFound(path)
  }

  const server = createServer((request, response) => {
    const chunks = []
    request.on("data", (chunk) => chunks.push(chunk))
    request.on("end", () => {
      const origin = `http://${request.headers.host}`
      const url = new URL(request.url, origin)
      if (url.pathname === "/_control/log") {
        response.end(JSON.stringify(log))
        log = []
        return
      }
      if (url.pathname === "/_control/reset") {
        reset(Number(url.searchParams.get("generation") ?? 1))
        response.end("{}")
        return
      }
      const seen = {
        method: request.method,
        path: url.pathname,
        pairs: [...url.searchParams],
        headers: request.headers,
        body: parse(Buffer.concat(chunks).toString("utf8"), request.headers["content-type"])
      }
      log.push({
        method: seen.method,
        path: seen.path,
        query: seen.pairs,
        headers: noted(request.headers, seen.body),
        ...(seen.body && { body: seen.body })
      })
      const reply = answer({ ...seen, q: Object.fromEntries(seen.pairs), origin })
      response.writeHead(reply.status, reply.headers)
      response.end(reply.body)
    })
  })
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve))
  return {
    port: server.address().port,
    reset,
    log: () => log.splice(0),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }
  }
}

/** A body by what it claims to be: `{ json }`, `{ form }` as pairs, or `{ text }`. */
const parse = (text, type = "") => {
  if (text === "") return undefined
  if (type.startsWith("application/json")) return { json: JSON.parse(text) }
  if (type.startsWith("application/x-www-form-urlencoded")) return { form: [...new URLSearchParams(text)] }
  return { text }
}

/** Headers a configuration can ask for; those every HTTP library adds on its own say nothing. */
const noted = (headers, body) =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(
        ([name]) =>
          /^(?:authorization|cookie|x-.*|content-type)$/.test(name) && (name !== "content-type" || body !== undefined)
      )
      .map(([name, value]) => [name, name === "content-type" ? value.split(";")[0] : value])
      .sort()
  )

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { port } = await start(Number(process.argv[2] ?? 0))
  console.log(port)
}
