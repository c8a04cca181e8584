/**
 * What fetching in parallel gains where an API answers slowly; see `../parallel.mjs`. Time on the clock is all that counts here, and
 * it is not held against the baseline: a program beside it halves the gain.
 */
import { measure as parallel } from "../parallel.mjs"

export const about = "pages, children and resources fetched in parallel, at 50 ms an answer"
export const sizes = { full: { rounds: 5 }, smoke: { rounds: 1, latency: 10 } }
export const maxMinutes = 6

export const measure = async ({ latency, progress, rounds }) => {
  const report = await parallel({ rounds, latency, say: progress })
  const bars = Object.entries(report.ratios).map(([name, { bar, concurrency, least, median, most, what }]) => ({
    id: `parallel.${name}`,
    what: `${what}, one by one / ${concurrency} at once`,
    value: median,
    least,
    most,
    ...(bar === null ? {} : { atLeast: bar })
  }))
  return { bars, ...report }
}
