/**
 * Bundles the command line. Start time is the number of modules loaded: unbundled it is about 700, here a handful.
 *
 * Parts that are imported on demand become files of their own beside main.js. Everything the program needs is inside, but
 * for the native better-sqlite3, which npm installs.
 */
import { defineConfig } from "rolldown"

export default defineConfig({
  input: { main: "src/bin.ts" },
  platform: "node",
  external: [/^node:/, "better-sqlite3"],
  output: {
    dir: "dist/bundle",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js"
  }
})
