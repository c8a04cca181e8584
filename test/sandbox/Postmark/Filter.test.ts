import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import { ask, type Row, rows, ticks, walk, world } from "../fixture.ts"

const one = world({ otherBounces: 10 })
const messages = walk(one, "/messages/outbound", 500)
const bounces = walk(one, "/bounces", 500)

const filtered = (path: string, all: ReadonlyArray<Row>, query: string, test: (row: Row) => boolean) => {
  const wanted = all.filter(test)
  const answer = ask(one, `${path}?count=500&offset=0&${query}`)
  assert.strictEqual(answer.status, 200, query)
  assert.strictEqual(answer.json.TotalCount, wanted.length, query)
  assert.deepStrictEqual(rows(answer), wanted.slice(0, 500), query)
  assert.isTrue(wanted.length > 0, `${query} matches nothing`)
}

describe("Filter", () => {
  it("messages by recipient, sender, tag, subject, status and metadata", () => {
    const by = (query: string, test: (row: Row) => boolean) => filtered("/messages/outbound", messages, query, test)
    by("recipient=ARCHIVE@example.com", (row) => (row["Recipients"] as Array<string>).includes("archive@example.com"))
    by("fromEmail=billing@example.com", (row) => row["From"] === "billing@example.com")
    by("tag=welcome", (row) => row["Tag"] === "welcome")
    by("subject=receipt", (row) => String(row["Subject"]).startsWith("Receipt"))
    by("status=queued", (row) => row["Status"] === "Queued")
    by("status=sent", (row) => row["Status"] !== "Queued")
    by("status=Processed", (row) => row["Status"] !== "Queued")
    by("metadata_plan=pro", (row) =>
      Object.entries(row["Metadata"] as object).some(([k, v]) => /^plan$/i.test(k) && v === "pro")
    )
    by("tag=welcome&status=sent", (row) => row["Tag"] === "welcome" && row["Status"] !== "Queued")
    by("tag=", () => true)
  })

  it("bounces by type, inactive, address, tag and message", () => {
    const by = (query: string, test: (row: Row) => boolean) => filtered("/bounces", bounces, query, test)
    by("type=HardBounce", (row) => row["Type"] === "HardBounce")
    by("type=spamcomplaint&inactive=true", (row) => row["Type"] === "SpamComplaint")
    by("inactive=false", (row) => row["Inactive"] === false)
    by("emailFilter=CUSTOMER", (row) => String(row["Email"]).includes("customer"))
    by("tag=receipt", (row) => row["Tag"] === "receipt")
    by(`messageID=${bounces[0]?.["MessageID"]}`, (row) => row["MessageID"] === bounces[0]?.["MessageID"])
  })

  it("a page of the matches is a page of them, not of all rows", () => {
    const wanted = messages.filter((row) => row["Tag"] === "welcome")
    assert.deepStrictEqual(rows(ask(one, "/messages/outbound?count=7&offset=20&tag=welcome")), wanted.slice(20, 27))
  })

  it("a stream that is not named is left out, one that is not there is refused", () => {
    assert.isTrue(messages.every((row) => row["MessageStream"] === "outbound"))
    const broadcast = walk(one, "/messages/outbound?messageStream=Broadcast", 500)
    assert.strictEqual(broadcast.length, 120)
    assert.isTrue(broadcast.every((row) => row["MessageStream"] === "broadcast"))
    assert.strictEqual(walk(one, "/bounces?messagestream=broadcast", 500).length, 10)
    assert.strictEqual(walk(one, "/messages/outbound?messagestream=inbound", 500).length, 0)
    const ids = [...messages, ...broadcast].map((row) => row["MessageID"])
    assert.strictEqual(new Set(ids).size, 1320)
    const refused = ask(one, "/messages/outbound?count=1&offset=0&messagestream=nope")
    assert.strictEqual(refused.status, 422)
    assert.strictEqual(refused.json.ErrorCode, 1226)
  })

  it("what cannot be read is refused with the resource's code", () => {
    for (const [url, code] of [
      ["/messages/outbound?count=1&offset=0&status=lost", 700],
      ["/messages/outbound?count=1&offset=0&fromdate=soon", 700],
      ["/messages/outbound?count=1&offset=0&todate=2026-02-31", 700],
      ["/bounces?count=1&offset=0&type=Soft", 1000],
      ["/bounces?count=1&offset=0&inactive=1", 1000],
      ["/bounces?count=1&offset=0&fromdate=1", 1000]
    ] as const) {
      const answer = ask(one, url)
      assert.strictEqual(answer.status, 422, url)
      assert.strictEqual(answer.json.ErrorCode, code, url)
      assert.match(answer.json.Message, /^Parameter '\w+' has invalid value$/)
    }
  })

  it("message streams by type and archived", () => {
    const ids = (query: string) => rows(ask(one, `/message-streams?${query}`)).map((row) => row["ID"])
    assert.deepStrictEqual(ids(""), ["outbound", "inbound", "broadcast", "product-news"])
    assert.deepStrictEqual(ids("IncludeArchivedStreams=true"), [...ids(""), "stream-4"])
    assert.deepStrictEqual(ids("messageStreamType=broadcasts"), ["broadcast", "product-news"])
    assert.deepStrictEqual(ids("MessageStreamType=Inbound&includeArchivedStreams=false"), ["inbound"])
    assert.strictEqual(ask(one, "/message-streams?messageStreamType=Inbound").json.TotalCount, 1)
    assert.strictEqual(ask(one, "/message-streams?messageStreamType=some").status, 422)
  })

  it("servers by a part of the name", () => {
    const many = world({ servers: 100 })
    const names = rows(ask(many, "/servers?count=100&offset=0&name=müller")).map((row) => row["Name"])
    assert.strictEqual(names.length, 14)
    assert.isTrue(names.every((name) => String(name).startsWith("Müller GmbH")))
    assert.deepStrictEqual(
      rows(ask(many, "/servers?count=2&offset=13&name=müller")).map((row) => row["Name"]),
      [names[13]]
    )
  })
})

describe("Filter: dates", () => {
  const received = (row: Row) => ticks(String(row["ReceivedAt"] ?? row["BouncedAt"]))

  const between = (path: string, from: string, to: string) => walk(one, `${path}?fromdate=${from}&todate=${to}`, 500)

  it("a day is an Eastern day, from midnight to midnight, also on the day of 25 hours", () => {
    for (const [date, from, to] of [
      ["2026-10-20", "2026-10-20T04:00:00Z", "2026-10-21T04:00:00Z"],
      ["2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"],
      ["2026-11-10", "2026-11-10T05:00:00Z", "2026-11-11T05:00:00Z"]
    ] as const) {
      for (const [path, all] of [
        ["/messages/outbound", messages],
        ["/bounces", bounces]
      ] as const) {
        const wanted = all.filter((row) => received(row) >= ticks(from.replace("Z", "Z")) && received(row) < ticks(to))
        assert.isTrue(wanted.length > 0)
        assert.deepStrictEqual(between(path, date, date), wanted, `${path} ${date}`)
      }
    }
  })

  it.prop(
    "both ends belong to the range",
    { newest: fc.nat({ max: bounces.length - 1 }), oldest: fc.nat({ max: bounces.length - 1 }) },
    ({ newest, oldest }) => {
      // Only a time of whole seconds can be written as a filter without losing a digit.
      const whole = bounces.filter((row) => received(row) % 10_000_000n === 0n)
      const [first, last] = [whole[oldest % whole.length], whole[newest % whole.length]]
      if (first === undefined || last === undefined || received(first) > received(last)) return
      const wall = (row: Row) => easternWall(Number(received(row) / 10_000n))
      // The hour that happens twice cannot be named.
      if ([first, last].some((row) => wall(row).startsWith("2026-11-01T01"))) return
      const wanted = bounces.filter((row) => received(row) >= received(first) && received(row) <= received(last))
      assert.deepStrictEqual(between("/bounces", wall(first), wall(last)), wanted)
    }
  )

  it("one end alone leaves the other open; a range that ends before it begins is empty", () => {
    const edge = "2026-11-10"
    const newer = walk(one, `/messages/outbound?fromDate=${edge}`, 500)
    const older = walk(one, "/messages/outbound?toDate=2026-11-09", 500)
    assert.strictEqual(newer.length + older.length, messages.length)
    assert.deepStrictEqual([...newer, ...older], messages)
    assert.strictEqual(between("/messages/outbound", "2026-11-10", "2026-11-01").length, 0)
  })

  it("a value with an offset of its own matches nothing, without a word", () => {
    for (const value of ["2026-10-01T00:00:00Z", "2026-10-01T00:00:00-04:00", "2026-10-01T00:00:00%2B02:00"]) {
      const answer = ask(one, `/messages/outbound?count=5&offset=0&fromdate=${value}`)
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(answer.text, '{"TotalCount":0,"Messages":[]}')
    }
  })

  it("a date and another filter work together", () => {
    const day = between("/bounces", "2026-11-01", "2026-11-05")
    const hard = walk(one, "/bounces?fromdate=2026-11-01&todate=2026-11-05&type=HardBounce", 500)
    assert.deepStrictEqual(
      hard,
      day.filter((row) => row["Type"] === "HardBounce")
    )
    assert.isTrue(hard.length > 0)
  })
})

const formatter = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "America/New_York",
  dateStyle: "short",
  timeStyle: "medium"
})

const easternWall = (millis: number) => formatter.format(millis).replace(" ", "T")
