/**
 * dlt's classes, written as instances, as the objects that say the same.
 */
import * as Value from "../Value.ts"

/**
 * The object for a call of a known class; `undefined`: the name says nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const instance = (
  name: string,
  values: ReadonlyArray<Value.Value>,
  named: Value.Dict,
  at: number
): Value.Dict | undefined => {
  const known = classes[name]
  if (known === undefined) return undefined
  const [type = "", ...parameters] = known
  const dict = Value.dict(type === "" ? [] : [["type", Value.text(type, at)]], at)
  for (const [index, value] of values.entries()) {
    const parameter = parameters[index]
    if (parameter !== undefined) Value.set(dict, parameter, value)
  }
  for (const each of named.entries) Value.set(dict, each.key, each.value, each.at)
  return dict
}

// --- internal ---

/** The type, then the parameters in their order. */
const classes: Readonly<Record<string, ReadonlyArray<string>>> = {
  BearerTokenAuth: ["bearer", "token"],
  APIKeyAuth: ["api_key", "name", "api_key", "location"],
  ApiKeyAuth: ["api_key", "name", "api_key", "location"],
  HttpBasicAuth: ["http_basic", "username", "password"],
  HTTPBasicAuth: ["http_basic", "username", "password"],
  OAuth2ClientCredentials: [
    "oauth2_client_credentials",
    "access_token_url",
    "client_id",
    "client_secret",
    "access_token_request_data",
    "default_token_expiration"
  ],
  OAuthJWTAuth: [
    "oauth_jwt",
    "client_id",
    "private_key",
    "auth_endpoint",
    "scopes",
    "headers",
    "private_key_passphrase",
    "default_token_expiration"
  ],
  JSONLinkPaginator: ["json_link", "next_url_path"],
  JSONResponsePaginator: ["json_link", "next_url_path"],
  HeaderLinkPaginator: ["header_link", "links_next_key"],
  HeaderCursorPaginator: ["header_cursor", "cursor_key", "cursor_param"],
  JSONResponseCursorPaginator: ["cursor", "cursor_path", "cursor_param"],
  JSONResponseTokenPaginator: ["cursor", "cursor_path", "cursor_param"],
  SinglePagePaginator: ["single_page"],
  OffsetPaginator: [
    "offset",
    "limit",
    "offset",
    "offset_param",
    "limit_param",
    "total_path",
    "maximum_offset",
    "stop_after_empty_page",
    "has_more_path"
  ],
  PageNumberPaginator: [
    "page_number",
    "base_page",
    "page",
    "page_param",
    "total_path",
    "maximum_page",
    "stop_after_empty_page",
    "has_more_path"
  ],
  incremental: ["", "cursor_path", "initial_value", "last_value_func", "primary_key", "end_value", "row_order"],
  Incremental: ["", "cursor_path", "initial_value", "last_value_func", "primary_key", "end_value", "row_order"],
  RESTAPIConfig: [""],
  EndpointResource: [""],
  Endpoint: [""],
  ClientConfig: [""],
  IncrementalConfig: [""],
  BearerTokenAuthConfig: ["bearer"],
  ApiKeyAuthConfig: ["api_key"],
  HttpBasicAuthConfig: ["http_basic"],
  OffsetPaginatorConfig: ["offset"],
  PageNumberPaginatorConfig: ["page_number"],
  JSONLinkPaginatorConfig: ["json_link"],
  HeaderLinkPaginatorConfig: ["header_link"],
  JSONResponseCursorPaginatorConfig: ["cursor"],
  SinglePagePaginatorConfig: ["single_page"]
}
