/**
 * Holds a resource's rows to its schema contract: says of something new whether it may be, and counts what it leaves out.
 *
 * Stage Row. `Flatten` asks it where a table would grow; it changes nothing itself. As in dlt, a table that this walk makes
 * grows freely, and a column only ever seen as null is not there yet.
 */
import type { Contract, Mode } from "../Resource/Contract.ts"
import { RowError } from "./RowError.ts"

/**
 * Rows (also of child tables) and values that the contract left out.
 *
 * @since 0.1.0
 * @category models
 */
export interface Discarded {
  readonly rows: number
  readonly values: number
}

/**
 * @since 0.1.0
 * @category models
 */
export type Entity = "tables" | "columns" | "data_type"

/**
 * @since 0.1.0
 * @category models
 */
export class Gate {
  readonly contract: Contract
  /** Whether a row may be left out for what it brings. */
  readonly dropsRows: boolean
  private rows = 0
  private values = 0
  private ofRow = 0
  private told = new Set<string>()
  private notices: Array<string> = []

  constructor(contract: Contract) {
    this.contract = contract
    this.dropsRows = contract.columns === "discard_row" || contract.dataType === "discard_row"
  }

  mode(entity: Entity): Mode {
    return entity === "data_type" ? this.contract.dataType : this.contract[entity]
  }

  /**
   * Something new that the contract does not let in; `what` says it, e.g. `the new column t.a`. Throws a `RowError` where it is
   * frozen. `row`: the row that brings it is left out as a whole.
   */
  refuse(entity: Entity, what: string): "row" | "value" {
    const mode = this.mode(entity)
    if (mode === "freeze") {
      throw new RowError({ reason: "Contract", detail: `schema_contract freezes ${entity}: rows bring ${what}` })
    }
    if (this.told.size < mostTold && !this.told.has(what)) {
      this.told.add(what)
      this.notices.push(`schema_contract leaves out ${what} (${entity}: ${mode})`)
    }
    return mode === "discard_row" ? "row" : "value"
  }

  /** Counted when the row is done. */
  dropValue(): void {
    this.ofRow++
  }

  dropRows(count: number): void {
    this.rows += count
  }

  /** A row of the resource's table is done; what it lost counts only where the row itself stays. */
  rowDone(stays: boolean): void {
    if (stays) this.values += this.ofRow
    this.ofRow = 0
  }

  /** What was left out since the last call. */
  take(): { readonly discarded: Discarded; readonly notices: ReadonlyArray<string> } {
    const taken = { discarded: { rows: this.rows, values: this.values }, notices: this.notices }
    this.rows = 0
    this.values = 0
    this.notices = []
    return taken
  }
}

// --- internal ---

/** An API may bring new fields without end; a receipt may not. */
const mostTold = 20
