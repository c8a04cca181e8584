import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { at, problems, read, withResource } from "../support.ts"

/** What is written, and what the resource is; none of these leaves anything open. */
const means: ReadonlyArray<readonly [written: string, resource: unknown]> = [
  [`"a"`, "a"],
  [`"/v1/a"`, "/v1/a"],
  [`a`, "a"],
  [`["a", "b"]`, "a"],
  [`"POST /v1/a"`, { name: "a", endpoint: { path: "/v1/a", method: "POST" } }],
  [`{"a": {"path": "x"}}`, { name: "a", endpoint: { path: "x" } }],
  [`{"name": "a", "endpoint": "v1/a"}`, { name: "a", endpoint: "v1/a" }],
  [`{"endpoint": {"path": "/v1/users"}}`, { name: "users", endpoint: { path: "/v1/users" } }],
  [`{"resource_name": "a"}`, { name: "a" }],
  [
    `{"name": "a", "path": "x", "paginator": "single_page", "params": {"p": 1}}`,
    { name: "a", endpoint: { path: "x", params: { p: 1 }, paginator: "single_page" } }
  ],
  [
    `{"name": "a", "endpoint": "x", "incremental": {"cursor_path": "c", "initial_value": 1}}`,
    { name: "a", endpoint: { path: "x", incremental: { cursor_path: "c", initial_value: 1 } } }
  ],
  [
    `{"name": "a", "endpoint": {"path": "x", "primary_key": "id", "write_disposition": "merge"}}`,
    { name: "a", endpoint: { path: "x" }, primary_key: "id", write_disposition: "merge" }
  ],
  [`{"name": "a", "primary_key": "id, day"}`, { name: "a", primary_key: ["id", "day"] }],
  [`{"name": "a", "primary_key": [["id"]]}`, { name: "a", primary_key: "id" }],
  [`{"name": "a", "primary_key": "meta.id"}`, { name: "a", primary_key: "meta__id" }],
  [`{"name": "a", "primary_key": []}`, { name: "a" }],
  [
    `{"name": "a", "write_disposition": "upsert", "primary_key": "id"}`,
    { name: "a", primary_key: "id", write_disposition: { disposition: "merge", strategy: "upsert" } }
  ],
  [
    `{"name": "a", "schema": {"id": "integer", "at": {"type": ["null", "string"], "format": "date-time", "required": True}}}`,
    { name: "a", columns: { id: { data_type: "bigint" }, at: { data_type: "timestamp" } } }
  ],
  [
    `{"name": "a", "schema": {"type": "object", "properties": {"on": {"type": "string", "format": "date"}}}}`,
    { name: "a", columns: { on: { data_type: "date" } } }
  ],
  [`{"name": "a", "write_disposition": "overwrite"}`, { name: "a", write_disposition: "replace" }],
  [
    `{"name": "a", "columns": {"x": {"type": "string"}, "y": {"data_type": "complex"}, "z": "integer"}}`,
    { name: "a", columns: { x: { data_type: "text" }, y: { data_type: "json" }, z: { data_type: "bigint" } } }
  ],
  [
    `{"name": "a", "processing_steps": [{"filter": lambda r: r["n"] != 1}, {"map": lambda r: {**r, "k": "v"}}]}`,
    {
      name: "a",
      processing_steps: [{ filter: { path: "n", op: "ne", value: 1 } }, { map: { set: { k: "v" } } }]
    }
  ],
  [`{"name": "a", "max_table_nesting": "0", "selected": "true"}`, { name: "a", max_table_nesting: 0, selected: true }],
  [`{"name": "a", "columns": None, "table_name": None, "merge_key": None}`, { name: "a" }],
  [`{"name": "a", "Write-Disposition": "append", "whatever": 3}`, { name: "a", write_disposition: "append" }]
]

describe("Repair.Resource", () => {
  for (const [written, resource] of means)
    it.effect(written, () =>
      Effect.gen(function* () {
        const result = read(withResource(written))
        assert.deepStrictEqual(at(result.config, "resources", 0), resource)
        assert.deepStrictEqual([result.open, yield* problems(result)], [[], []])
      })
    )

  it.effect("a path to another host names it in allowed_hosts, with a warning", () =>
    Effect.gen(function* () {
      const result = read(withResource(`{"name": "a", "endpoint": "https://files.example.org/a"}`))
      assert.deepStrictEqual(at(result.config, "client", "allowed_hosts"), ["files.example.org"])
      assert.include(result.imported.warnings[0]?.message, "credentials of the client go there")
      assert.deepStrictEqual(yield* problems(result), [])
    })
  )

  it("a placeholder that is called like another resource's key says which", () => {
    const { open } = read(withResource(`{"name": "a", "endpoint": "/posts/{post_id}/a"}`, `"posts", `))
    assert.include(open[0], "`{resources.posts.id}` if it is that of a row of `posts`")
  })

  it("names that are taken get a number, and the finding says where", () => {
    const { config, imported } = read(withResource(`{"name": "a"}, {"name": "a"}, {"endpoint": "/x/a"}`))
    assert.deepStrictEqual(
      [0, 1, 2].map((index) => at(config, "resources", index, "name")),
      ["a", "a_2", "a_3"]
    )
    assert.deepInclude(imported.repairs[0], { line: 1, path: "resources[1].name", kind: "renamed" })
  })

  it.effect("code is left out, listed with its line, and has a TODO", () =>
    Effect.gen(function* () {
      for (const [written, kept] of [
        [`users()`, 1],
        [`{"name": "a", "processing_steps": [{"yield_map": split}]}`, 2],
        [`{"name": "a", "columns": model()}`, 2],
        [`{"name": "a", "table_name": lambda r: r["type"]}`, 2],
        [`{"name": "a", "write_disposition": mode()}`, 2]
      ] as const) {
        const result = read(withResource(written, `"other",\n`))
        assert.lengthOf(at(result.config, "resources") as ReadonlyArray<unknown>, kept, written)
        assert.deepInclude(result.imported.open[0], { line: 2, kind: "code" })
        assert.include(result.imported.yaml, "# TODO: ")
        assert.deepStrictEqual(yield* problems(result), [])
      }
    })
  )

  it("resources by name, resources inside of one, and defaults at the top are put in their places", () => {
    const named = read(
      `rest_api_source({"client": {"base_url": "https://x.example"}, "resources": {"a": {"endpoint": "x"}, "b": "y"}})`
    )
    assert.deepStrictEqual(at(named.config, "resources"), [
      { name: "a", endpoint: "x" },
      { name: "b", endpoint: "y" }
    ])
    const one = read(
      `rest_api_source({"client": {"base_url": "https://x.example"}, "resources": {"name": "a", "endpoint": "x"}})`
    )
    assert.deepStrictEqual(at(one.config, "resources"), [{ name: "a", endpoint: "x" }])
    assert.lengthOf(one.kinds, 1)
    const nested = read(withResource(`{"client": {}, "resources": ["a", "b"]}`))
    assert.deepStrictEqual(at(nested.config, "resources"), ["a", "b"])
    const top = read(
      `c = {"client": {"base_url": "https://x.example"}, "write_disposition": "replace", "resources": ["a"]}`
    )
    assert.deepStrictEqual(at(top.config, "resource_defaults"), { write_disposition: "replace" })
  })

  it("the disposition of a run goes over that of every resource, as in dlt", () => {
    const { config, imported } = read(
      `source = rest_api_source({"client": {"base_url": "https://x.example"}, "resources": ["a", {"name": "b", "write_disposition": "append"}]})\n` +
        `pipeline.run(source, write_disposition="replace")`
    )
    assert.deepStrictEqual(at(config, "resource_defaults"), { write_disposition: "replace" })
    assert.deepStrictEqual(at(config, "resources"), ["a", { name: "b" }])
    assert.deepStrictEqual(
      imported.repairs.map(({ line }) => line),
      [2]
    )
    const other = read(
      `p.run(other(), write_disposition="replace")\np.run(rest_api_source({"client": {"base_url": "https://x.example"}, "resources": ["a"]}))`
    )
    assert.deepStrictEqual(other.config["resource_defaults"], undefined)
  })

  it("attributes of the class around it", () => {
    const { config } = read(
      `class S:\n    P = "a"\n    def __init__(self, key):\n        self.url = "https://x.example"\n        self.key = key\n` +
        `    def source(self):\n        return rest_api_source({"client": {"base_url": self.url, "auth": {"type": "bearer", "token": self.key}}, "resources": [self.P]})`
    )
    assert.deepStrictEqual(config["client"], {
      base_url: "https://x.example",
      auth: { type: "bearer", token: "${KEY}" }
    })
    assert.deepStrictEqual(config["resources"], ["a"])
  })

  it("a source that is given its configuration as arguments", () => {
    const { config } = read(`s = rest_api(client={"base_url": "https://x.example"}, resources=["a"])`)
    assert.deepStrictEqual(config, { client: { base_url: "https://x.example" }, resources: ["a"] })
  })

  it("arguments of the only call of the function around it", () => {
    const source = `def source(url, size=10, *, start="x", token=dlt.secrets.value):\n    return rest_api_source({"client": {"base_url": url, "auth": {"type": "bearer", "token": token}}, "resources": [{"name": "a", "endpoint": {"path": "a", "params": {"n": size, "s": start}}}]})\n`
    const once = read(`${source}p.run(source("https://x.example", start="y", token=get_token()))`)
    assert.deepStrictEqual(at(once.config, "client", "base_url"), "https://x.example")
    assert.deepStrictEqual(at(once.config, "client", "auth", "token"), "${TOKEN}")
    assert.deepStrictEqual(at(once.config, "resources", 0, "endpoint", "params"), { n: 10, s: "y" })
    const twice = read(`${source}source("https://x.example", 1)\nsource("https://y.example", 2)`)
    assert.deepStrictEqual(at(twice.config, "client", "base_url"), "${URL}")
    assert.deepStrictEqual(at(twice.config, "resources", 0, "endpoint", "params"), { n: 10, s: "x" })
  })

  it("what two calls give are two variables", () => {
    const { config, imported } = read(
      `c = {"client": {"base_url": Variable.get("base"), "auth": {"type": "bearer", "token": kv.get(scope="s", key="crm-token")}, "headers": {"X": x.get(), "Y": y.get()}}, "resources": ["a"]}`
    )
    assert.deepStrictEqual(imported.variables, ["BASE", "CRM_TOKEN", "X", "Y"])
    assert.strictEqual(at(config, "client", "auth", "token"), "${CRM_TOKEN}")
  })

  it("no variable is called like one that every machine has", () => {
    const { imported } = read(
      `c = {"client": {"base_url": "https://x.example", "headers": {"A": dlt.config["home"], "B": dlt.config["crm.user"], "C": os.environ["HOME"]}}, "resources": [{"name": "a", "endpoint": {"path": (lambda: 1)()}}]}`
    )
    assert.deepStrictEqual(imported.variables, ["SOURCE_HOME", "CRM_USER", "HOME", "SOURCE_PATH"])
  })
})
