/**
 * The configuration as an Effect Schema: dlt's `rest_api` grammar, key for key, as far as it is supported, and our own keys.
 *
 * Decoding gives typed values and every mistake at once; the JSON Schema for editors is made from the same declarations.
 */
import * as JSONSchema from "effect/JSONSchema"
import * as Schema from "effect/Schema"
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
    description: "Where an editor finds the JSON Schema of this file."
  }),
  name: Schema.optional(
    Schema.NullOr(
      Value.NonEmptyText.pipe(
        Schema.filter(
          (name) =>
            (/^[^/\\\p{Cc}]+$/u.test(name) && !name.startsWith(".")) ||
            "is not a plain name\nit names the database file: no slashes, no dot in front"
        )
      )
    )
  ).annotations({ description: "Names the source and its database file; the file's own name if left out." }),
  client: Schema.propertySignature(Client).annotations({ description: "The API." }),
  resource_defaults: Schema.optional(Schema.NullOr(Resource.Defaults)).annotations({
    description:
      "For every resource that does not say otherwise. endpoint is merged key by key, and its params and json one level deeper."
  }),
  resources: Schema.propertySignature(
    Schema.Array(
      Schema.Union(Value.NonEmptyText, Resource.Resource).annotations(
        Lore.lore({ expected: "a name, or an object with a `name`" })
      )
    ).pipe(
      Schema.filter((resources) => resources.length > 0 || "is an empty list: there is nothing to take", {
        jsonSchema: { minItems: 1 },
        ...Lore.lore({ expected: "a list of resources, each a name or an object with a `name`" })
      })
    )
  ).annotations({ description: "What to take from the API. A text is a name and a path at once." })
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
export const jsonSchema = (): JSONSchema.JsonSchema7Root => JSONSchema.make(Config)
