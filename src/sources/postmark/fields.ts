/**
 * What Postmark leaves null, sends as "" or does not send at all, as fields of its rows' schemas. Fields that are always there are
 * written out where they are.
 */
import * as Schema from "effect/Schema"
import * as Field from "../../Row/Field.ts"

/**
 * @since 0.1.0
 * @category schemas
 */
export const text = Schema.optional(Schema.NullOr(Schema.String))

/**
 * @since 0.1.0
 * @category schemas
 */
export const timestamp = Schema.optional(Schema.NullOr(Field.Timestamp))

/**
 * @since 0.1.0
 * @category schemas
 */
export const flag = Schema.optional(Schema.NullOr(Schema.Boolean))
