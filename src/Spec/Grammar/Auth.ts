/**
 * `auth`: how a request proves who it is. Told apart by `type`; only `api_key` so far.
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Header from "../../Api/Header.ts"
import * as Lore from "../Lore.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const ApiKey = Schema.Struct({
  type: Schema.propertySignature(
    Schema.Literal("api_key").annotations(
      Lore.lore({
        notYet: ["bearer", "http_basic", "oauth2_client_credentials"],
        instead: {
          apikey: "api_key",
          key: "api_key",
          header: "api_key",
          query: "api_key",
          basic: "http_basic",
          token: "bearer",
          jwt: "bearer",
          oauth: "oauth2_client_credentials",
          oauth2: "oauth2_client_credentials",
          none: "leave `auth` out if the API needs none"
        }
      })
    )
  ).annotations({ description: "An API key in a header or in a query parameter." }),
  api_key: Schema.propertySignature(Value.Secret).annotations({
    description: 'The key, best as a reference: "${API_KEY}".'
  }),
  name: Schema.optional(Schema.NullOr(Value.NonEmptyText)).annotations({
    description: "Name of the header or parameter.",
    default: "Authorization"
  }),
  location: Schema.optional(
    Schema.NullOr(
      Schema.Literal("header", "query", "param").annotations(
        Lore.lore({
          notYet: ["cookie"],
          instead: { headers: "header", params: "query", url: "query", parameter: "query" }
        })
      )
    )
  ).annotations({ description: "Where the key goes; `param` is the same as `query`.", default: "header" })
})
  .annotations({
    identifier: "ApiKey",
    ...Lore.lore({
      expected: 'an object such as { type: api_key, name: X-Api-Key, api_key: "${API_KEY}", location: header }',
      instead: {
        key: "api_key",
        value: "api_key",
        token: "api_key",
        secret: "api_key",
        access_token: "api_key",
        api_token: "api_key",
        header: "name",
        header_name: "name",
        headers: "name",
        key_name: "name",
        param: "name",
        param_name: "name",
        field: "name",
        in: "location",
        position: "location",
        inject_into: "location"
      },
      say: (found) => {
        if (typeof found === "string") {
          return {
            message: "the short form of `auth` is not supported yet",
            hint: 'write { type: api_key, name: X-Api-Key, api_key: "${API_KEY}" }'
          }
        }
        if (typeof found !== "object" || found === null || Array.isArray(found) || "type" in found) return undefined
        return "api_key" in found || "location" in found
          ? { message: "`type` is missing", hint: "write `type: api_key`" }
          : {
              message: "`auth` without a `type` means a bearer token, which is not supported yet",
              hint: "write `type: api_key`"
            }
      }
    })
  })
  .pipe(
    Schema.filter((auth) => {
      if ((auth.location ?? "header") !== "header") return undefined
      // Not in the words of `Header.problem`, which show the name: a variable mixed up with another puts a key there.
      if (Header.problem(auth.name ?? "Authorization", "") !== undefined)
        return { path: ["name"], message: "is not a name for a header" }
      return Header.problem("Authorization", Redacted.value(auth.api_key).trim()) === undefined
        ? undefined
        : { path: ["api_key"], message: "holds a character that no header may hold, such as a line break" }
    })
  )

/**
 * @since 0.1.0
 * @category models
 */
export const Auth = ApiKey

/**
 * @since 0.1.0
 * @category models
 */
export type Auth = typeof Auth.Type
