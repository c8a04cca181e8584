import { NodeContext } from "@effect/platform-node"
import { assert, describe, expect, it } from "@effect/vitest"
import { Ajv } from "ajv"
import { ConfigProvider, Effect, Either } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Yaml from "yaml"
import * as Spec from "../../src/Spec.ts"
import * as Table from "./Docs/Table.ts"
import * as Generated from "./Corpus/Generated.ts"
import * as Written from "./Corpus/Written.ts"
import { parse } from "./fixture.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))
const read = (file: string) => readFileSync(`${root}${file}`, "utf8")

const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(
  JSON.parse(JSON.stringify(Spec.jsonSchema())) as object
)

const valid = (value: unknown) => {
  const right = validate(value)
  return right ? undefined : JSON.stringify(validate.errors?.slice(0, 5))
}

/** Every variable that a text names has a value. */
const withVariables = (text: string) =>
  Effect.withConfigProvider(
    ConfigProvider.fromMap(
      new Map(
        [
          ...text.matchAll(/\$\{(\w+)\}/g),
          ...["TOKEN", "API_KEY", "USERNAME", "PASSWORD"].map((name) => ["", name])
        ].map(([, name = ""]) => [name, "https://value.example"])
      )
    )
  )

const files = (folder: string) =>
  readdirSync(`${root}${folder}`)
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${folder}/${name}`)

describe("schema/sluice.schema.json", () => {
  // `npx vitest run test/Spec/Docs.test.ts -u` writes it, and the tables of docs/CONFIG.md.
  it("is the grammar", () =>
    expect(`${JSON.stringify(Spec.jsonSchema(), undefined, 2)}\n`).toMatchFileSnapshot(
      `${root}schema/sluice.schema.json`
    ))

  for (const file of [...files("examples"), ...files("conformance/configs")]) {
    it.effect(`agrees with \`check\` about ${file}`, () =>
      Effect.gen(function* () {
        const result = yield* Effect.either(Spec.load(`${root}${file}`))
        if (Either.isLeft(result)) return
        assert.isUndefined(valid(Yaml.parse(read(file), { version: "1.2", merge: true })))
      }).pipe(withVariables(read(file)), Effect.provide(NodeContext.layer))
    )
  }

  it("takes every deviation that means something here", () => {
    for (const { answer, mistake, text } of [...Generated.entries, ...Written.entries]) {
      if (answer !== "error") assert.isUndefined(valid(Yaml.parse(text)), mistake)
    }
  })

  it("lets credentials be left out that are taken from the environment", () => {
    for (const auth of ["bearer", {}, { type: "bearer" }, { type: "api_key", name: "x" }, { token: { $env: "TOKEN" } }])
      assert.isUndefined(valid({ client: { base_url: "https://x.com", auth }, resources: ["a"] }))
  })

  const wrong: ReadonlyArray<readonly [what: string, yaml: string]> = [
    ["no client", "resources: [a]"],
    ["no resources", "client: { base_url: https://x.com }"],
    ["empty resources", "client: { base_url: https://x.com }\nresources: []"],
    ["no base_url", "client: {}\nresources: [a]"],
    ["an unknown key", "client: { base_url: https://x.com, url: x }\nresources: [a]"],
    ["an unknown auth", "client: { base_url: https://x.com, auth: { type: basic } }\nresources: [a]"],
    ["an unknown paginator", "client: { base_url: https://x.com, paginator: pages }\nresources: [a]"],
    ["offset without limit", "client: { base_url: https://x.com, paginator: { type: offset } }\nresources: [a]"],
    [
      "a limit of page_number",
      "client: { base_url: https://x.com, paginator: { type: page_number, limit: 5 } }\nresources: [a]"
    ],
    ["a resource without name", "client: { base_url: https://x.com }\nresources: [{ endpoint: /x }]"],
    ["a method", "client: { base_url: https://x.com }\nresources: [{ name: a, endpoint: { method: PUT } }]"],
    ["a type", "client: { base_url: https://x.com }\nresources: [{ name: a, columns: { a: { data_type: varchar } } }]"],
    [
      "a column property",
      "client: { base_url: https://x.com }\nresources: [{ name: a, columns: { a: { nulable: true } } }]"
    ],
    ["a step", "client: { base_url: https://x.com }\nresources: [{ name: a, processing_steps: [{ keep: [a] }] }]"]
  ]
  for (const [what, yaml] of wrong) {
    it(`refuses ${what}`, () => assert.isString(valid(Yaml.parse(yaml))))
  }
})

describe("docs/CONFIG.md", () => {
  it("has every key of the grammar", () => {
    const marked = new Set(
      Array.from(read("docs/CONFIG.md").matchAll(/<!-- table: (\w+) -->/g), ([, name = ""]) => name)
    )
    const all = Table.objects()
    const keysOf = (name: string) => (all.get(name) ?? []).map((key) => key.name)
    // Objects with the keys of another have no table of their own.
    const same: Readonly<Record<string, string>> = {
      ResourceDefaults: "Resource",
      IncrementalParam: "Incremental",
      JsonResponsePaginator: "JsonLinkPaginator"
    }
    for (const [name, other] of Object.entries(same))
      assert.includeMembers([...keysOf(other), "type"], keysOf(name), name)
    assert.deepStrictEqual(
      [...all.keys()].filter((name) => !marked.has(name) && same[name] === undefined),
      []
    )
  })

  it("says of each what the grammar says", () =>
    expect(Table.fill(read("docs/CONFIG.md"))).toMatchFileSnapshot(`${root}docs/CONFIG.md`))

  it("has an example for every key", () => {
    for (const [name, keys] of Table.objects()) {
      for (const { description, example, name: key } of keys) {
        assert.isNotEmpty(example, `${name}.${key}`)
        assert.isNotEmpty(description, `${name}.${key}`)
      }
    }
  })

  it("links to sections that are there", () => {
    const text = read("docs/CONFIG.md")
    const anchors = new Set(
      Array.from(text.matchAll(/^#+ (.+)$/gm), ([, title = ""]) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, "")
          .trim()
          .replaceAll(" ", "-")
      )
    )
    for (const [, link] of text.matchAll(/\]\(#([\w-]+)\)/g)) assert.isTrue(anchors.has(link ?? ""), link)
  })

  for (const [index, [, yaml = ""]] of [...read("docs/CONFIG.md").matchAll(/```yaml\n([\s\S]*?)```/g)].entries()) {
    it.effect(`shows what is accepted: ${index + 1}, ${yaml.split("\n")[0]}`, () =>
      Effect.gen(function* () {
        const whole = wholeOf(yaml)
        yield* parse(whole, { env: { TOKEN: "t", CLIENT_SECRET: "s" } })
        assert.isUndefined(valid(Yaml.parse(whole)))
      })
    )
  }
})

/** A part of a configuration made whole: of a resource, of an endpoint, or of the client. */
function wholeOf(yaml: string): string {
  const part = Yaml.parse(yaml) as Readonly<Record<string, unknown>>
  const keys = Object.keys(part)
  const client = { base_url: "https://api.example.com" }
  if (keys.includes("resources")) return Yaml.stringify({ client, ...part })
  if (keys.includes("client")) return Yaml.stringify({ ...part, resources: ["a"] })
  const endpoint = [
    "path",
    "method",
    "params",
    "json",
    "data",
    "headers",
    "paginator",
    "data_selector",
    "incremental",
    "windows",
    "response_actions",
    "auth",
    "retry"
  ]
  return keys.every((key) => endpoint.includes(key))
    ? Yaml.stringify({ client, resources: ["posts", { name: "a", endpoint: part }] })
    : Yaml.stringify({ client, resources: ["posts", { name: "a", ...part }] })
}
