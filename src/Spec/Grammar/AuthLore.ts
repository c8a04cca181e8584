/**
 * What people write under `auth`, and what they mean: names of other tools, keys of other types.
 */
import * as Lore from "../Lore.ts"

const none = "leave `auth` out if the API needs none"
const signed = "signed requests are not supported: a TypeScript source can send its own headers"

const instead = {
  apikey: "api_key",
  key: "api_key",
  header: "api_key",
  headers: "api_key",
  custom_header: "api_key",
  custom_headers: "api_key",
  query: "api_key",
  query_param: "api_key",
  cookie: "did you mean `api_key`? Its `location` is `cookie`",
  basic: "http_basic",
  basic_auth: "http_basic",
  basichttp: "http_basic",
  token: "bearer",
  bearer_token: "bearer",
  api_token: "bearer",
  jwt: "bearer",
  access_token: "bearer",
  oauth: "oauth2_client_credentials",
  oauth2: "oauth2_client_credentials",
  oauth_2: "oauth2_client_credentials",
  client_credentials: "oauth2_client_credentials",
  oauth2jwt: "oauth_jwt",
  session_token:
    "a session token that is known is a `bearer` or an `api_key`; one that must be fetched needs a TypeScript source",
  none,
  no_auth: none,
  custom: "one of the types here, or a TypeScript source with headers of its own",
  oauth1: signed,
  hmac: signed,
  aws: signed,
  aws4: signed,
  aws_sigv4: signed,
  aws_signature_v4: signed
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const type = Lore.lore({ instead })

const typeMissing = (found: Readonly<Record<string, unknown>>): Lore.Said => {
  const has = (...keys: ReadonlyArray<string>) => keys.some((key) => key in found)
  const meant = has("access_token_url", "client_secret", "token_url")
    ? "oauth2_client_credentials"
    : has("private_key")
      ? "oauth_jwt"
      : has("username", "password")
        ? "http_basic"
        : has("api_key", "location", "key", "name")
          ? "api_key"
          : "bearer"
  return { message: "`type` is missing", hint: `write \`type: ${meant}\`` }
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const auth = Lore.lore({
  expected: 'an object such as { type: bearer, token: "${TOKEN}" }',
  instead,
  say: (found) => {
    if (Array.isArray(found))
      return { message: "a list is not credentials", hint: 'write { type: bearer, token: "${TOKEN}" }' }
    if (typeof found !== "object" || found === null || "type" in found) return undefined
    return typeMissing(found as Readonly<Record<string, unknown>>)
  }
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const bearer = Lore.lore({
  expected: 'an object such as { type: bearer, token: "${TOKEN}" }',
  instead: {
    api_key: "token",
    key: "token",
    value: "token",
    access_token: "token",
    api_token: "token",
    bearer: "token",
    bearer_token: "token",
    secret: "token",
    api_key_value: "token",
    location: "leave it out: a bearer token goes into the Authorization header",
    name: "leave it out: a bearer token goes into the Authorization header; another header is `type: api_key`",
    header: "leave it out: a bearer token goes into the Authorization header; another header is `type: api_key`",
    prefix: "leave it out: it is `Bearer`; another scheme is `type: api_key` with the scheme in its text"
  }
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const apiKey = Lore.lore({
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
    inject_into: "location",
    prefix: 'write it in front of the key: api_key: "Token ${API_KEY}"'
  }
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const httpBasic = Lore.lore({
  expected: 'an object such as { type: http_basic, username: "${USERNAME}", password: "${PASSWORD}" }',
  instead: {
    user: "username",
    login: "username",
    email: "username",
    client_id: "username",
    api_key: "username",
    pass: "password",
    pwd: "password",
    secret: "password",
    token: "password",
    client_secret: "password"
  }
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const oauth2 = Lore.lore({
  expected:
    'an object such as { type: oauth2_client_credentials, access_token_url: https://…, client_id: "${CLIENT_ID}", client_secret: "${CLIENT_SECRET}" }',
  instead: {
    token_url: "access_token_url",
    token_refresh_endpoint: "access_token_url",
    token_endpoint: "access_token_url",
    url: "access_token_url",
    auth_url: "access_token_url",
    refresh_url: "access_token_url",
    id: "client_id",
    secret: "client_secret",
    scope: "write it in `access_token_request_data: { scope: … }`",
    scopes: "write it in `access_token_request_data: { scope: … }`",
    audience: "write it in `access_token_request_data: { audience: … }`",
    grant_type: "leave it out: it is `client_credentials`",
    refresh_token: "a refresh token is not supported: use client credentials, or a token as `type: bearer`",
    access_token: "a token that is known is `type: bearer`",
    token: "a token that is known is `type: bearer`",
    expires_in: "default_token_expiration",
    request_data: "access_token_request_data",
    session: "a session of your own needs a TypeScript source"
  }
})

/**
 * @since 0.1.0
 * @category defaults
 */
export const oauthJwt = Lore.lore({
  expected:
    'an object such as { type: oauth_jwt, auth_endpoint: https://…, client_id: "${CLIENT_ID}", private_key: { $file: key.pem } }',
  instead: {
    access_token_url: "auth_endpoint",
    token_url: "auth_endpoint",
    url: "auth_endpoint",
    issuer: "client_id",
    key: "private_key",
    passphrase: "private_key_passphrase",
    scope: "scopes"
  }
})
