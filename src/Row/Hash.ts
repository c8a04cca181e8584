/**
 * A 53-bit digest of a row as it is stored, child rows included: tells changed from unchanged without reading the row back.
 *
 * Stage Row, pure. Not cryptographic: it is only compared with the digest of the same key, where two different rows meet by
 * chance once in 9 · 10^15. Numbers count as their text, so that a column widened from INTEGER to TEXT changes no digest.
 */
import type { SqlValue } from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export class Digest {
  private a = 0
  private b = 0

  reset(): void {
    this.a = 0x2c1b3c6d
    this.b = 0x297a2d39
  }

  /** A position, so that equal values in different places differ. */
  mark(position: number): void {
    this.a = Math.imul(this.a ^ (position + 1), 0x85ebca6b)
    this.b = Math.imul(this.b ^ (position + 0x9e37), 0xc2b2ae35)
  }

  value(value: SqlValue): void {
    const text = typeof value === "string" ? value : String(value)
    let a = this.a ^ text.length
    let b = this.b ^ text.length
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x5bd1e995)
      b ^= b >>> 15
    }
    this.a = a ^ (a >>> 16)
    this.b = b
  }

  /** A whole number from 0 to 2^53 − 1. */
  digest(): number {
    const a = finish(this.a ^ (this.b >>> 7))
    const b = finish(this.b ^ (this.a >>> 11))
    return (a & 0x1fffff) * 0x100000000 + b
  }
}

/**
 * The digest of one text.
 *
 * @since 0.1.0
 * @category combinators
 */
export const ofText = (text: string): number => {
  const digest = new Digest()
  digest.reset()
  digest.value(text)
  return digest.digest()
}

// --- internal ---

const finish = (lane: number): number => {
  let h = lane
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return (h ^ (h >>> 16)) >>> 0
}
