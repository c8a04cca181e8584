/**
 * `sync --archive` and `rebuild` as a user's shell sees them, with a server that is gone when the rebuild runs.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { document, folder, query, sluice, startSluice } from "./support.ts"

const secret = "s3cret-token-that-nobody-sees"

/** Pages of two; rows echo the credential, and carry one of their own. */
const shop = Effect.acquireRelease(
  Effect.promise(async () => {
    const state = { asked: 0, rows: 5, hold: Number.POSITIVE_INFINITY }
    const server = createServer((request, response) => {
      state.asked++
      const url = new URL(request.url!, "http://localhost")
      const from = Number(url.searchParams.get("offset") ?? 0)
      const items = Array.from({ length: state.rows }, (_, i) => ({
        id: i + 1,
        price: `${i + 1}.50`,
        big: i === 0 ? "@" : null,
        echo: request.headers.authorization,
        api_token: `tok-${i}-of-the-row`,
        note: `note-${i}`
      })).slice(from, from + 2)
      if (state.asked > state.hold) return
      response.setHeader("content-type", "application/json")
      response.end(JSON.stringify({ items, total: state.rows }).replaceAll('"@"', "12345678901234567890123"))
    })
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
    const { port } = server.address() as AddressInfo
    const close = () => {
      server.closeAllConnections()
      server.close()
    }
    return { state, url: `http://127.0.0.1:${port}`, close }
  }),
  ({ close }) => Effect.sync(close)
)

const config = (url: string, resource = "") => `
client:
  base_url: ${url}
  auth: { type: bearer, token: "\${TOKEN}" }
resources:
  - name: prices
    primary_key: id
${resource}
    endpoint:
      path: /prices
      data_selector: items
      paginator: { type: offset, limit: 2, total_path: total }
`

const env = { TOKEN: secret }

const prices = (db: string) => query<Record<string, unknown>>(db, "SELECT * FROM prices ORDER BY id")

describe("rebuild", { timeout: 90_000 }, () => {
  it.scopedLive("reads again what was read, killed and gone on with, without the server or the token", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* shop
      const db = join(cwd, "shop.db")
      writeFileSync(join(cwd, "shop.yaml"), config(server.url))
      server.state.hold = 2
      const run = yield* startSluice(["sync", "shop.yaml", "--archive"], { cwd, env })
      yield* Effect.sleep("20 millis").pipe(Effect.repeat({ until: () => server.state.asked > 2 }))
      yield* run.kill("SIGKILL")
      yield* run.ended
      server.state.hold = Number.POSITIVE_INFINITY
      const second = yield* sluice(["sync", "shop.yaml", "--archive"], { cwd, env })
      assert.strictEqual(second.code, 0, second.stderr)
      const before = yield* prices(db)
      assert.lengthOf(before, 5)

      server.close()
      const asked = server.state.asked
      const same = yield* sluice(["rebuild", "shop.yaml", "--json"], { cwd })
      assert.strictEqual(same.code, 0, same.stderr)
      assert.deepInclude(document<Record<string, unknown>>(same.stdout), { source: "shop", runs: 2, pages: 3 })
      assert.deepStrictEqual(yield* prices(db), before)

      // What the first syncs did not know: the price is a number, and the notes are not to be seen.
      writeFileSync(
        join(cwd, "shop.yaml"),
        config(server.url, "    mask: [note]\n    columns: { price: { data_type: double } }")
      )
      yield* query(db, "CREATE INDEX mine ON prices (price)")
      yield* query(db, "CREATE VIEW dear AS SELECT * FROM prices WHERE price > 3")
      const other = yield* sluice(["rebuild", "shop.yaml"], { cwd })
      assert.strictEqual(other.code, 0, other.stderr)
      assert.include(other.stdout, "rebuilt from 2 runs of shop, no request sent")
      const after = yield* prices(db)
      assert.deepStrictEqual(
        after.map(({ note, price }) => [price, note]),
        [1.5, 2.5, 3.5, 4.5, 5.5].map((price) => [price, "***"])
      )
      assert.strictEqual(after[0]!["big"], "12345678901234567890123")
      assert.lengthOf(yield* query(db, "SELECT * FROM dear"), 3)
      assert.lengthOf(yield* query(db, "SELECT 1 FROM sqlite_master WHERE name = 'mine'"), 1)
      assert.strictEqual(server.state.asked, asked)
      assert.isFalse(existsSync(`${db}-rebuild`))
      const status = document<{ archive: { pages: number } }>(
        (yield* sluice(["status", "--db", db, "--json"], { cwd })).stdout
      )
      assert.isAtLeast(status.archive.pages, 3)
    })
  )

  it.scopedLive("keeps no secret, neither ours nor one of a row, in any form", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* shop
      const db = join(cwd, "shop.db")
      writeFileSync(join(cwd, "shop.yaml"), config(server.url, "    mask: [note]"))
      assert.strictEqual((yield* sluice(["sync", "shop.yaml", "--archive"], { cwd, env })).code, 0)
      const kept = yield* query<{ readonly body: Uint8Array; readonly masked: string }>(
        db,
        "SELECT * FROM _sluice_archive WHERE kind = 'page' ORDER BY id"
      )
      assert.lengthOf(kept, 3)
      const texts = kept.map(({ body }) => gunzipSync(body).toString())
      assert.include(texts[0], '"echo":"Bearer ***"')
      assert.include(texts[0], '"big":12345678901234567890123')
      assert.deepStrictEqual(JSON.parse(kept[0]!.masked), ["api_token", "note"])
      for (const text of [
        ...texts,
        readFileSync(db, "latin1"),
        JSON.stringify(kept.map((entry) => ({ ...entry, body: null })))
      ]) {
        for (const hidden of [secret, "tok-0", "tok-4", "note-1"]) assert.notInclude(text, hidden)
      }
      // Shown again it cannot be: it was never kept.
      writeFileSync(join(cwd, "shop.yaml"), config(server.url))
      const refused = yield* sluice(["rebuild", "shop.yaml", "--json"], { cwd })
      assert.strictEqual(refused.code, 1)
      assert.deepInclude(document<{ error: object }>(refused.stdout).error, { reason: "Masked", exit_code: 1 })
      assert.include(refused.stderr, "prices: note was kept masked, and is not masked now")
    })
  )

  it.scopedLive("says why it refuses, with its exit code, and a sync says when it will", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* shop
      writeFileSync(join(cwd, "shop.yaml"), config(server.url))
      const none = yield* sluice(["rebuild", "shop.yaml"], { cwd })
      assert.strictEqual(none.code, 2)
      assert.include(none.stderr, "there is no file shop.db")
      assert.isFalse(existsSync(join(cwd, "shop.db")))
      yield* sluice(["sync", "shop.yaml", "--db", "plain.db"], { cwd, env })
      const plain = yield* sluice(["rebuild", "shop.yaml", "--db", "plain.db"], { cwd })
      assert.strictEqual(plain.code, 1)
      assert.include(plain.stderr, "sync --archive")
      yield* sluice(["sync", "shop.yaml", "--archive"], { cwd, env })
      const unknown = yield* sluice(["rebuild", "shop.yaml", "--resource", "price"], { cwd })
      assert.strictEqual(unknown.code, 2)
      assert.include(unknown.stderr, "did you mean prices")
      const careless = yield* sluice(["sync", "shop.yaml"], { cwd, env })
      assert.strictEqual(careless.code, 0)
      assert.match(careless.stderr, /warning: earlier runs have kept their answers/)
      const hole = yield* sluice(["rebuild", "shop.yaml"], { cwd })
      assert.strictEqual(hole.code, 1)
      assert.match(hole.stderr.replaceAll(/\s+/g, " "), /run \w+ \(prices\) ran without --archive/)
    })
  )
})
