/**
 * Everything the fake Postmark holds, as one small immutable value: a seed, counts, tokens, and what was inserted or
 * changed.
 *
 * Outside a row's path. Rows are computed from it on demand (`Data/`), so a world of 200,000 messages is as small as an
 * empty one. An operation returns a new world; nothing here does I/O.
 */
import * as Either from "effect/Either"
import { SandboxError } from "./SandboxError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface World {
  readonly seed: number
  /** Milliseconds since 1970 of the moment the first rows lead up to. */
  readonly epoch: number
  readonly shape: "postmark" | "spec"
  readonly window: number
  readonly messages: number
  readonly bounces: number
  readonly otherMessages: number
  readonly otherBounces: number
  readonly servers: number
  readonly domains: number
  readonly streams: number
  readonly archivedStreams: number
  readonly serverToken: string
  readonly accountToken: string
  readonly apiKey: string
  readonly inserted: Rows
  readonly changed: Rows
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Rows {
  readonly messages: number
  readonly bounces: number
  readonly domains: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Two worlds of one seed and size answer with the same bytes. 0 to 2^32-1. */
  readonly seed?: number | undefined
  /** ISO 8601 instant that the first rows lead up to. */
  readonly epoch?: string | undefined
  /** `postmark`: the real API's paths, tokens and rules. `spec`: `/v1` paths, header `api_key`, `limit`, `offset`. */
  readonly shape?: World["shape"] | undefined
  /** Most that `count + offset` may be on messages and bounces. 10,000 in `postmark`; `Infinity`, none, in `spec`. */
  readonly window?: number | undefined
  /** Messages in the stream `outbound`, the one a request sees unless it names another. */
  readonly messages?: number | undefined
  /** Bounces in the stream `outbound`. */
  readonly bounces?: number | undefined
  /** Messages in each further stream that sends. A tenth of `messages` unless said otherwise. */
  readonly otherMessages?: number | undefined
  /** Bounces in each further stream that sends; counted by `/deliverystats` with the others. */
  readonly otherBounces?: number | undefined
  readonly servers?: number | undefined
  readonly domains?: number | undefined
  /** Streams listed without `includeArchivedStreams`; 1 to 10 together with the archived ones. */
  readonly streams?: number | undefined
  readonly archivedStreams?: number | undefined
  readonly serverToken?: string | undefined
  readonly accountToken?: string | undefined
  readonly apiKey?: string | undefined
}

/**
 * Clearly fake, and never the token of a real server or account.
 *
 * @since 0.1.0
 * @category defaults
 */
export const tokens = {
  serverToken: "00000000-5a5a-4000-8000-5e77e7700001",
  accountToken: "00000000-5a5a-4000-8000-acc000000001",
  apiKey: "sandbox-api-key-00000001"
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const defaults = {
  seed: 1,
  epoch: "2026-11-16T12:00:00Z",
  shape: "postmark",
  messages: 1200,
  bounces: 300,
  otherBounces: 0,
  servers: 3,
  domains: 8,
  streams: 4,
  archivedStreams: 1,
  ...tokens
} as const

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Either.Either<World, SandboxError> =>
  Either.gen(function* () {
    const shape = options.shape ?? defaults.shape
    const messages = yield* whole("messages", options.messages ?? defaults.messages, 0, maxRows)
    const streams = yield* whole("streams", options.streams ?? defaults.streams, 1, 10)
    const archived = options.archivedStreams ?? Math.min(defaults.archivedStreams, 10 - streams)
    const window = options.window ?? (shape === "postmark" ? 10_000 : Infinity)
    const epoch = Date.parse(options.epoch ?? defaults.epoch)
    if (Number.isNaN(epoch)) {
      const given = JSON.stringify(options.epoch)
      return yield* refuse("Option", `epoch ${given} is not an instant such as ${defaults.epoch}`)
    }
    return {
      seed: yield* whole("seed", options.seed ?? defaults.seed, 0, 4_294_967_295),
      epoch,
      shape,
      window: window === Infinity ? window : yield* whole("window", window, 1, Number.MAX_SAFE_INTEGER),
      messages,
      bounces: yield* whole("bounces", options.bounces ?? defaults.bounces, 0, maxRows),
      otherMessages: yield* whole("otherMessages", options.otherMessages ?? Math.floor(messages / 10), 0, maxRows),
      otherBounces: yield* whole("otherBounces", options.otherBounces ?? defaults.otherBounces, 0, maxRows),
      servers: yield* whole("servers", options.servers ?? defaults.servers, 1, 1_000_000),
      domains: yield* whole("domains", options.domains ?? defaults.domains, 0, 1_000_000),
      streams,
      archivedStreams: yield* whole("archivedStreams", archived, 0, 10 - streams),
      serverToken: yield* filled("serverToken", options.serverToken ?? tokens.serverToken),
      accountToken: yield* filled("accountToken", options.accountToken ?? tokens.accountToken),
      apiKey: yield* filled("apiKey", options.apiKey ?? tokens.apiKey),
      inserted: none,
      changed: none
    }
  })

/**
 * Adds rows that are newer than every row there is (a domain, which has no time, becomes the last of its list).
 *
 * @since 0.1.0
 * @category combinators
 */
export const insert = (world: World, rows: Partial<Rows>): Either.Either<World, SandboxError> =>
  Either.gen(function* () {
    const inserted = {
      messages: world.inserted.messages + (yield* whole("messages", rows.messages ?? 0, 0, maxRows)),
      bounces: world.inserted.bounces + (yield* whole("bounces", rows.bounces ?? 0, 0, maxRows)),
      domains: world.inserted.domains + (yield* whole("domains", rows.domains ?? 0, 0, 1_000_000))
    }
    yield* whole("messages", world.messages + inserted.messages, 0, maxRows)
    yield* whole("bounces", world.bounces + inserted.bounces, 0, maxRows)
    return { ...world, inserted }
  })

/**
 * Gives exactly so many rows another value in at least one field, newest first; the next call goes on where this one
 * stopped. Only rows the world was made with change, never inserted ones, so a row's history does not depend on when
 * others came.
 *
 * @since 0.1.0
 * @category combinators
 */
export const change = (world: World, rows: Partial<Rows>): Either.Either<World, SandboxError> =>
  Either.gen(function* () {
    const further = (kind: keyof Rows) =>
      Either.gen(function* () {
        const count = yield* whole(kind, rows[kind] ?? 0, 0, Number.MAX_SAFE_INTEGER)
        return count <= world[kind]
          ? world.changed[kind] + count
          : yield* refuse("Rows", `cannot change ${count} ${kind}: the world was made with ${world[kind]}`)
      })
    return {
      ...world,
      changed: {
        messages: yield* further("messages"),
        bounces: yield* further("bounces"),
        domains: yield* further("domains")
      }
    }
  })

/**
 * How often the row of a serial was changed.
 *
 * @since 0.1.0
 * @category accessors
 */
export const revision = (world: World, kind: keyof Rows, serial: number): number => {
  const initial = world[kind]
  return serial < initial ? Math.floor((world.changed[kind] + serial) / initial) : 0
}

// --- internal ---

/** 28 bits of serial and 4 of stream make the 32 bits an identifier is built from. */
const maxRows = 2 ** 28 - 1

const none: Rows = { messages: 0, bounces: 0, domains: 0 }

const refuse = (reason: SandboxError["reason"], detail: string) => Either.left(new SandboxError({ reason, detail }))

const whole = (name: string, value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most
    ? Either.right(value)
    : refuse("Option", `${name} must be a whole number from ${least} to ${most}, is ${String(value)}`)

const filled = (name: string, value: string) =>
  value.trim() === "" ? refuse("Option", `${name} must not be empty`) : Either.right(value)
