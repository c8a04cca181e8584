/**
 * The rows of Postmark's API as Effect Schemas: every field of the analytics API's specification and those it leaves out,
 * nullable where the real API is.
 *
 * Source: Postmark's developer documentation. Enumerations stay open texts, since Postmark adds values; keys not listed here
 * are kept as columns of their own. Fields may be absent where Postmark is known to leave them out.
 */
import * as Schema from "effect/Schema"
import * as Field from "../../Row/Field.ts"
import { flag, text, timestamp } from "./fields.ts"

export { Click, InboundMessage, Open, Suppression } from "./activity.ts"
export { InboundRule, SenderSignature, Template, Webhook } from "./inventory.ts"

/**
 * Bounces by type, a lifetime counter; the row `All` is their sum and has no `Type`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DeliveryStats = Schema.Struct({
  Name: Schema.String,
  Type: text,
  Count: Field.Integer
}).annotations({ identifier: "DeliveryStats" })

/**
 * A message stream of one server; `ID` is chosen by the user and unique within the server only.
 *
 * @since 0.1.0
 * @category schemas
 */
export const MessageStream = Schema.Struct({
  ID: Schema.String,
  ServerID: Field.Integer,
  Name: Schema.String,
  Description: text,
  MessageStreamType: Schema.String,
  CreatedAt: Field.Timestamp,
  UpdatedAt: timestamp,
  ArchivedAt: timestamp,
  ExpectedPurgeDate: timestamp,
  SubscriptionManagementConfiguration: Schema.optional(Schema.NullOr(Schema.Struct({ UnsubscribeHandlingType: text })))
}).annotations({ identifier: "MessageStream" })

/**
 * A sending domain. `SPFVerified` is deprecated and always true.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Domain = Schema.Struct({
  ID: Field.Integer,
  Name: Schema.String,
  SPFVerified: Schema.Boolean,
  DKIMVerified: Schema.Boolean,
  WeakDKIM: Schema.Boolean,
  ReturnPathDomainVerified: Schema.Boolean
}).annotations({ identifier: "Domain" })

/**
 * @since 0.1.0
 * @category schemas
 */
export const Address = Schema.Struct({ Email: Schema.String, Name: text }).annotations({ identifier: "Address" })

/** File names in the documentation, objects in Postmark's swagger file: both are taken. */
const Attachment = Schema.Union(
  Schema.String,
  Schema.Struct({
    Name: text,
    ContentType: text,
    ContentID: text,
    ContentLength: Schema.optional(Schema.NullOr(Field.Integer))
  })
)

/**
 * An outbound message; one row however many recipients it has. `Metadata` has keys of the sender's choice and stays JSON.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Message = Schema.Struct({
  MessageID: Schema.String,
  MessageStream: text,
  Tag: text,
  From: text,
  Subject: text,
  Status: text,
  ReceivedAt: Field.Timestamp,
  TrackOpens: flag,
  TrackLinks: text,
  Sandboxed: flag,
  Metadata: Schema.optional(Schema.NullOr(Field.JsonObject)),
  To: Schema.Array(Address),
  Cc: Schema.Array(Address),
  Bcc: Schema.Array(Address),
  Recipients: Schema.Array(Schema.String),
  Attachments: Schema.Array(Attachment)
}).annotations({ identifier: "Message" })

/**
 * A bounce or spam complaint. `ID` goes beyond 2^53. `Name` is the bounce type's, `Email` the recipient's.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Bounce = Schema.Struct({
  ID: Field.Integer,
  RecordType: text,
  Type: Schema.String,
  TypeCode: Field.Integer,
  Name: text,
  Tag: text,
  MessageID: text,
  ServerID: Schema.optional(Schema.NullOr(Field.Integer)),
  MessageStream: text,
  Description: text,
  Details: text,
  Email: text,
  From: text,
  BouncedAt: Field.Timestamp,
  DumpAvailable: flag,
  Inactive: flag,
  CanActivate: flag,
  Subject: text
}).annotations({ identifier: "Bounce" })

/**
 * A server of the account. `ApiTokens` are live credentials: the source stores them masked.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Server = Schema.Struct({
  ID: Field.Integer,
  Name: Schema.String,
  ApiTokens: Schema.Array(Schema.String),
  ServerLink: text,
  Color: text,
  SmtpApiActivated: flag,
  RawEmailEnabled: flag,
  DeliveryType: text,
  InboundAddress: text,
  InboundHookUrl: text,
  BounceHookUrl: text,
  OpenHookUrl: text,
  DeliveryHookUrl: text,
  ClickHookUrl: text,
  PostFirstOpenOnly: flag,
  InboundDomain: text,
  InboundHash: text,
  InboundSpamThreshold: Schema.optional(Schema.NullOr(Field.Integer)),
  TrackOpens: flag,
  TrackLinks: text,
  IncludeBounceContentInHook: flag,
  EnableSmtpApiErrorHooks: flag
}).annotations({ identifier: "Server" })
