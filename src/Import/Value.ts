/**
 * A configuration as it was found: values with the place each came from, before and while they are repaired.
 *
 * Outside the row's path. A working copy, changed in place by `Repair` and written out by `Write`; nobody else sees one.
 * Texts are in the notation of `Spec/Reference`: `${NAME}` is a value from the environment, `$${` the characters themselves.
 */

/**
 * @since 0.1.0
 * @category models
 */
export type Value = Text | Scalar | List | Dict | Code

/**
 * @since 0.1.0
 * @category models
 */
export interface Text {
  readonly _tag: "Text"
  readonly text: string
  readonly at: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Scalar {
  readonly _tag: "Scalar"
  readonly value: number | bigint | boolean | null
  readonly at: number
  /** A whole number that is written, and sent, as `7.0`. */
  readonly float?: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface List {
  readonly _tag: "List"
  readonly items: Array<Value>
  readonly at: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Dict {
  readonly _tag: "Dict"
  readonly entries: Array<Entry>
  readonly at: number
  /** Comments above the whole. */
  readonly notes: Array<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly key: string
  readonly at: number
  value: Value
  /** Comments above the key. */
  readonly notes: Array<string>
}

/**
 * What cannot be written as data: a function, a call, a name bound nowhere.
 *
 * @since 0.1.0
 * @category models
 */
export interface Code {
  readonly _tag: "Code"
  /** `secret` is dlt's marker for a value that it injects. */
  readonly what: "function" | "argument" | "name" | "call" | "secret" | "expression"
  /** As written, on one line, shortened. */
  readonly source: string
  /** Of the argument, name, function or class. */
  readonly name: string | undefined
  /** The name comes from another file. */
  readonly imported: boolean
  /** What the function does to a row or a value, where it can be said as data. */
  readonly meaning: Meaning | undefined
  readonly at: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Meaning {
  readonly filter?: Dict | undefined
  readonly map?: Dict | undefined
  readonly convert?: string | undefined
  /** Of a class: its fields. */
  readonly columns?: Dict | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const text = (value: string, at: number): Text => ({ _tag: "Text", text: value, at })

/**
 * @since 0.1.0
 * @category constructors
 */
export const scalar = (value: Scalar["value"], at: number, float = false): Scalar => ({
  _tag: "Scalar",
  value,
  at,
  ...(float && Number.isInteger(value) && Math.abs(Number(value)) < 1e15 ? { float } : {})
})

/**
 * @since 0.1.0
 * @category constructors
 */
export const list = (items: ReadonlyArray<Value>, at: number): List => ({ _tag: "List", items: [...items], at })

/**
 * @since 0.1.0
 * @category constructors
 */
export const dict = (entries: ReadonlyArray<readonly [key: string, value: Value]>, at: number): Dict => ({
  _tag: "Dict",
  entries: entries.map(([key, value]) => ({ key, at: value.at, value, notes: [] })),
  at,
  notes: []
})

/**
 * @since 0.1.0
 * @category constructors
 */
export const code = (
  what: Code["what"],
  source: string,
  at: number,
  options: {
    readonly name?: string | undefined
    readonly imported?: boolean | undefined
    readonly meaning?: Meaning | undefined
  } = {}
): Code => {
  const line = source.replace(/\s+/g, " ").trim()
  return {
    _tag: "Code",
    what,
    source: line.length > 70 ? `${line.slice(0, 67)}...` : line,
    name: options.name,
    imported: options.imported ?? false,
    meaning: options.meaning,
    at
  }
}

/**
 * Plain data as values, all of one place.
 *
 * @since 0.1.0
 * @category constructors
 */
export const from = (data: unknown, at: number): Value => {
  if (typeof data === "string") return text(data, at)
  if (typeof data === "number" || typeof data === "bigint" || typeof data === "boolean") return scalar(data, at)
  if (Array.isArray(data))
    return list(
      data.map((item) => from(item, at)),
      at
    )
  if (typeof data !== "object" || data === null) return scalar(null, at)
  return dict(
    Object.entries(data).map(([key, value]) => [key, from(value, at)] as const),
    at
  )
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const entry = (of: Dict, key: string): Entry | undefined => of.entries.find((each) => each.key === key)

/**
 * The entries as they are now, for a loop that takes some of them away.
 *
 * @since 0.1.0
 * @category accessors
 */
export const snapshot = (of: Dict): ReadonlyArray<Entry> => of.entries.slice()

/**
 * @since 0.1.0
 * @category accessors
 */
export const get = (of: Dict, key: string): Value | undefined => entry(of, key)?.value

/**
 * The object under a key, if there is one.
 *
 * @since 0.1.0
 * @category accessors
 */
export const dictAt = (of: Dict, key: string): Dict | undefined => {
  const value = get(of, key)
  return value?._tag === "Dict" ? value : undefined
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const textOf = (value: Value | undefined): string | undefined =>
  value?._tag === "Text" ? value.text : undefined

/**
 * A number, also one in quotes.
 *
 * @since 0.1.0
 * @category accessors
 */
export const numberOf = (value: Value | undefined): number | undefined => {
  if (value?._tag === "Scalar" && typeof value.value === "number") return value.value
  if (value?._tag === "Text" && /^\s*-?\d+(\.\d+)?\s*$/.test(value.text)) return Number(value.text)
  return undefined
}

/**
 * `None`, `null`.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isNull = (value: Value | undefined): boolean => value?._tag === "Scalar" && value.value === null

/**
 * @since 0.1.0
 * @category combinators
 */
export const take = (of: Dict, key: string): Entry | undefined => {
  const index = of.entries.findIndex((each) => each.key === key)
  return index < 0 ? undefined : of.entries.splice(index, 1)[0]
}

/**
 * Takes an entry away whose comments are to stay.
 *
 * @since 0.1.0
 * @category combinators
 */
export const drop = (of: Dict, key: string): void => {
  of.notes.push(...(take(of, key)?.notes ?? []))
}

/**
 * Puts a value under a key, in place of the one there.
 *
 * @since 0.1.0
 * @category combinators
 */
export const set = (of: Dict, key: string, value: Value, at: number = value.at): Entry => {
  const there = entry(of, key)
  if (there !== undefined) {
    there.value = value
    return there
  }
  const made: Entry = { key, at, value, notes: [] }
  of.entries.push(made)
  return made
}

/**
 * Gives an entry another key, at its place.
 *
 * @since 0.1.0
 * @category combinators
 */
export const rename = (of: Dict, key: string, to: string): Entry | undefined => {
  const index = of.entries.findIndex((each) => each.key === key)
  const old = of.entries[index]
  if (old === undefined) return undefined
  const made: Entry = { ...old, key: to }
  of.entries[index] = made
  return made
}

/**
 * The object under a key, made if there is none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const ensure = (of: Dict, key: string, at: number): Dict => {
  const there = dictAt(of, key)
  if (there !== undefined) return there
  const made = dict([], at)
  set(of, key, made)
  return made
}

/**
 * A copy that can be changed by itself.
 *
 * @since 0.1.0
 * @category combinators
 */
export const copy = (value: Value): Value => {
  if (value._tag === "List") return { ...value, items: value.items.map(copy) }
  if (value._tag === "Dict") {
    return {
      ...value,
      entries: value.entries.map((each) => ({ ...each, value: copy(each.value), notes: [...each.notes] })),
      notes: [...value.notes]
    }
  }
  return value
}

/**
 * Characters that are no reference, in the notation of references.
 *
 * @since 0.1.0
 * @category combinators
 */
export const literal = (characters: string): string => characters.replaceAll("${", () => "$${")

/**
 * Whether a text takes something from the environment.
 *
 * @since 0.1.0
 * @category accessors
 */
export const hasReference = (notation: string): boolean => /(?<!\$)\$\{/.test(notation)
