/**
 * Keys of an object: those it may have, those people write for them, and the rest, which is dropped and said so.
 *
 * Works from the grammar's own tables, so that what an error would suggest is what an import does.
 */
import type * as AST from "effect/SchemaAST"
import * as Lore from "../../Spec/Lore.ts"
import * as Suggest from "../../Spec/Suggest.ts"
import type * as Finding from "../Finding.ts"
import * as Value from "../Value.ts"

/**
 * What an object of the grammar may hold.
 *
 * @since 0.1.0
 * @category models
 */
export interface Known {
  readonly what: string
  readonly fields: ReadonlyArray<string>
  readonly instead: Readonly<Record<string, string>>
}

/**
 * Of a schema and names that only an import knows.
 *
 * @since 0.1.0
 * @category constructors
 */
export const known = (
  what: string,
  schema: { readonly ast: AST.AST },
  fields: Readonly<Record<string, unknown>>,
  instead: Readonly<Record<string, string>> = {}
): Known => ({
  what,
  fields: Object.keys(fields),
  instead: { ...(Lore.get(schema.ast)?.instead ?? Lore.get(from(schema.ast))?.instead), ...instead }
})

/**
 * Renames what is meant, drops what means nothing. `spare` are keys that somebody else takes care of.
 *
 * @since 0.1.0
 * @category combinators
 */
export const tidy = (
  dict: Value.Dict,
  known: Known,
  log: Finding.Log,
  path: string,
  spare: ReadonlyArray<string> = []
): void => {
  for (const entry of Value.snapshot(dict)) {
    const { at, key } = entry
    if (known.fields.includes(key) || spare.includes(key) || key.startsWith("x-")) continue
    const meant = meaning(key, known)
    if (meant !== undefined && Value.entry(dict, meant) === undefined) {
      const renamed = Value.rename(dict, key, meant)
      log.repair("renamed", at, join(path, meant), `\`${key}\` is called \`${meant}\` here`, renamed)
    } else {
      Value.take(dict, key)
      log.repair(
        "dropped",
        at,
        path,
        meant === undefined
          ? `\`${key}\` is no key of ${known.what}: left out`
          : `\`${key}\` says the same as \`${meant}\`: left out`,
        dict
      )
    }
  }
}

/**
 * Gives the first of several names that is there the name it should have.
 *
 * @since 0.1.0
 * @category combinators
 */
export const pick = (
  dict: Value.Dict,
  name: string,
  others: ReadonlyArray<string>,
  log: Finding.Log,
  path: string
): Value.Value | undefined => {
  const there = Value.get(dict, name)
  if (there !== undefined && !Value.isNull(there)) return there
  for (const other of [name, ...others]) {
    const found = dict.entries.find(({ key }) => plain(key) === plain(other) && key !== name)
    if (found === undefined || Value.isNull(found.value)) continue
    Value.take(dict, name)
    const renamed = Value.rename(dict, found.key, name)
    log.repair("renamed", found.at, join(path, name), `\`${found.key}\` is called \`${name}\` here`, renamed)
    return found.value
  }
  return there
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const join = (path: string, key: string | number): string =>
  typeof key === "number"
    ? `${path}[${key}]`
    : /^[\w$-]+$/.test(key)
      ? path === ""
        ? key
        : `${path}.${key}`
      : `${path}["${key}"]`

/**
 * Case, `-` and `_` aside.
 *
 * @since 0.1.0
 * @category combinators
 */
export const plain = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, "")

// --- internal ---

const from = (ast: AST.AST): AST.AST => (ast._tag === "Refinement" || ast._tag === "Transformation" ? ast.from : ast)

const meaning = (key: string, { fields, instead }: Known): string | undefined => {
  const same = fields.find((field) => plain(field) === plain(key))
  if (same !== undefined) return same
  const said = Suggest.lookup(key, instead)
  if (said !== undefined) return fields.includes(said) ? said : undefined
  const close = Suggest.closest(key, fields)
  // A slip, no other word: `limits` may mean something else than `limit_param`.
  return close !== undefined && key.length > 4 && Math.abs(close.length - key.length) <= 1 ? close : undefined
}
