/**
 * What each example is run against and what must be in its database then: one scripted API per configuration.
 *
 * A case has `file`, `env`, `routes()`, and `runs`: each a change of the API before it, and queries with the rows they must give.
 */

/** A page of rows and where the next one is. */
const slice = (rows, from, size) => rows.slice(from, from + size)

/** The answer of a route, or 401 when the credential is not the one that was given. */
const guarded = (isGranted, routes) =>
  Object.fromEntries(
    Object.entries(routes).map(([name, route]) => [
      name,
      (request) => (isGranted(request) ? route(request) : { status: 401, body: { message: "who are you?" } })
    ])
  )

const bearer = (token) => (request) => request.headers.authorization === `Bearer ${token}`

const tracker = () => {
  const issue = (number, title, labels = []) => ({
    id: 1000 + number,
    number,
    title,
    user: { login: "ada", avatar_url: "https://img.example.com/ada", followers_url: "https://api.example.com/ada" },
    labels: labels.map((name) => ({ name })),
    updated_at: `2026-03-0${number}T09:00:00Z`
  })
  const issues = [issue(1, "Crash on save", ["bug"]), issue(2, "Dark mode"), issue(3, "Typo", ["bug", "docs"])]
  const comments = { 1: ["Seen too", "Fixed"], 2: [], 3: ["Where?"], 4: [] }
  const list = (path, rows) => (request) => {
    const page = Number(request.query.page ?? 1)
    const size = Number(request.query.per_page ?? 30)
    const next = page * size < rows.length
    return {
      status: 200,
      headers: next ? { link: `<${request.origin}${path}?page=${page + 1}&per_page=${size}>; rel="next"` } : {},
      body: slice(rows, (page - 1) * size, size)
    }
  }
  const root = "/repos/acme/site/issues"
  return {
    file: "tracker.yaml",
    env: { TRACKER_TOKEN: "tracker-t0ken" },
    routes: guarded(bearer("tracker-t0ken"), {
      [`GET ${root}`]: (request) => list(root, issues)(request),
      ...Object.fromEntries(
        Object.entries(comments).map(([number, texts]) => [
          `GET ${root}/${number}/comments`,
          list(
            `${root}/${number}/comments`,
            texts.map((body, i) => ({ id: Number(number) * 100 + i, body }))
          )
        ])
      )
    }),
    runs: [
      {
        queries: [
          [
            "SELECT number, title, user__login, updated_at FROM issues ORDER BY number",
            [
              [1, "Crash on save", "ada", "2026-03-01T09:00:00.000000000Z"],
              [2, "Dark mode", "ada", "2026-03-02T09:00:00.000000000Z"],
              [3, "Typo", "ada", "2026-03-03T09:00:00.000000000Z"]
            ]
          ],
          ["SELECT count(*) FROM pragma_table_info('issues') WHERE name LIKE '%avatar%'", [[0]]],
          ["SELECT count(*), count(DISTINCT name) FROM issues__labels", [[3, 2]]],
          [
            "SELECT _issues_number, body FROM comments ORDER BY id",
            [
              [1, "Seen too"],
              [1, "Fixed"],
              [3, "Where?"]
            ]
          ]
        ]
      },
      {
        before: () => {
          issues[1] = { ...issues[1], title: "Dark mode, please" }
          issues.push(issue(4, "Slow start"))
        },
        queries: [
          ["SELECT title FROM issues WHERE number IN (2, 4) ORDER BY number", [["Dark mode, please"], ["Slow start"]]],
          ["SELECT count(*) FROM comments", [[3]]]
        ]
      }
    ]
  }
}

const payments = () => {
  const charges = Array.from({ length: 7 }, (_, i) => ({
    id: `ch_${i}`,
    amount: 1000 * (i + 1),
    currency: "eur",
    metadata: i === 0 ? { order: "A-1", [`field ${i}`]: 1 } : {}
  }))
  const payouts = [{ id: "po_0", amount: 9000 }]
  const list =
    (rows) =>
    ({ query }) => {
      const from = query.starting_after === undefined ? 0 : rows.findIndex(({ id }) => id === query.starting_after) + 1
      const size = Number(query.limit)
      return { object: "list", data: slice(rows, from, size), has_more: from + size < rows.length }
    }
  const basic = `Basic ${Buffer.from("sk_t3st_key:").toString("base64")}`
  return {
    file: "payments.yaml",
    env: { PAYMENTS_KEY: "sk_t3st_key" },
    routes: guarded((request) => request.headers.authorization === basic, {
      "GET /v1/charges": list(charges),
      "GET /v1/payouts": list(payouts)
    }),
    runs: [
      {
        queries: [
          ["SELECT count(*), sum(amount), typeof(max(amount)) FROM charges", [[7, 28000, "integer"]]],
          ["SELECT json_extract(metadata, '$.order') FROM charges WHERE id = 'ch_0'", [["A-1"]]],
          ["SELECT id, amount FROM payouts", [["po_0", 9000]]]
        ]
      },
      {
        before: () => charges.push({ id: "ch_7", amount: 1, currency: "usd", metadata: {} }),
        queries: [["SELECT count(*), count(DISTINCT _sluice_run) FROM charges", [[8, 2]]]]
      }
    ]
  }
}

const helpdesk = () => {
  const projects = [
    { id: 1, key: "WEB", name: "Website" },
    { id: 2, key: "A/B", name: "Experiments" }
  ]
  const ticket = (id, title, day) => ({ id, title, updated_at: `2026-04-${day}T12:00:00Z` })
  const tickets = {
    WEB: [ticket(1, "Login", "01"), ticket(2, "Logout", "02"), ticket(3, "Cookies", "03")],
    "A%2FB": [ticket(10, "Variant", "05")]
  }
  const asked = []
  const list =
    (key) =>
    ({ query }) => {
      asked.push([key, query.updated_since])
      const rows = tickets[key].filter(({ updated_at }) => updated_at >= query.updated_since)
      const page = Number(query.page)
      return { tickets: slice(rows, (page - 1) * 2, 2), page, pages: Math.max(1, Math.ceil(rows.length / 2)) }
    }
  return {
    file: "helpdesk.yaml",
    env: { HELPDESK_TOKEN: "helpdesk-t0ken" },
    routes: guarded((request) => request.headers["x-auth-key"] === "helpdesk-t0ken", {
      "GET /projects": () => ({ projects }),
      "GET /projects/WEB/tickets": list("WEB"),
      "GET /projects/A%2FB/tickets": list("A%2FB")
    }),
    runs: [
      {
        queries: [
          ["SELECT key, name FROM projects ORDER BY id", projects.map(({ key, name }) => [key, name])],
          [
            "SELECT _projects_key, count(*) FROM tickets GROUP BY 1 ORDER BY 1",
            [
              ["A/B", 1],
              ["WEB", 3]
            ]
          ]
        ],
        check: () =>
          asked.every(([, since]) => since === "2026-01-01T00:00:00Z") || "the first run starts at initial_value"
      },
      {
        before: () => {
          asked.length = 0
          tickets.WEB.push(ticket(4, "Captcha", "09"))
          tickets["A%2FB"][0] = { ...tickets["A%2FB"][0], title: "Variant B" }
        },
        queries: [
          [
            "SELECT id, title FROM tickets WHERE id IN (4, 10) ORDER BY id",
            [
              [4, "Captcha"],
              [10, "Variant B"]
            ]
          ]
        ],
        check: () => {
          const first = Object.fromEntries(asked.toReversed())
          return (
            (first.WEB === "2026-04-03T12:00:00Z" && first["A%2FB"] === "2026-04-05T12:00:00Z") ||
            `each project goes on at its own cursor, not ${JSON.stringify(first)}`
          )
        }
      }
    ]
  }
}

const crm = () => {
  const companies = [1, 2, 3].map((id) => ({ id, name: `Company ${id}` }))
  const contacts = [1, 2, 3, 4, 5].map((id) => ({
    id,
    email: `person${id}@example.com`,
    notes: "prefers the phone",
    archived: id === 4
  }))
  const list =
    (rows) =>
    ({ query }) => ({ results: slice(rows, Number(query.skip), Number(query.take)), total: rows.length })
  let tokens = 0
  let before = 0
  return {
    file: "crm.yaml",
    env: { CRM_CLIENT_ID: "crm-client", CRM_CLIENT_SECRET: "crm-s3cret" },
    routes: {
      "POST /oauth/token": ({ body }) => {
        const form = new URLSearchParams(body)
        const fine =
          form.get("grant_type") === "client_credentials" &&
          form.get("client_id") === "crm-client" &&
          form.get("client_secret") === "crm-s3cret" &&
          form.get("scope") === "crm.read"
        if (!fine) return { status: 401, body: { error: "invalid_client" } }
        tokens++
        return { access_token: `acc3ss-${tokens}`, token_type: "Bearer", expires_in: 3600 }
      },
      ...guarded((request) => request.headers.authorization === `Bearer acc3ss-${tokens}`, {
        "GET /crm/companies": list(companies),
        "GET /crm/contacts": list(contacts)
      })
    },
    runs: [
      {
        // `check` took one of its own.
        before: () => (before = tokens),
        queries: [
          ["SELECT count(*) FROM companies", [[3]]],
          ["SELECT group_concat(id) FROM (SELECT id FROM contacts ORDER BY id)", [["1,2,3,5"]]],
          ["SELECT count(*) FROM contacts WHERE length(email) = 64", [[4]]],
          ["SELECT count(*) FROM pragma_table_info('contacts') WHERE name = 'notes'", [[0]]]
        ],
        check: () => tokens - before === 1 || `one token serves both resources, not ${tokens - before}`
      },
      { queries: [["SELECT count(DISTINCT _sluice_run) FROM companies", [[1]]]] }
    ]
  }
}

const search = () => {
  let lines = [1, 2, 3, 4, 5].map((n) => ({
    timestamp: `2026-05-01T00:00:0${n}Z`,
    service: "web",
    message: `error ${n}`
  }))
  return {
    file: "search.yaml",
    env: { SEARCH_KEY: "search-k3y" },
    routes: guarded((request) => request.query.apikey === "search-k3y", {
      "POST /logs/_search": ({ body }) =>
        lines === undefined
          ? { status: 404, body: { error: "no such index" } }
          : {
              took: 3,
              hits: {
                total: lines.length,
                items: slice(lines, body.page.from, body.page.size).map((line, i) => ({
                  _id: String(i),
                  _source: line
                }))
              },
              query: body.query
            }
    }),
    runs: [
      {
        queries: [
          [
            "SELECT group_concat(message, ' ') FROM (SELECT message FROM errors ORDER BY timestamp)",
            [["error 1 error 2 error 3 error 4 error 5"]]
          ]
        ]
      },
      {
        before: () => (lines = lines.slice(3)),
        queries: [["SELECT count(*), min(message) FROM errors", [[2, "error 4"]]]]
      }
    ]
  }
}

const catalog = () => {
  const products = [
    { sku: "tea", price: "3.10" },
    { sku: "coffee", price: "4.20" },
    { sku: "cocoa", price: "2.00" }
  ]
  return {
    file: "catalog.yaml",
    env: {},
    routes: {
      "GET /catalog/products": ({ query }) => {
        const from = Number(query.from ?? 0)
        const next = from + 2 < products.length ? `/catalog/products?from=${from + 2}` : null
        return { items: slice(products, from, 2), links: { next } }
      }
    },
    runs: [
      { queries: [["SELECT count(*), count(_sluice_valid_to) FROM products", [[3, 0]]]] },
      {
        before: () => {
          products[0] = { sku: "tea", price: "3.50" }
          products.pop()
        },
        queries: [
          [
            "SELECT sku, price, _sluice_valid_to IS NULL FROM products ORDER BY sku, _sluice_valid_from",
            [
              ["cocoa", "2.00", 0],
              ["coffee", "4.20", 1],
              ["tea", "3.10", 0],
              ["tea", "3.50", 1]
            ]
          ]
        ]
      }
    ]
  }
}

const imported = () => {
  const shipments = [1, 2, 3].map((id) => ({ id, carrier: "post", weight: id / 2 }))
  return {
    file: "import-me.md",
    imports: "warehouse.yaml",
    env: { WAREHOUSE_TOKEN: "warehouse-t0ken" },
    routes: guarded(bearer("warehouse-t0ken"), {
      "GET /warehouse/shipments": ({ query }) => ({
        shipments: slice(shipments, (Number(query.page) - 1) * Number(query.per_page), Number(query.per_page)),
        meta: { pages: 2 }
      }),
      "GET /warehouse/carriers": () => [{ id: "post", name: "Post" }]
    }),
    runs: [
      {
        queries: [
          ["SELECT count(*), sum(weight) FROM shipments", [[3, 3]]],
          ["SELECT id, name FROM carriers", [["post", "Post"]]]
        ]
      }
    ]
  }
}

export const cases = [tracker, payments, helpdesk, crm, search, catalog, imported]
