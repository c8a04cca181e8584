/**
 * `sluice sync` as a user's shell sees it: exit codes, the JSON contract, what is in the file afterwards.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { folder, freePort, query, resourceOf, rowsOf, sandbox, sluice, sync } from "./support.ts"

const names = [
  "deliverystats",
  "message_streams",
  "sending_streams",
  "domains",
  "messages",
  "bounces",
  "opens",
  "clicks",
  "inbound_messages",
  "servers",
  "server",
  "templates",
  "webhooks",
  "sender_signatures",
  "inbound_rules",
  "suppressions"
]

describe("sluice sync", { timeout: 90_000 }, () => {
  it.scopedLive("fetches all resources, then finds them unchanged, then exactly what changed", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const first = yield* sync(["postmark"], { cwd, env: server.env })
      assert.strictEqual(first.code, 0)
      assert.strictEqual(first.stderr, "")
      assert.strictEqual(first.receipt.status, "complete")
      assert.strictEqual(first.receipt.db, "postmark.db")
      assert.deepStrictEqual(
        first.receipt.resources.map(({ name }) => name),
        names
      )
      assert.deepStrictEqual(rowsOf(first.receipt, "messages"), {
        fetched: 1200,
        inserted: 1200,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        deleted: 0
      })
      const [stored] = yield* query<{ readonly n: number }>(
        join(cwd, "postmark.db"),
        "SELECT count(*) AS n FROM messages"
      )
      assert.strictEqual(stored?.n, 1200)

      const second = yield* sync(["postmark"], { cwd, env: server.env })
      assert.strictEqual(second.code, 0)
      for (const { name, rows } of second.receipt.resources) {
        // Read for its child and not stored.
        if (name === "sending_streams") continue
        assert.deepStrictEqual([name, rows.inserted, rows.updated, rows.unchanged], [name, 0, 0, rows.fetched])
      }

      const changed = new Map([
        ["messages", 7],
        ["bounces", 3],
        ["domains", 2]
      ])
      yield* server.change(Object.fromEntries(changed))
      const third = yield* sync(["postmark"], { cwd, env: server.env })
      assert.deepStrictEqual(
        third.receipt.resources.map(({ name, rows }) => [name, rows.inserted, rows.updated]),
        names.map((name) => [name, 0, changed.get(name) ?? 0])
      )
    })
  )

  it.scopedLive("prints a table for people, with the rows of each resource and whether it is all", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const { code, stderr, stdout } = yield* sluice(
        ["sync", "postmark", "--db", "a.db", "--resource", "domains", "--resource=bounces"],
        {
          cwd,
          env: server.env
        }
      )
      assert.strictEqual(code, 0)
      assert.strictEqual(stderr, "")
      assert.match(stdout, /^postmark → a\.db {3}run \w{26}\n/)
      assert.match(stdout, /^ {2}domains +✓ complete +8 +8 +0 +0 +1 /m)
      assert.match(stdout, /^ {2}bounces +✓ complete +300 +300 +0 +0 +1 /m)
      assert.notMatch(stdout, /messages|deliverystats/)
      assert.match(stdout, /^✓ complete: a\.db holds everything the API reports\n$/m)
      assert.notInclude(stdout, "\u001b")
    })
  )

  it.scopedLive("takes options on either side of the source", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const { code, receipt } = yield* sync(["--resource", "servers", "--db=b.db", "postmark", "--concurrency", "1"], {
        cwd,
        env: server.env
      })
      assert.strictEqual(code, 0)
      assert.strictEqual(receipt.db, "b.db")
      assert.isTrue(existsSync(join(cwd, "b.db")))
    })
  )

  it.scopedLive("stops at --limit-pages, says that it is not all, and goes on behind it", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const args = ["postmark", "--resource", "messages", "--limit-pages", "1"]
      const first = yield* sync(args, { cwd, env: server.env })
      assert.strictEqual(first.code, 3)
      assert.strictEqual(first.receipt.status, "partial")
      assert.strictEqual(resourceOf(first.receipt, "messages").stop_reason, "limit_pages")
      assert.strictEqual(rowsOf(first.receipt, "messages").inserted, 500)
      const table = yield* sluice(["sync", ...args], { cwd, env: server.env })
      assert.strictEqual(table.code, 3)
      assert.match(table.stdout, /500 of 1,200/)
      assert.match(table.stdout, /messages +stopped after 1 page, as --limit-pages asked/)
      assert.match(table.stdout, /^! partial: /m)
      const rest = yield* sync(["postmark", "--resource", "messages"], { cwd, env: server.env })
      assert.strictEqual(rest.code, 0)
      assert.strictEqual(rowsOf(rest.receipt, "messages").inserted, 200)
      const fresh = yield* sync(["postmark", "--resource", "messages", "--full-refresh"], { cwd, env: server.env })
      assert.strictEqual(rowsOf(fresh.receipt, "messages").unchanged, 1200)
    })
  )

  it.scopedLive("leaves out what the missing token is for, and says so", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const { POSTMARK_ACCOUNT_TOKEN: _, ...env } = server.env
      const { code, receipt } = yield* sync(["postmark"], { cwd, env })
      assert.strictEqual(code, 0)
      assert.strictEqual(receipt.status, "complete")
      assert.deepStrictEqual(
        receipt.resources.filter(({ status }) => status === "skipped").map(({ name }) => name),
        ["domains", "servers", "sender_signatures"]
      )
      assert.match(resourceOf(receipt, "domains").notices.join(), /POSTMARK_ACCOUNT_TOKEN/)
      const table = yield* sluice(["sync", "postmark"], { cwd, env })
      assert.strictEqual(table.code, 0)
      assert.match(table.stdout, /domains +– skipped/)
      assert.match(table.stdout, /domains +left out: POSTMARK_ACCOUNT_TOKEN is not set/)
      const asked = yield* sluice(["sync", "postmark", "--resource", "domains"], { cwd, env })
      assert.strictEqual(asked.code, 2)
      assert.match(asked.stderr, /domains cannot be read: POSTMARK_ACCOUNT_TOKEN is not set/)
    })
  )

  it.scopedLive("needs a token, and names both", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      for (const env of [{}, { POSTMARK_SERVER_TOKEN: "", POSTMARK_ACCOUNT_TOKEN: " " }]) {
        const { code, stderr, stdout } = yield* sluice(["sync", "postmark"], { cwd, env })
        assert.strictEqual(code, 2)
        assert.strictEqual(stdout, "")
        assert.match(
          stderr,
          /^sluice: postmark needs a token: neither POSTMARK_SERVER_TOKEN nor POSTMARK_ACCOUNT_TOKEN is set\n/
        )
      }
      assert.isFalse(existsSync(join(cwd, "postmark.db")))
    })
  )

  it.scopedLive("passes on what the API says of a wrong token, and goes on with the others", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const env = { ...server.env, POSTMARK_ACCOUNT_TOKEN: "not-the-account-token" }
      const { code, receipt } = yield* sync(["postmark"], { cwd, env })
      assert.strictEqual(code, 3)
      assert.strictEqual(receipt.status, "partial")
      const domains = resourceOf(receipt, "domains")
      assert.strictEqual(domains.status, "failed")
      assert.match(domains.error?.message ?? "", /answered 401 \(error code 10\)/)
      assert.strictEqual(domains.retries, 0)
      assert.strictEqual(resourceOf(receipt, "messages").status, "complete")
      const none = yield* sluice(["sync", "postmark", "--resource", "servers", "--resource", "domains"], { cwd, env })
      assert.strictEqual(none.code, 1)
      assert.match(
        none.stdout,
        /✗ servers +GET http:\/\/127\.0\.0\.1:\d+\/servers\?\S* answered 401 \(error code 10\): /
      )
      assert.match(none.stdout, /^✗ failed: /m)
    })
  )

  it.scopedLive("gives up on a host that nobody answers for, with one clear line", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const port = yield* freePort
      writeFileSync(
        join(cwd, "away.yaml"),
        `client:\n  base_url: http://127.0.0.1:${port}\n  retry: { max_retries: 1, base_delay: 10ms }\nresources:\n  - name: things\n    endpoint: { path: /things, data_selector: things, paginator: single_page }\n`
      )
      const { code, receipt } = yield* sync(["away.yaml"], { cwd })
      assert.strictEqual(code, 1)
      assert.strictEqual(receipt.db, "away.db")
      const { error, retries } = resourceOf(receipt, "things")
      assert.strictEqual(retries, 1)
      assert.match(
        error?.message ?? "",
        /^GET http:\/\/127\.0\.0\.1:\d+\/things: connection refused, after 2 attempts$/
      )
    })
  )

  it.scopedLive("gets through the faults of a bad day", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--fault", "500@1", "--fault", "reset@2", "--fault", "truncated@3")
      const { code, receipt } = yield* sync(["postmark"], { cwd, env: server.env })
      assert.strictEqual(code, 0)
      assert.isAtLeast(
        receipt.resources.reduce((sum, { retries }) => sum + retries, 0),
        3
      )
    })
  )

  it.scopedLive("refuses what it does not know before it does anything", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const env = { POSTMARK_SERVER_TOKEN: "some-token" }
      const refused = (args: ReadonlyArray<string>, message: RegExp) =>
        Effect.map(sluice(["sync", ...args], { cwd, env }), ({ code, stderr, stdout }) => {
          assert.deepStrictEqual([code, stdout], [2, ""])
          assert.match(stderr, message)
        })
      yield* refused(["postmark", "--resource", "bonces"], /has no resource "bonces"; did you mean bounces\?\n/)
      yield* refused(["postmrk"], /there is no source "postmrk"; did you mean postmark\?\n/)
      yield* refused(["postmark", "--full-refrsh"], /there is no option --full-refrsh; did you mean --full-refresh\?\n/)
      yield* refused(["gone.yaml"], /gone\.yaml/)
      writeFileSync(
        join(cwd, "wrong.yaml"),
        "client:\n  base_url: https://api.example.com\n  auht: {}\nresources: []\n"
      )
      yield* refused(["wrong.yaml"], /wrong\.yaml:3:3 client\.auht: /)
      assert.isFalse(existsSync(join(cwd, "postmark.db")))
    })
  )

  it.scopedLive("runs a source that is a module", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const auth = JSON.stringify({ _tag: "None" })
      // Written by hand, as a bundler would leave it: a module of one's own need not import sluice.
      writeFileSync(
        join(cwd, "mine.mjs"),
        `export default { name: "mine", api: { baseUrl: ${JSON.stringify(server.url)}, headers: { "X-Postmark-Account-Token": ${JSON.stringify(server.env["POSTMARK_ACCOUNT_TOKEN"])} } },
  resources: [{ name: "domains", table: "domains", method: "GET", path: "/domains", query: [["count", "500"], ["offset", "0"]], headers: {}, auth: ${auth},
    paginator: { type: "once", options: {}, first: {}, next: () => ({ _tag: "Stop", reason: "single_page", complete: true }) },
    selector: "Domains", selectorRequired: true, primaryKey: { fields: ["ID"], origin: "declared" }, json: [], mask: [], maxTableNesting: 1000 }] }\n`
      )
      const { code, receipt } = yield* sync(["./mine.mjs"], { cwd })
      assert.strictEqual(code, 0)
      assert.strictEqual(receipt.db, "mine.db")
      assert.strictEqual(rowsOf(receipt, "domains").inserted, 8)
      writeFileSync(join(cwd, "not.mjs"), "export default () => 1\n")
      const not = yield* sluice(["sync", "not.mjs"], { cwd })
      assert.strictEqual(not.code, 2)
      assert.match(not.stderr, /not\.mjs: the default export is not a Source: it is a function\n/)
    })
  )

  it.scopedLive("sets rows aside that do not fit and says where they are, or fails on them if it is told to", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--shape", "spec")
      writeFileSync(
        join(cwd, "tags.yaml"),
        'client:\n  base_url: ${API_BASE_URL}\n  auth: { type: api_key, name: api_key, api_key: "${API_KEY}" }\nresources:\n  - name: messages\n    primary_key: Tag\n    write_disposition: merge\n    max_reject_ratio: 1\n' +
          "    endpoint: { path: /v1/messages/outbound, data_selector: Messages, paginator: { type: offset, limit: 500 } }\n"
      )
      const { code, receipt } = yield* sync(["tags.yaml"], { cwd, env: server.env })
      assert.strictEqual(code, 3)
      const { rejected } = rowsOf(receipt, "messages")
      const [stored] = yield* query<{ readonly n: number }>(
        join(cwd, "tags.db"),
        "SELECT count(*) AS n FROM _sluice_rejects"
      )
      assert.isAbove(rejected, 0)
      assert.strictEqual(stored?.n, rejected)
      const table = yield* sluice(["sync", "tags.yaml"], { cwd, env: server.env })
      assert.match(
        table.stdout,
        new RegExp(`messages +${rejected} rows did not fit and were set aside with the reason: SELECT `)
      )
      const strict = yield* sync(["tags.yaml", "--on-bad-row", "fail", "--db", "strict.db"], { cwd, env: server.env })
      assert.strictEqual(strict.code, 1)
      assert.strictEqual(resourceOf(strict.receipt, "messages").error?.reason, "BadRow")
    })
  )
})
