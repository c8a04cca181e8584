/**
 * One plain sentence for "no answer came": digs through what `fetch` of each runtime throws.
 *
 * Stage Fetch, pure. Node hides the cause in nested errors with a code, Bun names the code on top, Deno has only a
 * text.
 */

/**
 * What went wrong, and whether trying again can help.
 *
 * @since 0.1.0
 * @category constructors
 */
export const describe = (error: unknown): { readonly detail: string; readonly transient: boolean } => {
  const chain = causes(error)
  for (const { code, message, name } of chain) {
    const found = known.find(([pattern]) => pattern.test(`${name} ${code} ${message}`))
    if (found !== undefined) return { detail: found[1], transient: found[2] ?? true }
  }
  for (const { code, message } of chain) {
    const found = certificate.exec(`${code} ${message}`)
    if (found !== null) return { detail: `the TLS certificate is not accepted: ${found[0]}`, transient: true }
  }
  const last = chain.at(-1)
  return { detail: last === undefined ? "no answer" : last.message || last.code || last.name, transient: true }
}

// --- internal ---

interface Cause {
  readonly name: string
  readonly code: string
  readonly message: string
}

const known: ReadonlyArray<readonly [pattern: RegExp, detail: string, transient?: boolean]> = [
  [
    /NotCapable|PermissionDenied|Requires net access/,
    "network access is not permitted; on Deno, allow it with --allow-net",
    false
  ],
  [/ECONNREFUSED|ConnectionRefused|Connection refused/i, "connection refused"],
  [/EAI_AGAIN/, "host not found: the name server does not answer"],
  [/ENOTFOUND|DNSException|EAI_|dns error|failed to lookup address/i, "host not found"],
  [
    /ECONNRESET|ConnectionReset|connection reset|connection was closed|connection closed|body from connection|EPIPE|UND_ERR_SOCKET/i,
    "connection reset"
  ],
  [/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|unreachable/i, "host unreachable"],
  [/ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|ConnectionTimedOut|timed out/i, "connection timed out"],
  [/HEADERS_OVERFLOW|Headers ?Overflow/i, "the headers of the answer are too large", false],
  [/bad port/, "the port is one that fetch refuses to use", false]
]

const certificate = /[A-Z_]*CERT[A-Z_]*|UNABLE_TO_VERIFY_LEAF_SIGNATURE|invalid peer certificate: ?\w*/

// The innermost cause last; bounded, since a cause may be made to point at itself.
const causes = (error: unknown): ReadonlyArray<Cause> => {
  const found: Array<Cause> = []
  let current = error
  while (typeof current === "object" && current !== null && found.length < 10) {
    const { cause, code, errors, message, name } = current as Readonly<Record<string, unknown>>
    found.push({ name: string(name), code: string(code), message: string(message) })
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return found
}

const string = (value: unknown) => (typeof value === "string" ? value : "")
