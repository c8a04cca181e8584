/**
 * What a command talks to: data on stdout, everything else on stderr, both free of secrets.
 *
 * Given the two streams by `main.ts`; knows no runtime itself. Decides nothing about what is said.
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Redact from "../Fetch/Redact.ts"
import * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Shell extends Context.Tag("sluice/Cli/Shell")<
  Shell,
  {
    /** Lines of data for people, on stdout. */
    readonly print: (text: string) => Effect.Effect<void>
    /** The one document of a command that was given `--json`, on stdout. */
    readonly json: (value: unknown) => Effect.Effect<void>
    /** Anything that is not data, on stderr. */
    readonly say: (text: string) => Effect.Effect<void>
    /** From now on these are masked in whatever is written. */
    readonly hide: (secrets: ReadonlyArray<Redacted.Redacted<string>>) => Effect.Effect<void>
    /** For what has to draw by itself. */
    readonly mask: (text: string) => string
    readonly out: View.View
    readonly err: View.View
    readonly stderr: View.Stream
    /** Named when something asks for another one: `Node 20.19.0`. */
    readonly runtime: string
    readonly pid: number
    /** Ends this process as `kill -9` does: nothing is flushed, no finalizer runs. */
    readonly kill: Effect.Effect<never>
    /** Imports a module of the user's, by its URL. */
    readonly load: (url: string) => Promise<unknown>
    /** What starts this program again. */
    readonly self: ReadonlyArray<string>
  }
>() {}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly stdout: View.Stream
  readonly stderr: View.Stream
  readonly runtime: string
  readonly pid: number
  /** Does nothing unless said otherwise. */
  readonly kill?: (() => void) | undefined
  /** Said by whoever runs this where it cannot import by itself: a script has no `import`. */
  readonly load?: ((url: string) => Promise<unknown>) | undefined
  readonly self?: ReadonlyArray<string> | undefined
}

/**
 * Reads `NO_COLOR`, `FORCE_COLOR` and `TERM`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Effect.Effect<Shell["Type"]> =>
  Effect.gen(function* () {
    const { kill, pid, runtime, stderr, stdout } = options
    const redactor = Redact.growing([], [])
    const variables: View.Variables = yield* Effect.all({
      NO_COLOR: variable("NO_COLOR"),
      FORCE_COLOR: variable("FORCE_COLOR"),
      TERM: variable("TERM")
    })
    const out = View.make(stdout, variables)
    return {
      print: (text) => write(stdout, redactor.text(`${text}\n`)),
      // Not as text: a secret that is a number would tear a hole into the document.
      json: (value) => write(stdout, `${JSON.stringify(redactor.json(value), undefined, out.isTerminal ? 2 : 0)}\n`),
      say: (text) => write(stderr, redactor.text(`${text}\n`)),
      hide: (secrets) => Effect.sync(() => redactor.add(secrets, [])),
      mask: redactor.text,
      out,
      err: View.make(stderr, variables),
      stderr,
      runtime,
      pid,
      load: options.load ?? ((url) => import(url)),
      self: options.self ?? [],
      kill: Effect.zipRight(
        Effect.sync(() => kill?.()),
        Effect.never
      )
    }
  })

// --- internal ---

/** Done when the bytes are with the system: the program may end right after. A reader that went away is no reason to fail. */
const write = (stream: View.Stream, text: string): Effect.Effect<void> =>
  Effect.async<void>((resume) => {
    stream.write(text, () => resume(Effect.void))
  })

// Deno throws where a variable may not be looked at; then it counts as not set.
const variable = (name: string): Effect.Effect<string> =>
  Effect.catchAllCause(Config.string(name), () => Effect.succeed(""))
