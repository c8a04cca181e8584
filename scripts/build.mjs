/**
 * Builds dist: one JavaScript file and declaration per module for those who embed, a bundle for the command line.
 *
 * `tsc` does the first and checks types on the way; rolldown the second, because start time is the number of modules loaded.
 */
import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { build } from "rolldown"
import config, { commonjs } from "../rolldown.config.mjs"
import { begin, root } from "./build-stamp.mjs"

const finish = begin()
rmSync(join(root, "dist"), { recursive: true, force: true })
const tsc = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"]
})
if (tsc.status !== 0) process.exit(1)
await build({ ...config, cwd: root })
await build({ ...commonjs, cwd: root })
finish()
