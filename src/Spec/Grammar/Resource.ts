/**
 * `resources` and `resource_defaults`: what to take from the API, and how it is kept.
 */
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import { Endpoint } from "./Endpoint.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const Column = Schema.Struct({
  name: Schema.optional(Schema.NullOr(Value.NonEmptyText)).annotations({
    description: "The field, where columns are a list."
  }),
  data_type: Schema.propertySignature(
    Schema.Literal("json").annotations(
      Lore.lore({
        notYet: ["text", "double", "bool", "timestamp", "bigint", "binary", "decimal", "wei", "date", "time"],
        instead: {
          complex: "json",
          object: "json",
          string: "text",
          integer: "bigint",
          int: "bigint",
          float: "double",
          boolean: "bool",
          datetime: "timestamp"
        }
      })
    )
  ).annotations({ description: "json: the field is kept as JSON in one column." })
}).annotations({
  identifier: "Column",
  ...Lore.lore({
    expected: "an object such as { data_type: json }",
    notYet: [
      "nullable",
      "primary_key",
      "merge_key",
      "unique",
      "precision",
      "scale",
      "timezone",
      "partition",
      "cluster",
      "sort",
      "hard_delete",
      "dedup_sort",
      "foreign_key",
      "root_key",
      "parent_key",
      "row_key",
      "variant",
      "incremental",
      "description"
    ],
    instead: { type: "data_type" }
  })
})

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
).annotations(Lore.lore({ expected: "an object such as { Metadata: { data_type: json } }" }))

/**
 * @since 0.1.0
 * @category models
 */
export const PrimaryKey = Schema.Union(
  Value.NonEmptyText.pipe(
    Schema.filter((name) => {
      return !name.includes(",") || "is one name, with a comma in it\nseveral fields are a list: [first, second]"
    })
  ),
  Schema.Array(Value.NonEmptyText)
).annotations(Lore.lore({ expected: "the name of a field, or a list of names" }))

/**
 * @since 0.1.0
 * @category models
 */
export const Defaults = Schema.Struct({
  table_name: Schema.optional(Schema.NullOr(Value.NonEmptyText)).annotations({
    description: "Table the rows go to; the resource's name if left out."
  }),
  endpoint: Schema.optional(Endpoint).annotations({
    description: "The request, and where the rows are in the answer."
  }),
  primary_key: Schema.optional(Schema.NullOr(PrimaryKey)).annotations({
    description:
      "The field or fields that tell two rows apart. Written in resource_defaults only, another key is inferred for a resource whose rows have no such field."
  }),
  write_disposition: Schema.optional(
    Schema.NullOr(
      Schema.Literal("merge", "append").annotations(
        Lore.lore({
          notYet: ["replace", "skip"],
          instead: {
            upsert: "merge",
            update: "merge",
            insert: "append",
            overwrite: "replace",
            truncate: "replace",
            full_refresh: "replace"
          },
          say: (found) =>
            typeof found === "object" && found !== null && !Array.isArray(found)
              ? { message: "a strategy (an object) is not supported yet", hint: "write `merge` or `append`" }
              : undefined
        })
      )
    )
  ).annotations({
    description:
      "merge: a row replaces the one with the same primary key. append: every row is added, also the same one again.",
    default: "append"
  }),
  max_table_nesting: Schema.optional(Schema.NullOr(Value.Whole(0))).annotations({
    description: "Objects and lists nested deeper than this stay JSON.",
    default: 1000
  }),
  columns: Schema.optional(Schema.NullOr(Columns)).annotations({ description: "Fields to keep as JSON, by name." }),
  selected: Schema.optional(Schema.NullOr(Schema.Boolean)).annotations({
    description: "false: the resource is left out.",
    default: true
  }),
  on_bad_row: Schema.optional(Schema.NullOr(Schema.Literal("quarantine", "fail"))).annotations({
    description: "What becomes of a row that cannot be stored: set aside with the reason, or the resource fails."
  })
}).annotations({ identifier: "ResourceDefaults", ...lore("resource_defaults") })

/**
 * @since 0.1.0
 * @category models
 */
export const Resource = Schema.Struct({
  name: Schema.propertySignature(Value.NonEmptyText).annotations({
    description: "Names the resource, and its table unless table_name does."
  }),
  ...Defaults.fields,
  endpoint: Schema.optional(Schema.Union(Value.Text, Endpoint)).annotations({
    description: "A path, or an object; the resource's name is the path if left out."
  })
}).annotations({ identifier: "Resource", ...lore("the resource") })

/**
 * @since 0.1.0
 * @category models
 */
export type Defaults = typeof Defaults.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Resource = typeof Resource.Type

/**
 * Keys of a resource beside those of its endpoint, for a hint where they are written elsewhere.
 *
 * @since 0.1.0
 * @category defaults
 */
export const keys: ReadonlyArray<string> = Object.keys(Resource.fields)

// --- internal ---

function lore(owner: string) {
  return Lore.lore({
    expected: owner === "the resource" ? "a name, or an object with a `name`" : "an object",
    notYet: [
      "include_from_parent",
      "processing_steps",
      "parallelized",
      "merge_key",
      "schema_contract",
      "table_format",
      "file_format",
      "references",
      "nested_hints",
      "parent_table_name",
      "incremental"
    ],
    instead: {
      table: "table_name",
      key: "primary_key",
      keys: "primary_key",
      primary_keys: "primary_key",
      pk: "primary_key",
      id: "primary_key",
      disposition: "write_disposition",
      write_mode: "write_disposition",
      nesting: "max_table_nesting",
      schema: "columns",
      incremental_sync: "incremental"
    },
    elsewhere: {
      ...Lore.under("endpoint", Object.keys(Endpoint.fields)),
      client: "client",
      resources: "resources",
      ...(owner === "the resource" ? {} : { name: "resources" })
    }
  })
}
