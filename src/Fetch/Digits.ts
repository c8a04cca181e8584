/**
 * Numbers as the API wrote them, where a double holds another one: `1e400`, `0.12345678901234567890`.
 *
 * Stage Fetch, beside `Json`. Rows hold doubles, which is what is stored; the digits are remembered beside the object or list they
 * were in, for the one place that must lose nothing: a row that is set aside. A number that is itself a row has no such place.
 */

/**
 * A number that is not what was written, on its way into its object or list.
 *
 * @since 0.1.0
 * @category models
 */
export class Rounded {
  readonly value: number
  readonly digits: string
  constructor(value: number, digits: string) {
    this.value = value
    this.digits = digits
  }
}

/**
 * Whether a double holds another number than the one that is written.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isRounded = (digits: string): boolean => {
  const text = String(Number(digits))
  return text !== digits && decimal(text) !== decimal(digits)
}

/**
 * Puts the doubles of a parsed value in place of what is `Rounded` in it, and remembers the digits.
 *
 * @since 0.1.0
 * @category combinators
 */
export const settle = (value: unknown): unknown => {
  if (value instanceof Rounded) return value.value
  if (typeof value !== "object" || value === null) return value
  const holder = value as Record<string, unknown>
  for (const [key, inner] of Object.entries(holder)) {
    if (inner instanceof Rounded) {
      note(holder, key, inner.digits)
      Object.defineProperty(holder, key, { value: inner.value, writable: true, enumerable: true, configurable: true })
    } else settle(inner)
  }
  return value
}

/**
 * A copy, whole or in part, is to be written with the digits of what it was made of.
 *
 * @since 0.1.0
 * @category combinators
 */
export const carry = <A>(from: unknown, to: A): A => {
  if (!isAny || from === to || !isObject(from) || !isObject(to)) return to
  const known = notes.get(from)
  if (known !== undefined)
    for (const [key, [value, digits]] of known) if (Object.is(to[key], value)) note(to, key, digits)
  for (const key of Object.keys(from)) if (Object.hasOwn(to, key)) carry(from[key], to[key])
  return to
}

/**
 * JSON with the digits that came; `undefined` where nothing of the kind has ever come.
 *
 * @since 0.1.0
 * @category combinators
 */
export const stringify = (value: unknown, plainly: (value: unknown) => string): string =>
  isAny ? write(value, plainly) : plainly(value)

// --- internal ---

type Holder = Record<string, unknown>

let isAny = false

const notes = new WeakMap<object, Map<string, readonly [value: unknown, digits: string]>>()

const note = (holder: Holder, key: string, digits: string): void => {
  isAny = true
  const known = notes.get(holder) ?? new Map<string, readonly [unknown, string]>()
  known.set(key, [Number(digits), digits])
  notes.set(holder, known)
}

const isObject = (value: unknown): value is Holder => typeof value === "object" && value !== null

const write = (value: unknown, plainly: (value: unknown) => string): string => {
  if (!isObject(value) || "toJSON" in value) return plainly(value)
  const known = notes.get(value)
  const inner = (key: string, one: unknown): string => {
    const digits = known?.get(key)
    return digits !== undefined && Object.is(digits[0], one) ? digits[1] : write(one, plainly)
  }
  if (Array.isArray(value)) return `[${value.map((one, index) => inner(String(index), one)).join(",")}]`
  const fields = Object.entries(value).filter(([, one]) => one !== undefined && typeof one !== "function")
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${inner(key, one)}`).join(",")}}`
}

/** Sign, digits without zeros at either end, and the power of ten of the last one. */
const decimal = (text: string): string => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? []
  const digits = (whole + fraction).replace(/^0+/, "")
  const short = digits.replace(/0+$/, "")
  return whole === "" || short === ""
    ? whole === ""
      ? text
      : "0"
    : `${sign}${short}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - short.length)}`
}
