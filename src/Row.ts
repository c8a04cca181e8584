/**
 * From JSON rows to cells: select, decode by schema, name, flatten.
 *
 * Fourth stage of a row's path, all pure: a compiled resource turns the rows of one page into a `Batch` that stage Table
 * merges. A bad row becomes a reject and the page goes on. The Tag carries what a host may configure. No I/O, no clock.
 */
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Digits from "./Fetch/Digits.ts"
import * as Json from "./Fetch/Json.ts"
import type { Selected } from "./Page.ts"
import type { Resource } from "./Resource.ts"
import * as Bounds from "./Row/Bounds.ts"
import * as Contract from "./Row/Contract.ts"
import * as Declare from "./Row/Declare.ts"
import * as Decode from "./Row/Decode.ts"
import { discarded, Flattener, type FlatRow } from "./Row/Flatten.ts"
import * as Hint from "./Row/Hint.ts"
import * as Key from "./Row/Key.ts"
import { keyMissing } from "./Row/Keyless.ts"
import * as Name from "./Row/Name.ts"
import * as Process from "./Row/Process.ts"
import { RowError } from "./Row/RowError.ts"
import * as Select from "./Row/Select.ts"
import * as Shape from "./Row/Shape.ts"
import { Slots, typeUnder } from "./Row/Slots.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Row extends Context.Tag("sluice/Row")<
  Row,
  {
    /** Finds the rows in the bodies of one walk, in order; `pinned` is the selector an earlier run of the walk has found. */
    readonly select: (resource: Resource, pinned?: string) => (body: unknown) => Either.Either<Selected, RowError>
    /**
     * Compiles a resource's schema and what the database already knows of it; once per walk. `needed` are the JSONPaths that
     * requests of its children are made of.
     */
    readonly compile: (
      resource: Resource,
      saved?: Saved,
      needed?: ReadonlyArray<string>
    ) => Either.Either<Compiled, RowError>
  }
>() {}

/**
 * What an earlier run left in the database about a resource's rows.
 *
 * @since 0.1.0
 * @category models
 */
export interface Saved {
  readonly shape: Shape.Shape | undefined
  readonly key: Key.Pinned | undefined
  /** The walk that made the tables has not ended: a schema contract lets them grow. */
  readonly evolving?: boolean | undefined
}

/**
 * A resource ready to take rows. Pages must be given in order: each one may grow the shape the next one starts from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Compiled {
  /**
   * `refused`: rows of the page that are known to be bad before they are decoded. `origin`: what is to be known of a row that turns
   * out to be bad, beside itself.
   */
  readonly page: (
    rows: ReadonlyArray<unknown>,
    refused?: ReadonlyArray<Refused>,
    origin?: (index: number) => Origin
  ) => Either.Either<Batch, RowError>
  /** A row as it may be shown and kept: what must not be seen is masked. */
  readonly veiled: (row: unknown) => unknown
  /** The same as JSON text, as a reject shows it. */
  readonly raw: (row: unknown) => string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Refused {
  readonly row: unknown
  readonly problem: Decode.Problem
  /** How many of the rows to be decoded came before it; none, where it is not said. */
  readonly at?: number | undefined
  readonly origin?: Origin | undefined
}

/**
 * How far a row had come when it was refused.
 *
 * - `row` its steps were through, and so `raw` is what they made of it · `cursor` the same, and the cursor refused it, before any child
 *   was to be asked for it · `came` the steps were not through · `hidden` nor were they, and `raw` lacks what they would have hidden
 * - `parent` it is a parent's, for which this resource cannot be asked
 *
 * @since 0.1.0
 * @category models
 */
export type Stage = "row" | "cursor" | "came" | "hidden" | "parent"

/**
 * @since 0.1.0
 * @category models
 */
export interface Origin {
  /** `row` unless said otherwise. */
  readonly stage?: Stage | undefined
  /** What the steps were given, as JSON text, where it is another row and nothing of it is to be hidden. */
  readonly came?: string | undefined
  /** Digest of the steps; `undefined` where there are none. */
  readonly steps?: number | undefined
  /** Its index among the rows that its page brought, where that is not the index it is decoded at. */
  readonly place?: number | undefined
}

/**
 * One page of rows as cells.
 *
 * @since 0.1.0
 * @category models
 */
export interface Batch {
  readonly shape: Shape.Shape
  /** `undefined` until a first row shows what the key is. */
  readonly key: Key.Key | undefined
  readonly rows: ReadonlyArray<FlatRow>
  readonly rejects: ReadonlyArray<Reject>
  /** What the schema contract left out of this page: it is neither stored nor a reject. */
  readonly discarded: Contract.Discarded
  /** What a reader of the receipt should know, e.g. that two keys share a column. */
  readonly notices: ReadonlyArray<string>
}

/**
 * A row that cannot be stored, and why.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reject extends Decode.Problem, Origin {
  /** The row as JSON text. */
  readonly raw: string
  /** How many rows of its page came before it and are stored. */
  readonly after?: number | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Caps every resource's own `maxTableNesting`. */
  readonly maxTableNesting?: number | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Row["Type"] => ({
  select: (resource, pinned) => Select.make(resource, pinned).select,
  compile: (resource, saved, needed) => guarded(() => compile(resource, saved, needed ?? [], options))
})

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Row> => Layer.succeed(Row, make(options))

/**
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (options: Config.Config.Wrap<Options>): Layer.Layer<Row, ConfigError> =>
  Layer.effect(Row, Effect.map(Config.unwrap(options), make))

// --- internal ---

const compile = (
  resource: Resource,
  saved: Saved | undefined,
  needed: ReadonlyArray<string>,
  options: Options
): Compiled => {
  const slots = new Slots(saved?.shape ?? Shape.empty(Name.path(resource.table)), resource, saved?.evolving, needed)
  const gate = new Contract.Gate(resource.contract)
  // Its rows come when the steps have run; a step that is written wrongly is found before the first request.
  Process.compile(resource.processing)
  const decode = resource.schema === undefined ? Either.right<unknown> : Decode.compile(resource.schema)
  const nesting = Math.min(resource.maxTableNesting, options.maxTableNesting ?? Infinity, Bounds.maxNesting)
  const columns = slots.tables[0]!.columns
  slots.fix(Either.getOrElse(Key.match(columns, saved?.key?.fields ?? []), () => []))
  declare(slots, resource, nesting)
  slots.declareHinted()
  slots.commit()
  let isSettled = false
  let key = Key.known(resource, columns, saved?.key)
  const keyFrom = (values: Readonly<FlatRow["values"]>) => key ?? Key.early(resource.primaryKey, columns, values)
  const flattener = new Flattener(slots, nesting, (values) => keyFrom(values)?.columns, gate)
  let shape = slots.shape(saved?.shape ?? Shape.empty(Name.path(resource.table)))
  const veiled = (row: unknown) => slots.masks.row(row)
  const raw = (row: unknown) => Json.written(Digits.carry(row, veiled(row)))
  /** A table that may not be made takes no rows. */
  const admitted = (rows: ReadonlyArray<unknown>): ReadonlyArray<unknown> => {
    const isNew = !slots.tables[0]!.closed && saved?.evolving !== true
    if (resource.contract.tables === "evolve" || !isNew || rows.length === 0) return rows
    gate.refuse("tables", `the new table ${slots.tables[0]!.name}`)
    gate.dropRows(rows.length)
    return []
  }
  const page = (
    rows: ReadonlyArray<unknown>,
    refused: ReadonlyArray<Refused>,
    origin: ((index: number) => Origin) | undefined
  ): Batch => {
    const flat: Array<FlatRow> = []
    const places: Array<number> = []
    const rejects: Array<Reject> = []
    const reject = (
      row: unknown,
      { path, reason }: Decode.Problem,
      of: Origin | undefined,
      index: number,
      after = flat.length
    ) => {
      if (resource.onBadRow === "fail") {
        const what = `bad row at ${path === "" ? "its top" : path}: ${reason}`
        throw new RowError({ reason: "BadRow", detail: `row ${of?.place ?? index}: ${what}` })
      }
      rejects.push({ path, reason, raw: raw(row), after, ...of })
    }
    const known = key !== undefined
    // By now the table is there.
    slots.fix(key?.columns ?? [])
    let next = 0
    const refuse = (until: number) => {
      for (; next < refused.length && (refused[next]!.at ?? 0) <= until; next++) {
        const { origin, problem, row } = refused[next]!
        reject(row, problem, origin, refused[next]!.at ?? 0)
      }
    }
    const taken = admitted(rows)
    for (let i = 0; i < taken.length; i++) {
      if (next < refused.length) refuse(i)
      const row = taken[i]
      const decoded = decode(row)
      const result = Either.isLeft(decoded) ? decoded.left : flattener.row(decoded.right)
      if (result === discarded) continue
      if ("reason" in result) {
        reject(row, result, origin?.(i), i)
        continue
      }
      key = keyFrom(result.values)
      flat.push(result)
      places.push(i)
    }
    refuse(Infinity)
    if (key === undefined && flat.length > 0)
      key = Either.getOrThrowWith(Key.resolve(resource, columns, flat), (error) => error)
    // Only rows that came before the first one with a key can be without it here.
    const without = known
      ? []
      : flat.flatMap((row, i) => {
          const missing = key?.columns.find((index) => (row.values[index] ?? null) === null)
          return missing === undefined ? [] : [{ row, i, missing }]
        })
    for (const { i, missing } of without)
      reject(taken[places[i]!], keyMissing(columns[missing]!), origin?.(places[i]!), places[i]!, i)
    const gone = new Set(without.map(({ row }) => row))
    const identified = gone.size === 0 ? flat : flat.filter((row) => !gone.has(row))
    if (flattener.widenedToText) textify(identified, slots)
    flattener.widenedToText = false
    if (flat.length > 0 && !isSettled) slots.settleHinted()
    isSettled ||= flat.length > 0
    shape = slots.shape(shape)
    const left = gate.take()
    const first = rejects
      .slice(0, 1)
      .map(({ path, reason }) => `a row was refused at ${path === "" ? "its top" : path}: ${reason}`)
    return {
      shape,
      key,
      rows: identified,
      rejects:
        without.length === 0
          ? rejects
          : rejects.map((one) => ({ ...one, after: one.after! - without.filter(({ i }) => i < one.after!).length })),
      discarded: left.discarded,
      notices: [...first, ...slots.takeNotices(), ...slots.masks.takeNotices(), ...left.notices]
    }
  }
  return { page: (rows, refused = [], origin) => guarded(() => page(rows, refused, origin)), veiled, raw }
}

const declare = (slots: Slots, resource: Resource, maxNesting: number): void => {
  const add = (level: Slots["root"], declared: ReadonlyArray<Declare.Declared>): void => {
    for (const one of declared) {
      const top = level === slots.root ? slots.slot(level, one.path[0]!) : undefined
      if (top?.json === true) continue
      const slot = slots.find(level, one.path)
      if (one._tag === "List") {
        add(slots.list(level, slot), one.items)
        continue
      }
      const type = typeUnder(slot.mask, one.type)
      if (slot.column < 0) {
        slots.column(level.table, slot, type, true)
        continue
      }
      // From an earlier run, before the schema said what it is.
      const column = slots.tables[level.table]!.columns[slot.column]!
      if (!column.declared && Hint.mayBecome(column, type)) slots.retype(column, type)
    }
  }
  if (resource.schema !== undefined) add(slots.root, Declare.fromSchema(resource.schema, maxNesting))
}

/** Cells read before their column turned into text, as that text. */
const textify = (rows: ReadonlyArray<FlatRow>, slots: Slots): void => {
  const fix = (values: FlatRow["values"], table: number, offset: number) => {
    slots.tables[table]!.columns.forEach((column, index) => {
      const value = values[offset + index]
      if (column.type === "text" && (typeof value === "number" || typeof value === "bigint"))
        values[offset + index] = String(value)
    })
  }
  const depths = slots.tables.map(function depth({ parent }): number {
    return parent < 0 ? 0 : 1 + depth(slots.tables[parent]!)
  })
  for (const row of rows) {
    fix(row.values, 0, 0)
    for (const child of row.children) fix(child.values, child.table, depths[child.table]!)
  }
}

/** Inside a page a `RowError` is thrown, from the depth of the hot loop; it becomes a value here. */
const guarded = <A>(evaluate: () => A): Either.Either<A, RowError> =>
  Either.try({
    try: evaluate,
    catch: (error) => {
      if (error instanceof RowError) return error
      throw error
    }
  })
