/**
 * What the next sync of a source would do: per resource its first request, its tables and what is known of its size.
 *
 * Made of what is declared and what a database remembers, by the functions `sync` itself uses. Sends and writes nothing.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Api from "../Api.ts"
import * as Redact from "../Fetch/Redact.ts"
import type * as Page from "../Page.ts"
import type { Resource } from "../Resource.ts"
import * as Cursor from "../Row/Cursor.ts"
import type * as Shape from "../Row/Shape.ts"
import { secrets, type Source } from "../Source.ts"
import * as Family from "../Sync/Family.ts"
import * as Fingerprint from "../Sync/Fingerprint.ts"
import * as Order from "../Sync/Order.ts"
import * as Resume from "../Sync/Resume.ts"
import type { SyncError } from "../Sync/SyncError.ts"
import * as Windows from "../Sync/Windows.ts"
import type { Checkpoint } from "../Table.ts"
import type { State } from "../Table/State.ts"
import * as Blueprint from "./Blueprint.ts"
import * as Outline from "./Outline.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Forecast {
  readonly source: string
  readonly base_url: string
  readonly db: string
  readonly db_exists: boolean
  readonly status: "complete" | "partial" | "failed"
  /** Of all resources, where it is known of each. */
  readonly expected_requests: number | null
  /** In the order they are begun: parents first. */
  readonly resources: ReadonlyArray<Line>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Line {
  readonly name: string
  /** `null` where the rows are only read for children. */
  readonly table: string | null
  /** Fetched once for each row of this resource. */
  readonly parent: string | null
  readonly write_disposition: string
  readonly primary_key: ReadonlyArray<string>
  readonly paginator: string
  readonly first_request: Outline.Outline | null
  /** The page the walk begins with; more than 0 where an unfinished one goes on. */
  readonly from_page: number
  readonly incremental: {
    readonly cursor_path: string
    readonly start_value: unknown
    readonly end_value: unknown
    /** Where the start comes from. */
    readonly origin: "state" | "initial_value" | "none"
  } | null
  /** By the last run that read everything. */
  readonly expected_requests: number | null
  readonly expected_total: number | null
  /** As far as they are declared or there already; rows may bring more columns. */
  readonly tables: ReadonlyArray<{
    readonly name: string
    readonly columns: ReadonlyArray<{ readonly name: string; readonly type: string }>
  }>
  /** To run before the first page. */
  readonly ddl: ReadonlyArray<string>
  readonly notices: ReadonlyArray<string>
  readonly skipped: string | null
  readonly error: string | null
}

/**
 * `states`: what the database remembers; `undefined` when there is none yet.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  source: Source,
  db: string,
  states: ReadonlyArray<State> | undefined
): Effect.Effect<Forecast, Api.ApiError | SyncError> =>
  Effect.gen(function* () {
    const api = yield* Api.make(source.api)
    const ordered = yield* Order.order(source, [])
    const blueprints = new Map(Blueprint.make(source, states ?? []).map((one) => [one.resource.name, one]))
    const redactor = Redact.make(secrets(source))
    const now = yield* Clock.currentTimeMillis
    const lines = ordered.map((one) => {
      const blueprint = blueprints.get(one.resource.name)!
      const children = Family.children(one.resource, ordered)
      const goingOn =
        one.parent === undefined ? checkpoint(source, one.resource, children, blueprint.state, now) : undefined
      return line(api, one, blueprint, goingOn, { redactor, now })
    })
    const wanted = lines.filter(({ skipped }) => skipped === null)
    const failed = wanted.filter(({ error }) => error !== null)
    return {
      source: source.name,
      base_url: redactor.url(source.api.baseUrl),
      db,
      db_exists: states !== undefined,
      status: failed.length === 0 ? "complete" : failed.length === wanted.length ? "failed" : "partial",
      expected_requests: wanted.every((one) => one.expected_requests !== null)
        ? wanted.reduce((sum, one) => sum + (one.expected_requests ?? 0), 0)
        : null,
      resources: lines
    }
  })

// --- internal ---

const line = (
  api: Api.Api["Type"],
  { left, parent, resource, stored }: Order.Ordered,
  { change, key, problem, shape, state, table }: Blueprint.Blueprint,
  goingOn: GoingOn | undefined,
  { now, redactor }: { readonly redactor: Redact.Redactor; readonly now: number }
): Line => {
  const skipped = resource.unavailable ?? (left ? "not selected" : undefined)
  const cursor =
    resource.incremental === undefined ? undefined : start(resource, parent === undefined ? state : undefined)
  const outline =
    skipped === undefined
      ? Outline.make(
          api,
          resource,
          {
            position: goingOn?.position ?? Windows.paginator(resource, cursor?.values, () => now).first,
            cursor: cursor?.values
          },
          redactor
        )
      : undefined
  const complete = skipped === undefined && goingOn === undefined ? state?.complete : undefined
  const fields = key?.fields ?? state?.primaryKey ?? resource.primaryKey.fields
  return {
    name: resource.name,
    table: stored ? table : null,
    parent: parent ?? null,
    write_disposition: disposition(resource),
    primary_key: resource.write.disposition === "append" ? [] : fields,
    paginator: resource.paginator.type,
    first_request: outline === undefined ? null : Either.getOrNull(outline),
    from_page: goingOn?.index ?? 0,
    incremental: cursor?.shown ?? null,
    expected_requests:
      skipped === undefined ? (goingOn?.requests ?? complete?.requests ?? alone(resource, parent)) : null,
    expected_total: goingOn?.total ?? complete?.total ?? null,
    tables: stored
      ? (shape?.tables ?? []).map(({ columns, name }) => ({
          name,
          columns: columns.map(({ name, type }) => ({ name, type }))
        }))
      : [],
    ddl: stored && skipped === undefined ? change : [],
    notices: [
      ...(goingOn?.notice === undefined ? [] : [goingOn.notice]),
      ...(stored && skipped === undefined && shape !== undefined ? later(table, shape, key !== undefined) : []),
      ...(parent !== undefined && resource.incremental !== undefined
        ? [`the cursor is kept for each row of ${parent}; the start shown is that of a new one`]
        : [])
    ],
    skipped: skipped ?? null,
    error:
      problem?.message ??
      (outline !== undefined && Either.isLeft(outline) ? `the URL cannot be made: ${outline.left}` : null)
  }
}

/** What only rows can tell of a table. */
const later = (table: string, { tables }: Shape.Shape, isKeyed: boolean): ReadonlyArray<string> => {
  const columns = tables[0]!.columns.map(({ name, type }) => (type === "unknown" ? name : `${name} ${type}`))
  const declared = columns.length === 0 ? "" : `; declared: ${columns.join(", ")}`
  if (!isKeyed) return [`the table ${table} is made with its first rows, which show its key and its columns${declared}`]
  return columns.length === 0 ? [`the columns of ${table} come with its first rows`] : []
}

const alone = (resource: Resource, parent: string | undefined) =>
  parent === undefined && resource.paginator.type === "single_page" ? 1 : null

const disposition = ({ write }: Resource): string =>
  write.disposition === "merge" ? `merge (${write.strategy})` : write.disposition

interface GoingOn {
  readonly index: number
  /** `undefined`: at its beginning. */
  readonly position: Page.Position | undefined
  readonly notice?: string
  /** Of the rest of the walk, where page size and total are known. */
  readonly requests?: number
  readonly total?: number
}

/** Where an unfinished walk goes on, if the configuration is still the one it began with. */
const checkpoint = (
  source: Source,
  resource: Resource,
  children: ReadonlyArray<Family.Child>,
  state: State | undefined,
  now: number
): GoingOn | undefined => {
  const found = state?.checkpoint
  if (!Predicate.isRecord(found) || typeof found["index"] !== "number") return undefined
  const mark = Fingerprint.make(source, resource, { aside: false, stored: stored(resource), children })
  const why = Resume.refusal(found as unknown as Checkpoint, { mark, resource, now, cursor: cursorOf(state) })
  if (why !== undefined) {
    return { index: 0, position: undefined, notice: `${why}: the walk starts over` }
  }
  // Its cursor has moved with its rows, and is where it goes on.
  if (found["kept"] === true) return undefined
  const { index, position, rows, total } = found
  const { limit } = resource.paginator.options
  const isKnown = typeof total === "number" && typeof rows === "number" && typeof limit === "number" && limit > 0
  return {
    index,
    position: position as Page.Position,
    ...(typeof total === "number" ? { total } : {}),
    ...(isKnown ? { requests: Math.max(0, Math.ceil((total - rows) / limit)) } : {})
  }
}

const start = (resource: Resource, state: State | undefined) => {
  const incremental = resource.incremental!
  const from = cursorOf(state)
  const cursor = Cursor.make(incremental, { reached: undefined, from, appends: false })
  const { values } = cursor
  // A state of another cursor_path is not begun from.
  const isFromState = cursor.page([]).reached.from !== undefined
  return {
    values,
    shown: {
      cursor_path: incremental.cursorPath,
      start_value: printable(values.start_value),
      end_value: printable(values.end_value),
      origin: isFromState
        ? ("state" as const)
        : incremental.initialValue === undefined
          ? ("none" as const)
          : ("initial_value" as const)
    }
  }
}

const stored = ({ selected, write }: Resource) => selected && write.disposition !== "skip"

const cursorOf = (state: State | undefined) =>
  Predicate.isRecord(state?.cursor) ? (state.cursor as unknown as Cursor.State) : undefined

/** JSON has no bigint. */
const printable = (value: Cursor.State["value"] | undefined) =>
  typeof value === "bigint" ? String(value) : (value ?? null)
