/**
 * What is declared about one endpoint: its request, its pages, what is done to its rows, and how they go into a table. A value.
 *
 * Built by hand, by a built-in source, or by `Spec` from YAML; all three give the same value. Sends and stores nothing, and checks
 * nothing: `Spec` checks configurations, and what is wrong in a program shows when it is run, as this resource's failure.
 */
import * as Duration from "effect/Duration"
import type * as Schema from "effect/Schema"
import type * as Auth from "./Api/Auth.ts"
import type * as RetryPolicy from "./Api/RetryPolicy.ts"
import type * as Action from "./Fetch/Action.ts"
import type { Paginator } from "./Page.ts"
import type { Column } from "./Resource/Column.ts"
import * as Contract from "./Resource/Contract.ts"
import * as Deletes from "./Resource/Deletes.ts"
import * as Incremental from "./Resource/Incremental.ts"
import type { Step } from "./Resource/Process.ts"
import * as Windows from "./Resource/Windows.ts"
import * as Write from "./Resource/Write.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Resource {
  readonly name: string
  /** Table the rows go to, before naming. */
  readonly table: string
  readonly method: string
  /** Texts of path, query, headers and body may hold placeholders, see `Page/Template`. */
  readonly path: string
  readonly query: ReadonlyArray<readonly [name: string, value: string]>
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON when it is not `undefined`. */
  readonly body: unknown
  /** Sent as a form, or as it is, instead of `body`. */
  readonly data: string | ReadonlyArray<readonly [name: string, value: string]> | undefined
  readonly auth: Auth.Auth | undefined
  readonly retry: RetryPolicy.RetryPolicy | undefined
  /** What answers of a certain status or content mean, before the retry policy looks at them. */
  readonly actions: ReadonlyArray<Action.Action>
  readonly paginator: Paginator
  /** JSONPath to the rows in a body; `$`: the body is the row or the list of rows; `undefined`: found in the first body. */
  readonly selector: string | undefined
  /** Whether a selector that matches nothing is an error. */
  readonly selectorRequired: boolean
  readonly processing: ReadonlyArray<Step>
  readonly incremental: Incremental.Incremental | undefined
  /** The list is asked for in windows of time. Wants a primary key: a row at a bound comes with both neighbours. */
  readonly windows: Windows.Windows | undefined
  /** Top-level fields of the parent's row that every row gets, as `_<parent>_<field>`. */
  readonly includeFromParent: ReadonlyArray<string>
  /** The rows of several parents are fetched side by side. */
  readonly parallelized: boolean
  /** `false`: read only when a child needs it, and not stored. */
  readonly selected: boolean
  readonly primaryKey: PrimaryKey
  readonly write: Write.Write
  readonly columns: ReadonlyArray<Column>
  readonly contract: Contract.Contract
  /** Decodes one row as it comes from the API; declares the table's columns. */
  readonly schema: Schema.Schema.AnyNoContext | undefined
  /** Top-level fields kept as one JSON column. */
  readonly json: ReadonlyArray<string>
  /** Fields whose values are stored masked, with all that lies below them; `a.b` is a field within another. */
  readonly mask: ReadonlyArray<string>
  /** Fields that are stored as they are, with all that lies below them, though their names say that they hold a credential. */
  readonly unmask: ReadonlyArray<string>
  /** Objects and lists deeper than this stay JSON. */
  readonly maxTableNesting: number
  readonly onBadRow: "quarantine" | "fail" | undefined
  /**
   * Share of a run's rows that may be refused, from 0 to 1; with more the resource fails. `undefined`: a tenth, and one row always.
   */
  readonly maxRejectRatio: number | undefined
  readonly deletes: Deletes.Deletes
  /** How long, in ms, an interrupted walk is gone on with after its last page; later it starts over. */
  readonly resumeWithin: number
  /** Why the resource cannot be synced now, e.g. a token that is not set: it is reported as `skipped`. */
  readonly unavailable: string | undefined
}

/**
 * - `declared`: written for this resource; a row without it is refused, and a first page without any fails the resource
 * - `default`: came from defaults; a key no row has is inferred from the first page
 *
 * @since 0.1.0
 * @category models
 */
export interface PrimaryKey {
  readonly fields: ReadonlyArray<string>
  readonly origin: "declared" | "default"
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly name: string
  readonly path: string
  readonly paginator: Paginator
  readonly table?: string | undefined
  /** `GET` unless said otherwise. */
  readonly method?: string | undefined
  readonly query?: ReadonlyArray<readonly [name: string, value: string]> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
  readonly data?: Resource["data"]
  readonly auth?: Auth.Auth | undefined
  readonly retry?: RetryPolicy.RetryPolicy | undefined
  readonly actions?: ReadonlyArray<Action.Action> | undefined
  readonly processing?: ReadonlyArray<Step> | undefined
  readonly incremental?: Incremental.Options | undefined
  readonly windows?: Windows.Options | undefined
  readonly includeFromParent?: ReadonlyArray<string> | undefined
  readonly parallelized?: boolean | undefined
  readonly selected?: boolean | undefined
  readonly selector?: string | undefined
  readonly selectorRequired?: boolean | undefined
  readonly primaryKey?: string | ReadonlyArray<string> | PrimaryKey | undefined
  /** `merge` unless said otherwise; without a primary key every row is appended. */
  readonly writeDisposition?: Write.Write["disposition"] | Write.Options | undefined
  readonly columns?: ReadonlyArray<Column> | undefined
  readonly contract?: Partial<Contract.Contract> | Contract.Mode | undefined
  readonly schema?: Schema.Schema.AnyNoContext | undefined
  readonly json?: ReadonlyArray<string> | undefined
  readonly mask?: ReadonlyArray<string> | undefined
  readonly unmask?: ReadonlyArray<string> | undefined
  /** 1000 unless said otherwise. */
  readonly maxTableNesting?: number | undefined
  readonly onBadRow?: "quarantine" | "fail" | undefined
  readonly maxRejectRatio?: number | undefined
  readonly deletes?: Deletes.Options | undefined
  /** A day unless said otherwise. */
  readonly resumeWithin?: Duration.DurationInput | undefined
  readonly unavailable?: string | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Resource => ({
  name: options.name,
  table: options.table ?? options.name,
  method: (options.method ?? "GET").toUpperCase(),
  path: options.path,
  query: options.query ?? [],
  headers: options.headers ?? {},
  body: options.body,
  data: options.data,
  auth: options.auth,
  retry: options.retry,
  actions: options.actions ?? [],
  paginator: options.paginator,
  selector: options.selector,
  selectorRequired: options.selectorRequired ?? true,
  processing: options.processing ?? [],
  incremental: options.incremental === undefined ? undefined : Incremental.make(options.incremental),
  windows: options.windows === undefined ? undefined : Windows.make(options.windows),
  includeFromParent: options.includeFromParent ?? [],
  parallelized: options.parallelized ?? false,
  selected: options.selected ?? true,
  primaryKey: primaryKey(options.primaryKey),
  write: Write.make(
    typeof options.writeDisposition === "string" ? { disposition: options.writeDisposition } : options.writeDisposition
  ),
  columns: options.columns ?? [],
  contract: Contract.make(options.contract),
  schema: options.schema,
  json: options.json ?? [],
  mask: options.mask ?? [],
  unmask: options.unmask ?? [],
  maxTableNesting: options.maxTableNesting ?? 1000,
  onBadRow: options.onBadRow,
  maxRejectRatio: options.maxRejectRatio,
  deletes: Deletes.make(options.deletes),
  resumeWithin: Duration.toMillis(options.resumeWithin ?? Duration.days(1)),
  unavailable: options.unavailable
})

// --- internal ---

const primaryKey = (key: Options["primaryKey"]): PrimaryKey => {
  if (key === undefined) return { fields: [], origin: "declared" }
  if (typeof key === "string") return { fields: [key], origin: "declared" }
  return "fields" in key ? key : { fields: key, origin: "declared" }
}
