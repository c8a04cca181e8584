/**
 * The other commands and the words around them: help, version, completions, mistakes; check, status, sandbox, demo.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { document, folder, freePort, query, root, sandbox, sluice, startSluice, sync, until } from "./support.ts"

const commands = [
  "sync",
  "check",
  "plan",
  "preview",
  "init",
  "status",
  "state show",
  "state reset",
  "rejects list",
  "rejects replay",
  "schema json-schema",
  "schema types",
  "schema ddl",
  "sandbox",
  "demo"
]
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string }

describe("sluice", { timeout: 90_000 }, () => {
  it.scopedLive("shows help, a page for each command, and its version, on stdout", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      for (const args of [[], ["--help"], ["-h"], ["help"]]) {
        const { code, stderr, stdout } = yield* sluice(args, { cwd })
        assert.deepStrictEqual([code, stderr], [0, ""])
        for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} +\\w`, "m"))
        assert.match(stdout, /^ {2}130 +interrupted/m)
        assert.notInclude(stdout, "\u001b")
      }
      for (const command of commands) {
        const { code, stderr, stdout } = yield* sluice([...command.split(" "), "--help"], { cwd })
        assert.deepStrictEqual([code, stderr], [0, ""])
        assert.match(stdout, new RegExp(`^  sluice ${command}`, "m"))
        assert.match(stdout, /^Exit codes$/m)
        assert.match(stdout, /^Examples$/m)
      }
      assert.strictEqual((yield* sluice(["--version"], { cwd })).stdout, `${version}\n`)
      assert.strictEqual((yield* sluice(["sync", "postmark", "--version"], { cwd })).stdout, `${version}\n`)
    })
  )

  it.scopedLive("completes in three shells", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      for (const shell of ["bash", "zsh", "fish"]) {
        const { code, stdout } = yield* sluice(["--completions", shell], { cwd })
        assert.strictEqual(code, 0)
        assert.include(stdout, "full-refresh")
        assert.notInclude(stdout, "wizard")
      }
    })
  )

  it.scopedLive("refuses mistakes with exit code 2, on stderr, and says what was meant", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, message: RegExp]> = [
        [["snyc", "postmark"], /^sluice: there is no command "snyc"; did you mean sync\?\n/],
        [["sync"], /^sluice: sync needs a SOURCE/],
        [["sync", "postmark", "--nope"], /^sluice: there is no option --nope\n/],
        [["check", "postmark", "--full-refresh"], /^sluice: --full-refresh is an option of sync, not of check\n/],
        [["status", "--dbb=x"], /^sluice: there is no option --dbb; did you mean --db\?\n/],
        [
          ["sync", "postmark", "--limit-pages", "none"],
          /^sluice: --limit-pages must be a whole number, 1 or more, is "none"\n/
        ],
        [["sandbox", "--fault", "sometimes"], /^sluice: fault "sometimes" must look like /],
        [["demo", "extra"], /^sluice: demo does not know what to do with "extra"\n/]
      ]
      for (const [args, message] of cases) {
        const { code, stderr, stdout } = yield* sluice(args, { cwd })
        assert.deepStrictEqual([args, code, stdout], [args, 2, ""])
        assert.match(stderr, message)
      }
      assert.deepStrictEqual(readdirSync(cwd), [])
    })
  )
})

describe("sluice check", { timeout: 90_000 }, () => {
  it.scopedLive("asks for one page of each resource and writes nothing", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      const good = yield* sluice(["check", "postmark"], { cwd, env: server.env })
      assert.strictEqual(good.code, 0)
      assert.match(
        good.stdout,
        /✓ messages +500 rows on the first page, 1,200 in all; key MessageID; paginator offset\n/
      )
      assert.lengthOf(yield* server.requests, 16)
      const wrong = yield* sluice(["check", "postmark", "--json"], {
        cwd,
        env: { ...server.env, POSTMARK_SERVER_TOKEN: "wrong-token" }
      })
      assert.strictEqual(wrong.code, 3)
      const report = document<{
        readonly status: string
        readonly resources: ReadonlyArray<{ readonly name: string; readonly status: string }>
      }>(wrong.stdout)
      assert.strictEqual(report.status, "partial")
      assert.strictEqual(report.resources.find(({ name }) => name === "bounces")?.status, "failed")
      assert.strictEqual(report.resources.find(({ name }) => name === "servers")?.status, "ok")
      const bad = yield* sluice(["check", "postmark"], {
        cwd,
        env: { POSTMARK_BASE_URL: server.url, POSTMARK_SERVER_TOKEN: "wrong-token" }
      })
      assert.strictEqual(bad.code, 1)
      assert.match(bad.stdout, /✗ messages +GET \S+ answered 401 \(error code 10\)/)
      assert.match(bad.stdout, /– domains +left out: POSTMARK_ACCOUNT_TOKEN is not set/)
      assert.deepStrictEqual(readdirSync(cwd), [])
    })
  )

  it.scopedLive("--offline sends nothing, and still finds what is missing", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      writeFileSync(
        join(cwd, "mine.yaml"),
        'client:\n  base_url: http://127.0.0.1:1\n  auth: { type: api_key, name: api_key, api_key: "${MY_KEY}" }\nresources:\n  - name: things\n    endpoint: { path: /things, paginator: single_page }\n'
      )
      const missing = yield* sluice(["check", "mine.yaml", "--offline"], { cwd })
      assert.strictEqual(missing.code, 2)
      assert.match(missing.stderr, /mine\.yaml:3:\d+ client\.auth\.api_key: .*MY_KEY/)
      const fine = yield* sluice(["check", "mine.yaml", "--offline"], { cwd, env: { MY_KEY: "some-key" } })
      assert.strictEqual(fine.code, 0)
      assert.match(fine.stdout, /✓ ready: the configuration is right; nothing was sent/)
    })
  )
})

describe("sluice status", { timeout: 90_000 }, () => {
  it.scopedLive("shows rows, freshness and runs, and leaves no trace", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox()
      yield* sync(["postmark"], { cwd, env: server.env })
      const before = {
        names: readdirSync(cwd).toSorted(),
        changed: statSync(join(cwd, "postmark.db")).mtimeMs,
        bytes: readFileSync(join(cwd, "postmark.db"))
      }
      const { code, stderr, stdout } = yield* sluice(["status"], { cwd })
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.match(stdout, /^postmark\.db [\d.]+ MB\n/)
      assert.match(stdout, /^ {2}messages +messages +1,200 +(just now|\d+ s ago) +✓ complete +0$/m)
      const json = yield* sluice(["status", "--db", "postmark.db", "--json"], { cwd })
      const ledger = document<{ readonly resources: ReadonlyArray<Readonly<Record<string, unknown>>> }>(json.stdout)
      const messages = ledger.resources.find(({ name }) => name === "messages")
      assert.strictEqual(messages?.["rows"], 1200)
      assert.strictEqual(messages?.["checkpoint"], null)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), before.names)
      assert.strictEqual(statSync(join(cwd, "postmark.db")).mtimeMs, before.changed)
      assert.isTrue(readFileSync(join(cwd, "postmark.db")).equals(before.bytes))
    })
  )

  it.scopedLive("asks which database is meant, and says when there is none", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const none = yield* sluice(["status"], { cwd })
      assert.strictEqual(none.code, 2)
      assert.match(none.stderr, /^sluice: no database of sluice's is in this folder\n/)
      const gone = yield* sluice(["status", "--db", "gone.db"], { cwd })
      assert.strictEqual(gone.code, 1)
      assert.match(gone.stderr, /gone\.db: .*there is no such file/)
      assert.isFalse(existsSync(join(cwd, "gone.db")))
      yield* query(join(cwd, "other.db"), "CREATE TABLE mine (id INTEGER)")
      const other = yield* sluice(["status", "--db", "other.db"], { cwd })
      assert.strictEqual(other.code, 1)
      assert.match(other.stderr, /other\.db: .*no sync has written to this database/)
      const server = yield* sandbox()
      yield* sync(["postmark", "--resource", "domains"], { cwd, env: server.env })
      assert.match((yield* sluice(["status"], { cwd })).stdout, /^postmark\.db /)
      yield* sync(["postmark", "--resource", "domains", "--db", "second.db"], { cwd, env: server.env })
      const several = yield* sluice(["status"], { cwd })
      assert.strictEqual(several.code, 2)
      assert.match(several.stderr, /several databases of sluice's are in this folder: postmark\.db, second\.db\n/)
    })
  )
})

describe("sluice sandbox", { timeout: 90_000 }, () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it.scopedLive(`prints what to paste, and ends with 130 on ${signal}, connections or not`, () =>
      Effect.gen(function* () {
        const server = yield* sandbox("--messages", "3")
        assert.match(server.program.stdout(), /^# http:\/\/127\.0\.0\.1:\d+\n(export POSTMARK_\w+=\S+\n){3}$/)
        yield* server.requests
        yield* server.program.kill(signal)
        const { code } = yield* server.program.ended
        assert.strictEqual(code, 130)
      })
    )
  }

  it.scopedLive("says when its port is taken", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const port = yield* freePort
      const first = yield* startSluice(["sandbox", "--port", String(port)], { cwd })
      yield* until(() => first.stdout() !== "")
      const { code, stderr, stdout } = yield* sluice(["sandbox", "--port", String(port)], { cwd })
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(stderr, new RegExp(`^sluice: port ${port} on 127\\.0\\.0\\.1 is in use`))
    })
  )
})

describe("sluice demo", { timeout: 90_000 }, () => {
  it.scopedLive("fills six tables and asks three questions, twice", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const first = yield* sluice(["demo"], { cwd })
      assert.strictEqual(first.code, 0)
      assert.match(first.stdout, /^postmark → demo\.db /)
      assert.match(first.stdout, /✓ complete: demo\.db holds everything the API reports/)
      const [hard] = yield* query<{ readonly n: number }>(
        join(cwd, "demo.db"),
        "SELECT count(*) AS n FROM bounces WHERE type = 'HardBounce'"
      )
      assert.match(first.stdout, new RegExp(`^  HardBounce +${hard?.n} `, "m"))
      assert.lengthOf(first.stdout.match(/^\S.*\?\n\n {2}(SELECT|WITH) /gm) ?? [], 3)
      assert.match(first.stdout, /^Next$/m)
      const second = yield* sluice(["demo"], { cwd })
      assert.strictEqual(second.code, 0)
      assert.match(second.stdout, /messages +✓ complete +1,200 +0 +0 +1,200 /)
      const changed = yield* query<{ readonly n: number }>(
        join(cwd, "demo.db"),
        "SELECT count(DISTINCT _sluice_run) AS n FROM messages"
      )
      assert.strictEqual(changed[0]?.n, 1)
    })
  )
})
