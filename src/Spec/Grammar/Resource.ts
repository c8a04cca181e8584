/**
 * `resources` and `resource_defaults`: what to take from the API, and how it is kept.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import { Columns } from "./Column.ts"
import { Endpoint } from "./Endpoint.ts"
import { Step } from "./Step.ts"
import * as Value from "./Value.ts"
import * as Write from "./Write.ts"

/**
 * One field, or several.
 *
 * @since 0.1.0
 * @category models
 */
export const Key = Schema.Union(
  Value.NonEmptyText.pipe(
    Schema.filter((name) => {
      return !name.includes(",") || "is one name, with a comma in it\nseveral fields are a list: [first, second]"
    })
  ),
  Schema.Array(Value.NonEmptyText)
).annotations(Lore.lore({ expected: "the name of a field, or a list of names" }))

const Ratio = Schema.Number.pipe(Schema.between(0, 1)).annotations(Lore.lore({ expected: "a number from 0 to 1" }))

const fields = Schema.Array(Value.NonEmptyText).annotations(
  Lore.lore({
    expected: "a list of names",
    say: (found) =>
      typeof found === "string"
        ? { message: "expected a list of names, found a text", hint: "write it in brackets" }
        : undefined
  })
)

const Mode = Schema.Literal("ignore", "soft", "hard").annotations(
  Lore.lore({ instead: { none: "ignore", keep: "ignore", mark: "soft", delete: "hard", remove: "hard" } })
)

const Deletes = Schema.Union(
  Mode,
  Schema.Struct({
    mode: Value.required(Mode, { description: "As in the short form.", example: "soft" }),
    aged_by: Value.key(Value.NonEmptyText, {
      description:
        "A field with a time or a number. Rows that lie before all those of the walk have left the API's window, which is no deletion.",
      example: "created_at"
    })
  }).annotations({
    identifier: "Deletes",
    ...Lore.lore({ expected: "an object such as { mode: soft }", elsewhere: { max_ratio: "max_delete_ratio" } })
  })
).annotations(Lore.lore({ expected: "`ignore`, `soft`, `hard`, or an object with a `mode`" }))

/** Keys of dlt that mean nothing to SQLite, or nothing without Python. */
const inert = (description: string) => Value.key(Value.Anything, { description, example: "…" })

/**
 * @since 0.1.0
 * @category models
 */
export const Defaults = Schema.Struct({
  table_name: Value.key(Value.NonEmptyText, {
    description: "Table the rows go to; the resource's name if left out.",
    example: "orders"
  }),
  endpoint: Schema.optional(
    Endpoint.annotations({
      identifier: "Endpoint",
      ...Lore.lore({
        ...Lore.get(Endpoint.ast),
        expected: "an object such as { params: { per_page: 100 } }",
        say: (found) =>
          typeof found === "string"
            ? {
                message: "is a path, which the defaults have none of",
                hint: "write an object such as { params: { … } }"
              }
            : undefined
      })
    })
  ).annotations({
    description: "The request, and where the rows are in the answer.",
    ...Lore.lore({ example: "{ path: /v1/orders, data_selector: orders }" })
  }),
  primary_key: Value.key(Key, {
    description:
      "The field or fields that tell two rows apart. Written in resource_defaults only, another key is inferred for a resource whose rows have no such field.",
    example: "[account_id, id]"
  }),
  merge_key: Value.key(Key, {
    description: "Rows that share these fields are replaced as a group by `merge`.",
    example: "day"
  }),
  write_disposition: Value.key(Write.WriteDisposition, {
    description:
      "append: every row is added, also the same one again. merge: a row replaces the one with the same key. replace: the table becomes what the run read. skip: rows are read for children only.",
    default: "append",
    example: "{ disposition: merge, strategy: scd2 }"
  }),
  columns: Value.key(Columns, {
    description: "What is said of fields beside what their values show.",
    example: "{ paid_at: { data_type: timestamp } }"
  }),
  schema_contract: Value.key(Write.SchemaContract, {
    description: "What may change about the table when rows bring something new.",
    default: "evolve",
    example: "{ columns: freeze }"
  }),
  processing_steps: Value.key(
    Schema.Array(Step).annotations(Lore.lore({ expected: "a list of steps such as { filter: … } or { map: … }" })),
    {
      description: "Done to each row before it is stored, in this order. dlt has functions here.",
      example: "[{ filter: { path: status, op: ne, value: draft } }]"
    }
  ),
  include_from_parent: Value.key(fields, {
    description: "Top-level fields of the parent's row that every row gets, as `_<parent>_<field>`.",
    example: "[id, name]"
  }),
  max_table_nesting: Value.key(Value.Whole(0), {
    description: "Objects and lists nested deeper than this, or than 64, stay JSON.",
    default: 1000,
    example: "0"
  }),
  selected: Value.key(Schema.Boolean, {
    description: "false: read only when a child needs it, and not stored.",
    default: true,
    example: "false"
  }),
  parallelized: Value.key(Schema.Boolean, {
    description: "The rows of several parents are fetched side by side.",
    default: false,
    example: "true"
  }),
  on_bad_row: Value.key(
    Schema.Literal("quarantine", "fail").annotations(
      Lore.lore({
        instead: { skip: "quarantine", ignore: "quarantine", reject: "quarantine", raise: "fail", error: "fail" }
      })
    ),
    {
      description: "What becomes of a row that cannot be stored: set aside with the reason, or the resource fails.",
      default: "quarantine",
      example: "fail",
      own: true
    }
  ),
  max_reject_ratio: Value.key(Ratio, {
    description:
      "Share of the rows of a run that may be refused, from 0 to 1; with more the resource fails: the API has changed. Left out, it is 0.1, and a single row is let pass. Judged from 100 rows on with every page, and at the end of a walk; the page that is too much is not stored.",
    example: "0.5",
    own: true
  }),
  deletes: Value.key(Deletes, {
    description:
      "What becomes of rows that the API does not have any more, after a walk that provably read everything: ignore, soft (`_sluice_deleted_at` is set) or hard.",
    default: "ignore",
    example: "{ mode: soft, aged_by: created_at }",
    own: true
  }),
  max_delete_ratio: Value.key(Ratio, {
    description:
      "Share of a table's rows that may vanish in one run, from 0 to 1; more is refused, and the run is partial.",
    default: 0.2,
    example: "0.5",
    own: true
  }),
  resume_within: Value.key(Value.Time, {
    description:
      "How long after its last page an interrupted walk is gone on with; a later run starts it over. 0: always starts over.",
    default: Duration.days(1),
    example: "6h",
    own: true
  }),
  mask: Value.key(fields, {
    description:
      "Fields whose values are stored as `***`, beside those whose names say that they hold a credential; `a.b` is a field within another.",
    example: "[iban]",
    own: true
  }),
  unmask: Value.key(fields, {
    description:
      "Fields that are stored as they are, with all that lies below them, though their names say that they hold a credential.",
    example: "[session_token, http_auth.password]",
    own: true
  }),
  table_format: inert("Has no effect on SQLite."),
  file_format: inert("Has no effect on SQLite."),
  references: inert("Has no effect here."),
  nested_hints: inert("Has no effect here: write the columns of child tables as `<list>[].<field>` in columns."),
  parent_table_name: inert("Has no effect here.")
}).annotations({ identifier: "ResourceDefaults", ...lore("resource_defaults") })

/**
 * Keys that are read, and said to have no effect.
 *
 * @since 0.1.0
 * @category defaults
 */
export const ineffective = ["table_format", "file_format", "references", "nested_hints", "parent_table_name"] as const

/**
 * @since 0.1.0
 * @category models
 */
export const Resource = Schema.Struct({
  name: Value.required(Value.NonEmptyText, {
    description: "Names the resource, and its table unless table_name does.",
    example: "orders"
  }),
  ...Defaults.fields,
  endpoint: Schema.optional(Schema.Union(Value.Text, Endpoint)).annotations({
    description: "A path, or an object; the resource's name is the path if left out.",
    ...Lore.lore({ example: "{ path: /v1/orders, data_selector: orders }" })
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
    instead: {
      id: "primary_key",
      resource: "name",
      table: "table_name",
      key: "primary_key",
      keys: "primary_key",
      primary_keys: "primary_key",
      pk: "primary_key",
      disposition: "write_disposition",
      write_mode: "write_disposition",
      nesting: "max_table_nesting",
      schema: "columns",
      contract: "schema_contract",
      steps: "processing_steps",
      transformations: "processing_steps",
      filter: "write it as a step: `processing_steps: [{ filter: … }]`",
      map: "write it as a step: `processing_steps: [{ map: … }]`",
      parent: "a child names its parent in its request: `path: /x/{resources.<parent>.<field>}`",
      parallel: "parallelized",
      incremental_sync: "write it as `endpoint: { incremental: { cursor_path, initial_value, start_param } }`"
    },
    elsewhere: {
      ...Lore.under("endpoint", Object.keys(Endpoint.fields)),
      client: "client",
      resources: "resources",
      ...(owner === "the resource" ? {} : { name: "resources" })
    }
  })
}
