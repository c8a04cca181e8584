/**
 * The fake API on a port of this machine, for the demo, end-to-end tests, benchmarks and other people's clients.
 *
 * Outside a row's path, and the only file of the sandbox that knows sockets. One scope is one server: closing it ends
 * every connection at once, on Node, Bun and Deno.
 */
import type { IncomingMessage, Server as NodeServer, ServerResponse } from "node:http"
import { createServer } from "node:http"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Control from "./Control.ts"
import * as Gateway from "./Gateway.ts"
import type * as Http from "./Http.ts"
import { SandboxError } from "./SandboxError.ts"
import type { World } from "./World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options extends Gateway.Options {
  /** `127.0.0.1` unless said otherwise. */
  readonly host?: string | undefined
  /** 0, any free port, unless said otherwise. */
  readonly port?: number | undefined
  /** Whether `/__sandbox/` is served to peers on this machine; it is unless said otherwise. */
  readonly control?: boolean | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Server extends Gateway.Gateway {
  /** Without a slash at the end. */
  readonly url: string
  readonly port: number
  /** What a client needs to know, as environment variables. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const defaults = { host: "127.0.0.1", port: 0, control: true } as const

/**
 * @since 0.1.0
 * @category constructors
 */
export const serve = (options: Options = {}): Effect.Effect<Server, SandboxError, Scope.Scope> =>
  Effect.gen(function* () {
    const host = options.host ?? defaults.host
    const wanted = options.port ?? defaults.port
    if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
      const detail = `port must be a whole number from 0 to 65535, is ${wanted}`
      return yield* new SandboxError({ reason: "Option", detail })
    }
    const gateway = yield* Gateway.make(options)
    const run = yield* FiberSet.makeRuntime<never>()
    const server = yield* listen(host, wanted, (message, response) => {
      run(exchange(gateway, options.control ?? defaults.control, message, response))
    })
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : wanted
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`
    const world = yield* gateway.world
    return { ...gateway, url, port, environment: environment(world, url) }
  })

/**
 * The variables that point the built-in source, or the spec's configuration, at a sandbox.
 *
 * @since 0.1.0
 * @category accessors
 */
export const environment = (world: World, url: string): Readonly<Record<string, string>> =>
  world.shape === "spec"
    ? { API_KEY: world.apiKey, API_BASE_URL: url, POSTMARK_API_KEY: world.apiKey, POSTMARK_BASE_URL: url }
    : { POSTMARK_SERVER_TOKEN: world.serverToken, POSTMARK_ACCOUNT_TOKEN: world.accountToken, POSTMARK_BASE_URL: url }

// --- internal ---

type Listener = (message: IncomingMessage, response: ServerResponse) => void

const listen = (host: string, port: number, listener: Listener) =>
  Effect.acquireRelease(
    Effect.async<NodeServer, SandboxError>((resume) => {
      const server = createServer(listener)
      const fail = (cause: unknown) => resume(Effect.fail(refused(host, port, cause)))
      server.once("error", fail)
      try {
        server.listen(port, host, () => {
          server.off("error", fail)
          resume(Effect.succeed(server))
        })
      } catch (cause) {
        fail(cause)
      }
    }),
    (server) =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        // A kept-alive connection would hold `close` up for ever.
        server.closeAllConnections()
      }).pipe(Effect.timeoutOption("1 second"))
  )

const refused = (host: string, port: number, cause: unknown) => {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(cause)
  return code === "EADDRINUSE"
    ? new SandboxError({
        reason: "PortInUse",
        detail: `port ${port} on ${host} is in use by another program; choose another port, or 0 for any free one`
      })
    : new SandboxError({ reason: "Listen", detail: `cannot listen on ${host}:${port}: ${code}` })
}

const exchange = (gateway: Gateway.Gateway, control: boolean, message: IncomingMessage, response: ServerResponse) =>
  Effect.gen(function* () {
    const request = { method: message.method ?? "GET", url: message.url ?? "/", headers: headersOf(message) }
    if (control && loopback(message) && Control.isControl(request)) {
      const body = yield* bodyOf(message)
      return write(response, yield* Control.handle(gateway, { ...request, body }))
    }
    const reply = yield* gateway.handle(request)
    if (reply.reset) cut(response, reply.response)
    else write(response, reply.response)
  })

const write = (response: ServerResponse, { body, headers, status }: Http.Response) => {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) })
  response.end(body)
}

/** Promises the whole body, sends half, and hangs up once that half is on its way. */
const cut = (response: ServerResponse, { body, headers, status }: Http.Response) => {
  const bytes = Buffer.from(body)
  response.writeHead(status, { ...headers, "content-length": bytes.length })
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    if (response.socket === null || response.socket === undefined) response.destroy()
    else response.socket.destroy()
  })
}

const headersOf = (message: IncomingMessage): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value])
  )

const loopback = (message: IncomingMessage) => {
  const address = message.socket?.remoteAddress ?? ""
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.")
}

/** More than a control request can need is cut off and then refused as JSON. */
const bodyOf = (message: IncomingMessage) =>
  Effect.async<string>((resume) => {
    const chunks: Array<Buffer> = []
    let size = 0
    message.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size <= 65_536) chunks.push(chunk)
    })
    message.on("end", () => resume(Effect.succeed(Buffer.concat(chunks).toString("utf8"))))
    message.on("error", () => resume(Effect.succeed("")))
  })
