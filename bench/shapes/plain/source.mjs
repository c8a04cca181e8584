/**
 * The plain rows as a module for `sluice sync`: a typed schema, a key, a total. `SLUICE_BENCH_CURSOR=1` reads them by a cursor.
 */
import { env } from "node:process"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Auth from "../../../dist/Api/Auth.js"
import * as Offset from "../../../dist/Page/Offset.js"
import * as Resource from "../../../dist/Resource.js"
import * as Incremental from "../../../dist/Resource/Incremental.js"
import * as Field from "../../../dist/Row/Field.js"
import * as Source from "../../../dist/Source.js"
import { header, limitParam, path } from "./pages.mjs"

const Order = Schema.Struct({
  id: Schema.String,
  number: Field.Integer,
  customer: Schema.String,
  email: Schema.String,
  subject: Schema.String,
  note: Schema.NullOr(Schema.String),
  status: Schema.String,
  channel: Schema.String,
  amount: Schema.Number,
  items: Field.Integer,
  weight: Schema.NullOr(Schema.Number),
  paid: Schema.Boolean,
  gift: Schema.Boolean,
  created_at: Field.Timestamp,
  updated_at: Field.Timestamp,
  address: Schema.Struct({ street: Schema.String, city: Schema.String, zip: Schema.String }),
  tags: Schema.Array(Schema.String),
  lines: Schema.Array(Schema.Struct({ sku: Schema.String, quantity: Field.Integer, price: Schema.Number }))
}).annotations({ identifier: "Order" })

const token = Redacted.make(env.SLUICE_BENCH_TOKEN)

export default Source.make({
  name: "plain",
  api: { baseUrl: env.SLUICE_BENCH_URL, secrets: [token] },
  resources: [
    Resource.make({
      name: "orders",
      path,
      auth: Auth.apiKey({ name: header, value: token }),
      selector: "data",
      paginator: Offset.make({ limit: 500, limitParam, totalPath: "total" }),
      primaryKey: "id",
      schema: Order,
      incremental:
        env.SLUICE_BENCH_CURSOR === "1"
          ? Incremental.make({ cursorPath: "updated_at", startParam: "updated_since" })
          : undefined
    })
  ]
})
