/**
 * `incremental`: a cursor in the rows, so that a run asks only for what is new. On the endpoint, or as one parameter of it.
 */
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const CursorValue = Schema.Union(
  Value.Text,
  Schema.Number,
  Schema.BigIntFromSelf.annotations({ jsonSchema: { type: "integer" } })
).annotations(Lore.lore({ expected: "a text or a number" }))

/**
 * @since 0.1.0
 * @category models
 */
export const Conversion = Schema.Literal("iso", "date", "epoch_s", "epoch_ms").annotations({
  identifier: "Conversion",
  ...Lore.lore({
    instead: {
      isoformat: "iso",
      iso8601: "iso",
      datetime: "iso",
      epoch: "epoch_s",
      epoch_seconds: "epoch_s",
      unix: "epoch_s",
      timestamp: "epoch_s",
      unix_timestamp: "epoch_s",
      epoch_millis: "epoch_ms",
      unix_ms: "epoch_ms",
      milliseconds: "epoch_ms"
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export const Convert = Schema.Union(
  Conversion,
  Schema.Struct({
    to: Value.required(Conversion, { description: "The form the API wants.", example: "date", own: true }),
    time_zone: Value.key(Value.zone("Europe/Berlin"), {
      description: "The zone a date or an ISO text is written in.",
      default: "UTC",
      example: "Europe/Berlin",
      own: true
    })
  }).annotations({
    identifier: "Convert",
    ...Lore.lore({ instead: { timezone: "time_zone", tz: "time_zone", zone: "time_zone", format: "to", type: "to" } })
  })
).annotations(
  Lore.lore({ expected: "`iso`, `date`, `epoch_s`, `epoch_ms`, or an object { to: date, time_zone: Europe/Berlin }" })
)

const fields = {
  cursor_path: Value.required(Value.JsonPath, {
    description: "Path to the cursor in a row, in the API's spelling.",
    example: "updated_at"
  }),
  initial_value: Value.key(CursorValue, {
    description: "Where the first run starts.",
    example: '"2024-01-01T00:00:00Z"'
  }),
  last_value_func: Value.key(
    Schema.Literal("max", "min").annotations(
      Lore.lore({ say: callable, instead: { maximum: "max", latest: "max", minimum: "min" } })
    ),
    { description: "Whether the cursor grows or falls.", default: "max", example: "min" }
  ),
  row_order: Value.key(
    Schema.Literal("asc", "desc").annotations(Lore.lore({ instead: { ascending: "asc", descending: "desc" } })),
    {
      description: "Order of the rows over all pages, when the API keeps one: a walk may then end early.",
      example: "asc"
    }
  ),
  on_cursor_value_missing: Value.key(
    Schema.Literal("raise", "include", "exclude").annotations(
      Lore.lore({
        instead: { fail: "raise", error: "raise", keep: "include", skip: "exclude", ignore: "exclude", drop: "exclude" }
      })
    ),
    { description: "What becomes of a row without a cursor.", default: "raise", example: "include" }
  ),
  lag: Value.key(
    Schema.Number.pipe(
      Schema.filter((lag) => Number.isFinite(lag) && lag >= 0, {
        jsonSchema: { type: "number", minimum: 0 },
        ...Lore.lore({ expected: "a number, 0 or more (seconds for times, days for dates)" })
      })
    ),
    {
      description: "Taken off the last value, to read late rows: seconds for times, days for dates, else the number.",
      example: "3600"
    }
  ),
  range_start: Value.key(Schema.Literal("closed", "open"), {
    description: "Whether rows at the start itself are taken.",
    default: "closed",
    example: "open"
  }),
  range_end: Value.key(Schema.Literal("open", "closed"), {
    description: "Whether rows at end_value itself are taken.",
    default: "open",
    example: "closed"
  }),
  convert: Value.key(Convert.annotations(Lore.lore({ say: callable })), {
    description: "Form in which the values go into a request.",
    example: "{ to: date, time_zone: Europe/Berlin }"
  }),
  transform: Value.key(Convert.annotations(Lore.lore({ say: callable })), {
    description: "The old name of convert.",
    example: "epoch_s"
  }),
  primary_key: Value.key(Schema.Union(Value.Text, Schema.Array(Value.Text)), {
    description: "Has no effect here: a row at the boundary is merged by the resource's key, never dropped.",
    example: "id"
  }),
  allow_external_schedulers: Value.key(Schema.Boolean, {
    description: "Has no effect here.",
    example: "false"
  })
}

const instead = {
  cursor: "cursor_path",
  cursor_field: "cursor_path",
  cursor_column: "cursor_path",
  field: "cursor_path",
  path: "cursor_path",
  start_value: "initial_value",
  start_date: "initial_value",
  initial: "initial_value",
  start_datetime: "initial_value",
  end_date: "end_value",
  end_datetime: "end_value",
  param: "start_param",
  start_time_option: "start_param",
  end_time_option: "end_param",
  lookback: "lag",
  lookback_window: "lag",
  order: "row_order",
  last_value: "last_value_func",
  date_format: "convert",
  datetime_format: "convert",
  cursor_datetime_formats: "convert",
  cursor_granularity: "leave it out",
  step: "leave it out: a run reads everything since the last one"
}

/**
 * @since 0.1.0
 * @category models
 */
export const Incremental = Schema.Struct({
  ...fields,
  end_value: Value.key(CursorValue, {
    description: "Makes a run a window of its own: no cursor is read or moved. Needs initial_value.",
    example: '"2024-02-01T00:00:00Z"'
  }),
  start_param: Value.key(Value.NonEmptyText, { description: "Query parameter of the start.", example: "since" }),
  end_param: Value.key(Value.NonEmptyText, { description: "Query parameter of the end.", example: "until" })
}).annotations({
  identifier: "Incremental",
  ...Lore.lore({ expected: "an object such as { cursor_path: updated_at, initial_value: … }", instead })
})

/**
 * @since 0.1.0
 * @category models
 */
export type Incremental = typeof Incremental.Type

/**
 * @since 0.1.0
 * @category models
 */
export const Param = Schema.Struct({
  type: Value.required(Schema.Literal("incremental"), {
    description: "The parameter is the start of the incremental walk.",
    example: "incremental"
  }),
  ...fields
}).annotations({
  identifier: "IncrementalParam",
  ...Lore.lore({
    instead,
    unknown: (key) =>
      key === "end_value" || key === "start_param" || key === "end_param"
        ? {
            message: `\`${key}\` does not belong into a parameter`,
            hint: "write `incremental: { cursor_path, start_param, end_param, … }` beside `params`"
          }
        : undefined
  })
})

// --- internal ---

function callable(found: unknown): Lore.Said | undefined {
  return typeof found === "string" && /lambda|\(|=>/.test(found)
    ? {
        message: "is a function, which a configuration cannot hold",
        hint: "write one of the words here, or write the source in TypeScript"
      }
    : undefined
}
