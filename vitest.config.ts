import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Set by scripts/runtimes.mjs; the guard then fails a test file that runs anywhere else. */
const runtime = process.env["SLUICE_RUNTIME"]

export default defineConfig({
  resolve: {
    // Tests and examples import the package by its name, as its users do; here that is the source, not dist.
    alias: [
      { find: /^sluice$/, replacement: here("./src/index.ts") },
      { find: /^sluice\/(.+)$/, replacement: `${here("./src")}/$1.ts` }
    ]
  },
  test: {
    include: ["test/**/*.test.ts", ...(process.env["SLUICE_EXAMPLES"] === undefined ? [] : ["examples/**/*.test.ts"])],
    exclude: runtime === undefined ? ["test/runtimes/**"] : [],
    setupFiles: runtime === undefined ? [] : ["tools/runtimes/guard.ts"],
    // Native SQLite drivers are not made for worker threads.
    pool: "forks",
    // Much of the time tests wait for processes they have started.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Against hanging alone, and so long: properties run hundreds of syncs, and a machine may have other work.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    retry: 0
  }
})
