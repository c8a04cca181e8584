/**
 * What Postmark refuses, with its own words: how far a failure reaches, that nothing is lost of what came before, and that the
 * next run goes on from there. The sandbox answers; what stands in its way is scripted.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { SqlClient } from "@effect/sql"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Api, Fetch, Host, type Receipt, type Source, Sync } from "sluice"
import * as Postmark from "sluice/sources/postmark"
import { memoryTable } from "sluice/testing"
import * as Sandbox from "../../../src/sandbox/Sandbox.ts"

interface Refusal {
  readonly status: number
  readonly body: string
  readonly type?: string
}

/** The refusal of a request, or `undefined` when the sandbox answers; may change from run to run. */
type Script = (url: URL, run: number) => Refusal | undefined

const { accountToken, serverToken } = Sandbox.tokens

const make = (server = serverToken, account = accountToken): Source.Source => {
  const source = Postmark.make({ serverToken: Redacted.make(server), accountToken: Redacted.make(account) })
  return { ...source, api: { ...source.api, retry: { maxRetries: 2, baseDelay: "1 millis", jitter: false } } }
}

/** Two runs into one database; `asked` are the requests of each. */
const twice = (
  source: Source.Source,
  script: Script,
  resources: ReadonlyArray<string>,
  options: Sandbox.Options = {}
) =>
  Effect.gen(function* () {
    const sandbox = Sandbox.client(yield* Sandbox.gateway({ messages: 1700, ...options }))
    const asked: [Array<string>, Array<string>] = [[], []]
    let run = 0
    const client = HttpClient.make((request, url) => {
      asked[run]!.push(url.pathname + url.search)
      const refusal = script(url, run)
      if (refusal === undefined) return sandbox.execute(request)
      const headers = { "content-type": refusal.type ?? "application/json" }
      return Effect.succeed(
        HttpClientResponse.fromWeb(request, new Response(refusal.body, { status: refusal.status, headers }))
      )
    })
    const stages = Host.layerSync.pipe(
      Layer.provideMerge(Layer.merge(Fetch.layer, memoryTable)),
      Layer.provide(Layer.merge(Layer.succeed(HttpClient.HttpClient, client), Api.layer(source.api)))
    )
    return yield* Effect.gen(function* () {
      const sync = yield* Sync.Sync
      const first = yield* sync.run(source, { resources })
      run = 1
      const second = yield* sync.run(source, { resources })
      const sql = yield* SqlClient.SqlClient
      const stored = resources.includes("messages")
        ? yield* sql.unsafe<{ readonly n: number }>("SELECT count(*) AS n FROM messages").withoutTransform
        : []
      return { first, second, asked, messages: Number(stored[0]?.n ?? 0) }
    }).pipe(Effect.provide(stages))
  })

const of = (receipt: Receipt.Receipt, name: string) => receipt.resources.find((one) => one.name === name)!

const json = (status: number, code: number, message: string): Refusal => ({
  status,
  body: JSON.stringify({ ErrorCode: code, Message: message })
})

/** The second page of messages on, and in the first run only. */
const fromPage =
  (page: number, refusal: Refusal): Script =>
  (url, run) =>
    run === 0 && url.pathname === "/messages/outbound" && Number(url.searchParams.get("offset")) >= 500 * (page - 1)
      ? refusal
      : undefined

describe("postmark: refusals", () => {
  it.live("each token where the other belongs: everything fails at once, in Postmark's words", () =>
    Effect.gen(function* () {
      const { asked, first } = yield* twice(make(accountToken, serverToken), () => undefined, [
        "messages",
        "webhooks",
        "servers",
        "sender_signatures"
      ])
      assert.strictEqual(first.status, "failed")
      for (const { error, name, retries, status } of first.resources) {
        assert.deepStrictEqual([name, status, retries], [name, "failed", 0])
        const kind = name === "messages" || name === "webhooks" ? "Server" : "Account"
        assert.include(error!.message, `401 (error code 10): Request does not contain a valid ${kind} token.`)
      }
      assert.lengthOf(asked[0], 4)
      for (const token of [serverToken, accountToken]) assert.notInclude(JSON.stringify(first), token)
    })
  )

  it.live("a token revoked in mid-run stops its own resources; the others finish, and the next run goes on", () =>
    Effect.gen(function* () {
      const revoked = json(401, 10, "Request does not contain a valid Server token.")
      const { asked, first, messages, second } = yield* twice(make(), fromPage(3, revoked), ["messages", "servers"])
      assert.strictEqual(first.status, "partial")
      assert.strictEqual(of(first, "servers").status, "complete")
      assert.include(of(first, "messages").error!.message, "Request does not contain a valid Server token.")
      assert.deepInclude(of(first, "messages").rows, { fetched: 1000, inserted: 1000 })
      assert.strictEqual(second.status, "complete")
      assert.deepInclude(of(second, "messages").rows, { fetched: 700, inserted: 700 })
      assert.deepStrictEqual(
        asked[1].filter((path) => path.startsWith("/messages")),
        ["/messages/outbound?offset=1000&count=500", "/messages/outbound?offset=1500&count=500"]
      )
      assert.strictEqual(messages, 1700)
    })
  )

  it.live("maintenance is waited for, then told, and nothing of before is lost", () =>
    Effect.gen(function* () {
      const offline = json(503, 100, "The Postmark API is offline for maintenance.")
      const { asked, first, messages, second } = yield* twice(make(), fromPage(2, offline), ["messages"])
      assert.include(of(first, "messages").error!.message, "The Postmark API is offline for maintenance.")
      assert.include(of(first, "messages").error!.message, "error code 100")
      assert.strictEqual(of(first, "messages").retries, 2)
      assert.lengthOf(asked[0], 4)
      assert.deepInclude(of(second, "messages").rows, { fetched: 1200, inserted: 1200 })
      assert.deepStrictEqual([second.status, messages], ["complete", 1700])
    })
  )

  it.live("a page of HTML in place of an answer is retried, and its title is what is told", () =>
    Effect.gen(function* () {
      const page = "<html><head><title>502 Bad Gateway</title></head><body>id=1 ada@customer.test</body></html>"
      const html = { status: 502, body: page, type: "text/html" }
      const { first, messages, second } = yield* twice(make(), fromPage(2, html), ["messages"])
      const { message } = of(first, "messages").error!
      assert.match(message, /answered 502.*502 Bad Gateway/)
      assert.notMatch(message, /<|ada@/)
      assert.strictEqual(of(first, "messages").retries, 2)
      assert.deepStrictEqual([second.status, messages], ["complete", 1700])
    })
  )

  it.live("a cap below the one that is documented is no end: the walk is not called whole", () =>
    Effect.gen(function* () {
      const { first, messages } = yield* twice(make(), () => undefined, ["messages", "bounces"], { window: 1000 })
      assert.notStrictEqual(of(first, "messages").status, "complete")
      const said = JSON.stringify([of(first, "messages").error, of(first, "messages").notices])
      assert.include(said, "Count + Offset cannot exceed 1000 messages.")
      assert.deepInclude(of(first, "messages").rows, { fetched: 1000, inserted: 1000 })
      assert.strictEqual(of(first, "bounces").status, "complete")
      assert.strictEqual(messages, 1000)
    })
  )

  it.live("a stream that is purged between the list of streams and its suppressions leaves the others whole", () =>
    Effect.gen(function* () {
      const purged = json(422, 1226, "The message stream for the provided 'ID' was not found.")
      const { first, second } = yield* twice(
        make(),
        (url, run) => (run === 0 && url.pathname.startsWith("/message-streams/broadcast/") ? purged : undefined),
        ["suppressions"]
      )
      assert.deepInclude(of(first, "suppressions"), { status: "complete", error: null })
      assert.isFalse(of(first, "suppressions").completeness.proven)
      assert.isAbove(of(first, "suppressions").rows.inserted, 20)
      assert.deepInclude(of(second, "suppressions").rows, { inserted: 3, updated: 0, deleted: 0 })
      assert.strictEqual(second.status, "complete")
    })
  )
})
