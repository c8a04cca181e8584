/**
 * One entry of `allowedHosts`: `host` or `host:port`, in the form that URLs are compared in.
 *
 * Stage Api. `Fetch/Origin` compares with it. Knows no wildcards: a host is named or it is not allowed.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface AllowedHost {
  /** Lower case, punycode, no trailing dot, IPv6 in brackets. */
  readonly host: string
  /** `undefined`: the default port of the URL's scheme. */
  readonly port: number | undefined
}

/**
 * `undefined` when the entry is not a host: a URL, a wildcard, a path, a port out of range.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (entry: string): AllowedHost | undefined => {
  const text = isBareIpv6(entry) ? `[${entry}]` : entry
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/?#@\\*[\]]+)(?::(\d{1,5}))?$/i.exec(text)
  if (match === null || !URL.canParse(`http://${match[1]}`)) return undefined
  const port = match[2] === undefined ? undefined : Number(match[2])
  if (port === 0 || (port !== undefined && port > 65535)) return undefined
  return { host: normalise(new URL(`http://${match[1]}`).hostname), port }
}

/**
 * A URL's `hostname` in the form of {@link AllowedHost}: `example.com.` is the same host as `example.com`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const normalise = (hostname: string): string => hostname.toLowerCase().replace(/\.$/, "")

// --- internal ---

const isBareIpv6 = (entry: string) => /^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/i.test(entry)
