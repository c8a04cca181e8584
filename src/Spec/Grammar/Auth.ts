/**
 * `auth`: how a request proves who it is. Told apart by `type`; short forms are written out by `Credentials` before.
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Header from "../../Api/Header.ts"
import * as Lore from "../Lore.ts"
import * as AuthLore from "./AuthLore.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const Bearer = Schema.Struct({
  type: type("bearer", "A token in the Authorization header."),
  token: Value.required(Value.Secret, { description: "The token, best as a reference.", example: '"${TOKEN}"' })
})
  .annotations({ identifier: "Bearer", ...AuthLore.bearer })
  .pipe(Schema.filter((auth) => sendable(auth.token, "token")))

/**
 * @since 0.1.0
 * @category models
 */
export const ApiKey = Schema.Struct({
  type: type("api_key", "An API key in a header, a query parameter or a cookie."),
  api_key: Value.required(Value.Secret, { description: "The key, best as a reference.", example: '"${API_KEY}"' }),
  name: Value.key(Value.NonEmptyText, {
    description: "Name of the header, parameter or cookie.",
    default: "Authorization",
    example: "X-Api-Key"
  }),
  location: Value.key(
    Schema.Literal("header", "query", "param", "cookie").annotations(
      Lore.lore({
        instead: {
          headers: "header",
          params: "query",
          url: "query",
          parameter: "query",
          query_param: "query",
          query_string: "query",
          cookies: "cookie",
          body: "a key in the body is written in `endpoint.json`"
        }
      })
    ),
    { description: "Where the key goes; `param` is the same as `query`.", default: "header", example: "query" }
  )
})
  .annotations({ identifier: "ApiKey", ...AuthLore.apiKey })
  .pipe(
    Schema.filter((auth) => {
      const location = auth.location ?? "header"
      if (location !== "header" && location !== "cookie") return undefined
      // Not in the words of `Header.problem`, which show the name: a variable mixed up with another puts a key there.
      if (Header.problem(auth.name ?? "Authorization", "") !== undefined)
        return { path: ["name"], message: `is not a name for a ${location}` }
      return sendable(auth.api_key, "api_key")
    })
  )

/**
 * @since 0.1.0
 * @category models
 */
export const HttpBasic = Schema.Struct({
  type: type("http_basic", "A user name and a password in the Authorization header."),
  username: Value.required(Value.NonEmptyText, { description: "The user name.", example: '"${USERNAME}"' }),
  password: Value.required(Value.Password, {
    description: "The password; an empty text where the API wants none.",
    example: '"${PASSWORD}"'
  })
}).annotations({ identifier: "HttpBasic", ...AuthLore.httpBasic })

/**
 * @since 0.1.0
 * @category models
 */
export const OAuth2 = Schema.Struct({
  type: type("oauth2_client_credentials", "A token got with a client id and a secret, renewed when it expires."),
  access_token_url: Value.required(Value.TokenUrl, {
    description: "Where the token is asked for.",
    example: "https://auth.example.com/oauth/token"
  }),
  client_id: Value.required(Value.NonEmptyText, { description: "The client's id.", example: '"${CLIENT_ID}"' }),
  client_secret: Value.required(Value.Secret, { description: "The client's secret.", example: '"${CLIENT_SECRET}"' }),
  access_token_request_data: Value.key(Schema.Record({ key: Schema.String, value: Value.Scalar }), {
    description: "Further fields of the token request.",
    example: "{ scope: read, audience: https://api.example.com }"
  }),
  default_token_expiration: Value.key(Value.Time, {
    description: "Lifetime of a token whose answer says none.",
    default: Duration.hours(1),
    example: "30m"
  }),
  auth_method: Value.key(
    Schema.Literal("post", "basic").annotations(
      Lore.lore({
        instead: { client_secret_post: "post", body: "post", client_secret_basic: "basic", header: "basic" }
      })
    ),
    {
      description: "Whether id and secret go into the form or into the Authorization header of the token request.",
      default: "post",
      example: "basic",
      own: true
    }
  )
}).annotations({ identifier: "OAuth2ClientCredentials", ...AuthLore.oauth2 })

/**
 * @since 0.1.0
 * @category models
 */
export const OAuthJwt = Schema.Struct({
  type: type("oauth_jwt", "A token got with a signed JWT (RS256), renewed when it expires."),
  auth_endpoint: Value.required(Value.TokenUrl, {
    description: "Where the token is asked for.",
    example: "https://auth.example.com/oauth/token"
  }),
  client_id: Value.required(Value.NonEmptyText, { description: "The issuer of the JWT.", example: '"${CLIENT_ID}"' }),
  private_key: Value.required(Value.Secret, {
    description: "The private key as PEM (PKCS#8 or PKCS#1).",
    example: "{ $file: secrets/key.pem }"
  }),
  private_key_passphrase: Value.key(Value.Secret, {
    description: "Passphrase of an encrypted key.",
    example: '"${PRIVATE_KEY_PASSPHRASE}"'
  }),
  scopes: Value.key(Schema.Union(Value.NonEmptyText, Schema.Array(Value.NonEmptyText)), {
    description: "Scopes to ask for.",
    example: "[read, write]"
  }),
  headers: Value.key(Value.Headers, {
    description: "Headers of the token request.",
    example: "{ X-Tenant: acme }"
  }),
  default_token_expiration: Value.key(Value.Time, {
    description: "Lifetime of a token whose answer says none.",
    default: Duration.hours(1),
    example: "30m"
  })
}).annotations({ identifier: "OAuthJwt", ...AuthLore.oauthJwt })

/**
 * @since 0.1.0
 * @category models
 */
export const Auth = Schema.Union(
  Schema.Literal("bearer", "api_key", "http_basic", "oauth2_client_credentials", "oauth_jwt"),
  Bearer,
  ApiKey,
  HttpBasic,
  OAuth2,
  OAuthJwt
).annotations({ identifier: "Auth", ...AuthLore.auth })

/**
 * @since 0.1.0
 * @category models
 */
export type Auth = typeof Auth.Type

/**
 * The fields of each type that are looked up in the environment when they are left out.
 *
 * @since 0.1.0
 * @category defaults
 */
export const lookedUp: Readonly<Record<string, ReadonlyArray<string>>> = {
  bearer: ["token"],
  api_key: ["api_key"],
  http_basic: ["username", "password"],
  oauth2_client_credentials: ["access_token_url", "client_id", "client_secret"],
  oauth_jwt: ["auth_endpoint", "client_id", "private_key"]
}

// --- internal ---

function type<const Name extends string>(name: Name, description: string) {
  return Value.required(Schema.Literal(name).annotations(AuthLore.type), { description, example: name })
}

function sendable(secret: Redacted.Redacted<string>, key: string) {
  return Header.problem("Authorization", Redacted.value(secret).trim()) === undefined
    ? undefined
    : { path: [key], message: "holds a character that no header may hold, such as a line break" }
}
