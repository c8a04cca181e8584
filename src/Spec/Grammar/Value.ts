/**
 * The small values of the grammar: texts, numbers, durations, dotted paths, each with words for what is expected.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Header from "../../Api/Header.ts"
import * as Path from "../../Page/Path.ts"
import * as Lore from "../Lore.ts"

/**
 * What is said of a key beside its type; ends up in the JSON Schema and in the documentation.
 *
 * @since 0.1.0
 * @category models
 */
export interface Meaning<A> extends Pick<Lore.Lore, "example" | "own"> {
  readonly description: string
  /** As a decoded value. */
  readonly default?: A
}

/**
 * A key that may be left out, or be `null`, which is the same.
 *
 * @since 0.1.0
 * @category constructors
 */
export const key = <A, I>(schema: Schema.Schema<A, I>, meaning: Meaning<NoInfer<A>>) =>
  Schema.optional(Schema.NullOr(schema)).annotations(annotations(meaning))

/**
 * A key that must be there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const required = <A, I>(schema: Schema.Schema<A, I>, meaning: Meaning<NoInfer<A>>) =>
  Schema.propertySignature(schema).annotations(annotations(meaning))

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
 * A secret that may be empty.
 *
 * @since 0.1.0
 * @category models
 */
export const Password = Text.pipe((text) =>
  Schema.transform(text, Schema.RedactedFromSelf(Schema.String), {
    decode: (value) => Redacted.make(value),
    encode: Redacted.value
  })
)

/**
 * @since 0.1.0
 * @category models
 */
export const TokenUrl = NonEmptyText.pipe(
  Schema.filter((text) => {
    const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined) return "is not an http or https URL\nwrite it as https://auth.example.com/oauth/token"
    return (url.username === "" && url.password === "") || "holds a user name or a password\nuse the keys beside it"
  })
)

/**
 * @since 0.1.0
 * @category models
 */
export const Anything = Schema.Unknown.annotations({
  jsonSchema: { type: ["string", "number", "boolean", "object", "array", "null"] }
})

/**
 * A text, a number, true or false.
 *
 * @since 0.1.0
 * @category models
 */
export const Scalar = Schema.Union(
  Text,
  Schema.Number,
  Schema.BigIntFromSelf.annotations({ jsonSchema: { type: "integer" } }),
  Schema.Boolean
).annotations(Lore.lore({ expected: "a text, a number, true or false" }))

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
 * Milliseconds that a duration is written for, `undefined` where it is none.
 *
 * @since 0.1.0
 * @category accessors
 */
export const millis = (value: number | string): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value * 1000 : undefined
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(value.trim()) ?? []
  return digits === undefined || unit === undefined ? undefined : Number(digits) * (units[unit] ?? 1)
}

/**
 * Seconds as a number, or a number with its unit: `500ms`, `1s`, `2m`, `1h`, `1d`.
 *
 * @since 0.1.0
 * @category models
 */
export const Time = Schema.Union(Schema.Number, Schema.String).pipe(
  Schema.filter((value) => millis(value) !== undefined, {
    jsonSchema: {
      anyOf: [
        { type: "number", minimum: 0 },
        { type: "string", pattern: "^\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)$" }
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
 * A name of a time zone: `UTC`, `Europe/Berlin`, `+02:00`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const zone = (example: string) =>
  NonEmptyText.pipe(
    Schema.filter((name) => Option.isSome(DateTime.zoneFromString(name)) || `is not a time zone such as ${example}`)
  )

/**
 * Where something is in a body or a row: a JSONPath, or names joined by dots.
 *
 * @since 0.1.0
 * @category models
 */
export const JsonPath = Schema.String.pipe(
  Schema.filter(
    (path) => {
      if (path.trim() === "") return "is an empty text\nleave it out, or write `$` for the whole"
      if (Either.isRight(Path.compile(path))) return true
      return "is not a JSONPath\nwrite names joined by dots, such as `data.items`; a name that is no plain word stands in quotes: `['a b']`"
    },
    {
      jsonSchema: { type: "string" },
      ...Lore.lore({
        expected: "a JSONPath such as `data.items`",
        say: (found) =>
          Array.isArray(found) ? listOfNames(found) : typeof found === "string" ? noPath(found) : undefined
      })
    }
  )
)

/**
 * @since 0.1.0
 * @category defaults
 */
export const bodyPathLore = Lore.lore({
  expected: "names joined by dots, such as `query.page.offset`",
  say: (found) => (Array.isArray(found) ? listOfNames(found) : undefined)
})

/**
 * Names joined by dots: a place in a JSON body that a paginator writes to; decoded without a leading `$.`.
 *
 * @since 0.1.0
 * @category models
 */
export const BodyPath = Schema.String.pipe(
  Schema.filter(
    (path) =>
      /^(\$\.)?[^.\s$[\]*]+(\.[^.\s$[\]*]+)*$/.test(path) ||
      "is not a place in a body\nwrite names joined by dots, such as `query.page.offset`",
    {
      jsonSchema: { type: "string" },
      ...bodyPathLore
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

/** A function declaration: the grammar's constants are made with it, whatever the order of the modules. */
function annotations<A>({ default: fallback, description, ...lore }: Meaning<A>) {
  return { description, ...(fallback === undefined ? {} : { default: fallback }), ...Lore.lore(lore) }
}

const listOfNames = (found: ReadonlyArray<unknown>): Lore.Said => ({
  message: "a list of names is not a path",
  hint:
    found.length === 0
      ? "leave it out to have the rows found, or write `$` for the body itself"
      : found.every((name) => typeof name === "string")
        ? `did you mean \`${found
            .map((name) => (name === "*" ? "[*]" : name))
            .join(".")
            .replaceAll(".[*]", "[*]")}\`?`
        : undefined
})

const noPath = (found: string): Lore.Said | undefined => {
  const path = found.trim() === "" ? undefined : Path.compile(found)
  if (path === undefined || Either.isRight(path)) return undefined
  return {
    message: `is not a JSONPath: ${path.left}`,
    hint: "write names joined by dots, such as `data.items`; a name that is no plain word stands in quotes: `['a b']`"
  }
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
