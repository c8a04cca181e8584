#!/usr/bin/env node
/**
 * Starts the built program. Holds no logic, so that a checkout, `npx sluice`, Bun and Deno all run the same bundle.
 */
import { existsSync } from "node:fs"
import * as module from "node:module"

try {
  // Node 22 and newer keep the compiled code for the next start.
  module.enableCompileCache?.()
} catch {
  // Only speed.
}

try {
  await import("../dist/bundle/main.js")
} catch (error) {
  if (error?.code !== "ERR_MODULE_NOT_FOUND" || isBuilt()) throw error
  console.error("sluice: not built yet; run `npm run setup` in this folder first")
  process.exitCode = 1
}

function isBuilt() {
  try {
    return existsSync(new URL("../dist/bundle/main.js", import.meta.url))
  } catch {
    // Deno without permission to look: the import has just said that it is not there.
    return false
  }
}
