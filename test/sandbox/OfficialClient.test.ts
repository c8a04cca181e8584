/**
 * Postmark's own client for Node reads the sandbox over a real socket, so that the sandbox is not just our own idea. It
 * sends the paths, the parameter names and the one token header that Postmark knows, and maps errors to its classes.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { AccountClient, Errors, Models, ServerClient } from "postmark"
import type * as Fault from "../../src/sandbox/Fault.ts"
import * as Sandbox from "../../src/sandbox/Sandbox.ts"

const clients = (options: Sandbox.Options = {}, tokens = Sandbox.tokens) =>
  Effect.map(Sandbox.serve(options), (sandbox) => {
    const config = { useHttps: false, requestHost: `127.0.0.1:${sandbox.port}`, timeout: 10 }
    return {
      sandbox,
      server: new ServerClient(tokens.serverToken, config),
      account: new AccountClient(tokens.accountToken, config)
    }
  })

const all = <A>(page: (filter: { readonly count: number; readonly offset: number }) => Promise<ReadonlyArray<A>>) =>
  Effect.promise(async () => {
    const list: Array<A> = []
    for (let offset = 0; ; offset += 100) {
      const rows = await page({ count: 100, offset })
      list.push(...rows)
      if (rows.length < 100) return list
    }
  })

const fails = (promise: () => Promise<unknown>) =>
  Effect.flip(Effect.tryPromise({ try: promise, catch: (error) => error as Errors.PostmarkError }))

describe("the official client", () => {
  it.scopedLive("reads all six resources, whole lists", () =>
    Effect.gen(function* () {
      const { account, server } = yield* clients({ domains: 230, servers: 105 })

      const stats = yield* Effect.promise(() => server.getDeliveryStatistics())
      assert.deepStrictEqual(stats.Bounces[0], { Name: "All", Count: 300 })

      const streams = yield* Effect.promise(() => server.getMessageStreams())
      assert.strictEqual(streams.TotalCount, 4)
      assert.deepStrictEqual(
        streams.MessageStreams.map(({ ID }) => ID),
        ["outbound", "inbound", "broadcast", "product-news"]
      )
      const archived = yield* Effect.promise(() =>
        server.getMessageStreams({ includeArchivedStreams: true, messageStreamType: "All" })
      )
      assert.strictEqual(archived.TotalCount, 5)

      const messages = yield* all((filter) => server.getOutboundMessages(filter).then((page) => page.Messages))
      assert.strictEqual(new Set(messages.map(({ MessageID }) => MessageID)).size, 1200)

      const bounces = yield* all((filter) => server.getBounces(filter).then((page) => page.Bounces))
      // It rounds the ID beyond 2^53; the others are apart.
      assert.strictEqual(new Set(bounces.map(({ ID }) => ID)).size, 300)
      for (const { Type } of bounces) assert.property(Models.BounceType, Type)

      const domains = yield* all((filter) => account.getDomains(filter).then((page) => page.Domains))
      assert.strictEqual(new Set(domains.map(({ ID }) => ID)).size, 230)

      const servers = yield* all((filter) => account.getServers(filter).then((page) => page.Servers))
      assert.strictEqual(new Set(servers.map(({ ID }) => ID)).size, 105)
    })
  )

  it.scopedLive("reads what is set up, whole lists", () =>
    Effect.gen(function* () {
      const { account, server } = yield* clients({ domains: 230 })
      const templates = yield* all((filter) => server.getTemplates(filter).then((page) => page.Templates))
      assert.strictEqual(new Set(templates.map(({ TemplateId }) => TemplateId)).size, 7)
      const layouts = yield* Effect.promise(() =>
        server.getTemplates({ count: 1, templateType: Models.TemplateTypes.Layout })
      )
      assert.deepStrictEqual([layouts.TotalCount, layouts.Templates.length], [2, 1])

      const webhooks = (yield* Effect.promise(() => server.getWebhooks())).Webhooks
      assert.deepStrictEqual(
        webhooks.map(({ MessageStream }) => MessageStream),
        ["outbound", "inbound", "broadcast", "product-news"]
      )
      const one = yield* Effect.promise(() => server.getWebhooks({ messageStream: "broadcast" }))
      assert.deepStrictEqual(one.Webhooks, [webhooks[2]!])

      const senders = yield* all((filter) => account.getSenderSignatures(filter).then((page) => page.SenderSignatures))
      assert.strictEqual(new Set(senders.map(({ ID }) => ID)).size, 230)

      const rules = yield* all((filter) => server.getInboundRuleTriggers(filter).then((page) => page.InboundRules))
      assert.strictEqual(new Set(rules.map(({ ID }) => ID)).size, 4)
      for (const [promise, code] of [
        [() => server.getTemplates({ count: 501 }), 1100],
        [() => server.getInboundRuleTriggers({ count: 501 }), 800],
        [() => account.getSenderSignatures({ count: 501 }), 500],
        [() => server.getWebhooks({ messageStream: "none-such" }), 1226]
      ] as const) {
        const refused = yield* fails(promise)
        assert.instanceOf(refused, Errors.ApiInputError)
        assert.strictEqual(refused.code, code)
      }
    })
  )

  it.scopedLive("reads suppressions, of each stream, and by its filters", () =>
    Effect.gen(function* () {
      const { server } = yield* clients()
      const read = (stream: string, filter?: Models.SuppressionFilteringParameters) =>
        Effect.promise(() => server.getSuppressions(stream, filter).then((list) => list.Suppressions))
      const all = yield* read("outbound")
      assert.strictEqual(new Set(all.map(({ EmailAddress }) => EmailAddress)).size, all.length)
      assert.isAbove(all.length, 20)
      const manual = yield* read("outbound", { suppressionReason: Models.SuppressionReason.ManualSuppression })
      assert.deepStrictEqual(
        manual,
        all.filter(({ SuppressionReason }) => SuppressionReason === "ManualSuppression")
      )
      assert.isTrue(manual.length > 0 && manual.length < all.length)
      const [one] = all
      assert.deepStrictEqual(yield* read("outbound", { emailAddress: one!.EmailAddress.toUpperCase() }), [one!])
      const from = yield* read("outbound", { fromDate: "2026-11-01" })
      assert.isTrue(from.length > 0 && from.length < all.length)
      assert.isTrue(from.every(({ CreatedAt }) => CreatedAt >= "2026-11-01"))
      assert.lengthOf(yield* read("outbound", { fromDate: "2026-11-01T00:00:00Z" }), 0)
      assert.lengthOf(yield* read("inbound"), 0)
      assert.lengthOf(yield* read("broadcast"), 3)
      assert.strictEqual((yield* fails(() => server.getSuppressions("none-such"))).code, 1226)
      const wrong = yield* fails(() =>
        server.getSuppressions("outbound", { origin: "Nobody" as Models.SuppressionOrigin })
      )
      assert.deepStrictEqual([wrong.statusCode, wrong.code], [422, 1400])
    })
  )

  it.scopedLive("reads opens and clicks, of a stream and of a message, and is told of the cap", () =>
    Effect.gen(function* () {
      const { server } = yield* clients()
      const opens = yield* all((filter) => server.getMessageOpens(filter).then((page) => page.Opens))
      const clicks = yield* all((filter) => server.getMessageClicks(filter).then((page) => page.Clicks))
      assert.isTrue(clicks.length > 20 && opens.length > 2 * clicks.length)
      const times = opens.map(({ ReceivedAt }) => Date.parse(ReceivedAt))
      assert.deepStrictEqual(
        times,
        times.toSorted((a, b) => b - a)
      )
      const mobile = yield* Effect.promise(() => server.getMessageOpens({ count: 500, platform: "Mobile" }))
      assert.deepStrictEqual(
        mobile.Opens,
        opens.filter(({ Platform }) => Platform === "Mobile")
      )
      const { MessageID } = clicks[0]!
      const one = yield* Effect.promise(() => server.getMessageClicksForSingleMessage(MessageID))
      assert.deepStrictEqual(
        one.Clicks,
        clicks.filter((click) => click.MessageID === MessageID)
      )
      const first = yield* Effect.promise(() => server.getMessageOpensForSingleMessage(MessageID))
      assert.strictEqual(first.TotalCount, first.Opens.length)
      const { MessageEvents } = yield* Effect.promise(() => server.getOutboundMessageDetails(MessageID))
      const events = (type: string) => MessageEvents.filter(({ Type }) => String(Type) === type).length
      assert.deepStrictEqual([events("Opened"), events("LinkClicked")], [first.Opens.length, one.Clicks.length])
      for (const refuse of [
        () => server.getMessageOpens({ count: 500, offset: 9501 }),
        () => server.getMessageClicks({ count: 500, offset: 9501 })
      ]) {
        const refused = yield* fails(refuse)
        assert.instanceOf(refused, Errors.ApiInputError)
        assert.strictEqual(refused.code, 700)
      }
      const none = yield* fails(() => server.getMessageOpensForSingleMessage("00000000-0000-4000-8000-000000000000"))
      assert.strictEqual(none.code, 701)
    })
  )

  it.scopedLive("reads inbound messages, of one status at a time, and is told of the cap", () =>
    Effect.gen(function* () {
      const { server } = yield* clients()
      const read = (more: Models.InboundMessagesFilteringParameters = {}) =>
        all((filter) => server.getInboundMessages({ ...more, ...filter }).then((page) => page.InboundMessages))
      const processed = yield* read()
      const byStatus = yield* Effect.all(
        // `Sent` is a word of the client's that the documentation of inbound messages does not have.
        Object.values(Models.InboundMessageStatus)
          .filter((status) => status !== Models.InboundMessageStatus.Sent)
          .map((status) => read({ status }))
      )
      const ids = byStatus.flat().map(({ MessageID }) => MessageID)
      assert.deepStrictEqual([ids.length, new Set(ids).size], [300, 300])
      assert.isTrue(processed.length > 200 && processed.every(({ Status }) => Status === "Processed"))
      const [one] = processed
      const details = yield* Effect.promise(() => server.getInboundMessageDetails(one!.MessageID))
      assert.deepStrictEqual([details.From, details.Date], [one!.From, one!.Date])
      assert.include(details.TextBody, one!.MessageID)
      const day = yield* read({ fromDate: "2026-11-10", toDate: "2026-11-10" })
      assert.isTrue(day.length > 0 && day.length < 20)
      const refused = yield* fails(() => server.getInboundMessages({ count: 500, offset: 9501 }))
      assert.instanceOf(refused, Errors.ApiInputError)
      assert.strictEqual(refused.code, 700)
      assert.strictEqual((yield* fails(() => server.getInboundMessageDetails("none"))).code, 701)
    })
  )

  it.scopedLive("reads one by its ID", () =>
    Effect.gen(function* () {
      const { account, server } = yield* clients()
      const [message] = (yield* Effect.promise(() => server.getOutboundMessages({ count: 1 }))).Messages
      const details = yield* Effect.promise(() => server.getOutboundMessageDetails(message!.MessageID))
      assert.strictEqual(details.MessageID, message?.MessageID)
      assert.isArray(details.MessageEvents)
      const dump = yield* Effect.promise(() => server.getOutboundMessageDump(message!.MessageID))
      assert.include(dump.Body, message!.MessageID)

      const [bounce] = (yield* Effect.promise(() => server.getBounces({ count: 1 }))).Bounces
      assert.strictEqual((yield* Effect.promise(() => server.getBounce(bounce!.ID))).Email, bounce?.Email)
      assert.property(yield* Effect.promise(() => server.getBounceDump(bounce!.ID)), "Body")

      assert.strictEqual((yield* Effect.promise(() => server.getMessageStream("broadcast"))).ID, "broadcast")
      const own = yield* Effect.promise(() => server.getServer())
      assert.deepStrictEqual(yield* Effect.promise(() => account.getServer(own.ID)), own)
      const [domain] = (yield* Effect.promise(() => account.getDomains())).Domains
      assert.strictEqual((yield* Effect.promise(() => account.getDomain(domain!.ID))).Name, domain?.Name)
    })
  )

  it.scopedLive("its filters are understood", () =>
    Effect.gen(function* () {
      const { account, server } = yield* clients()
      const bounces = yield* Effect.promise(() =>
        server.getBounces({ count: 500, type: Models.BounceType.HardBounce, inactive: true, emailFilter: "customer" })
      )
      assert.isTrue(
        bounces.TotalCount > 0 &&
          bounces.Bounces.every(
            ({ Email, Inactive, Type }) => Type === "HardBounce" && Inactive && Email.includes("customer")
          )
      )
      const messages = yield* Effect.promise(() =>
        server.getOutboundMessages({
          count: 500,
          tag: "welcome",
          fromDate: "2026-11-02",
          toDate: "2026-11-03",
          messageStream: "outbound"
        })
      )
      assert.isTrue(messages.Messages.length > 0)
      assert.isTrue(
        messages.Messages.every(
          ({ ReceivedAt, Tag }) => Tag === "welcome" && /^2026-11-0[23]T.*-05:00$/.test(ReceivedAt)
        )
      )
      const shifted = yield* Effect.promise(() =>
        server.getOutboundMessages({ count: 5, fromDate: "2026-10-20T00:00:00-04:00" })
      )
      assert.strictEqual(Number(shifted.TotalCount), 0)
      assert.strictEqual((yield* Effect.promise(() => account.getServers({ name: "prod" }))).TotalCount, 1)
    })
  )

  it.scopedLive("sees its own error classes", () =>
    Effect.gen(function* () {
      const wrong = yield* clients(
        {},
        { ...Sandbox.tokens, serverToken: "wrong", accountToken: Sandbox.tokens.serverToken }
      )
      const unauthorised = yield* fails(() => wrong.server.getBounces())
      assert.instanceOf(unauthorised, Errors.InvalidAPIKeyError)
      assert.deepStrictEqual(
        [unauthorised.code, unauthorised.statusCode, unauthorised.message],
        [10, 401, "Request does not contain a valid Server token."]
      )
      assert.instanceOf(yield* fails(() => wrong.account.getDomains()), Errors.InvalidAPIKeyError)

      const { account, server } = yield* clients()
      for (const [promise, code] of [
        [() => server.getBounces({ count: 501 }), 1000],
        [() => server.getOutboundMessages({ count: 500, offset: 9501 }), 700],
        [() => account.getServers({ count: 501 }), 600],
        [() => account.getDomains({ count: 501 }), 500],
        [() => server.getBounce(7), 1001]
      ] as const) {
        const refused = yield* fails(promise)
        assert.instanceOf(refused, Errors.ApiInputError)
        assert.strictEqual(refused.code, code)
      }
      const missing = yield* fails(() => account.getDomain(7))
      assert.deepStrictEqual([missing.name, missing.statusCode, missing.code], ["PostmarkError", 404, 510])
      const read = yield* fails(() => account.createDomain({ Name: "x.example" }))
      assert.strictEqual(read.statusCode, 405)
    })
  )

  it.scopedLive("sees the faults as its own error classes", () =>
    Effect.gen(function* () {
      const once = (kind: Fault.Kind) =>
        Effect.gen(function* () {
          const { server } = yield* clients({ faults: [{ kind, at: [1] }] })
          const error = yield* fails(() => server.getBounces())
          yield* Effect.promise(() => server.getBounces())
          return error
        })
      assert.instanceOf(yield* once("429"), Errors.RateLimitExceededError)
      assert.instanceOf(yield* once("500"), Errors.InternalServerError)
      const maintenance = yield* once("503-maintenance")
      assert.instanceOf(maintenance, Errors.ServiceUnavailablerError)
      assert.deepStrictEqual(
        [maintenance.code, maintenance.message],
        [100, "The Postmark API is offline for maintenance."]
      )
      const html = yield* once("502-html")
      assert.instanceOf(html, Errors.UnknownError)
      assert.strictEqual(html.message, "Request returned status code 502")
    })
  )
})
