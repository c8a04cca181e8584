/**
 * `auth` of a configuration → the credentials of stage Api. Short forms were written out by `Credentials` before.
 */
import * as Auth from "../../Api/Auth.ts"
import type * as Grammar from "../Grammar/Auth.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (value: Grammar.Auth): Auth.Auth => {
  if (typeof value === "string") return Auth.none
  switch (value.type) {
    case "bearer":
      return Auth.bearer(value.token)
    case "api_key":
      return Auth.apiKey({
        name: value.name ?? "Authorization",
        value: value.api_key,
        location: value.location === "param" ? "query" : (value.location ?? "header")
      })
    case "http_basic":
      return Auth.httpBasic({ username: value.username, password: value.password })
    case "oauth2_client_credentials":
      return Auth.oauth2ClientCredentials({
        tokenUrl: value.access_token_url,
        clientId: value.client_id,
        clientSecret: value.client_secret,
        requestData: Object.fromEntries(
          Object.entries(value.access_token_request_data ?? {}).map(([name, text]) => [name, String(text)])
        ),
        defaultExpiration: value.default_token_expiration ?? undefined,
        authMethod: value.auth_method ?? undefined
      })
    case "oauth_jwt":
      return Auth.oauthJwt({
        tokenUrl: value.auth_endpoint,
        clientId: value.client_id,
        privateKey: value.private_key,
        passphrase: value.private_key_passphrase ?? undefined,
        scopes: value.scopes ?? undefined,
        headers: value.headers ?? undefined,
        defaultExpiration: value.default_token_expiration ?? undefined
      })
  }
}
