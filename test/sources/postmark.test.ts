import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Either, Redacted } from "effect"
import { Auth, type Resource, Row } from "sluice"
import * as Postmark from "sluice/sources/postmark"
import * as Json from "../../src/Fetch/Json.ts"
import { cells, columns } from "../Row/support.ts"

const serverToken = Redacted.make("server-token-0001")
const accountToken = Redacted.make("account-token-0002")
const source = Postmark.make({ serverToken, accountToken })
const named = (name: string, of = source): Resource.Resource => of.resources.find((resource) => resource.name === name)!

/** Selects and decodes a body as it would come: integers beyond 2^53 are exact. */
const read = (name: string, text: string): Row.Batch => {
  const row = Row.make()
  const resource = named(name)
  const body = Either.getOrThrow(Json.parse(text))
  return Either.getOrThrowWith(
    Either.flatMap(row.select(resource)(body), ({ rows }) =>
      Either.flatMap(row.compile(resource), (compiled) => compiled.page(rows))
    ),
    (error) => error
  )
}
const ok = (name: string, body: unknown): Row.Batch => {
  const batch = read(name, typeof body === "string" ? body : JSON.stringify(body))
  assert.deepStrictEqual(batch.rejects, [])
  return batch
}
const empty = (name: string) =>
  Either.getOrThrow(Either.flatMap(Row.make().compile(named(name)), (compiled) => compiled.page([])))

describe("postmark: requests", () => {
  const token = (auth: Auth.Auth | undefined) => (auth === undefined ? undefined : Auth.apply(auth))

  it("each resource on its path with the one token it takes", () => {
    assert.deepStrictEqual(
      source.resources.map(({ auth, method, name, path }) => [name, method, path, token(auth)]),
      (
        [
          ["deliverystats", "/deliverystats", "Server"],
          ["message_streams", "/message-streams", "Server"],
          ["sending_streams", "/message-streams", "Server"],
          ["suppressions", "/message-streams/{resources.sending_streams.ID}/suppressions/dump", "Server"],
          ["domains", "/domains", "Account"],
          ["messages", "/messages/outbound", "Server"],
          ["bounces", "/bounces", "Server"],
          ["opens", "/messages/outbound/opens", "Server"],
          ["clicks", "/messages/outbound/clicks", "Server"],
          ["inbound_messages", "/messages/inbound", "Server"],
          ["servers", "/servers", "Account"],
          ["server", "/server", "Server"],
          ["templates", "/templates", "Server"],
          ["webhooks", "/webhooks", "Server"],
          ["sender_signatures", "/senders", "Account"],
          ["inbound_rules", "/triggers/inboundrules", "Server"]
        ] as const
      ).map(([name, path, of]) => [
        name,
        "GET",
        path,
        {
          headers: { [`X-Postmark-${of}-Token`]: Redacted.value(of === "Server" ? serverToken : accountToken) },
          query: {}
        }
      ])
    )
  })

  it("no auth for all of them, which would send a second token", () => assert.isUndefined(source.api.auth))

  it("both tokens are known to the redactor", () => {
    assert.deepStrictEqual(source.api.secrets?.map(Redacted.value), [
      Redacted.value(serverToken),
      Redacted.value(accountToken)
    ])
    assert.notInclude(JSON.stringify(source), "token-000")
  })

  it("paged lists ask for 500 by count and offset, up to the window where there is one", () => {
    for (const name of [
      "domains",
      "messages",
      "bounces",
      "opens",
      "clicks",
      "inbound_messages",
      "servers",
      "templates",
      "sender_signatures",
      "inbound_rules"
    ]) {
      assert.deepStrictEqual(named(name).paginator.first, { query: { offset: 0, count: 500 } })
      const last = { query: { offset: 9500, count: 500 } }
      const full = { status: 200, headers: {}, body: { TotalCount: 41203 }, rows: 500 }
      const step = named(name).paginator.next(full, last)
      const isWindowed = ["messages", "bounces", "opens", "clicks", "inbound_messages"].includes(name)
      assert.strictEqual(step._tag, isWindowed ? "Stop" : "Continue")
      assert.strictEqual(step.total, 41203)
      if (step._tag === "Stop") {
        assert.deepInclude(step, { reason: "maximum_reached", complete: false })
        assert.include(step.notice!, "10000 of 41203")
      }
    }
  })

  it("exactly the window is complete", () => {
    const step = named("messages").paginator.next(
      { status: 200, headers: {}, body: { TotalCount: 10_000 }, rows: 500 },
      { query: { offset: 9500, count: 500 } }
    )
    assert.deepInclude(step, { _tag: "Stop", reason: "total_reached", complete: true })
  })

  it("the others are read in one go, streams of all kinds and archived ones with them", () => {
    for (const name of ["deliverystats", "message_streams", "server", "webhooks"])
      assert.strictEqual(named(name).paginator.type, "single_page")
    assert.deepStrictEqual(named("message_streams").query, [
      ["MessageStreamType", "All"],
      ["IncludeArchivedStreams", "true"]
    ])
  })

  it("the base URL is Postmark's, or another", () => {
    assert.strictEqual(source.api.baseUrl, "https://api.postmarkapp.com")
    assert.strictEqual(Postmark.make({ baseUrl: "http://127.0.0.1:8080" }).api.baseUrl, "http://127.0.0.1:8080")
  })
})

describe("postmark: tokens", () => {
  const left = (options: Postmark.Options) =>
    Object.fromEntries(
      Postmark.make(options).resources.flatMap(({ name, unavailable }) =>
        unavailable === undefined ? [] : [[name, unavailable]]
      )
    )
  const why = (variable: string) => `left out: ${variable} is not set`

  it("a missing one leaves out the resources that take it, by name", () => {
    assert.deepStrictEqual(left({ serverToken, accountToken }), {})
    const account = Object.fromEntries(
      ["domains", "servers", "sender_signatures"].map((name) => [name, why("POSTMARK_ACCOUNT_TOKEN")])
    )
    assert.deepStrictEqual(left({ serverToken }), account)
    const server = Object.fromEntries(
      [
        "deliverystats",
        "message_streams",
        "sending_streams",
        "suppressions",
        "messages",
        "bounces",
        "opens",
        "clicks",
        "inbound_messages",
        "server",
        "templates",
        "webhooks",
        "inbound_rules"
      ].map((name) => [name, why("POSTMARK_SERVER_TOKEN")])
    )
    assert.deepStrictEqual(left({ accountToken }), server)
    assert.deepStrictEqual(left({}), { ...server, ...account })
  })

  it("a resource that is left out carries no credential", () => {
    for (const { auth } of Postmark.make({}).resources) assert.deepStrictEqual(auth, Auth.none)
  })

  const from = (variables: Record<string, string>) =>
    Effect.withConfigProvider(Postmark.config, ConfigProvider.fromMap(new Map(Object.entries(variables))))
  it.effect("come from the environment; blank ones are none", () =>
    Effect.gen(function* () {
      const none = { serverToken: undefined, accountToken: undefined, apiKey: undefined, baseUrl: undefined }
      const all = yield* from({
        POSTMARK_SERVER_TOKEN: "a",
        POSTMARK_ACCOUNT_TOKEN: "b",
        POSTMARK_BASE_URL: "http://localhost:1"
      })
      assert.deepStrictEqual(
        [Redacted.value(all.serverToken!), Redacted.value(all.accountToken!), all.baseUrl],
        ["a", "b", "http://localhost:1"]
      )
      assert.deepStrictEqual(yield* from({}), none)
      assert.deepStrictEqual(
        yield* from({
          POSTMARK_SERVER_TOKEN: "",
          POSTMARK_ACCOUNT_TOKEN: "  ",
          POSTMARK_API_KEY: " ",
          POSTMARK_BASE_URL: ""
        }),
        none
      )
      assert.strictEqual(Redacted.value((yield* from({ POSTMARK_API_KEY: "k" })).apiKey!), "k")
    })
  )
})

describe("postmark: tables", () => {
  const text = "text!"
  const flag = "boolean!"
  const at = "timestamp!"
  const integer = "integer!"
  const expected: Record<string, Record<string, Record<string, string>>> = {
    deliverystats: { deliverystats: { name: text, type: text, count: integer } },
    message_streams: {
      message_streams: {
        id: text,
        server_id: integer,
        name: text,
        description: text,
        message_stream_type: text,
        created_at: at,
        updated_at: at,
        archived_at: at,
        expected_purge_date: at,
        subscription_management_configuration__unsubscribe_handling_type: text
      }
    },
    domains: {
      domains: {
        id: integer,
        name: text,
        spf_verified: flag,
        dkim_verified: flag,
        weak_dkim: flag,
        return_path_domain_verified: flag
      }
    },
    messages: {
      messages: {
        message_id: text,
        message_stream: text,
        tag: text,
        from: text,
        subject: text,
        status: text,
        received_at: at,
        track_opens: flag,
        track_links: text,
        sandboxed: flag,
        metadata: "json!"
      },
      messages__to: { email: text, name: text },
      messages__cc: { email: text, name: text },
      messages__bcc: { email: text, name: text },
      messages__recipients: { value: text },
      messages__attachments: { value: text, name: text, content_type: text, content_id: text, content_length: integer }
    },
    bounces: {
      bounces: {
        id: integer,
        record_type: text,
        type: text,
        type_code: integer,
        name: text,
        tag: text,
        message_id: text,
        server_id: integer,
        message_stream: text,
        description: text,
        details: text,
        email: text,
        from: text,
        bounced_at: at,
        dump_available: flag,
        inactive: flag,
        can_activate: flag,
        subject: text
      }
    },
    servers: {
      servers: {
        id: integer,
        name: text,
        server_link: text,
        color: text,
        smtp_api_activated: flag,
        raw_email_enabled: flag,
        delivery_type: text,
        inbound_address: text,
        inbound_hook_url: text,
        bounce_hook_url: text,
        open_hook_url: text,
        delivery_hook_url: text,
        click_hook_url: text,
        post_first_open_only: flag,
        inbound_domain: text,
        inbound_hash: text,
        inbound_spam_threshold: integer,
        track_opens: flag,
        track_links: text,
        include_bounce_content_in_hook: flag,
        enable_smtp_api_error_hooks: flag
      },
      servers__api_tokens: { value: text }
    }
  }
  it.each(Object.keys(expected))("%s has its columns before any row", (name) =>
    assert.deepStrictEqual(columns(empty(name).shape), expected[name])
  )

  it("and its key", () => {
    assert.deepStrictEqual(
      source.resources.map(({ name }) => [name, empty(name).key?.fields, empty(name).key?.inferred]),
      [
        ["deliverystats", ["Name"], false],
        ["message_streams", ["ServerID", "ID"], false],
        ["sending_streams", ["ServerID", "ID"], false],
        ["suppressions", ["ServerID", "MessageStream", "EmailAddress"], false],
        ["domains", ["ID"], false],
        ["messages", ["MessageID"], false],
        ["bounces", ["ID"], false],
        ["opens", ["MessageID", "Recipient", "ReceivedAt"], false],
        ["clicks", ["MessageID", "Recipient", "ReceivedAt", "OriginalLink"], false],
        ["inbound_messages", ["MessageID"], false],
        ["servers", ["ID"], false],
        ["server", ["ID"], false],
        ["templates", ["TemplateId"], false],
        ["webhooks", ["ID"], false],
        ["sender_signatures", ["ID"], false],
        ["inbound_rules", ["ID"], false]
      ]
    )
  })
})

describe("postmark: rows", () => {
  it("delivery statistics, of which the sum has no type", () => {
    const made = ok("deliverystats", {
      InactiveMails: 9,
      Bounces: [
        { Name: "All", Count: 12 },
        { Type: "Transient", Name: "Message delayed", Count: 12 }
      ]
    })
    assert.deepStrictEqual(cells(made).deliverystats, [
      { name: "All", count: 12 },
      { name: "Message delayed", type: "Transient", count: 12 }
    ])
    assert.lengthOf(ok("deliverystats", { InactiveMails: 0, Bounces: [] }).rows, 0)
  })

  it("message streams, archived or not", () => {
    const stream = {
      ID: "outbound",
      ServerID: 71,
      Name: "Default",
      Description: null,
      MessageStreamType: "Transactional",
      CreatedAt: "2024-06-01T10:00:00-04:00",
      UpdatedAt: null,
      ArchivedAt: null,
      ExpectedPurgeDate: null,
      SubscriptionManagementConfiguration: { UnsubscribeHandlingType: "none" }
    }
    const archived = {
      ...stream,
      ID: "news",
      Description: "",
      ArchivedAt: "2024-12-01T10:00:00.00-05:00",
      ExpectedPurgeDate: "2025-01-15T10:00:00-05:00"
    }
    const bare = {
      ID: "in",
      ServerID: 71,
      Name: "In",
      MessageStreamType: "Inbound",
      CreatedAt: "2024-06-01T10:00:00Z",
      SubscriptionManagementConfiguration: null
    }
    const made = ok("message_streams", { MessageStreams: [stream, archived, bare], TotalCount: 3 })
    const [first, second, third] = cells(made).message_streams!
    assert.deepStrictEqual(first, {
      id: "outbound",
      server_id: 71,
      name: "Default",
      message_stream_type: "Transactional",
      created_at: "2024-06-01T14:00:00.000000000Z",
      subscription_management_configuration__unsubscribe_handling_type: "none"
    })
    assert.deepInclude(second, {
      description: "",
      archived_at: "2024-12-01T15:00:00.000000000Z",
      expected_purge_date: "2025-01-15T15:00:00.000000000Z"
    })
    assert.notProperty(third, "subscription_management_configuration__unsubscribe_handling_type")
    assert.lengthOf(Object.keys(columns(made.shape).message_streams!), 10)
  })

  it("domains", () => {
    const made = ok("domains", {
      TotalCount: 1,
      Domains: [
        {
          Name: "mail.shop.test",
          SPFVerified: true,
          DKIMVerified: false,
          WeakDKIM: false,
          ReturnPathDomainVerified: true,
          ID: 2 ** 40
        }
      ]
    })
    assert.deepStrictEqual(cells(made).domains, [
      {
        id: 2 ** 40,
        name: "mail.shop.test",
        spf_verified: 1,
        dkim_verified: 0,
        weak_dkim: 0,
        return_path_domain_verified: 1
      }
    ])
  })

  const message = {
    Tag: "invoice",
    MessageID: "6f1c1d3e-0000-4000-8000-000000000001",
    MessageStream: "outbound",
    To: [{ Email: "kim@buyer.test", Name: null }],
    Cc: [],
    Bcc: [{ Email: "books@shop.test", Name: "Books" }],
    Recipients: ["kim@buyer.test", "books@shop.test"],
    ReceivedAt: "2026-03-08T01:59:59.9999999-05:00",
    From: '"Shop" <shop@shop.test>',
    Subject: "Your invoice",
    Attachments: ["invoice.pdf"],
    Status: "Sent",
    TrackOpens: false,
    TrackLinks: "None",
    Metadata: { "order-id": "9", a__b: "x", A__B: "y" },
    Sandboxed: false
  }

  it("messages with their recipients and attachments; metadata of any keys stays one text", () => {
    const made = ok("messages", { TotalCount: 1, Messages: [message] })
    const tables = cells(made)
    assert.deepStrictEqual(tables.messages, [
      {
        message_id: message.MessageID,
        message_stream: "outbound",
        tag: "invoice",
        from: '"Shop" <shop@shop.test>',
        subject: "Your invoice",
        status: "Sent",
        received_at: "2026-03-08T06:59:59.999999900Z",
        track_opens: 0,
        track_links: "None",
        sandboxed: 0,
        metadata: JSON.stringify(message.Metadata)
      }
    ])
    assert.deepStrictEqual(tables.messages__to, [{ at: "0.0", email: "kim@buyer.test" }])
    assert.deepStrictEqual(tables.messages__cc, [])
    assert.deepStrictEqual(tables.messages__bcc, [{ at: "0.0", email: "books@shop.test", name: "Books" }])
    assert.deepStrictEqual(tables.messages__recipients, [
      { at: "0.0", value: "kim@buyer.test" },
      { at: "0.1", value: "books@shop.test" }
    ])
    assert.deepStrictEqual(tables.messages__attachments, [{ at: "0.0", value: "invoice.pdf" }])
  })

  it("attachments as objects, names and metadata empty or null", () => {
    const made = ok("messages", {
      Messages: [
        {
          ...message,
          Attachments: [{ Name: "a.pdf", ContentType: "application/pdf", ContentID: null, ContentLength: 9 }, "b.pdf"],
          Tag: null,
          Metadata: {}
        },
        {
          ...message,
          MessageID: "2",
          Tag: "",
          Metadata: null,
          To: [{ Email: "x@y.test", Name: "" }, { Email: "z@y.test" }],
          Subject: null
        }
      ]
    })
    assert.deepStrictEqual(cells(made).messages__attachments!.slice(0, 2), [
      { at: "0.0", name: "a.pdf", content_type: "application/pdf", content_length: 9 },
      { at: "0.1", value: "b.pdf" }
    ])
    assert.deepStrictEqual(cells(made).messages__to!.slice(1), [
      { at: "1.0", email: "x@y.test", name: "" },
      { at: "1.1", email: "z@y.test" }
    ])
    assert.strictEqual(cells(made).messages![0]!["metadata"], "{}")
    assert.notProperty(cells(made).messages![0], "tag")
    assert.strictEqual(cells(made).messages![1]!["tag"], "")
    assert.notProperty(cells(made).messages![1], "metadata")
  })

  it("fields that Postmark may add later become columns of their own", () => {
    const made = ok("messages", { Messages: [{ ...message, Priority: 3, Extra: { Note: "x" } }] })
    assert.deepInclude(cells(made).messages![0], { priority: 3, extra__note: "x" })
  })

  it("bounces with an ID that a double cannot hold, and whatever shape of time", () => {
    const bounce = {
      RecordType: "Bounce",
      Type: "HardBounce",
      TypeCode: 1,
      Name: "Hard bounce",
      Tag: "t",
      MessageID: "m",
      ServerID: 71,
      MessageStream: "outbound",
      Description: "d",
      Details: "smtp;550",
      Email: "gone@buyer.test",
      From: "shop@shop.test",
      BouncedAt: "2026-01-15T16:09:19.6421112-05:00",
      DumpAvailable: true,
      Inactive: true,
      CanActivate: true,
      Subject: "s"
    }
    const row = (id: string, more: object) => `{"ID": ${id}, ${JSON.stringify({ ...bounce, ...more }).slice(1)}`
    const rows = [
      row("4323372036854775807", {
        TypeCode: 100001,
        Tag: null,
        MessageID: null,
        Subject: null,
        From: "",
        Details: "",
        BouncedAt: "2026-01-14T10:03:00Z"
      }),
      row("4323372036854775806", {}),
      row("692560173", { BouncedAt: "2019-11-05T16:33:54.9070259Z" })
    ]
    const made = ok("bounces", `{"TotalCount": 3, "Bounces": [${rows.join()}]}`)
    const [first, second, third] = cells(made).bounces!
    assert.deepInclude(first, {
      id: 4323372036854775807n,
      type_code: 100001,
      from: "",
      details: "",
      bounced_at: "2026-01-14T10:03:00.000000000Z"
    })
    for (const name of ["tag", "message_id", "subject"]) assert.notProperty(first, name)
    assert.deepInclude(second, {
      id: 4323372036854775806n,
      bounced_at: "2026-01-15T21:09:19.642111200Z",
      dump_available: 1
    })
    assert.deepInclude(third, { id: 692560173, bounced_at: "2019-11-05T16:33:54.907025900Z" })
  })

  it("servers, with their tokens masked", () => {
    const server = {
      ID: 71,
      Name: "Shop",
      ApiTokens: ["11111111-2222-4333-8444-555555555555", "short"],
      ServerLink: "https://postmarkapp.com/servers/71",
      Color: "Blue",
      SmtpApiActivated: true,
      RawEmailEnabled: false,
      DeliveryType: "Live",
      InboundAddress: "x@inbound.postmarkapp.com",
      InboundHookUrl: "",
      BounceHookUrl: null,
      OpenHookUrl: "",
      DeliveryHookUrl: null,
      ClickHookUrl: "",
      PostFirstOpenOnly: false,
      InboundDomain: "",
      InboundHash: "x",
      InboundSpamThreshold: 0,
      TrackOpens: false,
      TrackLinks: "None",
      IncludeBounceContentInHook: true,
      EnableSmtpApiErrorHooks: false
    }
    const made = ok("servers", { TotalCount: 1, Servers: [server] })
    assert.deepInclude(cells(made).servers![0], {
      id: 71,
      inbound_hook_url: "",
      inbound_spam_threshold: 0,
      smtp_api_activated: 1
    })
    assert.notProperty(cells(made).servers![0], "bounce_hook_url")
    assert.deepStrictEqual(cells(made).servers__api_tokens, [
      { at: "0.0", value: "***" },
      { at: "0.1", value: "***" }
    ])
    const bad = read(
      "servers",
      JSON.stringify({
        Servers: [
          { ...server, ID: "x" },
          { ...server, ApiTokens: "11111111-2222-4333-8444-555555555555" }
        ]
      })
    )
    assert.lengthOf(bad.rejects, 2)
    assert.notInclude(JSON.stringify(bad), "5555")
  })

  it("a bad row is refused with its place, the others stay", () => {
    const made = read(
      "messages",
      JSON.stringify({
        Messages: [
          message,
          { ...message, ReceivedAt: "yesterday" },
          { ...message, To: [{ Name: "nobody" }] },
          { ...message, MessageID: null }
        ]
      })
    )
    assert.lengthOf(made.rows, 1)
    assert.deepStrictEqual(
      made.rejects.map(({ path }) => path),
      ["ReceivedAt", "To.0.Email", "MessageID"]
    )
  })
})
