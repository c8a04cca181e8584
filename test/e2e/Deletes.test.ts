/**
 * Rows that the API does not have any more, as a user's shell sees them go, and not go.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { folder, query, resourceOf, sluice, startSluice, sync, until } from "./support.ts"

interface Orders {
  ids: ReadonlyArray<number>
  /** How many answers with orders were given. */
  asked: number
  /** Answers after so many wait so long, in ms. */
  slowly: { readonly after: number; readonly millis: number } | undefined
  url: string
}

/** A shop with orders, each with two lines in it, in pages of 100. */
const shop = Effect.map(
  Effect.acquireRelease(
    Effect.async<{ readonly orders: Orders; readonly server: Http.Server }>((resume) => {
      const orders: Orders = { ids: [], asked: 0, slowly: undefined, url: "" }
      const server = Http.createServer((request, response) => {
        const offset = Number(new URL(request.url ?? "", "http://shop").searchParams.get("offset") ?? 0)
        const items = orders.ids.slice(offset, offset + 100).map((id) => {
          return {
            id,
            placed_at: new Date(Date.UTC(2026, 0, 1) + id * 3_600_000).toISOString(),
            lines: [{ sku: "a" }, { sku: "b" }]
          }
        })
        const say = () =>
          response
            .writeHead(200, { "content-type": "application/json" })
            .end(JSON.stringify({ orders: items, total: orders.ids.length }))
        const { slowly } = orders
        if (slowly !== undefined && orders.asked >= slowly.after) setTimeout(say, slowly.millis)
        else say()
        orders.asked++
      })
      server.listen(0, "127.0.0.1", () => {
        orders.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        resume(Effect.succeed({ orders, server }))
      })
    }),
    ({ server }) =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  ),
  ({ orders }) => orders
)

const write = (cwd: string, { url }: Orders, deletes: string) =>
  writeFileSync(
    join(cwd, "shop.yaml"),
    `name: shop
client:
  base_url: ${url}
  paginator: { type: offset, limit: 100, total_path: total }
resources:
  - name: orders
    primary_key: id
    write_disposition: merge
    endpoint: { path: orders, data_selector: orders }
    columns: { id: { data_type: bigint }, placed_at: { data_type: timestamp } }
${deletes}
`
  )

const to = (last: number, except: ReadonlyArray<number> = []) =>
  Array.from({ length: last }, (_, i) => i + 1).filter((id) => !except.includes(id))

const numbers = (cwd: string, text: string) =>
  Effect.map(query<{ readonly n: number }>(join(cwd, "shop.db"), text), (rows) => rows.map(({ n }) => Number(n)))
const marked = (cwd: string) =>
  numbers(cwd, "SELECT id AS n FROM orders WHERE _sluice_deleted_at IS NOT NULL ORDER BY id")

describe("sluice sync, with deletes", { timeout: 60_000 }, () => {
  it.scopedLive("marks what is gone, says so, and takes it away when it is told to", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const orders = yield* shop
      const run = (...more: ReadonlyArray<string>) => sync(["shop.yaml", ...more], { cwd })
      orders.ids = to(300)
      write(cwd, orders, "    deletes: ignore")
      assert.strictEqual((yield* run()).code, 0)
      write(cwd, orders, "    deletes: soft")
      const plan = yield* sluice(["plan", "shop.yaml", "--db", "shop.db"], { cwd })
      assert.include(plan.stdout, 'ALTER TABLE "orders" ADD COLUMN "_sluice_deleted_at" TEXT')
      orders.ids = to(300, [7, 150, 300])
      const soft = yield* run()
      assert.strictEqual(soft.code, 0)
      assert.deepInclude(resourceOf(soft.receipt, "orders").rows, { fetched: 297, unchanged: 297, deleted: 3 })
      assert.deepStrictEqual(yield* marked(cwd), [7, 150, 300])
      const again = yield* run()
      assert.strictEqual(again.code, 0)
      assert.deepInclude(resourceOf(again.receipt, "orders").rows, { unchanged: 297, deleted: 0 })
      assert.notInclude((yield* sluice(["plan", "shop.yaml", "--db", "shop.db"], { cwd })).stdout, "ALTER TABLE")

      // Two hundred of them would vanish: a refusal, and what to do, on a terminal too.
      orders.ids = to(90, [7])
      const refused = yield* sluice(["sync", "shop.yaml"], { cwd })
      assert.strictEqual(refused.code, 3)
      assert.include(refused.stdout + refused.stderr, "max_delete_ratio")
      assert.deepStrictEqual(yield* marked(cwd), [7, 150, 300])
      orders.ids = []
      assert.strictEqual((yield* run()).code, 3)
      assert.deepStrictEqual(yield* marked(cwd), [7, 150, 300])

      write(cwd, orders, "    deletes: hard\n    max_delete_ratio: 1")
      orders.ids = to(90)
      const hard = yield* run()
      assert.strictEqual(hard.code, 0)
      // Of the three that were marked, one is there again.
      assert.deepInclude(resourceOf(hard.receipt, "orders").rows, {
        fetched: 90,
        updated: 1,
        unchanged: 89,
        deleted: 210
      })
      assert.deepStrictEqual(yield* numbers(cwd, "SELECT count(*) AS n FROM orders"), [90])
      assert.deepStrictEqual(yield* numbers(cwd, "SELECT count(*) AS n FROM orders__lines"), [180])
    })
  )

  it.scopedLive("knows over kill -9 and Ctrl-C what came, and takes nothing away in between", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const orders = yield* shop
      write(cwd, orders, "    deletes: hard")
      orders.ids = to(1000)
      assert.strictEqual((yield* sync(["shop.yaml"], { cwd })).code, 0)
      orders.ids = to(1000, [1, 2, 500, 1000])
      const all = yield* numbers(cwd, "SELECT id AS n FROM orders ORDER BY id")
      for (const signal of ["SIGKILL", "SIGINT"] as const) {
        Object.assign(orders, { asked: 0, slowly: { after: 3, millis: 300 } })
        const program = yield* startSluice(["sync", "shop.yaml", "--json"], { cwd })
        yield* until(() => orders.asked >= 5)
        yield* program.kill(signal)
        yield* program.ended
        assert.deepStrictEqual(yield* numbers(cwd, "SELECT id AS n FROM orders ORDER BY id"), all)
      }
      assert.isAbove((yield* numbers(cwd, "SELECT count(*) AS n FROM _sluice_seen"))[0]!, 0)
      Object.assign(orders, { asked: 0, slowly: undefined })
      const { code, receipt } = yield* sync(["shop.yaml"], { cwd })
      assert.strictEqual(code, 0)
      assert.isBelow(orders.asked, 9)
      assert.strictEqual(resourceOf(receipt, "orders").rows.deleted, 4)
      assert.deepStrictEqual(yield* numbers(cwd, "SELECT id AS n FROM orders ORDER BY id"), to(1000, [1, 2, 500, 1000]))
      assert.deepStrictEqual(yield* numbers(cwd, "SELECT count(*) AS n FROM _sluice_seen"), [0])
    })
  )

  it.scopedLive("keeps what the API has let go by its age", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const orders = yield* shop
      write(cwd, orders, "    deletes: { mode: soft, aged_by: placed_at }")
      orders.ids = to(200)
      assert.strictEqual((yield* sync(["shop.yaml"], { cwd })).code, 0)
      orders.ids = to(220, [180]).slice(150)
      const { code, receipt } = yield* sync(["shop.yaml"], { cwd })
      assert.strictEqual(code, 0)
      assert.deepInclude(resourceOf(receipt, "orders").rows, { inserted: 20, deleted: 1 })
      assert.deepStrictEqual(yield* marked(cwd), [180])
    })
  )

  it.scopedLive("is refused where it means nothing, before any request; its column is in the schema", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const orders = yield* shop
      write(cwd, orders, "    deletes: soft\n    merge_key: placed_at")
      const { code, stderr } = yield* sluice(["sync", "shop.yaml"], { cwd })
      assert.strictEqual(code, 2)
      assert.include(stderr, "`merge_key` already says which absent rows go")
      assert.strictEqual(orders.asked, 0)
      write(cwd, orders, "    deletes: soft")
      const ddl = yield* sluice(["schema", "ddl", "shop.yaml"], { cwd })
      assert.include(ddl.stdout, '"_sluice_deleted_at" TEXT')
      const types = yield* sluice(["schema", "types", "shop.yaml"], { cwd })
      assert.include(types.stdout, "_sluice_deleted_at: string | null")
    })
  )
})
