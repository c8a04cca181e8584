/**
 * What became of mail, and what came in, as Effect Schemas: suppressions.
 *
 * Source: Postmark's developer documentation. What is said in `schemas.ts` of enumerations, absent and further fields holds here.
 */
import * as Schema from "effect/Schema"
import * as Field from "../../Row/Field.ts"

/** A text that Postmark sends as null, as "" or not at all. */
const text = Schema.optional(Schema.NullOr(Schema.String))
const timestamp = Schema.optional(Schema.NullOr(Field.Timestamp))

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
