/**
 * A list that moves while it is read, over a real socket: what a user's shell is told, and what is in the file.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { folder, query, resourceOf, sluice, sync } from "./support.ts"

/** Orders in pages of 3; `change` is what happens to them before a request is answered, by its number, counted from 0. */
const shop = (orders: Array<number>, change: (request: number, orders: Array<number>) => void) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<Http.Server>((resume) => {
        let request = 0
        const server = Http.createServer((asked, response) => {
          change(request++, orders)
          const offset = Number(new URL(asked.url ?? "", "http://shop").searchParams.get("offset") ?? 0)
          const items = orders.slice(offset, offset + 3).map((id) => ({ id }))
          response
            .writeHead(200, { "content-type": "application/json" })
            .end(JSON.stringify({ orders: items, total: orders.length }))
        })
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.async<void>((resume) => {
          server.close(() => resume(Effect.void))
          server.closeAllConnections()
        })
    ),
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  )

const write = (cwd: string, url: string) =>
  writeFileSync(
    join(cwd, "shop.yaml"),
    `name: shop
client:
  base_url: ${url}
  paginator: { type: offset, limit: 3, total_path: total }
resources:
  - name: orders
    primary_key: id
    write_disposition: merge
    endpoint: { path: orders, data_selector: orders }
`
  )

const ids = (cwd: string) =>
  Effect.map(query<{ readonly id: number }>(join(cwd, "shop.db"), "SELECT id FROM orders ORDER BY id"), (rows) =>
    rows.map(({ id }) => Number(id))
  )

describe("a list that moves while it is read", () => {
  it.scopedLive("loses a row of a page that is to come, which the second look finds: complete, exit 0, proven", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const url = yield* shop([1, 2, 3, 4, 5, 6, 7, 8], (request, orders) => {
        if (request === 1) orders.shift()
      })
      write(cwd, url)
      const { code, receipt } = yield* sync(["shop.yaml"], { cwd })
      const orders = resourceOf(receipt, "orders")
      assert.deepStrictEqual([code, receipt.status, orders.pages], [0, "complete", 6])
      assert.deepStrictEqual(orders.completeness, {
        proven: true,
        why: "the total fell by 1 while it was read; read a second time, it did not move: the API reported 7 rows, 7 were read"
      })
      assert.deepStrictEqual(yield* ids(cwd), [1, 2, 3, 4, 5, 6, 7, 8])
      const status = yield* sluice(["status", "--db", "shop.db", "--json"], { cwd })
      const ledger = JSON.parse(status.stdout) as { readonly resources: ReadonlyArray<{ readonly last: object }> }
      assert.deepInclude(ledger.resources[0]?.last, { completeness: orders.completeness })
    })
  )

  it.scopedLive("takes in the rows that came in at its front, and does not call it proven", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const url = yield* shop([1, 2, 3, 4, 5, 6, 7, 8], (request, orders) => {
        if (request === 1) orders.unshift(100, 101)
      })
      write(cwd, url)
      const { code, stdout } = yield* sluice(["sync", "shop.yaml"], { cwd })
      assert.strictEqual(code, 0)
      assert.include(
        stdout.replaceAll(/\s+/g, " "),
        "nothing proves that it is everything: the total rose by 2 and 2 rows came twice"
      )
      assert.include(stdout, "nothing is known to be missing in shop.db")
      assert.deepStrictEqual(yield* ids(cwd), [1, 2, 3, 4, 5, 6, 7, 8, 100, 101])
    })
  )

  it.scopedLive("that moves both times is partial, exit 3", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const url = yield* shop([1, 2, 3, 4, 5, 6, 7, 8, 9], (request, orders) => {
        if (request % 2 === 1) orders.shift()
      })
      write(cwd, url)
      const { code, receipt } = yield* sync(["shop.yaml"], { cwd })
      assert.deepStrictEqual([code, receipt.status], [3, "partial"])
      assert.match(resourceOf(receipt, "orders").completeness.why, /^the list was read twice, and moved both times/)
    })
  )
})
