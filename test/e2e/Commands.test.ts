/**
 * plan, preview, init, schema, state and check on a configuration of one's own, against a server in this process.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { document, folder, query, resourceOf, sluice, startSluice, sync } from "./support.ts"

const secret = "b0ard-t0ken/+1"
const env = { BOARD_TOKEN: secret }

/** Posts in two pages, with comments; whoever has no token gets 401. */
const api = Effect.acquireRelease(
  Effect.async<{ readonly url: string; readonly server: Http.Server; readonly asked: Array<string> }>((resume) => {
    const asked: Array<string> = []
    const posts = [
      { id: 1, title: "one", tags: ["a", "b"], at: "2026-02-01T00:00:00Z" },
      { id: 2, title: "two", tags: [], at: "2026-02-02T00:00:00Z" },
      { id: 3, title: "three", tags: ["c"], at: "2026-02-03T00:00:00Z" }
    ]
    const server = Http.createServer((request, response) => {
      asked.push(request.url ?? "")
      const url = new URL(request.url ?? "", "http://127.0.0.1")
      const say = (status: number, json: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json))
      if (request.headers.authorization !== `Bearer ${secret}`) return say(401, { message: "who are you?" })
      const since = url.searchParams.get("since") ?? ""
      const offset = Number(url.searchParams.get("offset"))
      const rows = posts.filter(({ at }) => at >= since)
      if (url.pathname === "/posts") return say(200, { data: rows.slice(offset, offset + 2), total: rows.length })
      const [, id] = /^\/posts\/(\d)\/comments$/.exec(url.pathname) ?? []
      return id === undefined ? say(404, { message: "no such path" }) : say(200, [{ id: Number(id) * 10, text: "hi" }])
    })
    server.listen(0, "127.0.0.1", () =>
      resume(Effect.succeed({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked }))
    )
  }),
  ({ server }) =>
    Effect.async<void>((resume) => {
      server.close(() => resume(Effect.void))
      server.closeAllConnections()
    })
)

const config = (url: string) => `client:
  base_url: ${url}
  auth: { type: bearer, token: "\${BOARD_TOKEN}" }
resource_defaults: { primary_key: id, write_disposition: merge }
resources:
  - name: posts
    columns: { id: { data_type: bigint }, title: { data_type: text } }
    endpoint:
      path: /posts
      params: { since: "{incremental.start_value}" }
      data_selector: data
      paginator: { type: offset, limit: 2, total_path: total }
      incremental: { cursor_path: at, initial_value: "2026-01-01" }
  - name: comments
    endpoint: { path: "/posts/{resources.posts.id}/comments", paginator: single_page }
`

const board = Effect.gen(function* () {
  const cwd = yield* folder
  const server = yield* api
  writeFileSync(join(cwd, "board.yaml"), config(server.url))
  const run = (...args: ReadonlyArray<string>) =>
    Effect.map(sluice(args, { cwd, env }), (result) => {
      assert.notInclude(result.stdout + result.stderr, secret)
      assert.notInclude(result.stdout, "\u001b")
      return result
    })
  return { cwd, run, asked: server.asked, url: server.url }
})

describe("sluice plan", { timeout: 90_000 }, () => {
  it.scopedLive("shows requests, ranges and tables, and sends and writes nothing", () =>
    Effect.gen(function* () {
      const { asked, cwd, run, url } = yield* board
      const { code, stdout } = yield* run("plan", "board.yaml")
      assert.strictEqual(code, 0)
      assert.match(stdout, /^board → board\.db \(not there yet\)\n/)
      assert.include(stdout, `\n    GET ${url}/posts?since=2026-01-01&offset=0&limit=2\n`)
      assert.include(stdout, `\n    GET ${url}/posts/{resources.posts.id}/comments\n`)
      assert.include(stdout, "\n    authorization: Bearer ***\n")
      assert.include(stdout, '\n    CREATE TABLE "posts" (\n')
      assert.isBelow(stdout.indexOf("✓ posts"), stdout.indexOf("✓ comments"))
      assert.deepStrictEqual([asked, readdirSync(cwd)], [[], ["board.yaml"]])
    })
  )

  it.scopedLive("knows what the database holds, and leaves it as it is", () =>
    Effect.gen(function* () {
      const { asked, cwd, run } = yield* board
      assert.strictEqual((yield* run("sync", "board.yaml")).code, 0)
      const before = { asked: asked.length, bytes: readFileSync(join(cwd, "board.db")), names: readdirSync(cwd) }
      const { code, stdout } = yield* run("plan", "board.yaml", "--json")
      assert.strictEqual(code, 0)
      const plan = document<{
        readonly db_exists: boolean
        readonly resources: ReadonlyArray<Readonly<Record<string, unknown>>>
        readonly warnings: ReadonlyArray<unknown>
      }>(stdout)
      const [posts, comments] = plan.resources
      assert.isTrue(plan.db_exists)
      assert.deepInclude(posts?.["incremental"], { start_value: "2026-02-03T00:00:00Z", origin: "state" })
      assert.deepInclude(posts, { expected_requests: 2, ddl: [] })
      assert.deepInclude(comments, { parent: "posts", expected_requests: 3 })
      assert.deepStrictEqual(plan.warnings, [])
      const after = { asked: asked.length, bytes: readFileSync(join(cwd, "board.db")), names: readdirSync(cwd) }
      assert.deepStrictEqual(after, before)
    })
  )

  it.scopedLive("of a file that is no database, or of another source's table, says so", () =>
    Effect.gen(function* () {
      const { cwd, run } = yield* board
      writeFileSync(join(cwd, "board.db"), "something else altogether, and long enough")
      const other = yield* run("plan", "board.yaml", "--json")
      assert.strictEqual(other.code, 1)
      assert.deepInclude(document<{ readonly error: object }>(other.stdout).error, { reason: "NotADatabase" })
      const missing = yield* run("plan")
      assert.strictEqual(missing.code, 2)
      assert.match(missing.stderr, /^sluice: plan needs a SOURCE, as in `sluice plan postmark`\n/)
    })
  )
})

describe("sluice preview", { timeout: 90_000 }, () => {
  it.scopedLive("shows the first rows of a child of the first parent, from one page each, and writes nothing", () =>
    Effect.gen(function* () {
      const { asked, cwd, run } = yield* board
      const { code, stdout } = yield* run("preview", "board.yaml", "comments")
      assert.strictEqual(code, 0)
      assert.match(stdout, /^board · comments of posts 1 → comments\n\n {2}id {2}text\n {2}─+\n {2}10 {2}hi\n/)
      assert.deepStrictEqual(asked, ["/posts?since=2026-01-01&offset=0&limit=2", "/posts/1/comments"])
      assert.deepStrictEqual(readdirSync(cwd), ["board.yaml"])
    })
  )

  it.scopedLive("is one document with the rows of lists, as many as were asked for", () =>
    Effect.gen(function* () {
      const { run } = yield* board
      const { code, stdout } = yield* run("preview", "board.yaml", "posts", "--rows", "1", "--json")
      assert.strictEqual(code, 0)
      const sample = document<{ readonly rows: object; readonly tables: ReadonlyArray<{ readonly rows: object }> }>(
        stdout
      )
      assert.deepStrictEqual(sample.rows, { fetched: 2, filtered: 0, rejected: 0, shown: 1 })
      assert.deepStrictEqual(sample.tables[0]?.rows, [{ id: 1, title: "one", at: "2026-02-01T00:00:00.000000000Z" }])
      assert.deepStrictEqual(sample.tables[1]?.rows, [
        { _row: 0, _idx: 0, value: "a" },
        { _row: 0, _idx: 1, value: "b" }
      ])
    })
  )

  it.scopedLive("refuses what it is not: no such resource, no number, a token that is wrong", () =>
    Effect.gen(function* () {
      const { cwd, run } = yield* board
      const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, code: number, message: RegExp]> = [
        [["board.yaml"], 2, /^sluice: preview needs a RESOURCE\n/],
        [["board.yaml", "post"], 2, /^sluice: board has no resource "post"; did you mean posts\?\n/],
        [["board.yaml", "posts", "--rows", "0"], 2, /^sluice: --rows must be a whole number, 1 or more, is "0"\n/],
        [["nothing.yaml", "posts"], 2, /^sluice: nothing\.yaml: there is no such file\n/]
      ]
      for (const [args, code, message] of cases) {
        const result = yield* run("preview", ...args)
        assert.deepStrictEqual([args, result.code, result.stdout], [args, code, ""])
        assert.match(result.stderr, message)
      }
      const wrong = { BOARD_TOKEN: "wr0ng-t0ken" }
      for (const resource of ["posts", "comments"]) {
        const { code, stderr, stdout } = yield* sluice(["preview", "board.yaml", resource, "--json"], {
          cwd,
          env: wrong
        })
        assert.strictEqual(code, 1)
        assert.deepInclude(document<{ readonly error: object }>(stdout).error, { exit_code: 1 })
        assert.notInclude(stdout + stderr, wrong.BOARD_TOKEN)
      }
    })
  )
})

describe("sluice init", { timeout: 90_000 }, () => {
  it.scopedLive("writes a configuration that check takes once its variable is set, and overwrites nothing", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { code, stdout } = yield* sluice(["init"], { cwd })
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), [".env.example", "sluice.yaml"])
      const [, variable = ""] = /export (\w+)=/.exec(stdout) ?? []
      assert.include(readFileSync(join(cwd, ".env.example"), "utf8"), `\n${variable}=\n`)
      const check = ["check", "sluice.yaml", "--offline"]
      const unset = yield* sluice(check, { cwd })
      assert.strictEqual(unset.code, 2)
      assert.include(unset.stderr, variable)
      const fine = yield* sluice(check, { cwd, env: { [variable]: "any-token" } })
      assert.deepStrictEqual([fine.code, fine.stderr], [0, ""])
      assert.strictEqual((yield* sluice(["plan", "sluice.yaml"], { cwd, env: { [variable]: "any-token" } })).code, 0)

      writeFileSync(join(cwd, "sluice.yaml"), "mine")
      const again = yield* sluice(["init"], { cwd })
      assert.strictEqual(again.code, 2)
      assert.match(again.stderr, /^sluice: sluice\.yaml is there already/)
      assert.strictEqual(readFileSync(join(cwd, "sluice.yaml"), "utf8"), "mine")
      // Its variable is in .env.example, so another configuration may join in.
      assert.strictEqual((yield* sluice(["init", "other"], { cwd })).code, 0)
      writeFileSync(join(cwd, ".env.example"), "MINE=1\n")
      const taken = yield* sluice(["init", "third"], { cwd })
      assert.strictEqual(taken.code, 2)
      assert.match(taken.stderr, /^sluice: \.env\.example is there already/)
      assert.isFalse(existsSync(join(cwd, "third.yaml")))
      for (const name of ["../up", "a/b", ".hidden", ""]) {
        assert.strictEqual((yield* sluice(["init", "--", name], { cwd })).code, 2, name)
      }
    })
  )
})

describe("sluice schema", { timeout: 90_000 }, () => {
  it.scopedLive("prints the JSON Schema of a configuration, needing nothing", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { code, stderr, stdout } = yield* sluice(["schema", "json-schema"], { cwd })
      assert.deepStrictEqual([code, stderr], [0, ""])
      const schema = JSON.parse(stdout) as Readonly<Record<string, unknown>>
      assert.match(String(schema["$schema"]), /json-schema\.org/)
      assert.match(stdout, /"resource_defaults"/)
    })
  )

  it.scopedLive("prints SQL that runs in an empty database and makes the tables a sync makes", () =>
    Effect.gen(function* () {
      const { cwd, run } = yield* board
      const declared = yield* run("schema", "ddl", "board.yaml")
      assert.strictEqual(declared.code, 0)
      assert.match(declared.stdout, /-- posts\nCREATE TABLE "posts" \(/)
      assert.match(declared.stdout, /-- comments: the table comments comes with its first rows/)
      assert.match(declared.stderr, /^columns or key of comments are not declared/)
      yield* run("sync", "board.yaml")
      const { code, stderr, stdout } = yield* run("schema", "ddl", "board.yaml", "--db", "board.db")
      assert.deepStrictEqual([code, stderr], [0, ""])
      for (const statement of stdout.split(";\n").filter((text) => text.includes("CREATE")))
        yield* query(join(cwd, "empty.db"), statement)
      const shape =
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_sluice_%' ORDER BY name"
      const names = (file: string) =>
        Effect.map(query<{ readonly name: string }>(join(cwd, file), shape), (rows) => rows.map(({ name }) => name))
      assert.deepStrictEqual(yield* names("empty.db"), yield* names("board.db"))
    })
  )

  it.scopedLive("prints types, of what is declared and of what a sync has found", () =>
    Effect.gen(function* () {
      const { run } = yield* board
      const declared = yield* run("schema", "types", "board.yaml")
      assert.match(declared.stdout, /export interface PostsRow \{\n {2}id: number\n {2}title: string \| null\n/)
      assert.notInclude(declared.stdout, "CommentsRow")
      yield* run("sync", "board.yaml")
      const { code, stdout } = yield* run("schema", "types", "board.yaml", "--db", "board.db")
      assert.strictEqual(code, 0)
      for (const name of ["PostsRow", "PostsTagsRow", "CommentsRow"])
        assert.include(stdout, `export interface ${name} {`)
      assert.match(
        stdout,
        /export interface Database \{\n {2}posts: PostsRow\n {2}posts__tags: PostsTagsRow\n {2}comments: CommentsRow\n\}/
      )
    })
  )

  it.scopedLive("needs no tokens, since it sends nothing, but a configuration that is right", () =>
    Effect.gen(function* () {
      const { asked, cwd } = yield* board
      for (const args of [
        ["schema", "types", "board.yaml"],
        ["schema", "ddl", "board.yaml"],
        ["schema", "types", "postmark"]
      ]) {
        assert.strictEqual((yield* sluice(args, { cwd })).code, 0, args.join(" "))
      }
      writeFileSync(join(cwd, "wrong.yaml"), 'client: { base_url: "${API}" }\nresources: [{ nam: a }]\n')
      const wrong = yield* sluice(["schema", "types", "wrong.yaml"], { cwd })
      assert.deepStrictEqual([wrong.code, wrong.stdout], [2, ""])
      assert.match(wrong.stderr, /wrong\.yaml:2:\d+ resources\[0\]/)
      assert.deepStrictEqual(asked, [])
    })
  )

  it.scopedLive("says what it has, and what cannot be read", () =>
    Effect.gen(function* () {
      const { run } = yield* board
      const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, code: number, message: RegExp]> = [
        [[], 2, /^sluice: schema needs a word more: json-schema, types or ddl\n/],
        [["typs", "board.yaml"], 2, /^sluice: schema has no "typs"; did you mean types\?\n/],
        [["types"], 2, /^sluice: schema types needs a SOURCE/],
        [["ddl", "board.yaml", "--db", "gone.db"], 1, /gone\.db: .*there is no such file/],
        [["json-schema", "board.yaml"], 2, /^sluice: schema json-schema does not know what to do with "board\.yaml"\n/]
      ]
      for (const [args, code, message] of cases) {
        const result = yield* run("schema", ...args)
        assert.deepStrictEqual([args, result.code, result.stdout], [args, code, ""])
        assert.match(result.stderr, message)
      }
      const help = yield* run("schema", "--help")
      assert.match(help.stdout, /^ {2}sluice schema types SOURCE \[options\]$/m)
    })
  )
})

describe("sluice state", { timeout: 90_000 }, () => {
  it.scopedLive("shows cursors and unfinished walks, and forgets those of one resource", () =>
    Effect.gen(function* () {
      const { asked, cwd, run } = yield* board
      yield* run("sync", "board.yaml")
      const shown = yield* run("state", "show", "--json")
      const { resources } = document<{ readonly resources: ReadonlyArray<Readonly<Record<string, unknown>>> }>(
        shown.stdout
      )
      assert.deepInclude(resources[0], { name: "posts", table: "posts", primary_key: ["id"], checkpoint: null })
      assert.include(JSON.stringify(resources[0]?.["cursor"]), "2026-02-03T00:00:00Z")
      assert.match((yield* run("state", "show", "board.yaml")).stdout, /^ {2}posts +id +2026-02-03T00:00:00Z +–/m)

      const reset = yield* run("state", "reset", "--db", "board.db", "--resource", "posts")
      assert.strictEqual(reset.code, 0)
      assert.match(reset.stdout, /✓ posts {2}forgot its cursor\n/)
      assert.lengthOf(yield* query(join(cwd, "board.db"), "SELECT 1 FROM posts"), 3)
      asked.length = 0
      const { receipt } = yield* sync(["board.yaml"], { cwd, env })
      assert.deepInclude(resourceOf(receipt, "posts").rows, { fetched: 3, unchanged: 3, inserted: 0 })
      assert.include(asked, "/posts?since=2026-01-01&offset=0&limit=2")
    })
  )

  it.scopedLive("after a cap, forgets where the walk stood", () =>
    Effect.gen(function* () {
      const { asked, run } = yield* board
      assert.strictEqual((yield* run("sync", "board.yaml", "--resource", "posts", "--limit-pages", "1")).code, 3)
      assert.match((yield* run("state", "show")).stdout, /posts .* after page 1 /)
      const reset = yield* run("state", "reset", "--json")
      assert.deepInclude(document<{ readonly resources: ReadonlyArray<object> }>(reset.stdout).resources[0], {
        resource: "posts",
        checkpoint: true
      })
      asked.length = 0
      yield* run("sync", "board.yaml", "--resource", "posts")
      assert.deepStrictEqual(asked, [
        "/posts?since=2026-01-01&offset=0&limit=2",
        "/posts?since=2026-01-01&offset=2&limit=2"
      ])
    })
  )

  it.scopedLive("waits for nobody: while a sync holds the file, it says so and forgets nothing", () =>
    Effect.gen(function* () {
      const { cwd, run } = yield* board
      yield* run("sync", "board.yaml")
      const held = yield* api
      held.server.removeAllListeners("request")
      const asked = new Promise<void>((resolve) => held.server.on("request", () => resolve()))
      writeFileSync(join(cwd, "slow.yaml"), `name: board\n${config(held.url)}`)
      const syncing = yield* startSluice(["sync", "slow.yaml", "--db", "board.db"], { cwd, env })
      yield* Effect.promise(() => asked)
      const { code, stderr } = yield* run("state", "reset", "--db", "board.db")
      assert.strictEqual(code, 1)
      assert.match(stderr, /another sync is at work on this file/)
      assert.strictEqual((yield* run("state", "show", "--db", "board.db")).code, 0)
      yield* syncing.kill("SIGKILL")
      yield* syncing.ended
      assert.strictEqual((yield* run("state", "reset", "--db", "board.db")).code, 0)
    })
  )

  it.scopedLive(
    "refuses a database that is not there, is not sluice's, or does not know the resource, and makes none",
    () =>
      Effect.gen(function* () {
        const { cwd, run } = yield* board
        const none = yield* run("state", "show")
        assert.deepStrictEqual([none.code, none.stdout], [2, ""])
        assert.match(none.stderr, /no database of sluice's is in this folder/)
        for (const word of ["show", "reset"]) {
          const gone = yield* run("state", word, "--db", "gone.db")
          assert.strictEqual(gone.code, 1)
          assert.match(gone.stderr, /gone\.db: .*there is no such file/)
        }
        assert.deepStrictEqual(readdirSync(cwd), ["board.yaml"])
        yield* query(join(cwd, "other.db"), "CREATE TABLE mine (id INTEGER)")
        const other = yield* run("state", "reset", "--db", "other.db")
        assert.strictEqual(other.code, 1)
        assert.match(other.stderr, /no sync has written to this database/)
        assert.lengthOf(yield* query(join(cwd, "other.db"), "SELECT 1 FROM sqlite_master"), 1)
        yield* run("sync", "board.yaml")
        const unknown = yield* run("state", "reset", "--db", "board.db", "--resource", "post")
        assert.strictEqual(unknown.code, 2)
        assert.match(unknown.stderr, /board\.db knows no resource "post"; did you mean posts\?\n/)
      })
  )
})

describe("sluice check", { timeout: 90_000 }, () => {
  it.scopedLive("asks one page of each resource, of a child for the first row of its parent", () =>
    Effect.gen(function* () {
      const { asked, cwd, run } = yield* board
      const { code, stdout } = yield* run("check", "board.yaml")
      assert.strictEqual(code, 0)
      assert.match(stdout, /✓ posts +2 rows on the first page, 3 in all; key id; paginator offset\n/)
      assert.match(stdout, /✓ comments +1 row on the first page of posts 1; key id; paginator single_page\n/)
      assert.lengthOf(asked, 2)
      assert.deepStrictEqual(readdirSync(cwd), ["board.yaml"])
    })
  )

  it.scopedLive("tells what it found where nothing is declared, and warns of what is doubtful", () =>
    Effect.gen(function* () {
      const { cwd, run, url } = yield* board
      writeFileSync(
        join(cwd, "found.yaml"),
        `client: { base_url: "${url}", auth: { type: bearer, token: "\${BOARD_TOKEN}" } }\n` +
          "resources:\n  - name: posts\n    write_disposition: merge\n    endpoint: { path: posts }\n"
      )
      const { code, stderr, stdout } = yield* run("check", "found.yaml", "--json")
      assert.strictEqual(code, 0)
      const report = document<{
        readonly resources: ReadonlyArray<Readonly<Record<string, unknown>>>
        readonly warnings: ReadonlyArray<{ readonly line: number; readonly path: string }>
      }>(stdout)
      assert.deepInclude(report.resources[0], { paginator_detected: true, selector: "data" })
      // A merge without a key appends.
      assert.isNotEmpty(report.warnings)
      assert.match(stderr, /^warning: found\.yaml:\d+:\d+ resources\[0\]/m)
    })
  )

  it.scopedLive("refuses offline what a sync would refuse, also of a module", () =>
    Effect.gen(function* () {
      const { asked, cwd, run, url } = yield* board
      const module = (path: string, primaryKey: string) => `
        const paginator = { type: "mine", options: {}, first: {}, next: () => ({ _tag: "Stop", reason: "no_next", complete: true }) }
        const resource = (name, path, fields) => ({ name, path, paginator, primaryKey: { fields, origin: "declared" } })
        export default {
          name: "mine",
          api: { baseUrl: ${JSON.stringify(url)} },
          resources: [resource("a", ${JSON.stringify(path)}, ${primaryKey}), resource("b", "/{resources.a.id}", [])]
        }`
      writeFileSync(join(cwd, "circle.mjs"), module("/{resources.b.id}", "[]"))
      const circle = yield* run("check", "circle.mjs", "--offline")
      assert.deepStrictEqual([circle.code, circle.stdout], [2, ""])
      assert.match(circle.stderr, /^sluice: .*is its own ancestor/)
      writeFileSync(join(cwd, "fine.mjs"), module("/a", "[]"))
      assert.strictEqual((yield* run("check", "fine.mjs", "--offline")).code, 0)
      const plan = yield* run("plan", "fine.mjs")
      assert.strictEqual(plan.code, 0)
      assert.match(plan.stdout, /paginator mine/)
      assert.deepStrictEqual(asked, [])
    })
  )
})
