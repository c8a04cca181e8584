/**
 * Builds dist: one JavaScript file and declaration per module for those who embed, one bundle for the command line.
 *
 * `tsc` does the first and checks types on the way; rolldown the second, because start time is the number of modules loaded.
 */
import { spawnSync } from "node:child_process"
import { existsSync, rmSync } from "node:fs"
import { join } from "node:path"
import { begin, bundle, root } from "./build-stamp.mjs"

const run = (name, ...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] })
  if (status === 0) return
  console.error(`build: ${name} failed`)
  process.exit(1)
}

const finish = begin()
rmSync(join(root, "dist"), { recursive: true, force: true })
run("tsc", "node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json")
run("rolldown", "node_modules/rolldown/bin/cli.mjs", "-c", "rolldown.config.mjs", "--logLevel", "warn")
if (!existsSync(join(root, bundle))) {
  console.error(`build: ${bundle} was not written`)
  process.exit(1)
}
finish()
