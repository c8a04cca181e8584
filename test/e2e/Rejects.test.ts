/** Rows that do not fit, by the built command line: set aside, shown, and stored once they fit. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { folder, query, sandbox, sluice, sync } from "./support.ts"

/** Messages whose tags are declared as numbers: they are words. */
const config = (type: string) =>
  `client:
  base_url: \${API_BASE_URL}
  auth: { type: api_key, name: api_key, api_key: "\${API_KEY}" }
resources:
  - name: messages
    primary_key: MessageID
    write_disposition: merge
    max_reject_ratio: 1
    columns: { Tag: { data_type: ${type} } }
    endpoint: { path: /v1/messages/outbound, data_selector: Messages, paginator: { type: offset, limit: 500 } }
`

describe("sluice rejects", { timeout: 90_000 }, () => {
  it.scopedLive("are listed, mended and replayed by the command line", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--shape", "spec")
      const file = join(cwd, "tags.yaml")
      writeFileSync(file, config("bigint"))
      const first = yield* sync(["tags.yaml"], { cwd, env: server.env })
      assert.strictEqual(first.code, 3)
      const { rejected } = first.receipt.resources[0]!.rows
      assert.isAbove(rejected, 10)

      const listed = yield* sluice(["rejects", "list", "--limit", "3", "--json"], { cwd })
      assert.strictEqual(listed.code, 0)
      const list = JSON.parse(listed.stdout) as {
        readonly total: number
        readonly groups: ReadonlyArray<{ readonly path: string; readonly rows: number }>
        readonly rejects: ReadonlyArray<{ readonly raw: string; readonly state: string }>
      }
      assert.deepInclude(list.groups[0], { path: "Tag", rows: rejected })
      assert.deepStrictEqual([list.total, list.rejects.length], [rejected, 3])
      assert.property(JSON.parse(list.rejects[0]!.raw), "MessageID")
      const shown = yield* sluice(["rejects", "list", "tags.yaml", "--resource", "messages"], { cwd, env: server.env })
      assert.match(shown.stdout, /resource +rows +path +reason\n/)
      assert.match(shown.stdout, /the latest 20 of \d+; --limit shows more/)
      const other = yield* sluice(["rejects", "list", "tags.yaml", "--resource", "mesages"], { cwd, env: server.env })
      assert.strictEqual(other.code, 2)
      assert.match(other.stderr, /did you mean messages\?/)
      const unnamed = yield* sluice(["rejects", "list", "--db", "tags.db", "--resource", "mesages"], { cwd })
      assert.strictEqual(unnamed.code, 2)
      assert.match(unnamed.stderr, /tags\.db knows no resource "mesages"; did you mean messages\?/)

      // Nothing has changed: all of them stay.
      const same = yield* sluice(["rejects", "replay", "tags.yaml"], { cwd, env: server.env })
      assert.strictEqual(same.code, 3, same.stderr)
      assert.match(same.stdout, /! partial: \d+ rows remain; sluice rejects list --db tags\.db has their reasons/)
      writeFileSync(file, config("text"))
      const done = yield* sluice(["rejects", "replay", "tags.yaml", "--json"], { cwd, env: server.env })
      assert.strictEqual(done.code, 0, done.stderr)
      const replay = JSON.parse(done.stdout) as { readonly status: string; readonly resources: ReadonlyArray<object> }
      assert.strictEqual(replay.status, "complete")
      assert.deepInclude(replay.resources[0], { name: "messages", stored: rejected, remaining: 0 })
      const [held] = yield* query<{ readonly n: number }>(join(cwd, "tags.db"), "SELECT count(*) AS n FROM messages")
      assert.strictEqual(held?.n, first.receipt.resources[0]!.rows.fetched)

      // As a sync would have stored them: it finds nothing to change.
      const again = yield* sync(["tags.yaml"], { cwd, env: server.env })
      assert.strictEqual(again.code, 0)
      assert.deepInclude(again.receipt.resources[0]!.rows, { inserted: 0, updated: 0, rejected: 0 })
      const none = yield* sluice(["rejects", "replay", "tags.yaml"], { cwd, env: server.env })
      assert.deepStrictEqual([none.code, none.stdout], [0, "✓ complete: no row is in quarantine\n"])
      const missing = yield* sluice(["rejects", "replay", "tags.yaml", "--db", "not.db"], { cwd, env: server.env })
      assert.strictEqual(missing.code, 1)
    })
  )
})
