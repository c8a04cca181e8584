/**
 * What a resource's part of a run is given: the stages, the run, and its line of the receipt.
 */
import type { Redactor } from "../Fetch/Redact.ts"
import type * as Page from "../Page.ts"
import type * as Row from "../Row.ts"
import type { Source } from "../Source.ts"
import type { Options } from "../Sync.ts"
import type * as Table from "../Table.ts"
import type * as Draft from "./Draft.ts"
import type { Ordered } from "./Order.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Job {
  readonly page: Page.Page["Type"]
  readonly row: Row.Row["Type"]
  readonly table: Table.Table["Type"]
  readonly source: Source
  readonly run: string
  readonly redactor: Redactor
  readonly draft: Draft.Draft
  readonly options: Options
  /** Every resource of the run. */
  readonly order: ReadonlyArray<Ordered>
  /** And those that a run of everything takes beside them: their parents' rows wait for it. */
  readonly later: ReadonlyArray<Ordered>
  readonly drafts: ReadonlyArray<Draft.Draft>
}
