/**
 * The floor for the plain rows: what a careful person writes by hand for this one job.
 */
import { each, open, upsert } from "../floor.mjs"

const db = open()
const order = upsert(
  db,
  "orders",
  ["id"],
  [
    "number",
    "customer",
    "email",
    "subject",
    "note",
    "status",
    "channel",
    "amount",
    "items",
    "weight",
    "paid",
    "gift",
    "created_at",
    "updated_at",
    "address__street",
    "address__city",
    "address__zip",
    "_sluice_run",
    "_sluice_hash"
  ]
)
const tag = upsert(db, "orders__tags", ["_parent_id", "_idx"], ["value"])
const line = upsert(db, "orders__lines", ["_parent_id", "_idx"], ["sku", "quantity", "price"])

await each(db, ({ data, total }) => {
  for (const o of data) {
    order.run(
      o.id,
      o.number,
      o.customer,
      o.email,
      o.subject,
      o.note,
      o.status,
      o.channel,
      o.amount,
      o.items,
      o.weight,
      o.paid ? 1 : 0,
      o.gift ? 1 : 0,
      o.created_at,
      o.updated_at,
      o.address.street,
      o.address.city,
      o.address.zip,
      "floor",
      0
    )
    for (let i = 0; i < o.tags.length; i++) tag.run(o.id, i, o.tags[i])
    for (let i = 0; i < o.lines.length; i++) line.run(o.id, i, o.lines[i].sku, o.lines[i].quantity, o.lines[i].price)
  }
  return { total, rows: data.length }
})
db.close()
