/**
 * The small values of the grammar: texts, numbers, durations, dotted paths, each with words for what is expected.
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Header from "../../Api/Header.ts"
import * as Lore from "../Lore.ts"

/**
 * A text. In a file it may also be a reference, `{ $env: NAME }` or `{ $file: PATH }`, replaced before anything is checked.
 *
 * @since 0.1.0
 * @category models
 */
export const Text = Schema.String.annotations({
  identifier: "Text",
  jsonSchema: {
    anyOf: [
      { type: "string" },
      {
        type: "object",
        description: "The value of an environment variable.",
        properties: { $env: { type: "string" } },
        required: ["$env"],
        additionalProperties: false
      },
      {
        type: "object",
        description: "The content of a file, relative to this one.",
        properties: { $file: { type: "string" } },
        required: ["$file"],
        additionalProperties: false
      }
    ]
  }
})

/**
 * @since 0.1.0
 * @category models
 */
export const NonEmptyText = Text.pipe(Schema.filter((text) => text.trim() !== "" || "is an empty text"))

/**
 * A text that is a secret from here on.
 *
 * @since 0.1.0
 * @category models
 */
export const Secret = NonEmptyText.pipe((text) =>
  Schema.transform(text, Schema.RedactedFromSelf(Schema.String), {
    decode: (value) => Redacted.make(value),
    encode: Redacted.value
  })
)

/**
 * Names and values of HTTP headers.
 *
 * @since 0.1.0
 * @category models
 */
export const Headers = Schema.Record({ key: Schema.String, value: Text }).pipe(
  Schema.filter((headers) =>
    Object.entries(headers).flatMap(([name, value]) => {
      const problem = Header.problem(name, value)
      return problem === undefined ? [] : [{ path: [name], message: problem }]
    })
  )
)

/**
 * A whole number, `minimum` or more.
 *
 * @since 0.1.0
 * @category constructors
 */
export const Whole = (minimum: number) =>
  Schema.Number.pipe(
    Schema.filter((value) => Number.isSafeInteger(value) && value >= minimum, {
      jsonSchema: { type: "integer", minimum },
      ...Lore.lore({ expected: `a whole number, ${minimum} or more` })
    })
  )

/**
 * A number, `minimum` or more (0: anything above it).
 *
 * @since 0.1.0
 * @category constructors
 */
export const AtLeast = (minimum: number) =>
  Schema.Number.pipe(
    Schema.filter((value) => Number.isFinite(value) && (minimum === 0 ? value > 0 : value >= minimum), {
      jsonSchema: minimum === 0 ? { type: "number", exclusiveMinimum: 0 } : { type: "number", minimum },
      ...Lore.lore({ expected: minimum === 0 ? "a number above 0" : `a number, ${minimum} or more` })
    })
  )

/**
 * Seconds as a number, or a number with its unit: `500ms`, `1s`, `2m`, `1h`.
 *
 * @since 0.1.0
 * @category models
 */
export const Time = Schema.Union(Schema.Number, Schema.String).pipe(
  Schema.filter((value) => millis(value) !== undefined, {
    jsonSchema: {
      anyOf: [
        { type: "number", minimum: 0 },
        { type: "string", pattern: "^\\d+(\\.\\d+)?\\s*(ms|s|m|h)$" }
      ]
    },
    ...Lore.lore({ expected: "a duration such as 500ms, 1s or 2m, or a number of seconds" })
  }),
  (time) =>
    Schema.transform(time, Schema.DurationFromSelf, {
      decode: (value) => Duration.millis(millis(value) ?? 0),
      encode: (duration) => Duration.toMillis(duration) / 1000
    })
)

/**
 * Names joined by dots, `$` for the body itself; decoded without a leading `$.`.
 *
 * @since 0.1.0
 * @category models
 */
export const DottedPath = Schema.String.pipe(
  Schema.filter(
    (path) => {
      if (path === "") return "is an empty text\nleave it out, or write `$` for the body itself"
      if (/^(\$|(\$\.)?[\p{L}_][\p{L}\p{N}_-]*(\.[\p{L}_][\p{L}\p{N}_-]*)*)$/u.test(path)) return true
      return "JSONPath is not supported yet\nwrite names joined by dots, such as `data.items`, or `$` for the body itself"
    },
    {
      jsonSchema: { type: "string" },
      ...Lore.lore({
        expected: "names joined by dots, such as `data.items`",
        say: (found) =>
          Array.isArray(found)
            ? {
                message: "a list of names is not a path",
                hint:
                  found.length === 0
                    ? "leave it out, or write `$` for the body itself"
                    : found.every((name) => typeof name === "string")
                      ? `did you mean \`${found.join(".")}\`?`
                      : undefined
              }
            : undefined
      })
    }
  ),
  (path) =>
    Schema.transform(path, Schema.String, {
      decode: (text) => text.replace(/^\$\./, ""),
      encode: (text) => text,
      strict: true
    })
)

// --- internal ---

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

const millis = (value: number | string): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value * 1000 : undefined
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(value.trim()) ?? []
  return digits === undefined || unit === undefined ? undefined : Number(digits) * (units[unit] ?? 1)
}
