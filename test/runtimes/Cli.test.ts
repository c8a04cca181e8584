/**
 * The built command line, end to end on the runtime that runs this file: a run over real HTTP, a second one, bad input, a
 * signal. What the demo stores is written out, to be compared byte for byte between runtimes.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { afterAll } from "vitest"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import { platform } from "../../src/node.ts"

const bin = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "sluice-runtime-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Under Deno with no more than the permissions that the README names; all of them for what starts processes. */
const command = (args: ReadonlyArray<string>): readonly [string, Array<string>] =>
  process.versions.deno === undefined
    ? [process.execPath, [bin, ...args]]
    : [
        process.execPath,
        [
          "run",
          "--no-prompt",
          ...(args[0] === "crash-test"
            ? ["--allow-all"]
            : ["--allow-env", "--allow-net=127.0.0.1", "--allow-read", `--allow-write=${folder}`]),
          bin,
          ...args
        ]
      ]

const sluice = (...args: ReadonlyArray<string>) => {
  const [file, all] = command(args)
  const done = spawnSync(file, all, {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
    killSignal: "SIGKILL",
    env: { ...process.env, NO_COLOR: "1" }
  })
  return { code: done.status, stdout: done.stdout, stderr: done.stderr }
}

const tables = (db: string, columns: (table: string, names: ReadonlyArray<string>) => ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const sql = yield* DatabaseFile.open(join(folder, db))
    const query = (text: string) => Effect.map(sql.unsafe(text).values, (rows) => rows.map((row) => [...row]))
    const dump: Record<string, unknown> = {}
    for (const [name, ddl] of yield* query(
      "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sluice%' ESCAPE '\\' ORDER BY name"
    )) {
      const names = (yield* query(`SELECT name FROM pragma_table_info('${name}')`)).map(([column]) => String(column))
      // As text: an integer beyond 2^53 is to be compared exactly.
      const list = columns(String(name), names)
        .map((column) => `CAST("${column}" AS TEXT)`)
        .join(", ")
      dump[String(name)] = { ddl, rows: yield* query(`SELECT ${list} FROM "${name}" ORDER BY ${list}`) }
    }
    return dump
  }).pipe(Effect.scoped, Effect.provide(platform), Effect.runPromise)

describe("the command line on this runtime", () => {
  it("shows its version and its help", () => {
    assert.deepInclude(sluice("--version"), { code: 0, stdout: "0.1.0\n" })
    const help = sluice("--help")
    assert.strictEqual(help.code, 0)
    assert.include(help.stdout, "sync")
  })

  it("runs the demo over real HTTP, the same tables everywhere, and nothing to do the second time", async () => {
    const first = sluice("demo", "--db", "demo.db")
    assert.strictEqual(first.code, 0, first.stderr)
    const all = await tables("demo.db", (_, names) => names.filter((name) => name !== "_sluice_run"))
    assert.sameMembers(Object.keys(all), [
      "bounces",
      "deliverystats",
      "domains",
      "message_streams",
      "messages",
      "messages__attachments",
      "messages__bcc",
      "messages__cc",
      "messages__recipients",
      "messages__to",
      "servers",
      "servers__api_tokens"
    ])
    const out = process.env["SLUICE_RUNTIME_OUT"]
    if (out !== undefined) writeFileSync(join(out, "demo-tables.json"), JSON.stringify(all, null, 1))

    const before = await tables("demo.db", (_, names) => names)
    const second = sluice("demo", "--db", "demo.db")
    assert.strictEqual(second.code, 0, second.stderr)
    assert.deepStrictEqual(await tables("demo.db", (_, names) => names), before)
  }, 90_000)

  it("refuses an unknown option, a missing token and a file that is no database, each with its exit code", () => {
    assert.strictEqual(sluice("sync", "postmark", "--nope").code, 2)
    const tokens = sluice("sync", "postmark")
    assert.strictEqual(tokens.code, 2)
    assert.include(tokens.stderr, "POSTMARK_SERVER_TOKEN")
    assert.include(tokens.stderr, "POSTMARK_ACCOUNT_TOKEN")
    writeFileSync(
      join(folder, "notes.txt"),
      "these are my notes, and they are long enough to be no empty file\n".repeat(10)
    )
    const notes = sluice("demo", "--db", "notes.txt")
    assert.strictEqual(notes.code, 1)
    assert.include(notes.stderr, "not an SQLite database")
  }, 60_000)

  it("plans, prints types, starts a configuration and forgets a state, with no more permissions than that", () => {
    const token = "a-t0ken-of-none"
    process.env["POSTMARK_SERVER_TOKEN"] = token
    try {
      const plan = sluice("plan", "postmark", "--db", "demo.db", "--json")
      assert.strictEqual(plan.code, 0, plan.stderr)
      assert.strictEqual((JSON.parse(plan.stdout) as { readonly db_exists: boolean }).db_exists, true)
      const types = sluice("schema", "types", "postmark")
      assert.strictEqual(types.code, 0, types.stderr)
      assert.include(types.stdout, "export interface MessagesRow {\n  message_id: string\n")
      assert.notInclude(plan.stdout + types.stdout, token)
    } finally {
      delete process.env["POSTMARK_SERVER_TOKEN"]
    }
    assert.strictEqual(sluice("init", "mine").code, 0)
    assert.strictEqual(sluice("init", "mine").code, 2)
    const reset = sluice("state", "reset", "--db", "demo.db", "--json")
    assert.strictEqual(reset.code, 0, reset.stderr)
    assert.lengthOf((JSON.parse(reset.stdout) as { readonly resources: ReadonlyArray<unknown> }).resources, 6)
    assert.strictEqual(sluice("state", "show", "--db", "gone.db").code, 1)
  }, 60_000)

  it("serves the sandbox until it is told to stop, syncs from it as JSON, and rebuilds what it kept", async () => {
    const [file, args] = command(["sandbox", "--messages", "700", "--bounces", "40"])
    const server = spawn(file, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] })
    try {
      const lines = await firstOutput(server, /POSTMARK_BASE_URL=\S+/)
      const env = Object.fromEntries(
        [...lines.matchAll(/(POSTMARK_[A-Z_]+)=["']?([^\s"']+)/g)].map(([, name, value]) => [name!, value!])
      )
      Object.assign(process.env, env)
      const kept = sluice("sync", "postmark", "--db", "kept.db", "--archive", "--json")
      assert.strictEqual(kept.code, 0, kept.stderr)
      const before = await tables("kept.db", (_, names) => names)
      const rebuilt = sluice("rebuild", "postmark", "--db", "kept.db", "--json")
      assert.strictEqual(rebuilt.code, 0, rebuilt.stderr)
      assert.deepStrictEqual(await tables("kept.db", (_, names) => names), before)
      const run = sluice("sync", "postmark", "--db", "p.db", "--json")
      assert.strictEqual(run.code, 0, run.stderr)
      const receipt = JSON.parse(run.stdout) as {
        status: string
        resources: Array<{ name: string; rows: { inserted: number } }>
      }
      assert.strictEqual(receipt.status, "complete")
      assert.deepInclude(
        receipt.resources.map(({ name, rows }) => [name, rows.inserted]),
        ["messages", 700]
      )
      // Processes of its own, started by this runtime and really killed.
      const crashes = sluice("crash-test", "postmark", "--resource", "bounces", "--trials", "3", "--json")
      assert.strictEqual(crashes.code, 0, crashes.stderr)
      const found = JSON.parse(crashes.stdout) as { kills: number; differences: Array<unknown> }
      assert.isAtLeast(found.kills, 3)
      assert.deepStrictEqual(found.differences, [])
      for (const token of [env["POSTMARK_SERVER_TOKEN"]!, env["POSTMARK_ACCOUNT_TOKEN"]!])
        assert.notInclude(run.stdout + run.stderr, token)
    } finally {
      for (const name of Object.keys(process.env)) if (name.startsWith("POSTMARK_")) delete process.env[name]
      server.kill("SIGINT")
    }
    assert.strictEqual(await exitCode(server), 130)
  }, 90_000)
})

const firstOutput = (child: ChildProcess, wanted: RegExp) =>
  new Promise<string>((resolve, reject) => {
    let text = ""
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      // The variables come together; a moment later all are there.
      if (wanted.test(text)) setTimeout(() => resolve(text), 200)
    })
    child.on("exit", (code) => reject(new Error(`ended with ${code} before it served: ${text}`)))
  })

/** A server that hangs on close must fail the test, not the machine. */
const exitCode = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000)
    child.on("exit", (code, signal) => {
      clearTimeout(timer)
      // Deno's node:child_process takes the exit code 130 of its child for the signal.
      resolve(process.versions.deno !== undefined && signal === "SIGINT" ? 130 : code)
    })
  })
