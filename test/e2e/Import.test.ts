/**
 * `sluice import` as a user's shell sees it; the specification's document goes all the way into a database.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { document, folder, query, rowsOf, root, sandbox, sluice, sync } from "./support.ts"

const fixture = (name: string) => join(root, "test/fixtures/import", name)

interface Report {
  readonly status: string
  readonly out: string | null
  readonly yaml: string
  readonly variables: ReadonlyArray<string>
  readonly repairs: ReadonlyArray<{ readonly line: number; readonly path: string; readonly message: string }>
  readonly open: ReadonlyArray<{ readonly line: number; readonly path: string }>
  readonly problems: ReadonlyArray<unknown>
}

describe("sluice import", { timeout: 90_000 }, () => {
  it.scopedLive("the specification imports, checks and syncs as it stands", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const imported = yield* sluice(["import", fixture("analytics-api-spec.md"), "--out", "spec.yaml"], { cwd })
      assert.deepStrictEqual([imported.code, imported.stdout], [0, ""])
      assert.match(imported.stderr, /analytics-api-spec\.md:142:1 client\.retry\.statuses: taken from the text/)
      const server = yield* sandbox("--shape", "spec", "--messages", "700")
      const file = join(cwd, "spec.yaml")
      // The one address that nobody answers at.
      writeFileSync(file, readFileSync(file, "utf8").replace("https://api.example.com", server.url))
      const checked = yield* sluice(["check", "spec.yaml", "--offline"], { cwd, env: server.env })
      assert.strictEqual(checked.code, 0, checked.stderr)
      const { code, receipt } = yield* sync(["spec.yaml"], { cwd, env: server.env })
      assert.deepStrictEqual([code, receipt.status], [0, "complete"], JSON.stringify(receipt.resources))
      assert.deepInclude(rowsOf(receipt, "messages"), { fetched: 700, inserted: 700, rejected: 0 })
      // Its schema section names a column that is null in every row.
      const [stream] = yield* query<{ readonly archived_at: unknown }>(
        join(cwd, "spec.db"),
        "SELECT archived_at FROM message_streams LIMIT 1"
      )
      assert.deepStrictEqual(stream?.archived_at, null)
    })
  )

  it.scopedLive("0: YAML on stdout, or one JSON document; a file that is there stays", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const yaml = yield* sluice(["import", fixture("code_host.py")], { cwd })
      assert.strictEqual(yaml.code, 0)
      assert.match(yaml.stdout, /^# Imported from code_host\.py [\s\S]*^resources:$/m)
      const json = yield* sluice(["import", fixture("code_host.py"), "--json"], { cwd })
      assert.deepStrictEqual([json.code, json.stderr], [0, ""])
      const report = document<Report>(json.stdout)
      assert.strictEqual(report.yaml.trimEnd(), yaml.stdout.trimEnd())
      assert.deepInclude(report, { status: "complete", out: null, variables: ["ACCESS_TOKEN"], open: [], problems: [] })
      writeFileSync(join(cwd, "mine.yaml"), "mine")
      const taken = yield* sluice(["import", fixture("code_host.py"), "--out", "mine.yaml"], { cwd })
      assert.deepStrictEqual([taken.code, taken.stdout, readFileSync(join(cwd, "mine.yaml"), "utf8")], [2, "", "mine"])
    })
  )

  it.scopedLive("3: what is left to do is listed, and marked in the file", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { code, stderr } = yield* sluice(["import", fixture("shop.py"), "--out", "shop.yaml"], { cwd })
      assert.strictEqual(code, 3)
      assert.match(stderr, /shop\.py:43:\d+ resources\[4\]: `stock_levels\(\)` is a resource made by code/)
      assert.match(readFileSync(join(cwd, "shop.yaml"), "utf8"), /^# TODO: `stock_levels\(\)`/m)
      const offline = yield* sluice(["check", "shop.yaml", "--offline"], { cwd, env: { SHOP_KEY: "k", TENANT: "t" } })
      assert.strictEqual(offline.code, 0, offline.stderr)
    })
  )

  it.scopedLive("1: no configuration; 2: no such file, no name for one", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const nothing = yield* sluice(["import", fixture("rest_client.py"), "--out", "a.yaml"], { cwd })
      assert.deepStrictEqual([nothing.code, existsSync(join(cwd, "a.yaml"))], [1, false])
      assert.match(nothing.stderr, /holds no object with `client` and `resources`/)
      const json = yield* sluice(["import", fixture("rest_client.py"), "--json"], { cwd })
      assert.deepInclude(document<{ readonly error: unknown }>(json.stdout).error, { reason: "NoConfig", exit_code: 1 })
      for (const args of [["nowhere.py"], [], [fixture("shop.py"), "--out", "a.txt"], ["."]]) {
        const { code, stdout } = yield* sluice(["import", ...args], { cwd })
        assert.deepStrictEqual([args, code, stdout], [args, 2, ""])
      }
    })
  )

  it.scopedLive("no credential of the document reaches a stream or a file", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { stderr } = yield* sluice(["import", fixture("leaky.py"), "--out", "leaky.yaml"], { cwd })
      const json = yield* sluice(["import", fixture("leaky.py"), "--json"], { cwd })
      const all = stderr + json.stdout + json.stderr + readFileSync(join(cwd, "leaky.yaml"), "utf8")
      for (const secret of ["ghp_", "hunter2", "correct horse", "1234567890abcdef", "s3cr3t"])
        assert.notInclude(all, secret)
    })
  )
})
