/**
 * Who may ask: one token of the right kind per path, and never two.
 *
 * Outside a row's path. Pure. Names and values are compared without case, as Postmark does.
 */
import * as Http from "../Http.ts"
import type { World } from "../World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Kind = "server" | "account" | "api_key"

/**
 * The refusal, or `undefined` when the request may go on.
 *
 * @since 0.1.0
 * @category combinators
 */
export const refuse = (world: World, request: Http.Request, kind: Kind): Http.Response | undefined => {
  if (kind === "api_key") {
    return same(request.headers["api_key"], world.apiKey)
      ? undefined
      : unauthorised("The header 'api_key' is missing or does not hold a valid API key.")
  }
  const server = request.headers["x-postmark-server-token"]
  const account = request.headers["x-postmark-account-token"]
  if (server !== undefined && account !== undefined) {
    return unauthorised(
      kind === "server"
        ? "Please do not include Account API Token for Server API Token calls."
        : "Please do not include Server API Token for Account API Token calls."
    )
  }
  if (server === undefined && account === undefined) {
    return unauthorised(
      "No Account or Server API tokens were supplied in the HTTP headers. " +
        "Please add a header for either X-Postmark-Server-Token or X-Postmark-Account-Token."
    )
  }
  if (kind === "server") {
    return same(server, world.serverToken) ? undefined : unauthorised("Request does not contain a valid Server token.")
  }
  return same(account, world.accountToken) ? undefined : unauthorised("Request does not contain a valid Account token.")
}

// --- internal ---

const unauthorised = (message: string) => Http.problem(401, 10, message)

const same = (given: string | undefined, wanted: string) => given?.trim().toLowerCase() === wanted.toLowerCase()
