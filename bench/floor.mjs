/**
 * The floor: what a careful person writes by hand for this one job. `fetch`, `JSON.parse`, prepared upserts row by row.
 *
 * The same tables, keys, foreign keys and pragmas as sluice's, one transaction per page. No Effect, no decoding, no check of
 * any field, no checkpoint, no detection of changes, no retry. Timestamps are stored as they come.
 */
import { readFileSync } from "node:fs"
import process from "node:process"
import Database from "better-sqlite3"

const [file, ddl] = process.argv.slice(2)
const { SLUICE_BENCH_PRAGMAS, SLUICE_BENCH_TOKEN, SLUICE_BENCH_URL } = process.env
const db = new Database(file)
const pragmas = [
  "journal_mode = WAL",
  "synchronous = NORMAL",
  "foreign_keys = ON",
  ...JSON.parse(SLUICE_BENCH_PRAGMAS ?? "[]")
]
for (const pragma of pragmas) db.pragma(pragma)
const isEmpty = db.prepare("SELECT count(*) FROM sqlite_master").pluck().get() === 0
if (isEmpty) for (const statement of JSON.parse(readFileSync(ddl, "utf8"))) db.exec(statement)

const upsert = (table, keys, columns) => {
  const all = [...keys, ...columns]
  return db.prepare(
    `INSERT INTO ${table} (${all.join(", ")}) VALUES (${all.map(() => "?").join(", ")}) ` +
      `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`
  )
}
const fields = [
  "message_stream",
  "tag",
  '"from"',
  "subject",
  "status",
  "received_at",
  "track_opens",
  "track_links",
  "sandboxed",
  "metadata"
]
const place = ["_parent_message_id", "_idx"]
const message = upsert("messages", ["message_id"], [...fields, "_sluice_run", "_sluice_hash"])
const to = upsert("messages__to", place, ["email", "name"])
const cc = upsert("messages__cc", place, ["email", "name"])
const bcc = upsert("messages__bcc", place, ["email", "name"])
const recipient = upsert("messages__recipients", place, ["value"])
const attachment = upsert("messages__attachments", place, ["value"])
const begin = db.prepare("BEGIN IMMEDIATE")
const commit = db.prepare("COMMIT")
const headers = { accept: "application/json", "x-postmark-server-token": SLUICE_BENCH_TOKEN }

for (let total = 1, offset = 0; offset < total;) {
  const response = await fetch(`${SLUICE_BENCH_URL}/messages/outbound?count=500&offset=${offset}`, { headers })
  if (!response.ok) throw new Error(`status ${response.status}`)
  const page = JSON.parse(await response.text())
  begin.run()
  for (const m of page.Messages) {
    message.run(
      m.MessageID,
      m.MessageStream,
      m.Tag,
      m.From,
      m.Subject,
      m.Status,
      m.ReceivedAt,
      m.TrackOpens ? 1 : 0,
      m.TrackLinks,
      m.Sandboxed ? 1 : 0,
      JSON.stringify(m.Metadata),
      "floor",
      0
    )
    for (let i = 0; i < m.To.length; i++) to.run(m.MessageID, i, m.To[i].Email, m.To[i].Name)
    for (let i = 0; i < m.Cc.length; i++) cc.run(m.MessageID, i, m.Cc[i].Email, m.Cc[i].Name)
    for (let i = 0; i < m.Bcc.length; i++) bcc.run(m.MessageID, i, m.Bcc[i].Email, m.Bcc[i].Name)
    for (let i = 0; i < m.Recipients.length; i++) recipient.run(m.MessageID, i, m.Recipients[i])
    for (let i = 0; i < m.Attachments.length; i++) attachment.run(m.MessageID, i, m.Attachments[i])
  }
  commit.run()
  total = page.TotalCount
  offset += page.Messages.length
}
db.close()
