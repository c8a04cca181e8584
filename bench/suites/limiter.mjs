/**
 * How much of an API's quota a sync uses, and how often it is refused; see `../limiter.mjs`.
 */
import { measure as limiter } from "../limiter.mjs"

export const about = "an API that takes 20 requests a second"
export const sizes = { full: { seconds: 10 }, smoke: { seconds: 3, only: "window, x-ratelimit" } }
export const maxMinutes = 6

export const measure = async ({ only, progress, seconds }) => {
  const report = await limiter({ seconds, only, say: progress })
  const bars = report.cases.flatMap(({ name, refused, used }) => {
    // Without a word from the server there is only trying: reported, no bar.
    const isTold = !name.endsWith("nothing")
    return [
      {
        id: `limiter.${name}.used`,
        what: `${name}: share of the quota used`,
        value: used,
        ...(isTold ? { atLeast: 0.95 } : {})
      },
      {
        id: `limiter.${name}.refused`,
        what: `${name}: refused after the first second`,
        value: refused,
        exact: true,
        ...(isTold ? { atMost: 0 } : {})
      }
    ]
  })
  const gates = [{ id: "limiter.used", value: report.cases[0].used, better: "more" }]
  return { bars, gates, ...report }
}
