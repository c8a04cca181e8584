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
import type * as Program from "./main.ts"

/**
 * Runs the command line of this process. `load` gives the program where it is not this bundle's own.
 *
 * @since 0.1.0
 * @category combinators
 */
export const main = async (load: () => Promise<typeof Program> = () => import("./main.ts")): Promise<void> => {
  // A reader that stops reading, as `head` does, is no reason to fail; output that is lost, on a full disk, is one.
  let lost = false
  process.stdout.on("error", (error: { readonly code?: string }) => {
    if (error.code !== "EPIPE") lost = true
  })
  process.stderr.on("error", () => undefined)
  const argv = process.argv.slice(2)
  const text = Either.match(Front.read(argv), {
    onLeft: () => undefined,
    onRight: (invocation) => Front.answer(invocation, View.make(process.stdout, variables()))
  })
  if (text === undefined) {
    const { start } = await load()
    start(argv, { load: (url) => import(url), lost: () => lost })
  } else {
    // The stream's listeners are told of an error after this.
    process.stdout.write(`${text}\n`, () => setImmediate(() => process.exit(lost ? 1 : 0)))
  }
}

// --- internal ---

const variables = (): View.Variables => ({
  NO_COLOR: variable("NO_COLOR"),
  FORCE_COLOR: variable("FORCE_COLOR"),
  TERM: variable("TERM")
})

// Deno throws where a variable may not be looked at; then it counts as not set.
const variable = (name: string): string => {
  try {
    // @effect-diagnostics-next-line processEnv:off -- Config is of Effect, which is not loaded yet
    return process.env[name] ?? ""
  } catch {
    return ""
  }
}
