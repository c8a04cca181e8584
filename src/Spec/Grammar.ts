/**
 * The configuration as an Effect Schema: dlt's `rest_api` grammar, key for key, and our own keys.
 *
 * Decoding gives typed values and every mistake at once; the JSON Schema for editors is made from the same declarations.
 */
import * as JSONSchema from "effect/JSONSchema"
import * as Schema from "effect/Schema"
import * as Auth from "./Grammar/Auth.ts"
import { Client } from "./Grammar/Client.ts"
import * as Resource from "./Grammar/Resource.ts"
import * as Value from "./Grammar/Value.ts"
import * as Lore from "./Lore.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const Config = Schema.Struct({
  $schema: Schema.optional(Schema.String).annotations({
    description: "Where an editor finds the JSON Schema of this file.",
    ...Lore.lore({ example: "./schema/sluice.schema.json", own: true })
  }),
  name: Value.key(
    Value.NonEmptyText.pipe(
      Schema.filter(
        (name) =>
          (/^[^/\\\p{Cc}]+$/u.test(name) && !name.startsWith(".")) ||
          "is not a plain name\nit names the database file: no slashes, no dot in front"
      )
    ),
    {
      description: "Names the source and its database file; the file's own name if left out.",
      example: "shop",
      own: true
    }
  ),
  client: Value.required(Client, { description: "The API.", example: "{ base_url: https://api.example.com }" }),
  resource_defaults: Value.key(Resource.Defaults, {
    description:
      "For every resource that does not say otherwise. endpoint is merged key by key, and its params and json one level deeper.",
    example: "{ primary_key: id, write_disposition: merge }"
  }),
  resources: Value.required(
    Schema.Array(
      Schema.Union(Value.NonEmptyText, Resource.Resource).annotations(
        Lore.lore({ expected: "a name, or an object with a `name`" })
      )
    ).pipe(
      Schema.filter((resources) => resources.length > 0 || "is an empty list: there is nothing to take", {
        jsonSchema: { minItems: 1 },
        ...Lore.lore({ expected: "a list of resources, each a name or an object with a `name`" })
      })
    ),
    { description: "What to take from the API. A text is a name and a path at once.", example: "[orders, customers]" }
  )
}).annotations({
  identifier: "SluiceConfig",
  ...Lore.lore({
    expected: "an object with `client` and `resources`",
    instead: {
      api: "client",
      source: "client",
      endpoints: "resources",
      streams: "resources",
      tables: "resources",
      defaults: "resource_defaults"
    },
    elsewhere: {
      ...Lore.under("client", Object.keys(Client.fields)),
      ...Lore.under(
        "resource_defaults",
        Resource.keys.filter((key) => key !== "name")
      )
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export type Config = typeof Config.Type

/**
 * The JSON Schema (draft 7) of a configuration file.
 *
 * @since 0.1.0
 * @category accessors
 */
export const jsonSchema = (): JSONSchema.JsonSchema7Root => {
  const root = JSONSchema.make(Config)
  const definitions = Object.entries(root.$defs ?? {}).map(([name, definition]) => [name, mended(definition)] as const)
  return { ...root, $defs: Object.fromEntries(definitions) }
}

// --- internal ---

const mended = (definition: JSONSchema.JsonSchema7): JSONSchema.JsonSchema7 => extensible(forgiving(definition))

/** What `Credentials` fills in may be left out in a file. */
const forgiving = (definition: JSONSchema.JsonSchema7): JSONSchema.JsonSchema7 => {
  if (!("properties" in definition) || !("required" in definition)) return definition
  const { type } = definition.properties
  const [name = ""] = type !== undefined && "enum" in type ? type.enum.map(String) : []
  if (!Object.hasOwn(Auth.lookedUp, name)) return definition
  const filled = [...(Auth.lookedUp[name] ?? []), ...(name === "bearer" ? ["type"] : [])]
  return { ...definition, required: definition.required.filter((key) => !filled.includes(key)) }
}

/** Of keys beside a pattern of keys the library makes a pattern for all of them. */
const extensible = (definition: JSONSchema.JsonSchema7): JSONSchema.JsonSchema7 => {
  if (!("propertyNames" in definition) || !("patternProperties" in definition)) return definition
  const { patternProperties, propertyNames, ...rest } = definition
  const [value = {}] = Object.values(patternProperties ?? {})
  const pattern = propertyNames !== undefined && "pattern" in propertyNames ? propertyNames.pattern : undefined
  return {
    ...rest,
    additionalProperties: false,
    patternProperties: { [pattern ?? ""]: value }
  } as JSONSchema.JsonSchema7
}
