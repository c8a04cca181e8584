/**
 * Runs the configurations in `examples/` against their scripted APIs, with the built command line, as a user would: check, plan,
 * sync, and again after the API has changed. What must be in the tables is in `cases.mjs`. SLUICE_BIN names another build.
 */
import Database from "better-sqlite3"
import { spawn } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import { cases } from "./cases.mjs"
import { serve } from "./server.mjs"

/** Synced elsewhere, from the sandbox. */
const others = ["analytics.yaml"]

export const configurations = async ({ only, root, work }) => {
  const files = readdirSync(join(root, "examples")).filter((file) => /\.(?:ya?ml|json|md)$/.test(file))
  const known = cases.map((make) => make())
  const results = files
    .filter((file) => !others.includes(file) && !known.some((one) => one.file === file))
    .map((file) => ({ file, problems: ["has no case in scripts/examples/cases.mjs"] }))
  for (const one of known) {
    if (only !== undefined && !one.file.startsWith(only)) continue
    results.push({ file: one.file, problems: await run(one, { root, work }) })
  }
  return results
}

const run = async ({ env, file, imports, routes, runs }, { root, work }) => {
  const cwd = join(work, file.replace(/\.\w+$/, ""))
  mkdirSync(cwd, { recursive: true })
  const bin = process.env["SLUICE_BIN"] ?? join(root, "bin/sluice.js")
  const server = await serve(routes)
  const problems = []
  const sluice = async (code, ...args) => {
    const result = await child(process.execPath, [bin, ...args], { cwd, env })
    const shown = Object.values(env).filter((secret) => (result.stdout + result.stderr).includes(secret))
    if (shown.length > 0) problems.push(`sluice ${args.join(" ")} shows a secret`)
    if (result.code !== code) {
      problems.push(`sluice ${args.join(" ")} ended with ${result.code}\n${result.stdout}\n${result.stderr}`)
    }
    return result.stdout
  }
  try {
    const text = readFileSync(join(root, "examples", file), "utf8")
    if (!text.includes("https://api.example.com")) problems.push("is not about https://api.example.com")
    writeFileSync(join(cwd, file), text.replaceAll("https://api.example.com", server.url))
    if (imports !== undefined) await sluice(0, "import", file, "--out", imports)
    const config = imports ?? file
    await sluice(0, "check", config, "--offline")
    await sluice(0, "plan", config, "--json")
    if (server.requests.length > 0) problems.push("a request was sent by check --offline or plan")
    await sluice(0, "check", config)
    for (const [index, { before, check, queries }] of runs.entries()) {
      before?.()
      await sluice(0, "sync", config, "--json")
      const db = new Database(join(cwd, config.replace(/\.\w+$/, ".db")), { readonly: true })
      for (const [sql, wanted] of queries) {
        const found = attempt(() => db.prepare(sql).raw().all())
        if (!isDeepStrictEqual(found, wanted)) {
          problems.push(`run ${index + 1}: ${sql}\n  gives ${JSON.stringify(found)}\n  not   ${JSON.stringify(wanted)}`)
        }
      }
      db.close()
      const fine = check?.() ?? true
      if (fine !== true) problems.push(`run ${index + 1}: ${fine}`)
    }
  } catch (error) {
    problems.push(String(error))
  } finally {
    await server.close()
  }
  return problems
}

const attempt = (query) => {
  try {
    return query()
  } catch (error) {
    return String(error)
  }
}

const child = (command, args, { cwd, env }) =>
  new Promise((resolve, reject) => {
    const { HOME, PATH } = process.env
    const started = spawn(command, args, { cwd, env: { HOME, PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] })
    const output = { stdout: "", stderr: "" }
    for (const name of ["stdout", "stderr"])
      started[name].setEncoding("utf8").on("data", (text) => (output[name] += text))
    const late = setTimeout(() => started.kill("SIGKILL"), 60_000)
    started.on("error", reject)
    started.on("close", (code) => {
      clearTimeout(late)
      resolve({ code, ...output })
    })
  })
