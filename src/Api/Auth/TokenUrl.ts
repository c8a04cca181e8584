/**
 * Where an access token is asked for: an origin of its own, since it is given the client's secret.
 *
 * Stage Api, part of `Auth`. Judges the URL; `Fetch/Grant` asks it, and follows no redirect from there.
 */
import * as AllowedHost from "../AllowedHost.ts"

/**
 * Why a secret may not be sent there; `undefined` when it may. Plain http is for this machine, and for APIs that are
 * themselves asked over http.
 *
 * @since 0.1.0
 * @category accessors
 */
export const problem = (text: string, baseUrl: URL | undefined): string | undefined => {
  // Not quoted: a variable mixed up with another puts a secret here.
  if (!URL.canParse(text)) return "the token URL is not an absolute URL such as https://auth.example.com/oauth/token"
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") return "the token URL must be http or https"
  if (url.username !== "" || url.password !== "") return "the token URL must not hold a user name or password"
  if (url.protocol === "https:" || isLoopback(url) || baseUrl === undefined || baseUrl.protocol === "http:")
    return undefined
  return "the token URL is http, but the base URL is https: a client's secret is not sent in the clear"
}

// --- internal ---

const isLoopback = (url: URL) => {
  const host = AllowedHost.normalise(url.hostname)
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host)
}
