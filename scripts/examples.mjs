/**
 * Checks and runs the examples the way a user's project would: types and code of `sluice` come from dist, by package name.
 *
 * Every `examples/*.ts` is a program that ends by itself with exit code 0, and is run in a scratch folder; every
 * `examples/*.test.ts` is a vitest file. Neither may be missing. Configurations are synced from a scripted API of their own,
 * and the tables are looked at; one name as an argument runs only that one.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { basename, isAbsolute, join } from "node:path"
import { build } from "rolldown"
import { root } from "./build-stamp.mjs"
import { configurations } from "./examples/configurations.mjs"

const work = join(root, ".build/examples")
rmSync(work, { recursive: true, force: true })
mkdirSync(work, { recursive: true })

const files = readdirSync(join(root, "examples")).filter((file) => file.endsWith(".ts"))
const programs = files.filter((file) => !file.endsWith(".test.ts"))
if (programs.length === 0 || programs.length === files.length) {
  console.error("FAIL examples holds no program, or no test")
  process.exit(1)
}
const failures = []
const [only] = process.argv.slice(2)

for (const { file, problems } of await configurations({ root, work, only })) {
  if (problems.length === 0) console.log(`ok   ${file}`)
  else failures.push(...problems.map((problem) => `${file}: ${problem}`))
}

const node = (what, args, options) => {
  const { status, signal } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    ...options
  })
  if (status === 0) console.log(`ok   ${what}`)
  else failures.push(`${what}: ${signal ?? `exit code ${status}`}`)
}

if (only !== undefined) {
  for (const failure of failures) console.error(`FAIL ${failure}`)
  process.exit(failures.length > 0 ? 1 : 0)
}

// Without `paths` the compiler takes the declarations that a user gets.
const project = { extends: "../../tsconfig.json", compilerOptions: { paths: {} }, include: ["../../examples"] }
writeFileSync(join(work, "tsconfig.json"), JSON.stringify(project))
node("types", ["node_modules/typescript/bin/tsc", "-p", join(work, "tsconfig.json")])

node("tests", ["node_modules/vitest/vitest.mjs", "run", "examples"], { env: { ...process.env, SLUICE_EXAMPLES: "1" } })

// Not every Node we support runs TypeScript as it is. Only the types go: each import stays and is resolved by Node.
await build({
  cwd: root,
  input: programs.map((file) => join("examples", file)),
  platform: "node",
  external: (id) => !id.startsWith(".") && !isAbsolute(id) && !id.startsWith("examples/"),
  output: { dir: work, entryFileNames: "[name].mjs" }
})
for (const file of programs) {
  const name = basename(file, ".ts")
  const cwd = join(work, name)
  mkdirSync(cwd)
  node(file, [join(work, `${name}.mjs`)], { cwd, timeout: 120_000 })
}

for (const failure of failures) console.error(`FAIL ${failure}`)
process.exitCode = failures.length > 0 ? 1 : 0
