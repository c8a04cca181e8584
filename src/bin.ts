/**
 * Starts the command line on Node, Bun or Deno. Its exit code is the contract.
 *
 * Answers itself what needs no more than text, the version and help, and loads the program (`main.ts`) for everything else:
 * Effect alone takes longer to load than such an answer.
 */
import * as Either from "effect/Either"
import process from "node:process"
import * as Front from "./Cli/Front.ts"
import * as View from "./Cli/View.ts"

// Deno throws where a variable may not be looked at; then it counts as not set.
const variable = (name: string): string => {
  try {
    return process.env[name] ?? ""
  } catch {
    return ""
  }
}

// A reader that stops reading, as `head` does, is no reason to fail; output that is lost, on a full disk, is one.
let lost = false
process.stdout.on("error", (error: { readonly code?: string }) => {
  if (error.code !== "EPIPE") lost = true
})
process.stderr.on("error", () => undefined)

const argv = process.argv.slice(2)
const invocation = Front.read(argv)
const text = Either.isRight(invocation)
  ? Front.answer(
      invocation.right,
      View.make(process.stdout, {
        NO_COLOR: variable("NO_COLOR"),
        FORCE_COLOR: variable("FORCE_COLOR"),
        TERM: variable("TERM")
      })
    )
  : undefined

if (text === undefined) {
  const { start } = await import("./main.ts")
  start(argv, () => lost)
} else {
  // Node tells the stream's listeners of an error after this.
  process.stdout.write(`${text}\n`, () => setImmediate(() => process.exit(lost ? 1 : 0)))
}
