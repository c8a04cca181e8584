/**
 * Strings and numbers of Python as values. Pure.
 */

/**
 * The characters of a string literal, prefixes and escapes read; `undefined` for bytes that are no text and for broken ones.
 *
 * @since 0.1.0
 * @category accessors
 */
export const string = (source: string): string | undefined => {
  const parts = /^([A-Za-z]{0,2})("""|'''|"|')([\s\S]*)$/.exec(source)
  if (parts === null) return undefined
  const [, prefix = "", quote = "", rest = ""] = parts
  const body = rest.endsWith(quote) ? rest.slice(0, -quote.length) : rest
  return unescape(body, /r/i.test(prefix))
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const unescape = (body: string, raw: boolean): string => {
  const lines = body.replace(/\r\n?/g, "\n")
  return raw
    ? lines
    : lines.replace(
        /\\(\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|[\s\S])/g,
        (whole, escape: string) => {
          const simple = escapes[escape]
          if (simple !== undefined) return simple
          if (/^[0-7]/.test(escape)) return String.fromCodePoint(Number.parseInt(escape, 8))
          if (/^[xuU][0-9a-fA-F]+$/.test(escape)) {
            const point = Number.parseInt(escape.slice(1), 16)
            return point <= 0x10ffff ? String.fromCodePoint(point) : whole
          }
          return whole
        }
      )
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const number = (source: string): number | bigint | undefined => {
  const digits = source.replaceAll("_", "")
  if (/^0[xob]/i.test(digits)) return whole(digits.toLowerCase())
  if (/^0*\d+$/.test(digits)) return whole(digits.replace(/^0+(?=\d)/, ""))
  return /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits) ? Number(digits) : undefined
}

// --- internal ---

const escapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v"
}

const whole = (digits: string): number | bigint | undefined => {
  try {
    const value = BigInt(digits)
    return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value
  } catch {
    return undefined
  }
}
