/**
 * The floor for the messages: what a careful person writes by hand for this one job.
 */
import { each, open, upsert } from "../floor.mjs"

const db = open()
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
const message = upsert(db, "messages", ["message_id"], [...fields, "_sluice_run", "_sluice_hash"])
const to = upsert(db, "messages__to", place, ["email", "name"])
const cc = upsert(db, "messages__cc", place, ["email", "name"])
const bcc = upsert(db, "messages__bcc", place, ["email", "name"])
const recipient = upsert(db, "messages__recipients", place, ["value"])
const attachment = upsert(db, "messages__attachments", place, ["value"])

await each(db, ({ Messages, TotalCount }) => {
  for (const m of Messages) {
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
  return { total: TotalCount, rows: Messages.length }
})
db.close()
