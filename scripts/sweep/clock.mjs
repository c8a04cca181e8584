/**
 * A clock that is wrong, for the process that imports this first: off by $SWEEP_CLOCK milliseconds, or off by them from its nth
 * reading on (`MILLIS@NTH`).
 */
import process from "node:process"

const [, millis, nth] = /^(-?\d+)(?:@(\d+))?$/.exec(process.env.SWEEP_CLOCK ?? "0")
const real = Date.now
let readings = 0

const now = () => real() + (++readings > Number(nth ?? 0) ? Number(millis) : 0)

globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given))
  }
  static now() {
    return now()
  }
}
