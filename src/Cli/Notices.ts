/**
 * What is to be said of a first page, beside its refused rows, which are counted apart. Pure.
 */
import type { Look } from "./FirstPage.ts"

/**
 * @since 0.1.0
 * @category accessors
 */
export const of = ({ batch, fetched, prepared }: Look): ReadonlyArray<string> => [
  ...fetched.notices,
  ...(prepared.notice === undefined ? [] : [prepared.notice]),
  ...batch.notices.filter((notice) => !notice.startsWith("a row was refused at "))
]
