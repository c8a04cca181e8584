/**
 * A server that means no good, asked by the real command line over real sockets: every resource comes to a clear end, no other
 * one suffers by it, and what was read before is kept.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import type * as Receipt from "../../src/Receipt.ts"
import { cases as bodies } from "./Hostile/Bodies.ts"
import type { Case } from "./Hostile/Case.ts"
import { cases as http } from "./Hostile/Http.ts"
import { cases as pages } from "./Hostile/Pages.ts"
import * as Server from "./Hostile/Server.ts"
import { cases as values } from "./Hostile/Values.ts"
import { folder, query, resourceOf, sync } from "./support.ts"

const groups: Readonly<Record<string, ReadonlyArray<Case>>> = { pages, bodies, http, values }

/** What one page may cost, in MB of the whole process; 100 of them are the program itself. */
const costs: Readonly<
  Record<
    string,
    { readonly body: () => Buffer; readonly encoding?: string; readonly most: number; readonly says: RegExp }
  >
> = {
  "10 GB out of 10 MB of gzip": {
    body: () => Buffer.concat(Array<Buffer>(1000).fill(gzipSync(Buffer.alloc(10_000_000)))),
    encoding: "gzip",
    most: 600,
    says: /larger than 67108864 bytes/
  },
  "21 million empty rows": {
    body: () => Buffer.from(`[${"{},".repeat(21_000_000)}{}]`),
    most: 600,
    says: /holds more than 5592405 values/
  },
  "a row with 30 million numbers": {
    body: () => Buffer.from(`[{"id":1,"l":[${"0,".repeat(30_000_000)}0]}]`),
    most: 600,
    says: /holds more than 5592405 values/
  },
  "a million rows and one": {
    body: () => Buffer.from(`[${"{},".repeat(1_000_000)}{}]`),
    most: 900,
    says: /one page holds 1000001 rows, more than the 1000000/
  },
  "a million rows": {
    body: () =>
      Buffer.from(`[${Array.from({ length: 1_000_000 }, (_, id) => `{"id":${id},"v":"value ${id}"}`).join(",")}]`),
    most: 1_600,
    says: /^$/
  }
}

describe("a hostile server", () => {
  for (const [name, { body, encoding, most, says }] of Object.entries(costs)) {
    it.scopedLive(
      `costs no more memory than it may: ${name}`,
      () =>
        Effect.gen(function* () {
          const cwd = yield* folder
          const bytes = body()
          const headers = encoding === undefined ? {} : { "content-encoding": encoding }
          const url = yield* Server.serve([{ name: "r", status: "failed", answer: ({ text }) => text(bytes, headers) }])
          const client = { base_url: url, retry: { max_retries: 0 } }
          const resources = [{ name: "r", primary_key: "id", endpoint: { path: "r", paginator: "single_page" } }]
          writeFileSync(join(cwd, "hostile.yaml"), JSON.stringify({ client, resources }))
          const report = join(cwd, "report.cjs")
          writeFileSync(report, 'process.on("exit", () => console.error("peak", process.resourceUsage().maxRSS))')
          const { receipt, stderr } = yield* sync(["hostile.yaml"], {
            cwd,
            env: { NODE_OPTIONS: `--require=${report}` }
          })
          assert.match(resourceOf(receipt, "r").error?.message.replace(/^GET \S+ /, "") ?? "", says)
          const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024
          assert.isBelow(peak, most)
          assert.isAbove(peak, 10)
        }),
      120_000
    )
  }

  for (const [group, cases] of Object.entries(groups)) {
    it.scopedLive(
      `ends clearly, whatever its ${group} are`,
      () =>
        Effect.gen(function* () {
          const cwd = yield* folder
          const url = yield* Server.serve(cases)
          writeFileSync(join(cwd, "hostile.yaml"), Server.configuration(url, cases))
          const { code, receipt, stderr } = yield* sync(["hostile.yaml", "--db", "h.db"], { cwd })
          assert.strictEqual(code, 3, stderr)
          const wrong: Array<unknown> = []
          for (const expected of cases) {
            const found = yield* check(expected, resourceOf(receipt, expected.name), join(cwd, "h.db"))
            if (found !== undefined) wrong.push(found)
          }
          assert.isEmpty(wrong, wrong.map((each) => JSON.stringify(each)).join("\n"))
        }),
      60_000
    )
  }
})

const check = (expected: Case, line: Receipt.Resource, db: string) =>
  Effect.gen(function* () {
    const said = [line.error?.message ?? "", ...line.notices].join("\n")
    const rows = Object.fromEntries(
      Object.keys(expected.rows ?? {}).map((name) => [name, line.rows[name as "fetched"]])
    )
    const is = {
      status: line.status,
      ...(expected.stop === undefined ? {} : { stop: line.stop_reason }),
      rows,
      says: expected.says?.test(said) ?? true,
      holds:
        expected.holds === undefined
          ? []
          : yield* query(db, expected.holds[0]).pipe(Effect.catchAllDefect((e) => Effect.succeed([String(e)])))
    }
    const due = {
      status: expected.status,
      ...(expected.stop === undefined ? {} : { stop: expected.stop }),
      rows: expected.rows ?? {},
      says: true,
      holds: expected.holds?.[1] ?? []
    }
    return JSON.stringify(is) === JSON.stringify(due)
      ? undefined
      : { name: expected.name, is, due, said: said.slice(0, 300), rows: line.rows }
  })
