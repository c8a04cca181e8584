/**
 * How a text looks as base64, alone and within the base64 of something longer, such as `user:password`.
 *
 * Stage Fetch, part of `Redact`. Pure.
 */

/**
 * The whole, with and without padding; and for each of the three places that its first byte may have among three, the
 * characters that it alone decides. At the ends up to five bits of it stay outside.
 *
 * @since 0.1.0
 * @category constructors
 */
export const forms = (value: string): ReadonlyArray<string> => {
  const bytes = new TextEncoder().encode(value)
  const whole = encode(bytes)
  const parts = [0, 1, 2].flatMap((offset) => {
    const padded = new Uint8Array(offset + bytes.length)
    padded.set(bytes, offset)
    const part = encode(padded).slice(Math.ceil((8 * offset) / 6), Math.floor((8 * padded.length) / 6))
    return part.length >= shortestPart ? [part] : []
  })
  const all = [whole, whole.replace(/=+$/, ""), ...parts]
  return [...all, ...all.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))]
}

// --- internal ---

/** What is shorter stands in other words by chance. */
const shortestPart = 8

const encode = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
