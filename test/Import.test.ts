/**
 * Whole documents: what is found in them, and that the result is a configuration. What a single spelling means is in `Import/`.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import * as Import from "../src/Import.ts"
import { at, problems, read } from "./Import/support.ts"

const folder = new URL("fixtures/import/", import.meta.url)

const text = (file: string) => readFileSync(new URL(file, folder), "utf8")

interface Expected {
  readonly name: string
  readonly resources: ReadonlyArray<string>
  readonly variables: ReadonlyArray<string>
  /** Lines of what is left to do. */
  readonly open?: ReadonlyArray<number>
  /** Lines of warnings. */
  readonly warnings?: ReadonlyArray<number>
  readonly client: unknown
}

const documents: Readonly<Record<string, Expected | undefined>> = {
  "analytics-api-spec.md": {
    name: "analytics-api-spec",
    resources: ["deliverystats", "message_streams", "domains", "messages", "bounces", "servers"],
    variables: ["API_KEY"],
    client: {
      base_url: "https://api.example.com",
      auth: { type: "api_key", name: "api_key", api_key: "${API_KEY}", location: "header" },
      retry: { max_retries: 3, factor: 2, statuses: [429, 500, 502, 503, 504] }
    }
  },
  "cursor-oauth.md": {
    name: "cursor-oauth",
    resources: ["tickets", "replies"],
    variables: ["CLIENT_ID", "CLIENT_SECRET", "TICKET_ID"],
    open: [41],
    client: {
      base_url: "https://api.ticketeer.example/v2/",
      auth: {
        type: "oauth2_client_credentials",
        access_token_url: "https://login.ticketeer.example/oauth/token",
        client_id: "${CLIENT_ID}",
        client_secret: "${CLIENT_SECRET}",
        access_token_request_data: { scope: "offline_access tickets.read" }
      },
      retry: { max_retries: 4, statuses: [429, 503] }
    }
  },
  "airbyte-leftovers.md": {
    name: "airbyte-leftovers",
    resources: ["polls", "votes"],
    variables: ["SUBDOMAIN", "EMAIL", "PASSWORD", "START_DATE"],
    client: {
      base_url: "https://${SUBDOMAIN}.polls.example/api",
      auth: { type: "http_basic", username: "${EMAIL}", password: "${PASSWORD}" }
    }
  },
  "guide-stub.md": {
    name: "birdhouse_source",
    resources: ["nests", "birds/ringed"],
    variables: ["ACCESS_TOKEN"],
    client: { base_url: "https://api.birdhouse.example/", auth: { type: "api_key", api_key: "${ACCESS_TOKEN}" } }
  },
  "broken.md": {
    name: "broken",
    resources: ["one", "two", "three"],
    variables: ["TOKEN"],
    warnings: [5],
    client: { base_url: "https://api.almost.example", auth: { type: "bearer", token: "${TOKEN}" } }
  },
  "json-config.md": {
    name: "json-config",
    resources: ["trucks"],
    variables: ["API_KEY"],
    warnings: [11],
    client: {
      base_url: "https://fleet.example/api/v1",
      auth: { type: "api_key", name: "X-Fleet-Key", api_key: "${API_KEY}", location: "header" },
      limits: { rate: 1 }
    }
  },
  "yaml-config.md": {
    name: "yaml-config",
    resources: ["stations", "songs"],
    variables: ["RADIO_KEY"],
    client: {
      base_url: "https://radio.example/v3",
      auth: { type: "api_key", name: "key", api_key: "${RADIO_KEY}", location: "query" }
    }
  },
  "two-configs.md": {
    name: "two-configs",
    resources: ["one", "two", "three"],
    variables: [],
    warnings: [4],
    client: { base_url: "https://large.example" }
  },
  "code_host.py": {
    name: "code_host",
    resources: ["issues", "issue_comments", "labels"],
    variables: ["ACCESS_TOKEN"],
    warnings: [28],
    client: {
      base_url: "https://code.example/api/v3/repos/acme/",
      auth: { type: "bearer", token: "${ACCESS_TOKEN}" },
      paginator: { type: "header_link" }
    }
  },
  "shop.py": {
    name: "shop",
    resources: ["orders", "customers", "refunds", "returns"],
    variables: ["SHOP_KEY", "TENANT"],
    open: [12, 40, 43],
    client: {
      base_url: "https://shop.example",
      auth: { type: "api_key", name: "X-Shop-Key", api_key: "${SHOP_KEY}" },
      headers: { Accept: "application/json", "X-Tenant": "${TENANT}", "User-Agent": "loader/1" }
    }
  },
  "generated.py": {
    name: "zoo_source",
    resources: ["get_animals", "get_feedings", "get_keeper"],
    variables: ["BASE_URL", "TOKEN", "DAY", "KEEPER_ID"],
    open: [64, 73],
    client: {
      base_url: "${BASE_URL}",
      auth: { type: "bearer", token: "${TOKEN}" },
      paginator: { type: "page_number", page_param: "page", total_path: null, maximum_page: 20 }
    }
  },
  "instances.py": {
    name: "instances",
    resources: ["meters", "readings", "search"],
    variables: ["CLIENT_ID", "CLIENT_SECRET", "READER_PASSWORD"],
    open: [38],
    client: {
      base_url: "https://meters.example/",
      auth: {
        type: "oauth2_client_credentials",
        access_token_url: "https://id.meters.example/token",
        client_id: "${CLIENT_ID}",
        client_secret: "${CLIENT_SECRET}",
        access_token_request_data: { audience: "meters" }
      }
    }
  },
  "leaky.py": {
    name: "leaky",
    resources: ["a", "b"],
    variables: ["PASSWORD", "PASSWORD_2", "TOKEN", "API_KEY", "TOKEN_2", "SECRET"],
    warnings: [7, 8, 9, 12, 12, 13],
    client: {
      base_url: "https://me:${PASSWORD}@leaky.example/api",
      auth: { type: "http_basic", username: "me@leaky.example", password: "${PASSWORD_2}" },
      headers: { Authorization: "Token ${TOKEN}", "X-Trace": "on" }
    }
  },
  "plain.json": {
    name: "plain",
    resources: ["emoji"],
    variables: [],
    client: { base_url: "https://plain.example" }
  },
  "graphql.py": {
    name: "graphql",
    resources: ["things"],
    variables: [],
    client: { base_url: "https://graph.example" }
  },
  "split.md": {
    name: "split",
    resources: ["one", "two"],
    variables: ["STEPS_TOKEN"],
    client: { base_url: "https://steps.example", auth: { type: "bearer", token: "${STEPS_TOKEN}" } }
  },
  "notebook.ipynb": {
    name: "notebook",
    resources: ["notes", "x"],
    variables: ["Y"],
    open: [5],
    client: { base_url: "https://notes.example" }
  },
  "guide-nothing.md": undefined,
  "rest_client.py": undefined
}

describe("Import.fromText", () => {
  it("every document is looked at", () =>
    assert.deepStrictEqual(readdirSync(folder).toSorted(), Object.keys(documents).toSorted()))

  it("a configuration in pieces: the error says what to look for", () => {
    const result = Import.fromText(
      `def broken(:\n    x = {"client": {"base_url": "https://x.example"\n    "resources": ["a", "b"\n`,
      { file: "a.py" }
    )
    assert.isTrue(Either.isLeft(result))
    if (Either.isLeft(result)) assert.include(result.left.message, "missing bracket or quote")
  })

  for (const [file, expected] of Object.entries(documents))
    it.effect(file, () =>
      Effect.gen(function* () {
        if (expected === undefined) {
          const result = Import.fromText(text(file), { file })
          assert.isTrue(Either.isLeft(result))
          if (Either.isLeft(result)) assert.include(result.left.message, `${file}: holds no object with`)
          return
        }
        const result = read(text(file), file)
        const { config, imported } = result
        assert.deepStrictEqual(at(config, "client"), expected.client)
        assert.deepStrictEqual(
          (at(config, "resources") as ReadonlyArray<unknown>).map((resource) =>
            typeof resource === "string" ? resource : at(resource, "name")
          ),
          [...expected.resources]
        )
        assert.strictEqual(imported.name, expected.name)
        assert.deepStrictEqual(imported.variables.toSorted(), expected.variables.toSorted())
        assert.deepStrictEqual(
          imported.open.map(({ line }) => line),
          expected.open ?? []
        )
        assert.deepStrictEqual(
          imported.warnings.map(({ line }) => line),
          expected.warnings ?? []
        )
        // A comment for each thing that is left to do.
        for (const { message } of imported.open) assert.include(imported.yaml, `# TODO: ${message}`.slice(0, 60))
        assert.deepStrictEqual(yield* problems(result), [])
      })
    )

  it("a secret of a document is nowhere in what is said of it", () => {
    const { imported } = read(text("leaky.py"), "leaky.py")
    const all = JSON.stringify(imported)
    for (const secret of ["ghp_", "hunter2", "correct horse", "1234567890abcdef", "t0p-s3cr3t", "deep-s3cr3t"])
      assert.notInclude(all, secret)
  })

  it("digits, surrogates and line breaks of the document arrive as they are", () => {
    const { config } = read(text("plain.json"), "plain.json")
    assert.deepStrictEqual(at(config, "resources", 0, "endpoint"), {
      path: "e/moji",
      params: { q: "😀", big: 12345678901234567890n }
    })
    const query = at(read(text("graphql.py"), "graphql.py").config, "resources", 0, "endpoint", "json", "query")
    assert.strictEqual(
      query,
      "\nquery Things($first: Int!) {{\n  things(first: $first) {{ nodes {{ id name }} }}\n}}\n"
    )
  })

  it("line and column are those of the document, inside of an indented fence, too", () => {
    const { imported } = read(text("json-config.md"), "json-config.md")
    const lines = text("json-config.md").split("\n")
    for (const { column, line, path } of imported.repairs.filter(({ path }) => path.endsWith("total_path"))) {
      assert.strictEqual(path, "resources[0].endpoint.paginator.total_path")
      assert.isTrue(lines[line - 1]?.slice(column - 1).startsWith('"total_path"'))
    }
    // Windows' line ends and a byte order mark move nothing.
    const windows = read(`\uFEFF${text("cursor-oauth.md").replaceAll("\n", "\r\n")}`, "a.md")
    assert.deepStrictEqual(
      windows.imported.open.map(({ line }) => line),
      [41]
    )
  })

  it("an empty document, and one of another kind, say what is missing", () => {
    for (const document of ["", " \n", "print(1)", "# Title\n\nText", "{}", "client: 1", "resources = []"]) {
      const result = Import.fromText(document, { file: "a.md" })
      assert.isTrue(Either.isLeft(result), document)
    }
  })
})
