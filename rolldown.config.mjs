/**
 * Bundles the command line. Start time is the number of modules loaded: unbundled it is about 700, here a handful.
 *
 * Parts that are imported on demand become files of their own beside main.js. Everything the program needs is inside, but
 * for the native better-sqlite3, which npm installs.
 */
import { fileURLToPath } from "node:url"
import { defineConfig } from "rolldown"

const manual = fileURLToPath(new URL("src/Cli/Manual.ts", import.meta.url))

const config = defineConfig({
  input: { main: "src/bin.ts" },
  platform: "node",
  external: [/^node:/, /^better-sqlite3$/],
  // The same sources as ES modules, of which only what is used is taken; what its package gives to Node is CommonJS.
  resolve: { alias: { yaml: fileURLToPath(new URL("node_modules/yaml/browser/index.js", import.meta.url)) } },
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

export default config

const late = "\0late:"

/** The program once more, in one file, for Node 20: it keeps compiled code of scripts only (bin/compiled.js). */
export const commonjs = {
  ...config,
  input: { program: "src/main.ts" },
  external: [],
  plugins: [
    ...config.plugins,
    {
      // In one file everything from outside would be loaded at once, and better-sqlite3 may be missing.
      name: "outside-when-needed",
      resolveId: {
        filter: { id: config.external },
        handler: (id, importer) => (importer?.startsWith(late) ? { id, external: true } : `${late}${id}`)
      },
      load: {
        filter: { id: new RegExp(`^${late}`) },
        handler: (id) => ({ code: `module.exports = require("${id.slice(late.length)}")`, moduleType: "js" })
      }
    }
  ],
  output: {
    dir: "dist/bundle/cjs",
    format: "cjs",
    entryFileNames: "[name]-[hash].cjs",
    codeSplitting: false,
    // Without comments, with names: a trace still says where.
    minify: { mangle: false, compress: false }
  }
}
