/**
 * `columns`: what is said of a field beside what its values show. An object by name, or a list with names in it.
 */
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import * as Value from "./Value.ts"

const fields = {
  data_type: Value.key(
    Schema.Literal(
      "text",
      "bigint",
      "double",
      "bool",
      "timestamp",
      "date",
      "time",
      "decimal",
      "json",
      "binary",
      "wei"
    ).annotations(
      Lore.lore({
        expected: "one of dlt's types: text, bigint, double, bool, timestamp, date, time, decimal, json, binary, wei",
        instead: {
          complex: "json",
          object: "json",
          array: "json",
          dict: "json",
          string: "text",
          str: "text",
          varchar: "text",
          uuid: "text",
          integer: "bigint",
          int: "bigint",
          long: "bigint",
          float: "double",
          number: "double",
          real: "double",
          boolean: "bool",
          datetime: "timestamp",
          numeric: "decimal",
          bytes: "binary",
          blob: "binary"
        }
      })
    ),
    { description: "The column's type; as the values show if left out.", example: "timestamp" }
  ),
  nullable: Value.key(Schema.Boolean, {
    description: "false: a row without a value is refused.",
    default: true,
    example: "false"
  }),
  precision: Value.key(Value.Whole(0), {
    description: "Of a decimal: digits in all; a value with more refuses its row. No effect on other types.",
    example: "10"
  }),
  scale: Value.key(Value.Whole(0), {
    description: "Of a decimal: digits behind the point, always so many; nothing is rounded.",
    example: "2"
  }),
  timezone: Value.key(Schema.Boolean, {
    description: "false: a timestamp is UTC without its `Z`.",
    default: true,
    example: "false"
  }),
  primary_key: flag("The field is part of the primary key."),
  merge_key: flag("The field is part of the merge key."),
  unique: flag("For readers: it is not enforced."),
  hard_delete: flag("A row whose field is true (or, of another type, not null) is deleted from the table."),
  dedup_sort: Value.key(
    Schema.Literal("asc", "desc").annotations(Lore.lore({ instead: { ascending: "asc", descending: "desc" } })),
    {
      description: "Of rows that share a key in one run, the one that comes first by this field stays.",
      example: "desc"
    }
  ),
  description: Value.key(Schema.String, { description: "For readers.", example: "When the order was paid" })
}

/**
 * Properties that dlt has and that mean nothing to SQLite: read, and said to have no effect.
 *
 * @since 0.1.0
 * @category defaults
 */
export const inert: ReadonlyArray<string> = [
  "sort",
  "partition",
  "cluster",
  "row_key",
  "parent_key",
  "root_key",
  "foreign_key",
  "variant",
  "incremental"
]

/**
 * @since 0.1.0
 * @category models
 */
export const Column = Schema.Struct(
  {
    name: Value.key(Value.NonEmptyText, { description: "The field, where columns are a list.", example: "updated_at" }),
    ...fields,
    sort: noEffect(),
    partition: noEffect(),
    cluster: noEffect(),
    row_key: noEffect(),
    parent_key: noEffect(),
    root_key: noEffect(),
    foreign_key: noEffect(),
    variant: noEffect(),
    incremental: noEffect()
  },
  // dlt's own way to put anything else at a column.
  { key: Schema.TemplateLiteral("x-", Schema.String), value: Value.Anything }
).annotations({
  identifier: "Column",
  ...Lore.lore({
    expected: "an object such as { data_type: timestamp, nullable: false }",
    instead: {
      type: "data_type",
      dtype: "data_type",
      required: "did you mean `nullable: false`?",
      not_null: "did you mean `nullable: false`?",
      null: "nullable",
      pk: "primary_key",
      comment: "description"
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export type Column = typeof Column.Type

/**
 * @since 0.1.0
 * @category models
 */
export const Columns = Schema.Union(
  Schema.Record({ key: Schema.String, value: Column }),
  Schema.Array(Column).pipe(
    Schema.filter((columns) =>
      columns.flatMap((column, index) => (column.name == null ? [{ path: [index], message: "`name` is missing" }] : []))
    )
  )
).annotations(
  Lore.lore({
    expected: "an object such as { Metadata: { data_type: json } }",
    example: "{ paid_at: { data_type: timestamp } }"
  })
)

// --- internal ---

function flag(description: string) {
  return Value.key(Schema.Boolean, { description, default: false, example: "true" })
}

function noEffect() {
  return Value.key(Value.Anything, { description: "Has no effect on SQLite.", example: "true" })
}
