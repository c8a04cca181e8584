import { NodeFileSystem, NodePath } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Shell from "../../src/Cli/Shell.ts"
import * as SourceArgument from "../../src/Cli/SourceArgument.ts"
import type { Environment } from "./support.ts"
import { recorder } from "./support.ts"

const out = recorder()
const services = Layer.mergeAll(
  NodeFileSystem.layer,
  NodePath.layer,
  Layer.effect(
    Shell.Shell,
    Shell.make({ stdout: out.stream, stderr: recorder().stream, runtime: "Node 20.19.0", pid: 1 })
  )
)

const resolve = (name: string, env: Environment = {}) =>
  SourceArgument.resolve(name).pipe(Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(env)))))

const refused = (name: string, env?: Environment) =>
  Effect.map(Effect.flip(resolve(name, env)), (error) => ("message" in error ? error.message : String(error)))

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "sluice-source-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

const file = (name: string, text: string) =>
  Effect.map(folder, (path) => {
    writeFileSync(join(path, name), text)
    return join(path, name)
  })

it.layer(services)("SourceArgument", (it) => {
  it.effect("the built-in one, from the environment", () =>
    Effect.gen(function* () {
      const source = yield* resolve("postmark", {
        POSTMARK_SERVER_TOKEN: "token-1",
        POSTMARK_BASE_URL: "http://localhost:1"
      })
      assert.strictEqual(source.name, "postmark")
      assert.strictEqual(source.api.baseUrl, "http://localhost:1")
      assert.deepStrictEqual(
        source.resources.filter(({ unavailable }) => unavailable !== undefined).map(({ name }) => name),
        ["domains", "servers", "sender_signatures"]
      )
    })
  )

  it.effect("names both variables when neither is set", () =>
    Effect.gen(function* () {
      const message = yield* refused("postmark", { POSTMARK_SERVER_TOKEN: "  " })
      assert.match(message, /neither POSTMARK_SERVER_TOKEN nor POSTMARK_ACCOUNT_TOKEN is set/)
    })
  )

  it.effect("an API key chooses the preset, and needs an address; with a token beside it nobody can tell", () =>
    Effect.gen(function* () {
      const source = yield* resolve("postmark", { POSTMARK_API_KEY: "key-1", POSTMARK_BASE_URL: "http://localhost:1" })
      assert.deepStrictEqual(
        source.resources.map(({ path }) => path),
        ["deliverystats", "message-streams", "domains", "messages/outbound", "bounces", "servers"].map(
          (p) => `/v1/${p}`
        )
      )
      assert.strictEqual(
        yield* refused("postmark", { POSTMARK_API_KEY: "key-1" }),
        "postmark with POSTMARK_API_KEY needs POSTMARK_BASE_URL: Postmark itself takes no such key"
      )
      const both = yield* refused("postmark", {
        POSTMARK_API_KEY: "key-1",
        POSTMARK_SERVER_TOKEN: "token-1",
        POSTMARK_BASE_URL: "http://localhost:1"
      })
      assert.match(both, /not both: POSTMARK_SERVER_TOKEN is set too$/)
      assert.notMatch(both, /key-1|token-1/)
    })
  )

  it.effect("what is declared needs no secret, of either shape", () =>
    Effect.gen(function* () {
      const declared = (env: Environment) =>
        SourceArgument.declared("postmark").pipe(
          Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(env)))),
          Effect.map(({ resources }) => resources[0]?.path)
        )
      assert.strictEqual(yield* declared({}), "/deliverystats")
      assert.strictEqual(
        yield* declared({ POSTMARK_API_KEY: "key-1", POSTMARK_BASE_URL: "http://localhost:1" }),
        "/v1/deliverystats"
      )
      // Which API it would be is more than a missing secret: that is told here too.
      assert.match(String(yield* Effect.flip(declared({ POSTMARK_API_KEY: "key-1" }))), /needs POSTMARK_BASE_URL/)
    })
  )

  it.effect("says where a base URL that is none comes from", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        resolve("postmark", { POSTMARK_SERVER_TOKEN: "token-1", POSTMARK_BASE_URL: "localhost" })
      )
      assert.match(String("message" in error ? error.message : error), /^postmark: base URL "localhost" /)
      assert.strictEqual("hint" in error ? error.hint : undefined, "It comes from POSTMARK_BASE_URL.")
    })
  )

  it.scoped("a configuration file", () =>
    Effect.gen(function* () {
      const path = yield* file(
        "things.yaml",
        'client: { base_url: "https://api.example.com", auth: { type: api_key, name: k, api_key: "${K}" } }\nresources:\n  - { name: a, endpoint: { path: /a, paginator: single_page } }\n'
      )
      const source = yield* resolve(path, { K: "value-of-k" })
      assert.strictEqual(source.name, "things")
      assert.match(yield* refused(path), /things\.yaml.*\bK\b/s)
    })
  )

  it.scoped("hides the secrets of whatever it finds from all output", () =>
    Effect.gen(function* () {
      yield* resolve("postmark", { POSTMARK_SERVER_TOKEN: "hidden-from-now-on" })
      const { print } = yield* Shell.Shell
      yield* print("the token is hidden-from-now-on.")
      assert.isTrue(out.text().endsWith("the token is ***.\n"))
    })
  )

  it.scoped("a module, checked before it is believed", () =>
    Effect.gen(function* () {
      const good = yield* file(
        "good.mjs",
        "export default { name: 'mine', api: { baseUrl: 'https://api.example.com' }, resources: [{ name: 'a', paginator: {}, primaryKey: {} }] }"
      )
      assert.strictEqual((yield* resolve(good)).name, "mine")
      const cases: ReadonlyArray<readonly [text: string, message: RegExp]> = [
        ["export const a = 1", /has no default export$/],
        ["export default () => 1", /is not a Source: it is a function$/],
        ["export default {}", /is not a Source: it has no name$/],
        ["export default { name: 'a' }", /is not a Source: it has no api\.baseUrl$/],
        ["export default { name: 'a', api: { baseUrl: 'https://a' }, resources: [] }", /it has no resources$/],
        [
          "export default { name: 'a', api: { baseUrl: 'https://a' }, resources: [{ name: 'b' }] }",
          /resources\[0\] \(b\) was not made by Resource\.make$/
        ],
        ["throw new TypeError('no good\\nat all')", /cannot be loaded: TypeError: no good$/],
        ["export default {", /cannot be loaded: /]
      ]
      for (const [index, [text, message]] of cases.entries())
        assert.match(yield* refused(yield* file(`bad${index}.mjs`, text)), message)
      assert.match(yield* refused("/nowhere/gone.mjs"), /^\/nowhere\/gone\.mjs: there is no such file$/)
    })
  )

  it.scoped("a name that is none, with what may be meant", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refused("postmrk"), 'there is no source "postmrk"; did you mean postmark?')
      const path = yield* file("mine.yml", "")
      assert.strictEqual(
        yield* refused(path.replace(/\.yml$/, "")),
        `there is no source ${JSON.stringify(path.replace(/\.yml$/, ""))}; did you mean ${path}?`
      )
      assert.strictEqual(yield* refused("xyz"), 'there is no source "xyz"')
    })
  )
})

describe("SourceArgument.environment", () => {
  it("names every variable the built-in source reads", () =>
    assert.includeMembers(
      SourceArgument.environment.map(([name]) => name),
      ["POSTMARK_SERVER_TOKEN", "POSTMARK_ACCOUNT_TOKEN", "POSTMARK_API_KEY", "POSTMARK_BASE_URL"]
    ))
})
