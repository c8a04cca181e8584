/**
 * `windows`: a list that an API gives only so many rows of, asked for in windows of time.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import * as Value from "./Value.ts"

/**
 * A date or a time, or how long before the run began.
 *
 * @since 0.1.0
 * @category models
 */
export const Moment = Value.Text.pipe(
  Schema.filter((text) => isMoment(text.trim()), {
    jsonSchema: { type: "string" },
    ...Lore.lore({ expected: "a date or a time such as 2024-01-01T00:00:00, or how long before the run, such as 45d" })
  })
).annotations({ identifier: "Moment" })

const seconds = (words: string) =>
  Value.Time.pipe(
    Schema.filter((time) => {
      const seconds = Duration.toSeconds(time)
      return (Number.isSafeInteger(seconds) && seconds >= 1) || `is not a whole number of seconds\nwrite ${words}`
    })
  )

const own = { own: true } as const

/**
 * @since 0.1.0
 * @category models
 */
export const Windows = Schema.Struct({
  from_param: Value.required(Value.NonEmptyText, {
    description: "Query parameter of a window's start.",
    example: "fromdate",
    ...own
  }),
  to_param: Value.required(Value.NonEmptyText, {
    description: "Query parameter of a window's end.",
    example: "todate",
    ...own
  }),
  start: Value.key(Moment, {
    description:
      "Where the windows start. Of an incremental resource the cursor says it, but never before this; else it must be there.",
    example: "45d",
    ...own
  }),
  end: Value.key(Moment, {
    description: "Where they end; when the run began if left out. An incremental's end_value goes before.",
    example: "5m",
    ...own
  }),
  cap: Value.key(Value.Whole(1), {
    description: "Rows of one list that the API lets be read: no page reaches beyond it.",
    default: 10_000,
    example: "1000",
    ...own
  }),
  smallest: Value.key(seconds("1s, or 1m"), {
    description: "A window is not split into parts shorter than this; 1s if left out, a day with `format: date`.",
    example: "1m",
    ...own
  }),
  largest: Value.key(seconds("7d, or leave it out"), {
    description: "No window is longer, for an API that takes no longer range.",
    example: "7d",
    ...own
  }),
  time_zone: Value.key(Value.zone("America/New_York"), {
    description: "The zone that `local` and `date` are written in, and texts of `start` and `end` without an offset.",
    default: "UTC",
    example: "America/New_York",
    ...own
  }),
  format: Value.key(
    Schema.Literal("iso", "local", "date", "epoch_s", "epoch_ms").annotations(
      Lore.lore({
        instead: {
          isoformat: "iso",
          iso8601: "iso",
          datetime: "local",
          wall: "local",
          day: "date",
          epoch: "epoch_s",
          unix: "epoch_s",
          timestamp: "epoch_s",
          milliseconds: "epoch_ms"
        }
      })
    ),
    {
      description:
        "How bounds are written: `2024-01-31T12:00:00Z`, the wall time of time_zone without an offset, a day, seconds or milliseconds since 1970.",
      default: "iso",
      example: "local",
      ...own
    }
  ),
  range_end: Value.key(Schema.Literal("closed", "open"), {
    description: "With `format: date`, whether the API gives the rows of the day that to_param names.",
    default: "closed",
    example: "open",
    ...own
  })
}).annotations({
  identifier: "Windows",
  ...Lore.lore({
    expected: "an object such as { from_param: fromdate, to_param: todate, start: 45d }",
    instead: {
      start_param: "from_param",
      end_param: "to_param",
      from: "from_param",
      to: "to_param",
      since: "start",
      until: "end",
      start_date: "start",
      end_date: "end",
      max_rows: "cap",
      limit: "cap",
      step: "largest",
      size: "largest",
      granularity: "smallest",
      timezone: "time_zone",
      tz: "time_zone",
      zone: "time_zone",
      convert: "format"
    }
  })
})

// --- internal ---

function isMoment(text: string): boolean {
  if (Value.millis(text) !== undefined) return true
  const isWritten = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text)
  return isWritten && !Number.isNaN(Date.parse(text.replace(" ", "T")))
}
