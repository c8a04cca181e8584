/**
 * What may become of a resource's tables when rows bring something new: dlt's schema contract.
 *
 * Part of what is declared. Stage Row acts on it. What `columns` and a schema declare is nothing new, and neither is anything
 * while the walk that makes a table is under way.
 */

/**
 * - `evolve` the table grows · `freeze` the resource fails, and nothing of the page is stored · `discard_row` the row is left out · `discard_value` the value is
 *
 * @since 0.1.0
 * @category models
 */
export type Mode = "evolve" | "freeze" | "discard_row" | "discard_value"

/**
 * @since 0.1.0
 * @category models
 */
export interface Contract {
  /** New child tables; for a table that is not there yet, the table itself. */
  readonly tables: Mode
  /** New columns of a table that is there. */
  readonly columns: Mode
  /** Values that do not fit their column. */
  readonly dataType: Mode
  /** Such values go to a column of their own, `<column>__v_<type>`, as dlt does; otherwise the row is quarantined. */
  readonly variants: boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Partial<Contract> | Mode = {}): Contract =>
  typeof options === "string"
    ? { tables: options, columns: options, dataType: options, variants: false }
    : {
        tables: options.tables ?? "evolve",
        columns: options.columns ?? "evolve",
        dataType: options.dataType ?? "evolve",
        variants: options.variants ?? false
      }
