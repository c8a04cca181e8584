import { assert, describe, it } from "@effect/vitest"
import { account, ask, key, rows, server, world } from "./fixture.ts"

const one = world()

const lists = [
  ["/deliverystats", "server"],
  ["/message-streams", "server"],
  ["/messages/outbound", "server"],
  ["/bounces", "server"],
  ["/server", "server"],
  ["/domains", "account"],
  ["/servers", "account"]
] as const

const paged = "?count=10&offset=0"

describe("Postmark: routing", () => {
  it("letter case and a trailing slash do not matter", () => {
    const wanted = ask(one, "/messages/outbound?count=3&offset=1").text
    for (const url of [
      "/Messages/Outbound?Count=3&OFFSET=1",
      "/messages/outbound/?count=3&offset=1",
      "//messages/outbound?count=3&offset=1"
    ]) {
      assert.strictEqual(ask(one, url, server).text, wanted, url)
    }
    assert.strictEqual(ask(one, "/deliveryStats").status, 200)
  })

  it("answers as Postmark does: JSON in UTF-8, private; an error repeats its code in a header", () => {
    assert.deepStrictEqual(ask(one, "/deliverystats").headers, {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "private"
    })
    assert.strictEqual(ask(one, "/bounces").headers["x-pm-apierrorcode"], "1000")
  })

  it("a path it does not serve is 404, and says which there are", () => {
    for (const url of ["/", "/v1/bounces", "/bounces/1/2/3", "/messages", "/data-removals/1"]) {
      const answer = ask(one, url)
      assert.strictEqual(answer.status, 404, url)
      assert.include(answer.json.Message, "/messages/outbound/{id}/details")
    }
  })

  it("writes are refused", () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "HEAD"]) {
      const answer = ask(one, "/domains", account, method)
      assert.strictEqual(answer.status, 405, method)
      assert.strictEqual(answer.headers["allow"], "GET")
    }
  })
})

describe("Postmark: tokens", () => {
  it("each path wants its own kind", () => {
    for (const [path, kind] of lists) {
      const [right, wrong] = kind === "server" ? [server, account] : [account, server]
      assert.strictEqual(ask(one, path + paged, right).status, 200, path)
      const refused = ask(one, path + paged, wrong)
      assert.strictEqual(refused.status, 401, path)
      assert.strictEqual(refused.json.ErrorCode, 10)
      assert.strictEqual(
        refused.json.Message,
        `Request does not contain a valid ${kind === "server" ? "Server" : "Account"} token.`
      )
      assert.strictEqual(refused.headers["x-pm-apierrorcode"], "10")
    }
  })

  it("none, a wrong one, and both at once are refused, each with its message", () => {
    const message = (headers: Record<string, string>, url = "/deliverystats") => {
      const answer = ask(one, url, headers)
      assert.strictEqual(answer.status, 401)
      assert.strictEqual(answer.json.ErrorCode, 10)
      return answer.json.Message
    }
    assert.match(message({}), /^No Account or Server API tokens were supplied in the HTTP headers\./)
    assert.strictEqual(message({ "x-postmark-server-token": "nope" }), "Request does not contain a valid Server token.")
    assert.strictEqual(
      message({ ...server, ...account }),
      "Please do not include Account API Token for Server API Token calls."
    )
    assert.strictEqual(
      message({ ...server, ...account }, "/domains?count=1&offset=0"),
      "Please do not include Server API Token for Account API Token calls."
    )
  })

  it("letter case of the value does not matter, own tokens replace the fake ones", () => {
    const own = world({ serverToken: "aBc-1" })
    assert.strictEqual(ask(own, "/deliverystats", { "x-postmark-server-token": "ABC-1" }).status, 200)
    assert.strictEqual(ask(own, "/deliverystats", server).status, 401)
  })

  it("a refusal comes before the query is looked at", () =>
    assert.strictEqual(ask(one, "/bounces?count=0", {}).status, 401))
})

describe("Postmark: paging", () => {
  const codes = [
    ["/domains", 500],
    ["/servers", 600],
    ["/messages/outbound", 700],
    ["/bounces", 1000]
  ] as const

  it("count and offset are required and bounded, refused with the resource's own code", () => {
    for (const [path, code] of codes) {
      for (const [query, message] of [
        ["", /'count' is required/],
        ["?offset=0", /'count' is required/],
        ["?count=5", /'offset' is required/],
        ["?limit=5&offset=0", /'count' is required/],
        ["?count=0&offset=0", /'count' .*between 1 and 500/],
        ["?count=501&offset=0", /'count' .*between 1 and 500/],
        ["?count=-1&offset=0", /'count' .*not negative/],
        ["?count=5&offset=-1", /'offset' .*not negative/],
        ["?count=five&offset=0", /'count' has invalid value/]
      ] as const) {
        const answer = ask(one, path + query)
        assert.strictEqual(answer.status, 422, path + query)
        assert.strictEqual(answer.json.ErrorCode, code, path + query)
        assert.match(answer.json.Message, message)
      }
      assert.strictEqual(ask(one, `${path}?count=500&offset=0`).status, 200)
    }
  })

  it("TotalCount is that of the matches; a page past the end is empty", () => {
    const answer = ask(one, "/bounces?count=500&offset=299")
    assert.strictEqual(answer.json.TotalCount, 300)
    assert.strictEqual(rows(answer).length, 1)
    assert.deepStrictEqual(rows(ask(one, "/bounces?count=500&offset=300")), [])
    assert.deepStrictEqual(rows(ask(one, "/domains?count=500&offset=8")), [])
  })

  it("messages and bounces end at count + offset = 10,000; domains and servers do not; it can be lifted", () => {
    const big = { messages: 20_000, bounces: 20_000, domains: 20_000, servers: 20_000 }
    for (const [path, code] of [
      ["/messages/outbound", 700],
      ["/bounces", 1000]
    ] as const) {
      assert.strictEqual(ask(world(big), `${path}?count=500&offset=9500`).status, 200)
      const refused = ask(world(big), `${path}?count=500&offset=9501`)
      assert.strictEqual(refused.status, 422)
      assert.strictEqual(refused.json.ErrorCode, code)
      assert.strictEqual(refused.json.Message, "Count + Offset cannot exceed 10000 messages.")
      assert.strictEqual(rows(ask(world({ ...big, window: Infinity }), `${path}?count=500&offset=19500`)).length, 500)
      assert.strictEqual(ask(world({ ...big, window: 100 }), `${path}?count=50&offset=51`).status, 422)
    }
    for (const path of ["/domains", "/servers"]) {
      assert.strictEqual(rows(ask(world(big), `${path}?count=500&offset=19500`)).length, 500)
    }
  })

  it("the lists without pages ignore count and offset", () => {
    for (const path of ["/deliverystats", "/message-streams"]) {
      assert.strictEqual(ask(one, `${path}?count=1&offset=500`).text, ask(one, path).text)
    }
  })
})

describe("Postmark: one by its ID", () => {
  const first = (path: string) => rows(ask(one, `${path}?count=1&offset=0`))[0] ?? {}

  it("is the list's row, with more in it", () => {
    for (const [path, id, more] of [
      ["/bounces/{id}", first("/bounces")["ID"], ["Content"]],
      [
        "/messages/outbound/{id}/details",
        first("/messages/outbound")["MessageID"],
        ["TextBody", "HtmlBody", "Body", "MessageEvents"]
      ],
      ["/domains/{id}", first("/domains")["ID"], ["SPFHost", "DKIMPendingHost", "ReturnPathDomainCNAMEValue"]],
      ["/servers/{id}", first("/servers")["ID"], []]
    ] as const) {
      const row = first(path.replace(/\/\{id\}.*/, ""))
      const answer = ask(one, path.replace("{id}", String(id)))
      assert.strictEqual(answer.status, 200, path)
      for (const [name, value] of Object.entries(row))
        assert.deepStrictEqual(answer.json[name], value, `${path} ${name}`)
      for (const name of more) assert.property(answer.json, name)
    }
    assert.deepStrictEqual(ask(one, "/server").json, first("/servers") as never)
    assert.deepStrictEqual(ask(one, "/message-streams/Broadcast").json, rows(ask(one, "/message-streams"))[2] as never)
  })

  it("the bounce beyond 2^53 answers to its exact ID only", () => {
    assert.include(ask(one, "/bounces/4323372036854775807").text, '"ID":4323372036854775807,')
    assert.strictEqual(ask(one, "/bounces/4323372036854776000").status, 422)
  })

  it("a bounce is among its message's events", () => {
    const bounce = rows(ask(one, "/bounces?count=50&offset=0")).find((row) => row["MessageID"] !== null)
    const events = ask(one, `/messages/outbound/${bounce?.["MessageID"]}/details`).json["MessageEvents"] as Array<
      Record<string, unknown>
    >
    assert.isTrue(
      events.some(
        ({ Details, Type }) =>
          Type === "Bounced" && (Details as Record<string, unknown>)["BounceID"] === String(bounce?.["ID"])
      )
    )
  })

  it("dumps hold the raw text", () => {
    assert.include(
      String(ask(one, `/messages/outbound/${first("/messages/outbound")["MessageID"]}/dump`).json["Body"]),
      "Subject: "
    )
    const dumps = rows(ask(one, "/bounces?count=300&offset=0")).map((row) => [
      row["DumpAvailable"],
      ask(one, `/bounces/${row["ID"]}/dump`).json["Body"] !== ""
    ])
    assert.isTrue(dumps.every(([available, filled]) => available === filled))
  })

  it("what is not there is refused with Postmark's code", () => {
    for (const [path, status, code] of [
      ["/bounces/7", 422, 1001],
      ["/bounces/7/dump", 422, 1001],
      ["/bounces/x", 422, 1001],
      ["/messages/outbound/00000000-0000-4000-8000-000000000000/details", 422, 701],
      ["/messages/outbound/%FF/dump", 422, 701],
      ["/message-streams/nope", 422, 1226],
      ["/domains/1", 404, 510],
      ["/domains/x", 404, 510],
      ["/servers/1", 404, 601]
    ] as const) {
      const answer = ask(one, path)
      assert.strictEqual(answer.status, status, path)
      assert.strictEqual(answer.json.ErrorCode, code, path)
    }
  })
})

describe("Postmark: the spec's shape", () => {
  const spec = world({ shape: "spec", messages: 12_000 })

  it("serves the six lists under /v1 for the header api_key", () => {
    const lists = {
      deliverystats: "Bounces",
      "message-streams": "MessageStreams",
      domains: "Domains",
      "messages/outbound": "Messages",
      bounces: "Bounces",
      servers: "Servers"
    }
    for (const [path, field] of Object.entries(lists)) {
      const answer = ask(spec, `/v1/${path}?limit=2&offset=0`)
      assert.strictEqual(answer.status, 200, path)
      assert.isArray(answer.json[field])
      assert.strictEqual(ask(spec, `/v1/${path}`, {}).status, 401)
      assert.strictEqual(ask(spec, `/v1/${path}`, { api_key: "wrong" }).json.ErrorCode, 10)
      assert.strictEqual(ask(spec, `/v1/${path}`, server).status, 401)
      assert.strictEqual(ask(spec, `/${path}`, key).status, 404)
    }
  })

  it("limit and offset are optional and bounded, and there is no window", () => {
    assert.strictEqual(rows(ask(spec, "/v1/messages/outbound")).length, 500)
    assert.strictEqual(rows(ask(spec, "/v1/messages/outbound?limit=7")).length, 7)
    assert.strictEqual(rows(ask(spec, "/v1/messages/outbound?limit=500&offset=11500")).length, 500)
    assert.strictEqual(ask(spec, "/v1/messages/outbound?limit=501").status, 422)
    assert.strictEqual(ask(spec, "/v1/messages/outbound?limit=0").status, 422)
    assert.strictEqual(ask(spec, "/v1/messages/outbound?limit=1").json.TotalCount, 12_000)
  })

  it("the lists without pages answer the same to every page, as the real ones do", () => {
    for (const path of ["/v1/deliverystats", "/v1/message-streams"]) {
      assert.strictEqual(ask(spec, `${path}?limit=500&offset=500`).text, ask(spec, `${path}?limit=500&offset=0`).text)
    }
  })

  it("has the rows of the other shape", () => {
    assert.strictEqual(
      ask(spec, "/v1/bounces?limit=9&offset=3").text,
      ask(world({ messages: 12_000 }), "/bounces?count=9&offset=3").text
    )
  })
})
