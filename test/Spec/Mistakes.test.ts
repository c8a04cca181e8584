import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { client, mistakes } from "./fixture.ts"
import * as Auth from "./Mistakes/Auth.ts"
import * as Client from "./Mistakes/Client.ts"
import * as Endpoint from "./Mistakes/Endpoint.ts"
import * as Paginator from "./Mistakes/Paginator.ts"
import * as Resource from "./Mistakes/Resource.ts"
import * as Top from "./Mistakes/Top.ts"

describe.each([
  ["the top", Top.cases],
  ["client", Client.cases],
  ["auth", Auth.cases],
  ["a resource", Resource.cases],
  ["an endpoint", Endpoint.cases],
  ["a paginator", Paginator.cases]
])("a mistake in %s", (_, cases) => {
  for (const { at, hint, message, path, text, what } of cases) {
    it.effect(`${what} (${path === "" ? "top level" : path})`, () =>
      Effect.gen(function* () {
        const error = yield* mistakes(text)
        assert.strictEqual(error.issues.length, 1, error.message)
        const [issue] = error.issues
        assert.deepStrictEqual([`${issue?.line}:${issue?.column}`, issue?.path], [at, path], error.message)
        assert.match(issue?.message ?? "", message)
        if (hint !== undefined) assert.match(issue?.hint ?? "", hint)
        assert.strictEqual(error.reason, "Invalid")
        assert.include(error.message, `/etc/sluice/api.yaml:${at} ${path}`)
      })
    )
  }
})

describe("a mistake", () => {
  it.effect("does not hide another: all at once, in the order of the file", () =>
    Effect.gen(function* () {
      const error = yield* mistakes(
        [
          "client:",
          "  base_url: https://api.example.com",
          '  auth: { type: api_key, api_key: "${NOT_SET}" }',
          "  retry: { factor: 0 }",
          "resource_defaults: { primary_key: id, write_disposition: merge }",
          "resources:",
          "  - name: a",
          "    endpoint: { pagination: single_page, paginator: single_page }",
          "  - name: a",
          '  - { name: b, endpoint: { paginator: cursors, data_selector: "a[" } }'
        ].join("\n")
      )
      assert.deepStrictEqual(
        error.issues.map((issue) => `${issue.line} ${issue.path}`),
        [
          "3 client.auth.api_key",
          "4 client.retry.factor",
          "8 resources[0].endpoint.pagination",
          "9 resources[1].name",
          "10 resources[2].endpoint.paginator",
          "10 resources[2].endpoint.data_selector"
        ]
      )
      assert.match(error.message, /^\/etc\/sluice\/api\.yaml has 6 mistakes:\n/)
    })
  )

  it.effect("of one part does not hide what only shows when parts come together", () =>
    Effect.gen(function* () {
      const error = yield* mistakes(
        `${client}\nresources:\n  - { name: a, wibble: 1 }\n  - { name: b, endpoint: { json: { a: 1 } } }\n`
      )
      assert.deepStrictEqual(
        error.issues.map((issue) => issue.path),
        ["resources[0].wibble", "resources[1].endpoint.json"]
      )
    })
  )

  it.effect("of the client or the defaults does not hide those of resources", () =>
    Effect.gen(function* () {
      const issues = (text: string) => Effect.map(mistakes(text), (error) => error.issues.map((issue) => issue.path))
      const wrong = '{ name: a, endpoint: { path: "/{x}", json: { a: 1 } } }'
      const both = ["resources[0].endpoint.path", "resources[0].endpoint.json"]
      for (const [client, path] of [
        ["{ base_url: https://x.com, auth: { type: basic } }", "client.auth.type"],
        ["{ base_url: https://x.com, retry: { factor: 0 }, headers: [] }", "client.headers"],
        ["{ headers: {} }", "client.base_url"],
        ["{ base_url: x }", "client.base_url"]
      ] as const) {
        const found = yield* issues(`client: ${client}\nresources: [${wrong}]`)
        assert.includeMembers([...found], [path, ...both], client)
      }
      const absolute = "{ name: b, endpoint: https://y.com/x }"
      assert.deepStrictEqual(
        yield* issues(`client: { base_url: https://x.com, allowed_hosts: 5 }\nresources: [${absolute}]`),
        ["client.allowed_hosts"]
      )
      for (const defaults of ["{ max_table_nesting: x }", "{ endpoint: { auth: { type: basic } } }", "{ wibble: 1 }"]) {
        const found = yield* issues(`${client}\nresource_defaults: ${defaults}\nresources: [${wrong}]`)
        assert.includeMembers([...found], both, defaults)
        assert.lengthOf(found, 3)
      }
      // Without the method nobody knows whether a body is one too many.
      assert.deepStrictEqual(
        yield* issues(`${client}\nresource_defaults: { endpoint: { method: POTS } }\nresources: [${wrong}]`),
        ["resource_defaults.endpoint.method"]
      )
    })
  )

  it.effect("inherited from the defaults is shown where it stands", () =>
    Effect.gen(function* () {
      const error = yield* mistakes(
        `${client}\nresource_defaults:\n  endpoint: { json: { a: 1 }, paginator: single_page }\nresources: [a]`
      )
      assert.deepStrictEqual(
        error.issues.map(({ column, line, path }) => [line, column, path]),
        [[3, 21, "resource_defaults.endpoint.json"]]
      )
    })
  )
})
