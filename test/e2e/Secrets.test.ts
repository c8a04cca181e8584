/**
 * A token is never shown and never stored: not on stdout or stderr, at any log level, in success or failure, nor in the file.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { bytesOf, type Environment, folder, sandbox, sluice } from "./support.ts"

const noneOf = (secrets: ReadonlyArray<string>, text: string, where: string) => {
  for (const secret of secrets) assert.isFalse(text.includes(secret), `${where} shows ${secret}`)
}

describe("no token", { timeout: 90_000 }, () => {
  it.scopedLive("is in any output or in the database, at any log level", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--fault", "500@2", "--fault", "429@4")
      const right = [server.env["POSTMARK_SERVER_TOKEN"] ?? "", server.env["POSTMARK_ACCOUNT_TOKEN"] ?? ""]
      const wrong = ["wr0ng-server-t0ken-%/+\u00e9", "wr0ng-account-t0ken"]
      const bad: Environment = {
        ...server.env,
        POSTMARK_SERVER_TOKEN: wrong[0] ?? "",
        POSTMARK_ACCOUNT_TOKEN: wrong[1] ?? ""
      }
      const away: Environment = { ...bad, POSTMARK_BASE_URL: "http://127.0.0.1:1" }
      const runs: ReadonlyArray<readonly [args: ReadonlyArray<string>, env: Environment]> = [
        [["sync", "postmark", "--log-level", "trace"], server.env],
        [["sync", "postmark", "--json", "--log-level", "all"], server.env],
        [["sync", "postmark", "--log-level", "trace", "--db", "bad.db"], bad],
        [["sync", "postmark", "--json", "--db", "bad.db"], bad],
        [["sync", "postmark", "--log-level", "debug", "--db", "away.db"], away],
        [["check", "postmark", "--log-level", "all"], bad],
        [["check", "postmark", "--json"], server.env],
        [["plan", "postmark", "--log-level", "all"], server.env],
        [["plan", "postmark", "--json", "--db", "bad.db"], bad],
        [["preview", "postmark", "servers", "--log-level", "all"], server.env],
        [["preview", "postmark", "servers", "--rows", "3", "--json"], server.env],
        [["preview", "postmark", "messages", "--log-level", "all"], bad],
        [["preview", "postmark", "messages", "--json"], away],
        [["schema", "types", "postmark", "--log-level", "all"], server.env],
        [["schema", "ddl", "postmark", "--db", "postmark.db"], server.env],
        [["state", "show", "postmark", "--json"], server.env],
        [["state", "reset", "postmark", "--log-level", "all"], server.env],
        [["status", "--db", "bad.db"], bad]
      ]
      for (const [args, env] of runs) {
        const { stderr, stdout } = yield* sluice(args, { cwd, env })
        noneOf([...right, ...wrong], stdout + stderr, args.join(" "))
      }
      for (const name of ["postmark.db", "bad.db", "away.db"])
        noneOf([...right, ...wrong], bytesOf(join(cwd, name)), name)
    })
  )

  it.scopedLive("of a configuration is, where it goes into the query and where the file is wrong", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--shape", "spec")
      const secret = "q-s3cret/value+1"
      const file = (extra: string) =>
        `client:\n  base_url: \${API_BASE_URL}\n  auth: { type: api_key, name: api_key, api_key: "\${MY_SECRET}", location: query }\n${extra}resources:\n  - name: bounces\n    endpoint: { path: /v1/bounces, data_selector: Bounces, paginator: { type: offset, limit: 500 } }\n`
      writeFileSync(join(cwd, "right.yaml"), file(""))
      writeFileSync(join(cwd, "wrong.yaml"), file('  headers: { "X-Other": ["${MY_SECRET}"] }\n  unknown: 1\n'))
      const env = { API_BASE_URL: server.url, MY_SECRET: secret }
      for (const name of ["right.yaml", "wrong.yaml"]) {
        for (const args of [
          ["sync", name, "--log-level", "all"],
          ["sync", name, "--json"],
          ["check", name],
          ["plan", name],
          ["plan", name, "--json", "--log-level", "all"],
          ["preview", name, "bounces", "--log-level", "all"],
          ["preview", name, "bounces", "--json"]
        ]) {
          const { code, stderr, stdout } = yield* sluice(args, { cwd, env })
          assert.strictEqual(code, name === "wrong.yaml" ? 2 : args[0] === "plan" ? 0 : 1)
          noneOf([secret, encodeURIComponent(secret)], stdout + stderr, args.join(" "))
        }
      }
      noneOf([secret, encodeURIComponent(secret)], bytesOf(join(cwd, "right.db")), "right.db")
    })
  )
})
