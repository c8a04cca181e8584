/**
 * OAuth, response actions and forms from a configuration, against a server in this process that keeps the rules.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { bytesOf, folder, query, resourceOf, sync } from "./support.ts"

const secret = "cl13nt/5ecr3t+1"

/** Gives tokens, and takes all but the first: that one it has already forgotten. */
const api = Effect.map(
  Effect.acquireRelease(
    Effect.async<{ readonly server: Http.Server; readonly tokens: Array<string>; readonly forms: Array<string> }>(
      (resume) => {
        const tokens: Array<string> = []
        const forms: Array<string> = []
        const server = Http.createServer((request, response) => {
          let body = ""
          request.setEncoding("utf8").on("data", (part: string) => (body += part))
          request.on("end", () => {
            const say = (status: number, json: unknown) =>
              response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json))
            if (request.url === "/oauth/token") {
              const form = new URLSearchParams(body)
              if (form.get("client_secret") !== secret)
                return say(401, { error: "invalid_client", error_description: body })
              tokens.push(`acc3ss-t0ken-${tokens.length + 1}`)
              return say(200, { access_token: tokens.at(-1), token_type: "Bearer", expires_in: 3600 })
            }
            const shown = request.headers.authorization?.slice("Bearer ".length) ?? ""
            if (!tokens.slice(1).includes(shown)) return say(401, { message: `${shown} is not known` })
            if (request.method === "POST") forms.push(body)
            if (request.url === "/gone") return say(404, { message: "no such report" })
            if (request.url === "/late") return say(200, { error: "export failed" })
            say(200, [{ id: 1, echo: shown }])
          })
        })
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed({ server, tokens, forms })))
      }
    ),
    ({ server }) =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  ),
  ({ forms, server, tokens }) => ({
    forms,
    tokens,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
)

const config = (url: string) => `
client:
  base_url: ${url}
  auth:
    type: oauth2_client_credentials
    access_token_url: ${url}/oauth/token
    client_id: me
    client_secret: "\${CLIENT_SECRET}"
resource_defaults: { primary_key: id }
resources:
  - { name: first, endpoint: { path: first } }
  - { name: second, endpoint: { path: second } }
  - { name: found, endpoint: { path: search, method: POST, data: { tag: [a, b], since: 1 } } }
  - { name: gone, endpoint: { path: gone, response_actions: [{ status_code: 404, action: ignore }] } }
  - { name: late, endpoint: { path: late, response_actions: [{ content: export failed, action: fail, message: no export today }] } }
`

describe("a configuration with OAuth", { timeout: 90_000 }, () => {
  it.scopedLive("one token for all resources, another when it is refused; actions and forms as declared", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* api
      writeFileSync(join(cwd, "api.yaml"), config(server.url))
      const run = yield* sync(["api.yaml", "--log-level", "all"], { cwd, env: { CLIENT_SECRET: secret } })
      assert.strictEqual(run.code, 3, run.stderr)
      assert.lengthOf(server.tokens, 2)
      for (const name of ["first", "second", "found"]) {
        assert.strictEqual(resourceOf(run.receipt, name).status, "complete")
        const rows = yield* query(join(cwd, "api.db"), `select id, echo from ${name}`)
        assert.deepStrictEqual(rows, [{ id: 1, echo: "***" }])
      }
      assert.include(server.forms, "tag=a&tag=b&since=1")
      const gone = resourceOf(run.receipt, "gone")
      assert.deepStrictEqual([gone.status, gone.stop_reason, gone.rows.fetched], ["complete", "ignored", 0])
      assert.include(gone.notices.join(), "as a response action says")
      assert.include(JSON.stringify(resourceOf(run.receipt, "late").error), "answered 200: no export today")
      const seen = run.stdout + run.stderr + bytesOf(join(cwd, "api.db"))
      for (const text of [secret, encodeURIComponent(secret), ...server.tokens]) assert.notInclude(seen, text)
    })
  )

  it.scopedLive("a wrong secret fails each resource with the server's words, without the secret", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* api
      writeFileSync(join(cwd, "api.yaml"), config(server.url))
      const run = yield* sync(["api.yaml"], { cwd, env: { CLIENT_SECRET: "wr0ng/5ecr3t" } })
      assert.strictEqual(run.code, 1)
      assert.include(run.stdout, "/oauth/token answered 401 (error code invalid_client): no access token")
      for (const text of ["wr0ng/5ecr3t", encodeURIComponent("wr0ng/5ecr3t")])
        assert.notInclude(run.stdout + run.stderr, text)
    })
  )
})
