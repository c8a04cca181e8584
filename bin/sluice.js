#!/usr/bin/env node
/**
 * Starts the built program. Holds no logic, so that a checkout, `npx sluice`, Bun and Deno all run the same sources.
 *
 * Compiled code is kept for the next start: by Node itself from 22 on, by `compiled.js` on Node 20.
 */
import { existsSync } from "node:fs"
import * as module from "node:module"
import { fileURLToPath } from "node:url"

try {
  module.enableCompileCache?.()
} catch {
  // Only speed.
}

try {
  const { main } = await import("../dist/bundle/main.js")
  await main(isOldNode() ? load : undefined)
} catch (error) {
  if (error?.code !== "ERR_MODULE_NOT_FOUND" || isBuilt()) throw error
  console.error("sluice: not built yet; run `npm run setup` in this folder first")
  process.exitCode = 1
}

function isOldNode() {
  return module.enableCompileCache === undefined && !("Bun" in globalThis) && !("Deno" in globalThis)
}

async function load() {
  const compiled = await import("./compiled.js")
  return compiled.load(fileURLToPath(new URL("../dist/bundle/cjs", import.meta.url)))
}

function isBuilt() {
  try {
    return existsSync(new URL("../dist/bundle/main.js", import.meta.url))
  } catch {
    // Deno without permission to look: the import has just said that it is not there.
    return false
  }
}
