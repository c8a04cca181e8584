/**
 * The fake Postmark for demos, tests and benchmarks: start here. A server on a port, or an in-memory `HttpClient`.
 *
 * Outside a row's path and imported by no stage. Holds no data: whatever the size, a world is a seed and a few counts.
 */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Client from "./Client.ts"
import * as Fault from "./Fault.ts"
import * as Gateway from "./Gateway.ts"
import type { SandboxError } from "./SandboxError.ts"
import * as Server from "./Server.ts"
import * as World from "./World.ts"

/**
 * Everything a sandbox can be told; see `defaults` for what it is otherwise.
 *
 * @since 0.1.0
 * @category models
 */
export type Options = Server.Options

/**
 * @since 0.1.0
 * @category defaults
 */
export const defaults = { ...World.defaults, ...Server.defaults } as const

/**
 * The tokens of a sandbox that was given no others; clearly fake.
 *
 * @since 0.1.0
 * @category defaults
 */
export const tokens = World.tokens

/**
 * Every kind of fault with a line on what it does and, where it takes one, its value and unit.
 *
 * @since 0.1.0
 * @category defaults
 */
export const faultKinds = Fault.kinds

/**
 * Reads a fault from a command line: `429=0.1`, `reset@2,5`, `delay:50=0.2`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parseFault = Fault.parse

/**
 * Serves on a port until the scope closes.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serve: (options?: Options) => Effect.Effect<Server.Server, SandboxError, Scope.Scope> = Server.serve

/**
 * The sandbox without a port, to hand to `client` and to look into.
 *
 * @since 0.1.0
 * @category constructors
 */
export const gateway: (options?: Gateway.Options) => Effect.Effect<Gateway.Gateway, SandboxError> = Gateway.make

/**
 * @since 0.1.0
 * @category constructors
 */
export const client = Client.make

/**
 * An `HttpClient` that answers from a sandbox of its own, whatever the host.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerClient = Client.layer

/**
 * The variables that point a client at a sandbox: tokens and base URL, named as the built-in source reads them.
 *
 * @since 0.1.0
 * @category accessors
 */
export const environment: (world: World.World, url: string) => Readonly<Record<string, string>> = Server.environment
