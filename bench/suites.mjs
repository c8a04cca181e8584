/**
 * The suites by name, in the order they run. Each exports `about`, `sizes` for a full and a smoke run, `maxMinutes` for either,
 * and `measure(options)`, which gives `{ bars, … }`, or `{ skipped }` with the reason.
 *
 * A bar is `{ id, what, value, least?, most?, atLeast? | atMost?, better, gate? }`: what was measured, what it must be, which way
 * is better, and whether a smoke run holds it against `baseline.json`.
 */
export const suites = {
  load: () => import("./suites/load.mjs"),
  linear: () => import("./suites/linear.mjs"),
  memory: () => import("./suites/memory.mjs"),
  dlt: () => import("./suites/dlt.mjs"),
  peers: () => import("./suites/peers.mjs"),
  noop: () => import("./suites/noop.mjs")
}
