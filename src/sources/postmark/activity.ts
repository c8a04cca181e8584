/**
 * What became of mail, and what came in, as Effect Schemas: suppressions, opens, clicks and inbound messages.
 *
 * Source: Postmark's developer documentation. What is said in `schemas.ts` of enumerations, absent and further fields holds here.
 */
import * as Schema from "effect/Schema"
import * as Field from "../../Row/Field.ts"
import { flag, text, timestamp } from "./fields.ts"

/**
 * An address that a stream does not send to. Postmark's row names neither its stream nor the server: the source adds both.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Suppression = Schema.Struct({
  ServerID: Field.Integer,
  MessageStream: Schema.String,
  EmailAddress: Schema.String,
  SuppressionReason: text,
  Origin: text,
  CreatedAt: timestamp
}).annotations({ identifier: "Suppression" })

/** A mail program or an operating system. */
const Maker = Schema.optional(Schema.NullOr(Schema.Struct({ Name: text, Company: text, Family: text })))

/** What opens and clicks have in common; Postmark leaves out what it cannot tell. */
const engagement = {
  MessageID: Schema.String,
  Recipient: Schema.String,
  ReceivedAt: Field.Timestamp,
  RecordType: text,
  MessageStream: text,
  Tag: text,
  Platform: text,
  UserAgent: text,
  Client: Maker,
  OS: Maker,
  Geo: Schema.optional(
    Schema.NullOr(
      Schema.Struct({
        CountryISOCode: text,
        Country: text,
        RegionISOCode: text,
        Region: text,
        City: text,
        Zip: text,
        Coords: text,
        IP: text
      })
    )
  )
}

/**
 * An open of a message by one recipient. Postmark keeps the first of each, unless the server posts all of them.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Open = Schema.Struct({
  ...engagement,
  FirstOpen: flag,
  ReadSeconds: Schema.optional(Schema.NullOr(Field.Integer))
}).annotations({ identifier: "Open" })

/**
 * A click on one link of a message by one recipient.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Click = Schema.Struct({
  ...engagement,
  ClickLocation: text,
  OriginalLink: Schema.String
}).annotations({ identifier: "Click" })

/** An address of an inbound message; `MailboxHash` is what stands behind the `+` in it. */
const Mailbox = Schema.Struct({ Email: text, Name: text, MailboxHash: text })
const mailboxes = Schema.optional(Schema.NullOr(Schema.Array(Mailbox)))

/**
 * A message that came in. It has no time of Postmark's: `Date` is a mail header, a text in whatever form the sender wrote.
 *
 * @since 0.1.0
 * @category schemas
 */
export const InboundMessage = Schema.Struct({
  MessageID: Schema.String,
  MessageStream: text,
  Status: text,
  Subject: text,
  Date: text,
  From: text,
  FromName: text,
  FromFull: Schema.optional(Schema.NullOr(Mailbox)),
  To: text,
  ToFull: mailboxes,
  Cc: text,
  CcFull: mailboxes,
  Bcc: text,
  BccFull: mailboxes,
  ReplyTo: text,
  OriginalRecipient: text,
  MailboxHash: text,
  Tag: text,
  Attachments: Schema.optional(
    Schema.NullOr(
      Schema.Array(
        Schema.Struct({
          Name: text,
          ContentID: text,
          ContentType: text,
          ContentLength: Schema.optional(Schema.NullOr(Field.Integer))
        })
      )
    )
  )
}).annotations({ identifier: "InboundMessage" })
