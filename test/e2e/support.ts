/**
 * The built command line as a child process, a sandbox in another one, a folder of its own per test.
 *
 * Nothing here is mocked: what these tests see is what a user's shell sees. `npm test` builds first; a stale build is refused.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import { NodeContext } from "@effect/platform-node"
import { assert } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type * as Receipt from "../../src/Receipt.ts"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as Driver from "../../src/Table/Driver.ts"

export const root = fileURLToPath(new URL("../..", import.meta.url))

/** Another build than that of this checkout, such as an installed one, may be named. */
export const bin = process.env["SLUICE_BIN"] ?? join(root, "bin/sluice.js")

if (process.env["SLUICE_BIN"] === undefined) {
  const stamp = (await import(new URL("../../scripts/build-stamp.mjs", import.meta.url).href)) as {
    readonly isBuilt: () => boolean
  }
  if (!stamp.isBuilt())
    throw new Error("dist is not the build of these sources; run `npm run build` first (`npm test` does)")
}

export interface Result {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export type Environment = Readonly<Record<string, string>>

export interface Program {
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly ended: Effect.Effect<Result>
  readonly stdout: () => string
  readonly stderr: () => string
}

/** A temporary folder, gone with the scope. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "sluice-e2e-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** Nothing of the environment these tests run in but what a program needs to start. */
const clean = (env: Environment): NodeJS.ProcessEnv => {
  const { HOME, PATH, TMPDIR } = process.env
  return {
    ...(HOME === undefined ? {} : { HOME }),
    ...(PATH === undefined ? {} : { PATH }),
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    ...env
  }
}

/** `uid`: as another user, which only root may. */
export interface Options {
  readonly cwd: string
  readonly env?: Environment
  readonly uid?: number | undefined
}

/** Starts any program; it is killed with the scope at the latest. */
export const start = (command: string, args: ReadonlyArray<string>, options: Options) =>
  Effect.acquireRelease(
    Effect.sync((): Program & { readonly child: ChildProcess } => {
      const child = spawn(command, args, {
        cwd: options.cwd,
        env: clean(options.env ?? {}),
        stdio: ["ignore", "pipe", "pipe"],
        ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid })
      })
      const text = { stdout: "", stderr: "" }
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text.stdout += chunk))
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text.stderr += chunk))
      const ended = new Promise<Result>((resolve, reject) => {
        child.on("error", reject)
        child.on("close", (code, signal) => resolve({ code, signal, ...text }))
      })
      return {
        child,
        pid: child.pid ?? 0,
        kill: (signal) => Effect.sync(() => void child.kill(signal)),
        ended: Effect.promise(() => ended),
        stdout: () => text.stdout,
        stderr: () => text.stderr
      }
    }),
    ({ child }) => Effect.sync(() => void child.kill("SIGKILL"))
  )

export const startSluice = (args: ReadonlyArray<string>, options: Options) =>
  start(process.execPath, [bin, ...args], options)

/** Runs the command line to its end. */
export const sluice = (args: ReadonlyArray<string>, options: Options) =>
  Effect.scoped(Effect.flatMap(startSluice(args, options), ({ ended }) => ended))

/** `sluice sync … --json`, its one document read. */
export const sync = (args: ReadonlyArray<string>, options: { readonly cwd: string; readonly env?: Environment }) =>
  Effect.map(sluice(["sync", ...args, "--json"], options), (result) => ({
    ...result,
    receipt: document<Receipt.Receipt>(result.stdout)
  }))

/** Fails unless stdout is exactly one line that is JSON. */
export const document = <A>(stdout: string): A => {
  assert.match(stdout, /^[^\n]+\n$/)
  return JSON.parse(stdout) as A
}

export const rowsOf = (receipt: Receipt.Receipt, name: string) => resourceOf(receipt, name).rows

export const resourceOf = (receipt: Receipt.Receipt, name: string): Receipt.Resource => {
  const found = receipt.resources.find((resource) => resource.name === name)
  if (found === undefined) throw new Error(`the receipt has no ${name}`)
  return found
}

export interface Sandbox {
  readonly url: string
  /** The variables it printed. */
  readonly env: Environment
  readonly program: Program
  readonly requests: Effect.Effect<
    ReadonlyArray<{ readonly path: string; readonly query: Environment; readonly status: number }>
  >
  readonly change: (rows: {
    readonly messages?: number
    readonly bounces?: number
    readonly domains?: number
  }) => Effect.Effect<void>
}

/** `sluice sandbox` in a process of its own. */
export const sandbox = (...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const program = yield* startSluice(["sandbox", ...args], { cwd: root })
    yield* until(
      () => /^export \w+_URL=.*\n/m.test(program.stdout()),
      () => program.stderr()
    )
    const env = Object.fromEntries(
      Array.from(program.stdout().matchAll(/^export (\w+)=(.*)$/gm), ([, name = "", value = ""]) => [name, value])
    )
    const url = env["POSTMARK_BASE_URL"] ?? env["API_BASE_URL"] ?? ""
    const control = (path: string, init?: RequestInit) =>
      Effect.promise(async () => {
        const response = await fetch(`${url}/__sandbox/${path}`, init)
        assert.strictEqual(response.status, 200)
        return response.json() as Promise<unknown>
      })
    const self: Sandbox = {
      url,
      env,
      program,
      requests: Effect.map(control("requests"), (answer) => (answer as { readonly requests: [] }).requests),
      change: (rows) => Effect.asVoid(control("change", { method: "POST", body: JSON.stringify(rows) }))
    }
    return self
  })

/** A port of this machine that nobody listens on. */
export const freePort = Effect.async<number>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0)))
  })
})

/** Waits for something that other processes do; never longer than 15 s. */
export const until = (isSo: () => boolean, what: () => string = () => "it") =>
  Effect.suspend(() => (isSo() ? Effect.void : Effect.fail("not yet"))).pipe(
    Effect.retry(Schedule.spaced("20 millis").pipe(Schedule.upTo("15 seconds"))),
    Effect.catchAll(() => Effect.dieMessage(`waited 15 s: ${what()}`))
  )

/** Waits until the sandbox has answered so many requests for a path. */
export const untilRequested = (sandbox: Sandbox, path: string, count: number) =>
  sandbox.requests.pipe(
    Effect.filterOrFail(
      (requests) => requests.filter((request) => request.path === path).length >= count,
      () => "not yet"
    ),
    Effect.retry(Schedule.spaced("20 millis").pipe(Schedule.upTo("15 seconds"))),
    Effect.catchAll(() => Effect.dieMessage(`waited 15 s for ${count} requests of ${path}`))
  )

/** Looks into a database with the drivers sluice itself uses. */
export const query = <A extends object>(file: string, sql: string) => database(file, (client) => client.unsafe<A>(sql))

export const database = <A, E>(file: string, use: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) =>
  Effect.scoped(Effect.flatMap(Driver.Driver, (driver) => Effect.flatMap(driver.open({ filename: file }), use))).pipe(
    Effect.provide([AutoDriver.layer, NodeContext.layer]),
    Effect.orDie
  )

/** Every byte of the database and what SQLite keeps beside it. */
export const bytesOf = (file: string): string =>
  ["", "-wal", "-lock"]
    .map((suffix) => {
      try {
        return readFileSync(`${file}${suffix}`, "latin1")
      } catch {
        return ""
      }
    })
    .join("")
