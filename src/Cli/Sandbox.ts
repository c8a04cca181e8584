/**
 * `sluice sandbox`: the fake Postmark on a port of this machine, until it is interrupted.
 *
 * What it prints on stdout can be pasted into another shell as it stands.
 */
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Flag from "./Flag.ts"
import * as Format from "./Format.ts"
import { exits, type Guide } from "./Help.ts"
import { Shell } from "./Shell.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const guide: Guide = {
  name: "sandbox",
  summary: "Serve a fake Postmark API to try things against, until Ctrl-C.",
  details: [
    "Answers like the real one: tokens, paging and its limits, error codes, odd timestamps, nulls. The same seed gives the same data. " +
      "Prints the variables that point `sluice sync postmark`, or Postmark's own client, at it.",
    "Faults: 429, 429-retry-after, 429-retry-after-date, 500, 502-html, 503-maintenance, 504, reset, truncated, delay, duplicate-page, insert. " +
      "KIND=RATE hits that share of the requests, KIND@2,5 the second and the fifth; a colon sets the value: delay:500=1 makes every answer half a second late."
  ],
  examples: [
    ["sluice sandbox", "On a free port"],
    ["sluice sandbox --port 8025 --messages 9500", "More to fetch, always at the same address"],
    ["sluice sandbox --fault 429-retry-after=0.2 --fault reset@3", "See retries at work"]
  ],
  environment: [],
  exits: [[1, "the port cannot be had"], exits.usage, [130, "stopped (Ctrl-C, SIGTERM); the only way it ends"]]
}

const port = Flag.whole("port", 0, 65_535).pipe(Options.withDescription("Otherwise a free one."), Options.optional)

const size = (name: string, what: string, otherwise: string) =>
  Flag.whole(name, 0).pipe(
    Options.withDescription(`How many ${what} there are. Otherwise ${otherwise}.`),
    Options.optional
  )

const messages = size("messages", "messages", "1,200")
const bounces = size("bounces", "bounces", "300")
const servers = size("servers", "servers", "3")
const domains = size("domains", "domains", "8")
const streams = size("streams", "message streams", "4")

const seed = Flag.whole("seed", 0).pipe(
  Options.withDescription("Another seed, other data. Otherwise 1."),
  Options.optional
)

const faults = Options.text("fault").pipe(
  Options.withPseudoName("KIND=RATE"),
  Options.withDescription("Let a share of the requests go wrong, see above; may be given several times."),
  Options.repeated
)

const shape = Options.choice("shape", ["postmark", "spec"]).pipe(
  Options.withDescription(
    "The real API's paths and tokens, or /v1 paths with an api_key header as in examples/analytics.yaml. Otherwise postmark."
  ),
  Options.optional
)

/**
 * @since 0.1.0
 * @category constructors
 */
export const command = Command.make(
  "sandbox",
  { port, messages, bounces, servers, domains, streams, seed, faults, shape },
  (flags) =>
    Effect.gen(function* () {
      const shell = yield* Shell
      const Sandbox = yield* Effect.promise(() => import("../sandbox/Sandbox.ts"))
      const server = yield* Sandbox.serve({
        port: Option.getOrUndefined(flags.port),
        messages: Option.getOrUndefined(flags.messages),
        bounces: Option.getOrUndefined(flags.bounces),
        servers: Option.getOrUndefined(flags.servers),
        domains: Option.getOrUndefined(flags.domains),
        streams: Option.getOrUndefined(flags.streams),
        seed: Option.getOrUndefined(flags.seed),
        shape: Option.getOrUndefined(flags.shape),
        faults: yield* Effect.forEach(flags.faults, Sandbox.parseFault)
      })
      const world = yield* server.world
      const holds = [
        Format.plural(world.messages, "message"),
        Format.plural(world.bounces, "bounce"),
        Format.plural(world.domains, "domain"),
        Format.plural(world.servers, "server"),
        Format.plural(world.streams, "stream")
      ].join(", ")
      yield* shell.say(`${shell.err.style.bold("sluice sandbox")} with ${holds}. Paste this into another terminal:\n`)
      yield* shell.print(
        [
          `# ${server.url}`,
          ...Object.entries(server.environment).map(([name, value]) => `export ${name}=${value}`)
        ].join("\n")
      )
      const next =
        world.shape === "spec"
          ? "sluice sync postmark, or FILE.yaml with base_url: ${API_BASE_URL}"
          : "sluice sync postmark"
      yield* shell.say(`\nThen: ${next}\n${shell.err.style.dim("Ctrl-C stops the sandbox.")}`)
      yield* Effect.onInterrupt(Effect.never, () =>
        Effect.flatMap(server.requestCount, (count) => shell.say(`\nstopped after ${Format.plural(count, "request")}`))
      )
    }).pipe(Effect.scoped)
).pipe(Command.withDescription(guide.summary))
