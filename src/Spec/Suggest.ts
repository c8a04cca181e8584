/**
 * Did you mean: the known name closest to an unknown one. Pure.
 */
import { distance } from "fastest-levenshtein"

/**
 * The known name that differs only in case, `-` and `_`, or by a slip or two.
 *
 * @since 0.1.0
 * @category accessors
 */
export const closest = (name: string, known: ReadonlyArray<string>): string | undefined => {
  const target = plain(name)
  const ranked = known
    .map((candidate) => ({ candidate, steps: distance(target, plain(candidate)) }))
    .filter(
      ({ candidate, steps }) => steps <= allowed(Math.max(target.length, candidate.length)) && steps < target.length
    )
    .toSorted((a, b) => a.steps - b.steps)
  return ranked[0]?.candidate
}

/**
 * The entry of a table whose key differs at most in case, `-` and `_`.
 *
 * @since 0.1.0
 * @category accessors
 */
export const lookup = (name: string, table: Readonly<Record<string, string>> | undefined): string | undefined => {
  const target = plain(name)
  return Object.entries(table ?? {}).find(([key]) => plain(key) === target)?.[1]
}

// --- internal ---

/** Two letters swapped are two steps. */
const allowed = (length: number) => (length < 4 ? 1 : Math.max(2, Math.floor(length / 3)))

const plain = (name: string) => name.toLowerCase().replace(/[_\-\s]/g, "")
