/** sluice inside another Effect program, with a resource of its own: `node examples/embed.ts https://api.example.com` */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Schema } from "effect"
import { Auth, Field, Offset, Resource, Source, Sync } from "sluice"
import * as Node from "sluice/node"

const invoices = Resource.make({
  name: "invoices",
  path: "/v1/invoices",
  selector: "data",
  paginator: Offset.make({ limit: 100 }),
  primaryKey: "id",
  schema: Schema.Struct({ id: Field.Integer, total: Schema.Number, paidAt: Schema.NullOr(Field.Timestamp) })
})

export const billing = (baseUrl: string, key: string) =>
  Source.make({
    name: "billing",
    api: { baseUrl, auth: Auth.apiKey({ name: "X-Api-Key", value: key }) },
    resources: [invoices]
  })

export const nightly = (source: Source.Source) =>
  Effect.gen(function* () {
    const sync = yield* Sync.Sync
    const receipt = yield* sync.run(source)
    yield* Console.log(receipt.status, receipt.resources[0]?.rows)
    return receipt
  })

if (import.meta.main || process.argv[1] === import.meta.filename) {
  const source = billing(process.argv[2] ?? "http://127.0.0.1:8025", "secret")
  NodeRuntime.runMain(nightly(source).pipe(Effect.provide(Node.layer({ db: "billing.db", api: source.api }))))
}
