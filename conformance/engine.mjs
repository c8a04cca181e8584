/**
 * sluice's command line, run as a program of its own or, ten times as fast, within this process: the same built code either way.
 */
import { spawn } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"

const words = (config, database) => ["sync", config, "--db", database, "--concurrency", "1", "--json"]

/** @returns what it said, and its exit code */
export const asProgram = (config, database, env) =>
  new Promise((resolve) => {
    const program = fileURLToPath(new URL("../bin/sluice.js", import.meta.url))
    const child = spawn(process.execPath, [program, ...words(config, database)], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"]
    })
    const out = { said: "" }
    for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out.said += text))
    const late = setTimeout(() => child.kill("SIGKILL"), 60_000)
    child.on("close", (code) => {
      clearTimeout(late)
      resolve({ ...out, code })
    })
  })

/** One at a time: the environment is that of the process. */
export const inProcess = async (config, database, env) => {
  const [Cli, Shell, { platform }, Effect] = await Promise.all([
    import("../dist/Cli.js"),
    import("../dist/Cli/Shell.js"),
    import("../dist/node.js"),
    import("effect/Effect")
  ])
  Object.assign(process.env, env)
  let said = ""
  const stream = {
    write: (text, done) => {
      said += text
      done?.()
      return true
    }
  }
  const shell = Shell.make({ stdout: stream, stderr: stream, runtime: "Node", pid: process.pid })
  const late = Effect.timeoutTo({ duration: "60 seconds", onSuccess: (code) => code, onTimeout: () => "late" })
  try {
    const code = await Effect.runPromise(
      late(
        Effect.flatMap(shell, (service) =>
          Effect.provideService(Cli.run(words(config, database), platform), Shell.Shell, service)
        )
      )
    )
    return { said, code }
  } finally {
    for (const name of Object.keys(env)) delete process.env[name]
  }
}
