/**
 * Which URLs credentials may travel to: the origin of the base URL, fixed when Fetch is made, and the hosts allowed
 * beside it.
 *
 * Stage Fetch. Asked before every request: for absolute paths, saved links and each hop of a redirect alike. A link
 * is a cursor, not an identity: it can never move the pin. Does not build URLs and sends nothing.
 */
import * as AllowedHost from "../Api/AllowedHost.ts"

/**
 * Why a URL may not be asked, or `undefined` when it may.
 *
 * @since 0.1.0
 * @category models
 */
export type Guard = (url: URL) => string | undefined

/**
 * @since 0.1.0
 * @category constructors
 */
export const guard = (baseUrl: URL, allowedHosts: ReadonlyArray<string>): Guard => {
  const pinned = { protocol: baseUrl.protocol, host: AllowedHost.normalise(baseUrl.hostname), port: port(baseUrl) }
  const allowed = allowedHosts.flatMap((entry) => AllowedHost.parse(entry) ?? [])
  return (url) => {
    if (url.protocol !== "https:" && url.protocol !== "http:") return `${url.protocol} is not http or https`
    if (url.username !== "" || url.password !== "") return "a URL with a user name or password is never followed"
    const host = AllowedHost.normalise(url.hostname)
    if (url.protocol === pinned.protocol && host === pinned.host && port(url) === pinned.port) return undefined
    // Even an allowed host must not receive in the clear what the base URL sends encrypted.
    if (pinned.protocol === "https:" && url.protocol === "http:") {
      return `${url.host} is asked over http, but the base URL is https`
    }
    if (allowed.some((entry) => entry.host === host && (entry.port ?? defaultPort(url)) === port(url))) return undefined
    const asked = `${url.protocol}//${url.host} is not the API's own ${baseUrl.origin}`
    return `${asked}; if it is meant, name ${url.host} in the allowed hosts`
  }
}

// --- internal ---

const defaultPort = (url: URL) => (url.protocol === "https:" ? 443 : 80)

const port = (url: URL) => (url.port === "" ? defaultPort(url) : Number(url.port))
