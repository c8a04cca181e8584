/**
 * The properties again and again, each time with other values, until the time is over.
 *
 *     npm run fuzz                    for five minutes
 *     npm run fuzz -- --minutes 60
 *     npm run fuzz -- --times 50      so many times as many values in one round as `npm test` tries
 *
 * Exits 1 on the first round that fails; fast-check's seed and path are in what it prints. The case then becomes a test.
 */
import { spawnSync } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "5" }, times: { type: "string", default: "10" } }
})
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error("--minutes is a number of minutes, such as 15")

const files = [
  "test/Import/Fuzz.test.ts",
  "test/Import/Python/Evaluate.test.ts",
  "test/Row/Model.test.ts",
  "test/Row/Split.test.ts",
  "test/Spec/Fuzz.test.ts",
  "test/Spec/Mutation.test.ts",
  "test/Sync/Model.test.ts"
]
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url))
const started = Date.now()
let rounds = 0
do {
  const { status } = spawnSync(process.execPath, [vitest, "run", "--reporter=dot", "--testTimeout=1800000", ...files], {
    stdio: "inherit",
    env: { ...process.env, SLUICE_FUZZ_RUNS: values.times }
  })
  if (status !== 0) process.exit(1)
  rounds++
  console.log(
    `${rounds} rounds of ${values.times} times, ${((Date.now() - started) / 60_000).toFixed(1)} minutes, nothing found`
  )
} while (Date.now() - started < minutes * 60_000)
