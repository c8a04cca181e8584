import { assert, describe, it } from "@effect/vitest"
import { at, read } from "./support.ts"

const block =
  '```python\nc = {"client": {"base_url": "https://x.example"}, "resources": ["users", "line_items", "status"]}\n```\n'

const client = (prose: string) => at(read(`${block}\n${prose}`, "a.md").config, "client")

const columns = (prose: string, resource: number) => {
  const found = at(read(`${block}\n${prose}`, "a.md").config, "resources", resource, "columns")
  return found === undefined
    ? undefined
    : Object.fromEntries(
        Object.entries(found as Readonly<Record<string, { readonly data_type: string }>>).map(
          ([name, { data_type }]) => [name, data_type]
        )
      )
}

describe("Prose", () => {
  const base = { base_url: "https://x.example" }
  const said: ReadonlyArray<readonly [prose: string, client: unknown]> = [
    [
      "## Error Handling\n- **Retry Logic**: for HTTP status codes 429, 500 and 503.\n- **Max Retries**: 3\n- **Backoff Factor**: 2",
      { ...base, retry: { max_retries: 3, factor: 2, statuses: [429, 500, 503] } }
    ],
    [
      "# Errors\n\nRequests are retried up to 5 times on 429 and 5xx.",
      { ...base, retry: { max_retries: 5, statuses: [429, 500, 502, 503, 504] } }
    ],
    [
      "- Maximum number of retries: 4\n- Initial delay: 500 ms\n- Max backoff: 2 minutes",
      { ...base, retry: { max_retries: 4, base_delay: "500ms", max_delay: "2m" } }
    ],
    [
      "| Setting | Value |\n|---|---|\n| Max retries | 7 |\n| Backoff multiplier | 1.5 |",
      { ...base, retry: { max_retries: 7, factor: 1.5 } }
    ],
    ["## Retry\n- `429`: Too Many Requests\n- `503`: Unavailable", { ...base, retry: { statuses: [429, 503] } }],
    ["- 400: do not retry\n- 404: ignore, never retry", base],
    ["- **Max attempts**: 5", { ...base, retry: { max_retries: 4 } }],
    ["## Rate Limits\nThe API allows 120 requests per minute.", { ...base, limits: { rate: 2 } }],
    ["Rate limit: 10 requests/second", { ...base, limits: { rate: 10 } }],
    ["- Request timeout: 30 seconds", { ...base, limits: { timeout: "30s" } }],
    ["Sessions time out. 5000 requests per hour.", base],
    [
      "## Rate Limits\n- 150 requests per minute\n- On 429 the API sends `Retry-After`.",
      { ...base, limits: { rate: 2.5 } }
    ],
    ["Rate limit: 600 requests per 10 minutes", { ...base, limits: { rate: 1 } }],
    ["The client will retry a failed request at most three times.", { ...base, retry: { max_retries: 3 } }],
    [
      "* Retries on 5xx responses, up to **6 times**",
      { ...base, retry: { max_retries: 6, statuses: [500, 502, 503, 504] } }
    ],
    ["- **Backoff Strategy**: Exponential with a factor of 1.5", { ...base, retry: { factor: 1.5 } }],
    ["The connector ignores 404 errors and retries 500 errors.", { ...base, retry: { statuses: [500] } }],
    ["**Retries**: 3 (with exponential backoff)", { ...base, retry: { max_retries: 3 } }],
    ["- Max. retries = 7\n- Retry delay: 30 seconds", { ...base, retry: { max_retries: 7, base_delay: "30s" } }],
    ["Max retry delay: 30 seconds", { ...base, retry: { max_delay: "30s" } }],
    [
      "Retry Logic: a base delay of 2 seconds and a maximum of 5 attempts",
      { ...base, retry: { max_retries: 4, base_delay: "2s" } }
    ],
    ["Founded in 1998, we have 429 employees.", base]
  ]
  for (const [prose, expected] of said) it(`${prose}`, () => assert.deepStrictEqual(client(prose), expected))

  it("the configuration has the last word", () => {
    const own = block.replace('"base_url": "https://x.example"', '"base_url": "https://x.example", "max_retries": 9')
    const { config } = read(`Base URL: https://other.example\n${own}\n- Max Retries: 3`, "a.md")
    assert.deepStrictEqual(at(config, "client"), { ...base, retry: { max_retries: 9 } })
  })

  it("the address is taken from the text where there is none", () => {
    const none = block.replace('"base_url": "https://x.example"', "")
    const { config, open } = read(`- **Base URL**: \`https://api.shop.example/v2\`\n${none}`, "a.md")
    assert.strictEqual(at(config, "client", "base_url"), "https://api.shop.example/v2")
    assert.lengthOf(open, 0)
    assert.lengthOf(read(none, "a.md").open, 1)
  })

  it("fields: lists, with types after a colon or in brackets", () => {
    const prose = [
      "## Schema",
      "### Users",
      "- **Fields**:",
      "  - `ID`: Integer, the id.",
      "  - `Name`: String, the name.",
      "  - `CreatedAt`: String, creation timestamp.",
      "  - `Deleted`: Null, nothing yet.",
      "  - `Score`: Float",
      "  - `Active`: Boolean.",
      "  - `Address`: Object, with:",
      "    - `City`: String",
      "  - `Tags`: Array, tags.",
      "  - `Metadata`: Object, free keys.",
      "### Line Items",
      "- **sku** (string): the article",
      "- amount (number, nullable)",
      "- bought_at - datetime",
      '- **note**: `["null", "string"]`, a note',
      '- **count**: `["integer", "null"]`',
      "- `price` — decimal(10,2)",
      "- **paid** *(boolean)*: whether it is paid"
    ].join("\n")
    assert.deepStrictEqual(columns(prose, 0), {
      ID: "bigint",
      Name: "text",
      CreatedAt: "timestamp",
      Deleted: "text",
      Score: "double",
      Active: "bool",
      // The rows show what is in an object or a list; only free keys are better kept as they come.
      Metadata: "json"
    })
    assert.deepStrictEqual(columns(prose, 1), {
      sku: "text",
      amount: "double",
      bought_at: "timestamp",
      note: "text",
      count: "bigint",
      price: "decimal",
      paid: "bool"
    })
    assert.isUndefined(columns(prose, 2))
  })

  it("fields: tables and JSON Schemas, below a heading that names a resource", () => {
    const table =
      "## User Schema\n| Field | Type | About |\n|:--|---|---|\n| `id` | integer | key |\n| tags | array of strings | |\n| a.b | string | |"
    assert.deepStrictEqual(columns(table, 0), { id: "bigint", a__b: "text" })
    const schema =
      '# Schema\n## users\n```json\n{"type": "object", "properties": {"id": {"type": ["null", "integer"]}, "at": {"type": "string", "format": "date-time"}}}\n```'
    assert.deepStrictEqual(columns(schema, 0), { id: "bigint", at: "timestamp" })
  })

  it("fields: in one line, and with the type at the end", () => {
    assert.deepStrictEqual(
      columns(
        "# Resources\n## Users\n- **Path**: `/users`\n- **Schema**: `id` (integer), `name` (string, nullable), tags: array.",
        0
      ),
      {
        id: "bigint",
        name: "text"
      }
    )
    assert.deepStrictEqual(
      columns("# Schema\n## Users\n- `id`: The identifier (integer)\n- `at`: When it happened (string, timestamp).", 0),
      {
        id: "bigint",
        at: "timestamp"
      }
    )
    assert.isUndefined(columns("## Users\n- **Fields**: `id`, `name` and others", 0))
  })

  it("sentences are no fields, and sections of nobody's are a warning", () => {
    assert.isUndefined(
      columns("## Schema\n### Users\n- Note: text can be long and is not always there at all\n- Fields vary.", 0)
    )
    const { imported } = read(`${block}\n## Schema\n### Invoices\n- id: integer`, "a.md")
    assert.deepInclude(imported.warnings[0], { line: 6, kind: "ignored" })
  })
})
