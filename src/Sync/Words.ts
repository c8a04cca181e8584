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

/**
 * `2 rows and 1 value`
 *
 * @since 0.1.0
 * @category accessors
 */
export const amounts = ({ rows, values }: { readonly rows: number; readonly values: number }): string =>
  [rows === 1 ? "1 row" : `${rows} rows`, values === 1 ? "1 value" : `${values} values`].join(" and ")

/**
 * Keys and messages are an API's to choose, and a terminal obeys what it is shown.
 *
 * @since 0.1.0
 * @category accessors
 */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, "\ufffd")
