/**
 * Values as receipts print them: `1,200`. Pure.
 */

/**
 * Numbers with separators; everything else as its text, and none at length.
 *
 * @since 0.1.0
 * @category accessors
 */
export const printed = (value: unknown): string =>
  typeof value === "number" && Number.isSafeInteger(value)
    ? String(value).replace(/\B(?=(\d{3})+$)/g, ",")
    : String(value).slice(0, 64)
