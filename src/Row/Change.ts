/**
 * Declared changes of a row as a function: rename, drop, keep, set, cast, hash, redact, in this order.
 *
 * Stage Row, pure. Copies what it changes, the row that came stays as it is. A value that cannot be cast refuses its row,
 * and the reason does not quote it.
 */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Either from "effect/Either"
import * as Json from "../Fetch/Json.ts"
import type { Changes } from "../Resource/Process.ts"
import * as Cast from "./Cast.ts"
import type { Problem } from "./Decode.ts"
import * as Fields from "./Fields.ts"
import { describe } from "./Value.ts"

/**
 * Of a row that is no object nothing is changed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (changes: Changes): ((row: unknown) => Either.Either<unknown, Problem>) => {
  const all = [...reshaping(changes), ...casting(changes), ...hiding(changes)]
  return (row) => {
    if (!Fields.isObject(row)) return Either.right(row)
    let changed: unknown = row
    for (const change of all) {
      const result = change(changed)
      if (result instanceof NotCast) return Either.left(result.problem)
      changed = result
    }
    return Either.right(changed)
  }
}

// --- internal ---

class NotCast {
  readonly problem: Problem
  constructor(problem: Problem) {
    this.problem = problem
  }
}

type Change = (row: unknown) => unknown

const reshaping = ({ drop, keep, rename, set }: Changes): ReadonlyArray<Change> => [
  ...renaming(rename ?? {}),
  ...dropping({ drop }),
  ...(keep === undefined ? [] : [keeping(keep)]),
  ...Object.entries(set ?? {}).map(([path, value]): Change => {
    const keys = Fields.keys(path)
    return (row) => Fields.set(row, keys, value)
  })
]

/** All at once, so that two fields may change names. Within one object, also one in a list; else from place to place. */
const renaming = (names: Readonly<Record<string, string>>): ReadonlyArray<Change> => {
  const within = new Map<string, Array<readonly [from: string, to: string]>>()
  const moves: Array<Change> = []
  for (const [from, to] of Object.entries(names)) {
    const before = Fields.keys(from)
    const after = Fields.keys(to)
    const above = before.slice(0, -1).join(".")
    if (above === after.slice(0, -1).join(".")) {
      within.set(above, [...(within.get(above) ?? []), [before.at(-1)!, after.at(-1)!]])
      continue
    }
    moves.push((row) => {
      const value = Fields.get(row, before)
      return value === undefined
        ? row
        : Fields.set(
            Fields.update(row, before, () => Fields.removed),
            after,
            value
          )
    })
  }
  const inPlace = [...within].map(([above, pairs]): Change => {
    const keys = above === "" ? [] : Fields.keys(above)
    return (row) => Fields.update(row, keys, (value) => Fields.rename(value, pairs))
  })
  return [...inPlace, ...moves]
}

const dropping = ({ drop = [] }: Changes): ReadonlyArray<Change> =>
  drop.map((path) => {
    const keys = Fields.keys(path)
    return (row) => Fields.update(row, keys, () => Fields.removed)
  })

const keeping =
  (names: ReadonlyArray<string>): Change =>
  (row) =>
    Fields.isObject(row) ? Fields.pick(row, names) : row

const casting = ({ cast }: Changes): ReadonlyArray<Change> =>
  Object.entries(cast ?? {}).map(([path, type]) => {
    const keys = Fields.keys(path)
    return (row) => {
      let failed: NotCast | undefined
      const changed = Fields.update(row, keys, (value) => {
        if (value === null || value === undefined) return value
        const result = Cast.to(type, value)
        if (result === undefined) failed ??= new NotCast({ path, reason: `${describe(value)} is no ${type}` })
        return result
      })
      return failed ?? changed
    }
  })

const hiding = ({ hash = [], hashSalt, redact = [] }: Changes): ReadonlyArray<Change> => {
  const digest = digester(hashSalt)
  return [
    ...hash.map((path): Change => {
      const keys = Fields.keys(path)
      return (row) => Fields.update(row, keys, digest)
    }),
    ...redact.map((path): Change => {
      const keys = Fields.keys(path)
      return (row) => Fields.update(row, keys, (value) => (value === null || value === undefined ? value : "***"))
    })
  ]
}

/** Each element of a list by itself: lists of texts are what is joined on. */
const digester = (salt: string | undefined): ((value: unknown) => unknown) => {
  const key = salt === undefined ? undefined : utf8ToBytes(salt)
  return function digest(value): unknown {
    if (value === null || value === undefined) return value
    if (Array.isArray(value)) return value.map(digest)
    const bytes = utf8ToBytes(typeof value === "object" ? Json.stringify(value) : String(value))
    return bytesToHex(key === undefined ? sha256(bytes) : hmac(sha256, key, bytes))
  }
}
