/**
 * Reads what paginators need out of a JSON body: an item total, a yes or no.
 *
 * Stage Page, pure. Where to look, when somebody said so, is a `Path`.
 */

/**
 * A count of items, written as a whole number or its digits.
 *
 * @since 0.1.0
 * @category accessors
 */
export const count = (value: unknown): number | undefined => {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

/**
 * A boolean, or a text that dlt too takes for one.
 *
 * @since 0.1.0
 * @category accessors
 */
export const flag = (value: unknown): boolean | undefined => {
  if (typeof value === "boolean") return value
  if (typeof value !== "string") return undefined
  const word = value.toLowerCase()
  return word === "true" ? true : word === "false" ? false : undefined
}

/**
 * The total a body reports when nobody said where: a top-level field named like one.
 *
 * `certain` is false for a bare `total`, which may as well be a sum of money.
 *
 * @since 0.1.0
 * @category accessors
 */
export const detectTotal = (body: unknown): { readonly total: number; readonly certain: boolean } | undefined => {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined
  let uncertain: number | undefined
  for (const [name, value] of Object.entries(body)) {
    const plain = name.replace(/[_-]/g, "").toLowerCase()
    if (!totalNames.has(plain)) continue
    const total = count(value)
    if (total !== undefined && plain !== "total") return { total, certain: true }
    uncertain ??= total
  }
  return uncertain === undefined ? undefined : { total: uncertain, certain: false }
}

/**
 * The number of items a body reports, where its name leaves no doubt and it is not what a paginator reads as something else.
 *
 * @since 0.1.0
 * @category accessors
 */
export const certainTotal = (body: unknown): number | undefined => {
  const found = detectTotal(body)
  return found?.certain === true ? found.total : undefined
}

/**
 * Whether a body says, in a top-level field named for it, that more rows follow.
 *
 * @since 0.1.0
 * @category accessors
 */
export const saysMore = (body: unknown): boolean =>
  typeof body === "object" &&
  body !== null &&
  Object.entries(body).some(([name, value]) => value === true && isMoreName(name))

/**
 * `has_more` and its like.
 *
 * @since 0.1.0
 * @category guards
 */
export const isMoreName = (name: string): boolean => moreNames.has(name.replace(/[_-]/g, "").toLowerCase())

// --- internal ---

const moreNames = new Set(["hasmore", "hasnext", "hasnextpage"])

const totalNames = new Set(["total", "totalcount", "totalitems", "totalresults", "totalrecords", "totalelements"])
