/**
 * The suites by name, in the order they run. Each exports `about`, `sizes` for a full and a smoke run, `maxMinutes` for either,
 * and `measure(options)`, which gives `{ bars, gates?, … }`, or `{ skipped }` with the reason. A suite without a smoke size is left
 * out of a smoke run, one with `onlyWhenNamed` out of a full one.
 *
 * A bar is `{ id, what, value, least?, most?, atLeast? | atMost?, exact? }`: what was measured, and what it must be at full size, or
 * at any size (`exact`). For `gates` see `baseline.mjs`.
 */
export const suites = {
  load: () => import("./suites/load.mjs"),
  linear: () => import("./suites/linear.mjs"),
  memory: () => import("./suites/memory.mjs"),
  dlt: () => import("./suites/dlt.mjs"),
  peers: () => import("./suites/peers.mjs"),
  noop: () => import("./suites/noop.mjs"),
  start: () => import("./suites/start.mjs"),
  parallel: () => import("./suites/parallel.mjs"),
  limiter: () => import("./suites/limiter.mjs"),
  archive: () => import("./suites/archive.mjs")
}
