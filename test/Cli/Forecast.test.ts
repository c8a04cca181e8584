import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Auth from "../../src/Api/Auth.ts"
import * as Forecast from "../../src/Cli/Forecast.ts"
import * as PlanView from "../../src/Cli/PlanView.ts"
import * as Offset from "../../src/Page/Offset.ts"
import * as SinglePage from "../../src/Page/SinglePage.ts"
import * as Resource from "../../src/Resource.ts"
import * as Source from "../../src/Source.ts"
import * as Family from "../../src/Sync/Family.ts"
import * as Fingerprint from "../../src/Sync/Fingerprint.ts"
import * as Order from "../../src/Sync/Order.ts"
import type { State } from "../../src/Table/State.ts"
import { view } from "./support.ts"

const secret = "s3cret-value"

const source = (auth: Auth.Auth = Auth.bearer(secret)) =>
  Source.make({
    name: "board",
    api: { baseUrl: "https://api.example.com/v1", auth, headers: { "X-Team": "blue" } },
    resources: [
      Resource.make({
        name: "comments",
        path: "/posts/{resources.posts.id}/comments",
        query: [["for", "{resources.posts.author.name}"]],
        paginator: SinglePage.make(),
        primaryKey: "id"
      }),
      Resource.make({
        name: "posts",
        path: "/posts",
        query: [["since", "{incremental.start_value}"]],
        paginator: Offset.make({ limit: 100 }),
        incremental: { cursorPath: "updated_at", initialValue: "2026-01-01" }
      }),
      Resource.make({
        name: "users",
        path: "/users",
        paginator: SinglePage.make(),
        unavailable: "left out: TOKEN is not set"
      }),
      Resource.make({ name: "logs", path: "/logs", paginator: SinglePage.make(), selected: false })
    ]
  })

const state = (resource: string, changes: Partial<State> = {}): State => ({
  source: "board",
  resource,
  shape: undefined,
  primaryKey: undefined,
  primaryKeyInferred: false,
  marks: false,
  checkpoint: undefined,
  cursor: undefined,
  parents: undefined,
  run: "01",
  updatedAt: "2026-11-23T12:00:00.000Z",
  complete: undefined,
  ...changes
})

const forecast = (states: ReadonlyArray<State> | undefined = undefined, of = source()) =>
  Forecast.make(of, "board.db", states)

const lineOf = ({ resources }: Forecast.Forecast, name: string) => {
  const found = resources.find((line) => line.name === name)
  if (found === undefined) throw new Error(`no line of ${name}`)
  return found
}

describe("Forecast", () => {
  it.effect("puts parents first, and tells what is left out", () =>
    Effect.gen(function* () {
      const plan = yield* forecast()
      const names = plan.resources.map(({ name }) => name)
      assert.isBelow(names.indexOf("posts"), names.indexOf("comments"))
      assert.strictEqual(lineOf(plan, "users").skipped, "left out: TOKEN is not set")
      assert.strictEqual(lineOf(plan, "logs").skipped, "not selected")
      assert.strictEqual(lineOf(plan, "comments").parent, "posts")
      assert.deepInclude(plan, { db_exists: false, status: "complete", expected_requests: null })
    })
  )

  it.effect("shows requests as they would be sent, credentials masked and placeholders as written", () =>
    Effect.gen(function* () {
      const plan = yield* forecast()
      const posts = lineOf(plan, "posts").first_request
      assert.strictEqual(posts?.url, "https://api.example.com/v1/posts?since=2026-01-01&offset=0&limit=100")
      assert.deepInclude(posts?.headers, { authorization: "Bearer ***", "x-team": "blue" })
      assert.strictEqual(
        lineOf(plan, "comments").first_request?.url,
        "https://api.example.com/v1/posts/{resources.posts.id}/comments?for={resources.posts.author.name}"
      )
      const kinds: ReadonlyArray<readonly [Auth.Auth, RegExp]> = [
        [Auth.apiKey({ name: "X-Key", value: secret }), /"x-key":"\*\*\*"/],
        [Auth.apiKey({ name: "key", value: secret, location: "query" }), /limit=100&key=\*\*\*"/],
        [Auth.apiKey({ name: "sid", value: secret, location: "cookie" }), /"cookie":"sid=\*\*\*"/],
        [Auth.httpBasic({ username: "me", password: secret }), /"authorization":"Basic \*\*\*"/],
        [
          Auth.oauth2ClientCredentials({
            tokenUrl: "https://id.example.com/token",
            clientId: "me",
            clientSecret: secret
          }),
          /"authorization":"Bearer \*\*\*".*"token_url":"https:\/\/id\.example\.com\/token"/
        ]
      ]
      for (const [auth, wanted] of kinds) {
        const text = JSON.stringify(lineOf(yield* forecast(undefined, source(auth)), "posts").first_request)
        assert.match(text, wanted)
        assert.notInclude(text, secret)
        assert.notInclude(text, Buffer.from(`me:${secret}`).toString("base64"))
      }
    })
  )

  it.effect("goes on where the database says: cursor, unfinished walk, last complete run", () =>
    Effect.gen(function* () {
      const posts = source().resources.find(({ name }) => name === "posts")!
      const children = Family.children(posts, yield* Order.order(source(), []))
      const fingerprint = Fingerprint.make(source(), posts, { aside: false, stored: true, children })
      const checkpoint = {
        fingerprint,
        at: "1970-01-01T00:00:00.000Z",
        runs: ["01J"],
        index: 3,
        rows: 300,
        total: 1050,
        position: { query: { offset: 300, limit: 100 } }
      }
      const fromCursor = lineOf(
        yield* forecast([state("posts", { cursor: { by: "max updated_at", value: "2026-06-01" } })]),
        "posts"
      )
      assert.match(fromCursor.first_request?.url ?? "", /since=2026-06-01&offset=0/)
      assert.deepInclude(fromCursor.incremental, { start_value: "2026-06-01", origin: "state" })
      const renamed = [state("posts", { cursor: { by: "max created_at", value: "2026-06-01" } })]
      assert.deepInclude(lineOf(yield* forecast(renamed), "posts").incremental, {
        start_value: "2026-01-01",
        origin: "initial_value"
      })
      const goingOn = lineOf(yield* forecast([state("posts", { checkpoint })]), "posts")
      assert.deepInclude(goingOn, { from_page: 3, expected_requests: 8, expected_total: 1050 })
      assert.match(goingOn.first_request?.url ?? "", /offset=300/)
      const other = lineOf(
        yield* forecast([
          state("posts", { checkpoint: { ...checkpoint, fingerprint: { ...fingerprint, paginator: "1" } } })
        ]),
        "posts"
      )
      assert.strictEqual(other.from_page, 0)
      assert.match(
        other.notices.join(),
        /^the paginator changed since run 01J was interrupted after page 3: the walk starts over/
      )
      const complete = { run: "01", at: "2026-11-23T12:00:00.000Z", requests: 11, pages: 11, total: 1050 }
      const again = lineOf(yield* forecast([state("posts", { complete })]), "posts")
      assert.deepInclude(again, { expected_requests: 11, expected_total: 1050 })
    })
  )

  it.effect("a key that changed is that resource's error, and the exit code's", () =>
    Effect.gen(function* () {
      const column = { name: "id", path: ["id"], type: "integer", declared: false } as const
      const shape = {
        tables: [
          { name: "comments", parent: -1, path: [], columns: [column, { ...column, name: "uid", path: ["uid"] }] }
        ]
      }
      const plan = yield* forecast([state("comments", { shape, primaryKey: ["uid"] })])
      assert.match(lineOf(plan, "comments").error ?? "", /primary key/)
      assert.strictEqual(plan.status, "partial")
      assert.match(PlanView.render(plan, "board.yaml", view()), /1 resource cannot be synced into board\.db/)
    })
  )

  it.effect("reads as a page: order, request, range, tables", () =>
    Effect.gen(function* () {
      const complete = { run: "01", at: "2026-11-23T12:00:00.000Z", requests: 11, pages: 11, total: 1050 }
      const states = [state("posts", { cursor: { by: "max updated_at", value: "2026-06-01" }, complete })]
      const text = PlanView.render(yield* forecast(states), "board.yaml", view())
      assert.match(
        text,
        /^board → board\.db\n\n✓ posts → posts\n {4}merge \(delete-insert\) · no key · paginator offset\n/
      )
      assert.match(text, /\n {4}GET https:\/\/api\.example\.com\/v1\/posts\?since=2026-06-01&offset=0&limit=100\n/)
      assert.match(text, /\n {4}authorization: Bearer \*\*\*\n/)
      assert.match(text, /\n {4}from updated_at 2026-06-01 on, where the last run ended\n/)
      assert.match(text, /\n {4}about 11 requests for 1,050 rows, as in the last complete run\n/)
      assert.match(text, /\n {4}once for each row of posts\n/)
      assert.match(text, /\n– users\n {4}left out: TOKEN is not set\n/)
      assert.match(text, /✓ planned: nothing was sent, nothing was written\. Next: sluice sync board\.yaml$/)
    })
  )
})
