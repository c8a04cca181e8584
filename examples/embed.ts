/** sluice inside another Effect program, with a resource and Layers of its own: `node examples/embed.ts [URL]` */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Schema } from "effect"
import { Auth, Field, Host, Offset, Resource, Source, Sync } from "sluice"
import * as Node from "sluice/node"
import { api, page } from "sluice/testing"

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
    return receipt.status === "complete" ? receipt : yield* Effect.fail(receipt)
  })

if (process.argv[1] === import.meta.filename) {
  const source = billing(process.argv[2] ?? "https://api.example.com", "secret")
  // Without a URL there is no network either: the host's own HttpClient gives the one answer it was told.
  const script = api([page([{ id: 1, total: 9.5, paidAt: null }], { field: "data", total: 1 })])
  const platform = process.argv[2] === undefined ? Layer.merge(Node.platform, script.layer) : Node.platform
  const layer = Host.layer({ db: "billing.db", api: source.api }).pipe(Layer.provide(platform))
  NodeRuntime.runMain(Effect.provide(nightly(source), layer))
}
