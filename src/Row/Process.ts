/**
 * Runs a resource's processing steps on one row: what comes out is none, one or many.
 *
 * Stage Row, pure; before a row is decoded. Never changes the row it is given. A step that throws refuses the row it threw
 * on; reasons quote no value.
 */
import * as Either from "effect/Either"
import * as Path from "../Page/Path.ts"
import type { Changes, Step } from "../Resource/Process.ts"
import * as Change from "./Change.ts"
import type { Problem } from "./Decode.ts"
import * as Fields from "./Fields.ts"
import * as Mask from "./Mask.ts"
import * as Name from "./Name.ts"
import * as Predicate from "./Predicate.ts"
import { RowError } from "./RowError.ts"

/**
 * What is wrong with a step as it is written. `path` is from the list of steps, e.g. `1.filter`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Mistake {
  readonly path: string
  readonly reason: string
}

/**
 * All mistakes, for who reads configurations.
 *
 * @since 0.1.0
 * @category accessors
 */
export const mistakes = (steps: ReadonlyArray<Step>): ReadonlyArray<Mistake> =>
  steps.flatMap((step, index) => {
    const made = one(step, index)
    return Either.isLeft(made) ? [made.left] : []
  })

/**
 * The steps as one function, in their order. Throws a `RowError` on the first mistake.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compile = (
  steps: ReadonlyArray<Step>
): ((row: unknown) => Either.Either<ReadonlyArray<unknown>, Problem>) => {
  const all = steps.map((step, index) =>
    Either.getOrThrowWith(
      one(step, index),
      ({ path, reason }) => new RowError({ reason: "Process", detail: `processing_steps.${path}: ${reason}` })
    )
  )
  return (row) => {
    let rows: ReadonlyArray<unknown> = [row]
    for (const { name, run } of all) {
      if (rows.length === 0) break
      const next: Array<unknown> = []
      for (const before of rows) {
        const result = attempt(name, run, before)
        if (Either.isLeft(result)) return Either.left(result.left)
        for (const after of result.right) next.push(after)
      }
      rows = next
    }
    return Either.right(rows)
  }
}

/**
 * A row as it came, with all that a step drops, hashes or redacts masked: what may be shown of one that is refused on the way.
 *
 * By the names of those fields alone, wherever they are in the row: steps before may have moved or renamed them. What
 * functions hide is not known. `kinds`: of these steps only; `isHidden`: and whatever is named so, by a step or before it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const veil = (
  steps: ReadonlyArray<Step>,
  kinds: ReadonlyArray<"drop" | "hash" | "redact"> = ["drop", "hash", "redact"],
  isHidden: (name: string) => boolean = () => false
): ((row: unknown) => unknown) => {
  const maps = steps.flatMap((step) => ("map" in step && typeof step.map === "object" ? [step.map] : []))
  const last = (path: string) => Fields.keys(path).at(-1)!
  const names = new Set(
    maps.flatMap((map) => kinds.flatMap((kind) => (map[kind] ?? []).map((path) => Name.path(last(path)))))
  )
  for (const { rename } of maps.toReversed()) {
    for (const [from, to] of Object.entries(rename ?? {}))
      if (names.has(Name.path(last(to))) || isHidden(last(to))) names.add(Name.path(last(from)))
  }
  return names.size === 0 ? (row) => row : (row) => Mask.deep((key) => names.has(Name.path(key)), row)
}

// --- internal ---

type Run = (row: unknown) => Either.Either<Iterable<unknown>, Problem>

interface Compiled {
  /** For messages. */
  readonly name: string
  readonly run: Run
}

const one = (step: Step, index: number): Either.Either<Compiled, Mistake> => {
  const kind = "filter" in step ? "filter" : "map" in step ? "map" : "explode"
  const path = `${index}.${kind}`
  return Either.mapBoth(runOf(step), {
    onLeft: (reason) => ({ path, reason }),
    onRight: (run) => ({ name: `processing_steps.${path}`, run })
  })
}

const runOf = (step: Step): Either.Either<Run, string> => {
  if ("filter" in step) {
    const test = typeof step.filter === "function" ? Either.right(step.filter) : Predicate.compile(step.filter)
    return Either.map(test, (test) => (row) => Either.right(test(row) ? [row] : []))
  }
  if ("map" in step) {
    const { map } = step
    if (typeof map !== "function") return Either.map(changes(map), (change) => (row) => Either.map(change(row), only))
    // dlt, too, drops a row that a map gives nothing for.
    return Either.right((row) => Either.right(only(map(row) ?? nothing)))
  }
  const { explode } = step
  return typeof explode === "function"
    ? Either.right((row) => Either.right(explode(row)))
    : Either.map(list(explode), (path) => (row) => Either.right(exploded(row, path)))
}

const nothing: unique symbol = Symbol.for("sluice/Row/Process/nothing")

const only = (row: unknown): ReadonlyArray<unknown> => (row === nothing ? [] : [row])

const changes = (map: Changes) => {
  const names = [
    ...Object.entries(map.rename ?? {}).flat(),
    ...(map.drop ?? []),
    ...(map.keep ?? []),
    ...Object.keys(map.set ?? {}),
    ...Object.keys(map.cast ?? {}),
    ...(map.hash ?? []),
    ...(map.redact ?? [])
  ]
  const empty = names.some((name) => Fields.keys(name).includes(""))
  return empty ? Either.left("a field has no name") : Either.right(Change.compile(map))
}

/** JSONPath as elsewhere, but of plain names: the list must be taken out of its row. */
const list = (written: string): Either.Either<ReadonlyArray<string>, string> =>
  Either.flatMap(Path.compile(written), ({ segments }) =>
    segments === undefined || segments.length === 0
      ? Either.left(`${JSON.stringify(written)} is not the path of one field, such as "items" or "order.items"`)
      : Either.right(segments)
  )

const exploded = (row: unknown, path: ReadonlyArray<string>): ReadonlyArray<unknown> => {
  const found = Fields.get(row, path)
  const without = Fields.update(row, path, () => Fields.removed)
  const items = Array.isArray(found) ? found : found === undefined || found === null ? [] : [found]
  if (items.length === 0) return [without]
  return items.map((item) =>
    Fields.isObject(item) && Fields.isObject(without) ? { ...without, ...item } : Fields.set(row, path, item)
  )
}

/** A function of the configuration's own may throw anything, and say anything of the row in it. */
const attempt = (name: string, run: Run, row: unknown): Either.Either<ReadonlyArray<unknown>, Problem> => {
  try {
    return Either.map(run(row), (rows) => (Array.isArray(rows) ? rows : Array.from(rows)))
  } catch (error) {
    const what = error instanceof Error ? error.name : "something that is no Error"
    return Either.left({ path: "", reason: `${name} threw ${what}` })
  }
}
