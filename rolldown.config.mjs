/**
 * Bundles the command line. Start time is the number of modules loaded: unbundled it is about 700, here a handful.
 *
 * Parts that are imported on demand become files of their own beside main.js. Everything the program needs is inside, but
 * for the native better-sqlite3, which npm installs.
 */
import { fileURLToPath } from "node:url"
import { defineConfig } from "rolldown"

const manual = fileURLToPath(new URL("src/Cli/Manual.ts", import.meta.url))

export default defineConfig({
  input: { main: "src/bin.ts" },
  platform: "node",
  external: [/^node:/, "better-sqlite3"],
  plugins: [
    {
      // The pages of help are data, made of the commands' definitions. Here they are made once, by what tsc has just
      // compiled, so that `--help` loads neither the commands nor @effect/cli. test/e2e/Start.test.ts compares.
      name: "manual-as-data",
      load: {
        filter: { id: manual },
        async handler() {
          const made = await import(new URL("dist/Cli/Manual.js", import.meta.url).href)
          return {
            code: `export const manual = JSON.parse(${JSON.stringify(JSON.stringify(made.manual))})`,
            moduleType: "js"
          }
        }
      }
    }
  ],
  output: {
    dir: "dist/bundle",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js"
  }
})
