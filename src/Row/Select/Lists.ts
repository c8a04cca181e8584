/**
 * Which list of a body holds the rows, when nobody said so.
 *
 * Stage Row, pure. dlt's rule: the first list under a key that usually holds rows, else the first one met. But an empty list
 * of errors, or one about paging, is not taken while there is another. Looks at keys, not into the lists.
 */
import * as Path from "../../Page/Path.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface List {
  readonly names: ReadonlyArray<string>
  readonly isEmpty: boolean
}

/**
 * The lists of a body, depth first in the order of the document, at most three keys deep.
 *
 * @since 0.1.0
 * @category accessors
 */
export const all = (body: unknown): ReadonlyArray<List> => {
  const found: Array<List> = []
  const walk = (value: unknown, names: ReadonlyArray<string>) => {
    if (Array.isArray(value)) {
      found.push({ names, isEmpty: value.length === 0 })
    } else if (typeof value === "object" && value !== null && names.length < maxDepth) {
      for (const [name, inner] of Object.entries(value)) walk(inner, [...names, name])
    }
  }
  walk(body, [])
  return found
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const choose = (body: unknown): { readonly selector: string; readonly notice: string | undefined } => {
  const lists = all(body)
  const known = lists.filter(({ names }) => rowKeys.has(names.at(-1) ?? ""))
  const likely = lists.filter(({ names }) => !names.some((name) => asideKeys.has(name.toLowerCase())))
  const chosen = [known, likely, lists].map(preferred).find((list) => list !== undefined)
  const selector = Path.join(chosen?.names ?? [])
  const sign = chosen === undefined ? failure(body) : chosen.names.find((name) => errorKeys.has(name.toLowerCase()))
  if (sign !== undefined) {
    return {
      selector,
      notice: `the answer looks like an error (its key ${sign}), and is taken for rows: write data_selector, and response_actions for answers that are none`
    }
  }
  if (lists.length < 2) return { selector, notice: undefined }
  const others = lists.filter((list) => list !== chosen).map(({ names }) => printable(Path.join(names)))
  return {
    selector,
    notice: `rows taken from ${printable(selector)}, not from ${listed(others)}: if that is wrong, write data_selector`
  }
}

// --- internal ---

const maxDepth = 3

const rowKeys = new Set("data items results entries records rows entities payload content objects values".split(" "))

const errorKeys = new Set(["errors", "error"])

/** What stands beside rows. */
const asideKeys = new Set([...errorKeys, ..."warnings meta metadata pagination paging links _links".split(" ")])

/** By which key a body without a list says that it is no answer to the question, as `{ "ok": false, … }`. */
const failure = (body: unknown): string | undefined => {
  if (typeof body !== "object" || body === null) return undefined
  const told = Object.entries(body).find(
    ([key, value]) =>
      (/^(ok|success)$/i.test(key) && value === false) ||
      (errorKeys.has(key.toLowerCase()) && value !== null && value !== false && value !== "")
  )
  return told?.[0]
}

const preferred = (lists: ReadonlyArray<List>): List | undefined => lists.find(({ isEmpty }) => !isEmpty) ?? lists[0]

const listed = (texts: ReadonlyArray<string>): string =>
  texts.length <= 5 ? texts.join(", ") : `${texts.slice(0, 5).join(", ")}, …`

/** A key is the API's to choose, and what it says may be shown on a terminal. */
const printable = (text: string): string => {
  const plain = text.replaceAll(/\p{C}/gu, "�")
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain
}
