/**
 * `write_disposition` and `schema_contract`: how rows go into their table, and what may change about it.
 */
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import * as Value from "./Value.ts"

const Disposition = Schema.Literal("append", "replace", "merge", "skip").annotations(
  Lore.lore({
    instead: {
      upsert: "did you mean `merge`? `{ disposition: merge, strategy: upsert }` is the same",
      update: "merge",
      insert: "append",
      overwrite: "replace",
      truncate: "replace",
      full_refresh: "replace",
      scd2: "write { disposition: merge, strategy: scd2 }",
      "delete-insert": "write { disposition: merge, strategy: delete-insert }",
      "insert-only": "write { disposition: merge, strategy: insert-only }",
      none: "skip"
    }
  })
)

/**
 * @since 0.1.0
 * @category models
 */
export const Strategy = Schema.Struct({
  disposition: Value.required(Disposition, { description: "As in the short form.", example: "merge" }),
  strategy: Value.key(
    Schema.Literal("delete-insert", "upsert", "insert-only", "scd2").annotations(
      Lore.lore({
        instead: { delete_insert: "delete-insert", insert_only: "insert-only", scd: "scd2", history: "scd2" }
      })
    ),
    {
      description:
        "With merge. delete-insert: a row replaces the one of its primary_key, and every row that shares its merge_key. upsert: by the primary_key alone. insert-only: rows that are there stay as they are. scd2: rows are kept as versions.",
      default: "delete-insert",
      example: "scd2"
    }
  ),
  deduplicated: Value.key(Schema.Boolean, {
    description: "With delete-insert: the rows of a run are known to be free of duplicates.",
    default: false,
    example: "true"
  }),
  validity_column_names: Value.key(
    Schema.Tuple(Value.NonEmptyText, Value.NonEmptyText).annotations(Lore.lore({ expected: "a list of two names" })),
    {
      description: "With scd2: the columns of a version's start and end.",
      default: ["_sluice_valid_from", "_sluice_valid_to"],
      example: "[valid_from, valid_to]"
    }
  ),
  active_record_timestamp: Value.key(Value.NonEmptyText, {
    description: "With scd2: what the end of a version in force holds; null if left out.",
    example: '"9999-12-31T00:00:00Z"'
  }),
  boundary_timestamp: Value.key(Value.NonEmptyText, {
    description: "With scd2: the start of new versions and the end of retired ones; the run's start if left out.",
    example: '"2024-01-01T00:00:00Z"'
  }),
  row_version_column_name: Value.key(Value.NonEmptyText, {
    description: "With scd2: the field that tells versions apart; the row's content if left out.",
    example: "version"
  })
})
  .annotations({
    identifier: "WriteDisposition",
    ...Lore.lore({
      expected: "an object such as { disposition: merge, strategy: scd2 }",
      instead: {
        mode: "disposition",
        type: "disposition",
        write_disposition: "disposition",
        merge_strategy: "strategy",
        dedup: "deduplicated",
        merge_key: "it belongs beside `write_disposition`"
      }
    })
  })
  .pipe(
    Schema.filter((write) =>
      write.strategy != null && write.disposition !== "merge"
        ? [{ path: ["strategy"], message: "only goes with `disposition: merge`" }]
        : history
            .filter((key) => write[key] != null && write.strategy !== "scd2")
            .map((key) => ({ path: [key], message: "only goes with `strategy: scd2`" }))
    )
  )

/**
 * @since 0.1.0
 * @category models
 */
export const WriteDisposition = Schema.Union(Disposition, Strategy).annotations(
  Lore.lore({ expected: "`append`, `replace`, `merge`, `skip`, or an object with a `disposition`" })
)

/**
 * @since 0.1.0
 * @category models
 */
export type WriteDisposition = typeof WriteDisposition.Type

const Mode = Schema.Literal("evolve", "freeze", "discard_row", "discard_value").annotations(
  Lore.lore({
    instead: {
      discard_rows: "discard_row",
      discard_values: "discard_value",
      fail: "freeze",
      error: "freeze",
      allow: "evolve"
    }
  })
)

/**
 * @since 0.1.0
 * @category models
 */
export const Contract = Schema.Struct({
  tables: Value.key(Mode, { description: "New child tables.", default: "evolve", example: "freeze" }),
  columns: Value.key(Mode, { description: "New columns.", default: "evolve", example: "discard_value" }),
  data_type: Value.key(Mode, {
    description: "Values that do not fit their column.",
    default: "evolve",
    example: "discard_row"
  }),
  variants: Value.key(Schema.Boolean, {
    description:
      "true: such values go to a column of their own, `<column>__v_<type>`, as in dlt; false: the row is set aside.",
    default: false,
    example: "true",
    own: true
  })
}).annotations({
  identifier: "SchemaContract",
  ...Lore.lore({
    expected: "an object such as { columns: freeze }",
    instead: { table: "tables", column: "columns", data_types: "data_type", types: "data_type", schema: "columns" }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export const SchemaContract = Schema.Union(Mode, Contract).annotations(
  Lore.lore({
    expected: "`evolve`, `freeze`, `discard_row`, `discard_value`, or an object such as { columns: freeze }"
  })
)

/**
 * @since 0.1.0
 * @category models
 */
export type SchemaContract = typeof SchemaContract.Type

// --- internal ---

const history = [
  "validity_column_names",
  "active_record_timestamp",
  "boundary_timestamp",
  "row_version_column_name"
] as const
