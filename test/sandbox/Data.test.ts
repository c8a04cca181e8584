import { assert, describe, it } from "@effect/vitest"
import { Either, FastCheck as fc } from "effect"
import * as Bounce from "../../src/sandbox/Data/Bounce.ts"
import * as BounceType from "../../src/sandbox/Data/BounceType.ts"
import * as Message from "../../src/sandbox/Data/Message.ts"
import * as World from "../../src/sandbox/World.ts"
import { ask, type Row, rows, ticks, walk, world } from "./fixture.ts"

/** Every list of a world, as the bytes a client gets. */
const bytes = (seed: number) =>
  [
    "/deliverystats",
    "/message-streams?includeArchivedStreams=true",
    "/domains?count=100&offset=0",
    "/messages/outbound?count=200&offset=100",
    "/bounces?count=200&offset=0",
    "/servers?count=100&offset=0"
  ]
    .map((path) => ask(world({ seed }), path).text)
    .join("\n")

const fnv = (text: string) => {
  let hash = 0x811c9dc5
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193)
  return (hash >>> 0).toString(16)
}

const all = (path: string, options?: World.Options) => walk(world(options), path, 500)

const has = (rows: ReadonlyArray<Row>, field: string, value: unknown) => rows.some((row) => row[field] === value)

describe("data", () => {
  it("one seed, the same bytes on every run and runtime", () => {
    assert.strictEqual(bytes(1), bytes(1))
    assert.notStrictEqual(bytes(1), bytes(2))
    // Changes only when the fake data is changed on purpose.
    assert.strictEqual(fnv(bytes(1)), "f2e6bd0d")
  })

  it.prop(
    "any page size collects every row once, newest first",
    {
      size: fc.integer({ min: 1, max: 500 }),
      seed: fc.nat(),
      messages: fc.nat({ max: 700 }),
      bounces: fc.nat({ max: 300 }),
      domains: fc.nat({ max: 300 })
    },
    ({ size, ...options }) => {
      const one = world({ ...options, servers: 20 })
      const lists = [
        ["/messages/outbound", "MessageID", "ReceivedAt", options.messages],
        ["/bounces", "ID", "BouncedAt", options.bounces],
        ["/domains", "ID", undefined, options.domains],
        ["/servers", "ID", undefined, 20]
      ] as const
      for (const [path, key, time, total] of lists) {
        const list = walk(one, path, Math.max(size, Math.ceil(total / 50)))
        assert.strictEqual(ask(one, `${path}?count=1&offset=0`).json.TotalCount, total)
        assert.strictEqual(list.length, total)
        assert.strictEqual(new Set(list.map((row) => row[key])).size, total)
        if (time === undefined) continue
        for (let n = 1; n < list.length; n++) {
          assert.isTrue(ticks(String(list[n - 1]?.[time])) > ticks(String(list[n]?.[time])), `${path} ${n}`)
        }
      }
    },
    { fastCheck: { numRuns: 20 } }
  )

  it("messages have every field, in Postmark's order, and what makes programs stumble", () => {
    const list = all("/messages/outbound")
    assert.deepStrictEqual(Object.keys(list[0] ?? {}), [
      "Tag",
      "MessageID",
      "MessageStream",
      "To",
      "Cc",
      "Bcc",
      "Recipients",
      "ReceivedAt",
      "From",
      "Subject",
      "Attachments",
      "Status",
      "TrackOpens",
      "TrackLinks",
      "Metadata",
      "Sandboxed"
    ])
    for (const [field, value] of [
      ["Tag", null],
      ["Tag", ""],
      ["Subject", null],
      ["Subject", ""]
    ] as const) {
      assert.isTrue(has(list, field, value), `${field} ${value}`)
    }
    for (const field of ["Cc", "Bcc", "Attachments"]) {
      assert.deepStrictEqual(
        new Set(list.map((row) => (row[field] as Array<unknown>).length > 0)),
        new Set([true, false]),
        field
      )
    }
    const values = (field: string) => [...new Set(list.map((row) => row[field]))].sort()
    assert.deepStrictEqual(values("TrackLinks"), ["HtmlAndText", "HtmlOnly", "None", "TextOnly"])
    assert.deepStrictEqual(values("Status"), ["Processed", "Queued", "Sent"])
    assert.deepStrictEqual(values("TrackOpens"), [false, true])
    const froms = values("From").map(String)
    assert.isTrue(froms.some((from) => from.includes("<")) && froms.some((from) => !from.includes("<")))
    const metadata = list.map((row) => Object.keys(row["Metadata"] as object))
    assert.isTrue(metadata.some((keys) => keys.length === 0))
    // One key in several spellings, but never two of them in one message.
    for (const key of ["customer-id", "Customer-Id", "customer_id"]) {
      assert.isTrue(metadata.some((keys) => keys.includes(key)))
    }
    const plain = metadata.map((keys) => keys.map((key) => key.toLowerCase().replace("-", "_")))
    assert.isTrue(plain.every((keys) => new Set(keys).size === keys.length))
    const people = list.flatMap(
      (row) => row["To"] as ReadonlyArray<{ readonly Email: string; readonly Name: string | null }>
    )
    assert.isTrue(people.some((person) => person.Name === null) && people.some((person) => person.Name === ""))
    assert.isTrue(
      people.some((person) => person.Name === "Smith, John") && people.some((person) => person.Name === "山田 太郎")
    )
    for (const row of list) {
      const addressed = ["To", "Cc", "Bcc"].flatMap((field) =>
        (row[field] as ReadonlyArray<Message.Person>).map((p) => p.Email)
      )
      assert.deepStrictEqual(row["Recipients"], [...new Set(addressed)])
    }
    const offsets = new Set(list.map((row) => String(row["ReceivedAt"]).slice(-6)))
    assert.deepStrictEqual([...offsets].sort(), ["-04:00", "-05:00"])
    assert.isTrue(
      list.every((row) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}-0[45]:00$/.test(String(row["ReceivedAt"])))
    )
  })

  it("bounces have every field, every type, nulls, mixed times, and one ID beyond 2^53 on the first page", () => {
    const list = all("/bounces")
    assert.deepStrictEqual(Object.keys(list[0] ?? {}), [
      "RecordType",
      "ID",
      "Type",
      "TypeCode",
      "Name",
      "Tag",
      "MessageID",
      "ServerID",
      "MessageStream",
      "Description",
      "Details",
      "Email",
      "From",
      "BouncedAt",
      "DumpAvailable",
      "Inactive",
      "CanActivate",
      "Subject"
    ])
    assert.strictEqual(new Set(list.map((row) => row["Type"])).size, 22)
    for (const [field, value] of [
      ["Tag", null],
      ["Tag", ""],
      ["MessageID", null],
      ["Subject", null],
      ["From", ""],
      ["Details", ""],
      ["Description", ""],
      ["DumpAvailable", true],
      ["DumpAvailable", false],
      ["CanActivate", true],
      ["CanActivate", false]
    ] as const)
      assert.isTrue(has(list, field, value), `${field} ${value}`)
    const shapes = [/\.\d{7}-0\d:00$/, /\.\d\d-0\d:00$/, /:\d\d-0\d:00$/, /\.\d{7}Z$/, /:\d\dZ$/]
    for (const shape of shapes)
      assert.isTrue(
        list.some((row) => shape.test(String(row["BouncedAt"]))),
        String(shape)
      )
    assert.strictEqual(list.filter((row) => typeof row["ID"] === "bigint").length, 1)
    const text = ask(world(), "/bounces?count=10&offset=0").text
    assert.include(text, '"ID":4323372036854775807,')
  })

  it("the large ID is there however few the bounces, and gone when there are none", () => {
    for (const bounces of [1, 2, 7, 8, 9]) {
      assert.include(
        ask(world({ bounces }), "/bounces?count=500&offset=0").text,
        "4323372036854775807",
        String(bounces)
      )
    }
    assert.strictEqual(all("/bounces", { bounces: 0 }).length, 0)
  })

  it("a bounce is of a message that exists, sent before it, to that address; or of one older than what is kept", () => {
    const one = world()
    const messages = new Map(walk(one, "/messages/outbound", 500).map((row) => [row["MessageID"], row]))
    const list = walk(one, "/bounces", 500).filter((row) => row["MessageID"] !== null)
    const known = list.filter((row) => messages.has(row["MessageID"]))
    assert.isTrue(known.length > 200 && known.length < list.length + 1, String(known.length))
    for (const row of known) {
      const message = messages.get(row["MessageID"]) ?? {}
      assert.isTrue(ticks(String(row["BouncedAt"])) > ticks(String(message["ReceivedAt"])))
      assert.strictEqual(row["Tag"], message["Tag"])
      assert.strictEqual(row["Subject"], message["Subject"])
      if (row["Type"] !== "BadEmailAddress")
        assert.include(message["Recipients"] as Array<string>, row["Email"] as string)
    }
  })

  it.prop(
    "deliverystats counts what the bounces of all streams are, also after changes and insertions",
    {
      seed: fc.nat(),
      bounces: fc.nat({ max: 200 }),
      otherBounces: fc.nat({ max: 90 }),
      inserted: fc.nat({ max: 70 }),
      changes: fc.array(fc.nat({ max: 200 }), { maxLength: 4 })
    },
    ({ bounces, changes, inserted, otherBounces, seed }) => {
      const start = Either.getOrThrow(
        World.insert(world({ seed, bounces, otherBounces, messages: 5 }), { bounces: inserted })
      )
      const one = changes.reduce(
        (one, count) => Either.getOrThrow(World.change(one, { bounces: Math.min(count, bounces) })),
        start
      )
      const streams = rows(ask(one, "/message-streams?includeArchivedStreams=true")).map((row) => row["ID"])
      const list = streams.flatMap((stream) => walk(one, `/bounces?messagestream=${stream}`, 500))
      const stats = ask(one, "/deliverystats").json
      const [first, ...types] = stats["Bounces"] as ReadonlyArray<Row>
      assert.deepStrictEqual(first, { Name: "All", Count: list.length })
      for (const { Count, Type } of types) assert.strictEqual(list.filter((row) => row["Type"] === Type).length, Count)
      assert.strictEqual(
        types.reduce((sum, row) => sum + Number(row["Count"]), 0),
        list.length
      )
      assert.strictEqual(stats["InactiveMails"], list.filter((row) => row["Inactive"]).length)
    },
    { fastCheck: { numRuns: 40 } }
  )

  it("the types are Postmark's, 64 in a row hold each as often as its share says", () => {
    assert.strictEqual(
      BounceType.all.reduce((sum, type) => sum + type.share, 0),
      64
    )
    assert.strictEqual(new Set(BounceType.all.map((type) => type.code)).size, 22)
    for (const type of BounceType.all)
      assert.strictEqual(
        BounceType.count(5, 640, (other) => other === type),
        type.share * 10
      )
  })

  it("an ID leads back to its row in every stream, and a made-up one nowhere", () => {
    const one = world({ otherBounces: 20, messages: 300 })
    for (const stream of [0, 2, 3, 4]) {
      for (const serial of [0, 1, 7, 19]) {
        assert.deepStrictEqual(Message.find(one, Message.id(one, stream, serial).toUpperCase()), { stream, serial })
        const bounce = Bounce.bounce(one, stream, serial)
        assert.deepStrictEqual(Bounce.find(one, String(bounce.ID)), { stream, serial })
      }
    }
    assert.deepStrictEqual(Bounce.find(one, "4323372036854775807"), { stream: 0, serial: 292 })
    for (const id of ["4323372036854776000", "0", "1", "692000000000", "x", "9999999999999999999999"]) {
      assert.isUndefined(Bounce.find(one, id), id)
    }
    for (const id of [
      "",
      "x",
      "00000000-0000-4000-8000-000000000000",
      Message.id(one, 0, 300),
      Message.id(world({ seed: 9 }), 0, 1)
    ]) {
      assert.isUndefined(Message.find(one, id), id)
    }
  })

  it("streams: one inbound, archived ones have dates, letter case of the handling differs", () => {
    const list = rows(ask(world({ streams: 6 }), "/message-streams?includeArchivedStreams=true"))
    assert.strictEqual(list.length, 7)
    assert.strictEqual(list.filter((row) => row["MessageStreamType"] === "Inbound").length, 1)
    const archived = list.filter((row) => row["ArchivedAt"] !== null)
    assert.strictEqual(archived.length, 1)
    const [from, to] = [archived[0]?.["ArchivedAt"], archived[0]?.["ExpectedPurgeDate"]].map((time) =>
      ticks(String(time))
    )
    assert.strictEqual((to! - from!) / 864_000_000_000n, 45n)
    const handling = new Set(
      list.map((row) => (row["SubscriptionManagementConfiguration"] as Row)["UnsubscribeHandlingType"])
    )
    assert.deepStrictEqual([...handling].sort(), ["Custom", "None", "Postmark", "none"])
  })

  it("servers: live and sandbox, tokens that are clearly fake, empty and null and secret hooks", () => {
    const list = all("/servers", { servers: 40 })
    assert.deepStrictEqual([...new Set(list.map((row) => row["DeliveryType"]))].sort(), ["Live", "Sandbox"])
    const tokens = list.flatMap((row) => row["ApiTokens"] as ReadonlyArray<string>)
    assert.strictEqual(tokens[0], World.tokens.serverToken)
    assert.isTrue(tokens.every((token) => token.startsWith("00000000-5a5a-4000-8000-")))
    assert.strictEqual(new Set(tokens).size, tokens.length)
    assert.isTrue(list.some((row) => (row["ApiTokens"] as Array<string>).length === 0))
    const hooks = list.map((row) => row["BounceHookUrl"])
    assert.isTrue(
      hooks.includes(null) && hooks.includes("") && hooks.some((url) => String(url).includes("user:fake-password@"))
    )
  })

  it("row 100,000,000 costs what row 0 costs", () => {
    const one = world({ messages: 200_000_000, window: Infinity })
    assert.strictEqual(rows(ask(one, "/messages/outbound?count=2&offset=199999997")).length, 2)
    assert.strictEqual(rows(ask(one, "/messages/outbound?count=5&offset=199999999")).length, 1)
  })
})
