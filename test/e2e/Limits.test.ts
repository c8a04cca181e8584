/**
 * An API that says how often it may be asked, and the built program, which keeps to that.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { folder, startSluice, sync, until } from "./support.ts"

interface Answer {
  readonly status: number
  readonly headers?: Http.OutgoingHttpHeaders
}

/** `answer` is given the number of the request, and of milliseconds since the one before was answered. */
const upstream = (answer: (number: number, since: number) => Answer) =>
  Effect.acquireRelease(
    Effect.async<{ readonly url: string; readonly asked: () => number; readonly server: Http.Server }>((resume) => {
      let asked = 0
      let last = -Infinity
      const server = Http.createServer((_, response) => {
        const { headers, status } = answer(++asked, performance.now() - last)
        last = performance.now()
        response.writeHead(status, { "content-type": "application/json", ...headers }).end('[{"id":1}]')
      })
      server.listen(0, "127.0.0.1", () => {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        resume(Effect.succeed({ url, asked: () => asked, server }))
      })
    }),
    ({ server }) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )

const configured = (cwd: string, url: string) => {
  const resource = (name: string) => ({ name, endpoint: { path: name, paginator: "single_page" } })
  const file = join(cwd, "api.json")
  const config = {
    client: { base_url: url },
    resource_defaults: { primary_key: "id" },
    resources: ["a", "b", "c"].map(resource)
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

describe("limits of an API", { timeout: 50_000 }, () => {
  it.scopedLive("no request comes before the time that one of them was told", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { asked, url } = yield* upstream((number, since) => {
        if (number === 1) return { status: 429, headers: { "retry-after": "1" } }
        // A second after the refusal, and a second after the quota was said to be used up.
        if ((number === 2 || number === 3) && since < 950) return { status: 400 }
        const left = number === 2 ? "0" : "20"
        return {
          status: 200,
          headers: { "ratelimit-limit": "20", "ratelimit-remaining": left, "ratelimit-reset": "1" }
        }
      })
      const { code, receipt, stderr } = yield* sync([configured(cwd, url), "--concurrency", "1"], { cwd })
      assert.strictEqual(code, 0, stderr)
      assert.deepStrictEqual(
        receipt.resources.map(({ retries, status }) => [status, retries]),
        [
          ["complete", 1],
          ["complete", 0],
          ["complete", 0]
        ]
      )
      assert.strictEqual(asked(), 4)
    })
  )

  it.scopedLive("Ctrl-C ends a wait at once", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { asked, url } = yield* upstream(() => ({
        status: 200,
        headers: { "x-ratelimit-limit": "20", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "120" }
      }))
      const args = ["--log-level", "info", "sync", configured(cwd, url), "--concurrency", "1"]
      const program = yield* startSluice(args, { cwd })
      yield* until(
        () => program.stderr().includes("its quota is used up: no request starts in the next 1"),
        () => program.stderr()
      )
      yield* program.kill("SIGINT")
      assert.strictEqual((yield* program.ended).code, 130)
      assert.strictEqual(asked(), 1)
    })
  )
})
