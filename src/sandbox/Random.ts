/**
 * Numbers that look random and are a pure function of (seed, kind, index): the same on every run, runtime and page
 * size.
 *
 * Outside a row's path: the ground under the sandbox's data. Holds no state, so row 100,000 costs the same as row 0.
 */

/**
 * Scrambles 32 bits. A bijection: different inputs never meet, which makes identifiers built from it unique.
 *
 * @since 0.1.0
 * @category combinators
 */
export const mix = (value: number): number => {
  let h = value ^ (value >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * The inverse of `mix`: how an identifier leads back to its row without a search.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unmix = (value: number): number => {
  let h = value ^ (value >>> 16)
  h = Math.imul(h, 0x7ed1b41d)
  h ^= (h >>> 13) ^ (h >>> 26)
  h = Math.imul(h, 0xa5cb9243)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * The root of one row's numbers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const root = (seed: number, kind: number, index: number): number =>
  mix(mix(seed + Math.imul(kind, 0x632be5ab)) + Math.imul(index, 0x9e3779b1))

/**
 * The row's `n`-th number, 0 to 2^32-1.
 *
 * @since 0.1.0
 * @category combinators
 */
export const draw = (row: number, n: number): number => mix(row + Math.imul(n + 1, 0x7f4a7c15))

/**
 * One member of a list, which may well be `null`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const pick = <A>(list: readonly [A, ...Array<A>], number: number): A => list[number % list.length] as A

/**
 * Whether a number falls into the given share of all numbers.
 *
 * @since 0.1.0
 * @category combinators
 */
export const chance = (number: number, percent: number): boolean => number < (percent / 100) * 4294967296

/**
 * A lower-case GUID whose first 32 bits are given and whose rest comes from the row.
 *
 * @since 0.1.0
 * @category combinators
 */
export const guid = (first: number, row: number): string => {
  const a = hex(first)
  const b = hex(draw(row, 101))
  const c = hex(draw(row, 102))
  const d = hex(draw(row, 103))
  const variant = "89ab"[draw(row, 104) & 3] ?? "8"
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`
}

// --- internal ---

const hex = (value: number): string => value.toString(16).padStart(8, "0")
