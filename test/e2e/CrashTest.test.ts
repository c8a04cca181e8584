/**
 * `sluice crash-test` and `SLUICE_FAIL_POINT` as a user's shell sees them: real processes, really killed.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createServer } from "node:http"
import { readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { document, folder, sandbox, sluice, startSluice } from "./support.ts"

interface Report {
  readonly trials: number
  readonly kills: number
  readonly unjudged: number
  readonly recorded: number
  readonly differences: ReadonlyArray<{ readonly where: string; readonly what: ReadonlyArray<string> }>
}

/** `answer(offset, since)`: an API of pages of two; `asked` counts. */
const api = (all: ReadonlyArray<{ readonly id: number; readonly at: string }>) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<{ readonly url: string; readonly asked: () => number; readonly close: () => void }>((resolve) => {
          let asked = 0
          const server = createServer((message, response) => {
            asked++
            const { searchParams } = new URL(message.url ?? "/", "http://x")
            const from = Number(searchParams.get("offset") ?? 0)
            const rows = all.filter(({ at }) => at >= (searchParams.get("since") ?? ""))
            response.setHeader("content-type", "application/json")
            response.end(JSON.stringify({ items: rows.slice(from, from + 2), total: rows.length }))
          })
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            const port = typeof address === "object" && address !== null ? address.port : 0
            resolve({ url: `http://127.0.0.1:${port}`, asked: () => asked, close: () => server.close() })
          })
        })
    ),
    ({ close }) => Effect.sync(close)
  )

const events = Array.from({ length: 8 }, (_, i) => ({ id: i + 1, at: `2024-01-0${i + 1}T00:00:00Z` }))

const config = (url: string, more: object = {}) => ({
  name: "events",
  client: { base_url: url },
  resources: [
    {
      name: "events",
      primary_key: "id",
      write_disposition: "merge",
      endpoint: {
        path: "/events",
        data_selector: "items",
        paginator: { type: "offset", limit: 2, total_path: "total" },
        ...more
      }
    }
  ]
})

describe("sluice crash-test", { timeout: 240_000 }, () => {
  it.scopedLive("kills a source everywhere, from one recording, and finds no difference", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const before = readdirSync(tmpdir()).filter((name) => name.startsWith("sluice-crash-"))
      const args = [
        "crash-test",
        "postmark",
        "--resource",
        "bounces",
        "--resource",
        "domains",
        "--trials",
        "10",
        "--json"
      ]
      const { code, stderr, stdout } = yield* sluice(args, { cwd, env: server.env })
      assert.strictEqual(code, 0, stdout + stderr)
      const report = document<Report>(stdout)
      assert.deepInclude(report, { trials: 10, unjudged: 0, differences: [] })
      assert.isAtLeast(report.kills, 8)
      // The API was asked once for all, and nothing is left behind.
      assert.strictEqual((yield* server.requests).length, report.recorded)
      assert.deepStrictEqual(readdirSync(cwd), [])
      assert.deepStrictEqual(
        readdirSync(tmpdir()).filter((name) => name.startsWith("sluice-crash-")),
        before
      )
    })
  )

  it.scopedLive("finds rows that differ from run to run, and says which", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* api(events)
      // Each process gives its rows another value: what one has merged before its death is not what the next would.
      writeFileSync(
        join(cwd, "odd.mjs"),
        `import process from "node:process"
import { Offset, Resource, Source } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)}
export default Source.make({
  name: "odd",
  api: { baseUrl: ${JSON.stringify(server.url)} },
  resources: [Resource.make({
    name: "events", path: "/events", selector: "items", primaryKey: "id", paginator: Offset.make({ limit: 2, totalPath: "total" }),
    processing: [{ map: (row) => ({ ...row, pid: process.pid }) }]
  })]
})
`
      )
      const { code, stdout } = yield* sluice(["crash-test", "odd.mjs", "--trials", "3", "--json"], { cwd })
      const report = document<Report>(stdout)
      assert.strictEqual(code, 1)
      assert.lengthOf(report.differences, 3)
      assert.match(report.differences[0]!.what.join("\n"), /^events: (?:missing|too many): .*id=1.*pid=/m)
      const shown = yield* sluice(["crash-test", "odd.mjs", "--trials", "2"], { cwd })
      assert.strictEqual(shown.code, 1)
      assert.match(shown.stdout, /Killed at [^\n]+:\n {2}events: /)
      assert.match(shown.stdout, /2 of 2 trials differ/)
    })
  )

  it.scopedLive("judges no trial that asks for what was not recorded, and says so", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* api(events)
      const incremental = {
        cursor_path: "at",
        initial_value: "2024-01-01T00:00:00Z",
        start_param: "since",
        row_order: "asc"
      }
      writeFileSync(join(cwd, "source.json"), JSON.stringify(config(server.url, { incremental })))
      const { code, stdout } = yield* sluice(["crash-test", "source.json", "--trials", "16", "--json"], { cwd })
      const report = document<Report>(stdout)
      assert.strictEqual(code, 0)
      assert.isAbove(report.unjudged, 0)
      assert.isBelow(report.unjudged, report.trials)
      assert.strictEqual(server.asked(), report.recorded)
    })
  )
})

describe("SLUICE_FAIL_POINT", { timeout: 60_000 }, () => {
  it.scopedLive("kills the process there, and the next run makes up for it; an unknown one is a usage error", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* api(events)
      writeFileSync(join(cwd, "source.json"), JSON.stringify(config(server.url)))
      const run = (env: Readonly<Record<string, string>>) =>
        Effect.scoped(
          Effect.flatMap(startSluice(["sync", "source.json", "--json"], { cwd, env }), ({ ended }) => ended)
        )
      const wrong = yield* run({ SLUICE_FAIL_POINT: "page.comit:1" })
      assert.strictEqual(wrong.code, 2)
      assert.include(wrong.stderr, "page.commit")
      assert.strictEqual(server.asked(), 0)
      const died = yield* run({ SLUICE_FAIL_POINT: "page.commit:2" })
      assert.strictEqual(died.signal, "SIGKILL")
      assert.strictEqual(died.stdout, "")
      const { code, stdout } = yield* run({})
      assert.strictEqual(code, 0)
      const [line] = document<{ readonly resources: ReadonlyArray<{ readonly rows: { readonly inserted: number } }> }>(
        stdout
      ).resources
      assert.strictEqual(line?.rows.inserted, 6)
    })
  )
})
