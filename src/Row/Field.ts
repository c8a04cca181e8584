/**
 * Fields for row schemas that say how a value is stored, where its JSON type alone does not.
 *
 * Stage Row. They validate and leave the value as the API sent it; normalising is `Flatten`'s work, so that a row that
 * passes its schema needs no rewriting. A plain `Schema.String`, `Int`, `Number` or `Boolean` needs none of these.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import * as Timestamp_ from "./Timestamp.ts"
import type { ColumnType } from "./Value.ts"

/**
 * Annotation that names the column type of a schema.
 *
 * @since 0.1.0
 * @category annotations
 */
export const columnType: unique symbol = Symbol.for("sluice/Row/Field/columnType")

/**
 * An ISO 8601 date-time text of any shape the API sends; stored as UTC of fixed width.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Timestamp = Schema.String.pipe(
  Schema.filter((text) => Timestamp_.normalise(text) !== undefined, { message: () => "Expected an ISO 8601 date-time" })
).annotations({ identifier: "Timestamp", [columnType]: "timestamp" })

/**
 * An integer of any size, exact: `number` up to 2^53, `bigint` beyond.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Integer = Schema.Union(Schema.Int, Schema.BigIntFromSelf).annotations({
  identifier: "Integer",
  [columnType]: "integer"
})

/**
 * Any JSON value, kept as one JSON text.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Json = Schema.Unknown.annotations({ identifier: "Json", [columnType]: "json" })

/**
 * An object with keys of the sender's own choice, kept as one JSON text: a column per key would never end.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JsonObject = Schema.Record({ key: Schema.String, value: Schema.Unknown }).annotations({
  identifier: "JsonObject",
  [columnType]: "json"
})

/**
 * The annotated column type of a schema, if it has one.
 *
 * @since 0.1.0
 * @category accessors
 */
export const columnTypeOf = (ast: AST.AST): ColumnType | undefined =>
  Option.getOrUndefined(AST.getAnnotation<ColumnType>(ast, columnType))
