/**
 * `processing_steps`: what is done to each row before it is stored, as data: filters, maps and explosions.
 */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as RowPredicate from "../../Row/Predicate.ts"
import * as Lore from "../Lore.ts"
import * as Value from "./Value.ts"

const ops = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "in",
  "not_in",
  "contains",
  "starts_with",
  "ends_with",
  "matches",
  "exists",
  "missing"
] as const

/**
 * @since 0.1.0
 * @category models
 */
export const Comparison = Schema.Struct({
  path: Value.required(Value.JsonPath, { description: "Path to the value in the row.", example: "status", own: true }),
  op: Value.key(
    Schema.Literal(...ops).annotations(
      Lore.lore({
        expected: ops.map((op) => `\`${op}\``).join(", "),
        instead: {
          "=": "eq",
          "==": "eq",
          equals: "eq",
          is: "eq",
          "!=": "ne",
          "<>": "ne",
          not_equals: "ne",
          "<": "lt",
          "<=": "le",
          lte: "le",
          ">": "gt",
          ">=": "ge",
          gte: "ge",
          nin: "not_in",
          like: "matches",
          regex: "matches",
          startswith: "starts_with",
          endswith: "ends_with",
          is_not_null: "exists",
          is_null: "missing",
          not_exists: "missing"
        }
      })
    ),
    { description: "How the value is compared.", default: "eq", example: "in", own: true }
  ),
  value: Schema.optional(Value.Anything).annotations({
    description: "What it is compared with; a list for in and not_in, none for exists and missing.",
    ...Lore.lore({ example: "[open, pending]", own: true })
  })
})
  .annotations({
    identifier: "Comparison",
    ...Lore.lore({
      expected: "an object such as { path: status, op: eq, value: open }",
      instead: { field: "path", key: "path", column: "path", operator: "op", values: "value" },
      unknown: (key, found) =>
        "path" in found || typeof found[key] === "object"
          ? undefined
          : {
              message: `unknown key \`${key}\``,
              hint: `did you mean { path: ${key}, op: eq, value: … }?`
            }
    })
  })
  .pipe(
    Schema.filter((comparison) => {
      const op = comparison.op ?? "eq"
      if (op === "exists" || op === "missing")
        return "value" in comparison ? { path: ["value"], message: `\`${op}\` takes no value` } : undefined
      if (!("value" in comparison)) return { path: ["value"], message: `\`value\` is missing: \`${op}\` needs one` }
      if ((op === "in" || op === "not_in") && !Array.isArray(comparison.value))
        return { path: ["value"], message: `\`${op}\` needs a list` }
      const compiled = RowPredicate.compile({ path: comparison.path, op, value: comparison.value })
      if (Either.isLeft(compiled)) {
        // Not in the words of the compiler where they show the pattern: it may have come from outside.
        const [, key = "value", reason = ""] = /^(\w+): (.*)$/s.exec(compiled.left) ?? []
        return { path: [key], message: op === "matches" ? "is not a regular expression (RE2's syntax)" : reason }
      }
      return undefined
    })
  )

interface All {
  readonly all: ReadonlyArray<Predicate>
}
interface Any {
  readonly any: ReadonlyArray<Predicate>
}
interface Not {
  readonly not: Predicate
}

/**
 * @since 0.1.0
 * @category models
 */
export type Predicate = typeof Comparison.Type | All | Any | Not

const nested: Schema.Schema<Predicate> = Schema.suspend(() => Predicate)

const has = (key: string) => (found: unknown) => typeof found === "object" && found !== null && key in found

/**
 * @since 0.1.0
 * @category models
 */
export const Predicate: Schema.Schema<Predicate> = Schema.Union(
  Comparison,
  Schema.Struct({
    all: Value.required(Schema.Array(nested), {
      description: "All of these must hold.",
      example: "[{ path: a, value: 1 }, { path: b, value: 2 }]",
      own: true
    })
  }).annotations({ identifier: "All", ...Lore.lore({ fits: has("all") }) }),
  Schema.Struct({
    any: Value.required(Schema.Array(nested), {
      description: "One of these must hold.",
      example: "[{ path: a, value: 1 }, { path: b, value: 2 }]",
      own: true
    })
  }).annotations({ identifier: "Any", ...Lore.lore({ fits: has("any"), instead: { or: "any" } }) }),
  Schema.Struct({
    not: Value.required(nested, { description: "This must not hold.", example: "{ path: a, value: 1 }", own: true })
  }).annotations({ identifier: "Not", ...Lore.lore({ fits: has("not") }) })
).annotations({
  identifier: "Predicate",
  ...Lore.lore({
    expected: "a comparison such as { path: status, op: eq, value: open }, or { all: […] }, { any: […] }, { not: … }",
    say: callable
  })
})

const names = Schema.Array(Value.NonEmptyText).annotations(Lore.lore({ expected: "a list of names" }))

const texts = Schema.Record({ key: Schema.String, value: Value.NonEmptyText })

/**
 * @since 0.1.0
 * @category models
 */
export const Changes = Schema.Struct({
  rename: Value.key(texts, { description: "Fields by another name.", example: "{ old_name: new_name }", own: true }),
  drop: Value.key(names, { description: "Fields that are left out.", example: "[internal, address.geo]", own: true }),
  keep: Value.key(names, { description: "The only top-level fields that stay.", example: "[id, name]", own: true }),
  set: Value.key(
    Schema.Record({ key: Schema.String, value: Value.Anything }).annotations({ jsonSchema: { type: "object" } }),
    { description: "Fields that get a value.", example: "{ source: shop }", own: true }
  ),
  cast: Value.key(
    Schema.Record({
      key: Schema.String,
      value: Schema.Literal("text", "integer", "float", "boolean", "json").annotations(
        Lore.lore({
          instead: {
            string: "text",
            str: "text",
            int: "integer",
            bigint: "integer",
            number: "float",
            double: "float",
            bool: "boolean"
          }
        })
      )
    }),
    { description: "Fields that get another type.", example: "{ total: float }", own: true }
  ),
  hash: Value.key(names, {
    description: "Fields replaced by the SHA-256 of their text.",
    example: "[email]",
    own: true
  }),
  hash_salt: Value.key(Value.NonEmptyText, {
    description: "Makes hash HMAC-SHA-256 with this key: short values cannot be found by trying.",
    example: '"${HASH_SALT}"',
    own: true
  }),
  redact: Value.key(names, { description: "Fields replaced by `***`.", example: "[password]", own: true })
}).annotations({
  identifier: "Changes",
  ...Lore.lore({
    expected: "an object such as { rename: { a: b }, drop: [c] }",
    instead: {
      remove: "drop",
      exclude: "drop",
      delete: "drop",
      select: "keep",
      only: "keep",
      include: "keep",
      add: "set",
      mask: "redact",
      anonymize: "hash",
      convert: "cast",
      types: "cast"
    },
    say: callable
  })
})

const Filter = Schema.Struct({
  filter: Value.required(Predicate, {
    description: "Only rows for which this holds go on.",
    example: "{ path: status, op: in, value: [open, pending] }"
  })
}).annotations({ identifier: "FilterStep", ...Lore.lore({ fits: has("filter") }) })

const MapStep = Schema.Struct({
  map: Value.required(Changes, { description: "Changes each row.", example: "{ drop: [internal] }" })
}).annotations({ identifier: "MapStep", ...Lore.lore({ fits: has("map") }) })

const Explode = Schema.Struct({
  explode: Value.required(Value.NonEmptyText.annotations(Lore.lore({ expected: "the name of a list" })), {
    description: "Makes a row of each element of a list; dlt's `yield_map` with a function.",
    example: "items",
    own: true
  })
}).annotations({ identifier: "ExplodeStep", ...Lore.lore({ fits: has("explode") }) })

/**
 * @since 0.1.0
 * @category models
 */
export const Step = Schema.Union(Filter, MapStep, Explode).annotations({
  identifier: "ProcessingStep",
  ...Lore.lore({
    expected: "an object with one of `filter`, `map`, `explode`",
    say: (found) => {
      if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined
      const keys = Object.keys(found)
      if (keys.includes("yield_map"))
        return {
          message: "`yield_map` takes a function, which a configuration cannot hold",
          hint: "write `explode: <list>`"
        }
      return keys.length > 1 && keys.every((key) => ["filter", "map", "explode"].includes(key))
        ? { message: "a step has one key", hint: "write a step for each, in the order they are to be done" }
        : keys.some((key) => ["filter", "map", "explode"].includes(key))
          ? undefined
          : { message: "is no step", hint: "write one of `filter: …`, `map: …`, `explode: …`" }
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export type Step = typeof Step.Type

// --- internal ---

function callable(found: unknown): Lore.Said | undefined {
  return typeof found === "string"
    ? {
        message: "is a function, which a configuration cannot hold",
        hint: "write it as data, such as { path: status, op: eq, value: open }, or write the source in TypeScript"
      }
    : undefined
}
