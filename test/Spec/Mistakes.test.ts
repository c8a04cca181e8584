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
