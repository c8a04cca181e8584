/**
 * Child processes: run to their end with what they said, or asked over a channel.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import process from "node:process"

/** Nothing here takes so long; a hung process must not hang CI. */
const maxMillis = 300_000

/** @returns what it said, and its exit code or the signal that ended it */
export const run = async (args, env, { command = process.execPath, timeout = maxMillis } = {}) => {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout, killSignal: "SIGKILL" })
  const out = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      out[name] += text
    })
  }
  // Not "close": what keeps a pipe open a moment longer is not the process.
  const closed = once(child, "close")
  // A program that is not there says so by both; one of them is awaited below.
  closed.catch(() => {})
  const [code, signal] = await once(child, "exit")
  const ended = performance.now()
  await closed
  return { code: code ?? signal, ended, ...out }
}

/** The next message of a forked process. */
export const answer = async (child) => {
  const ended = new AbortController()
  const end = () => ended.abort()
  child.once("exit", end)
  try {
    const [message] = await once(child, "message", { signal: ended.signal })
    return message
  } catch {
    throw new Error("the benchmark's server ended")
  } finally {
    child.off("exit", end)
  }
}
