/**
 * A running sandbox driven from another process, under `/__sandbox/`:
 *
 * - `GET stats` counts of rows and requests · `GET requests` the last requests, without headers
 * - `POST insert` and `POST change` with `{"messages": 3, "bounces": 1, "domains": 0}`, answered with the new stats
 *
 * Outside a row's path. Asks for no token, so `Server` lets only loopback peers reach it. Not counted or logged as
 * requests.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as DeliveryStats from "./Data/DeliveryStats.ts"
import * as Domain from "./Data/Domain.ts"
import type * as Gateway from "./Gateway.ts"
import * as Http from "./Http.ts"
import type { World } from "./World.ts"

/**
 * @since 0.1.0
 * @category accessors
 */
export const isControl = (request: Http.Request): boolean => Http.target(request).path[0] === "__sandbox"

/**
 * @since 0.1.0
 * @category constructors
 */
export const handle = (gateway: Gateway.Gateway, request: Http.Request): Effect.Effect<Http.Response> => {
  const action = `${request.method.toUpperCase()} ${Http.target(request).path.slice(1).join("/")}`
  switch (action) {
    case "GET stats":
      return Effect.flatMap(gateway.world, (world) => stats(gateway, world))
    case "GET requests":
      return Effect.map(gateway.requests, (requests) => Http.json(200, JSON.stringify({ requests })))
    case "POST insert":
      return operate(gateway, request, gateway.insert)
    case "POST change":
      return operate(gateway, request, gateway.change)
    default:
      return Effect.succeed(
        Http.problem(404, 12, "Sandbox control: GET stats, GET requests, POST insert, POST change are all there is.")
      )
  }
}

// --- internal ---

const count = Schema.optional(Schema.Number)

const Rows = Schema.parseJson(Schema.Struct({ messages: count, bounces: count, domains: count }))

const decode = Schema.decodeUnknown(Rows, { onExcessProperty: "error" })

const example = JSON.stringify({ messages: 3, bounces: 1, domains: 0 })

const operate = (gateway: Gateway.Gateway, request: Http.Request, operation: Gateway.Gateway["insert"]) =>
  decode(request.body ?? "").pipe(
    Effect.mapError(() => ({ message: `the body must be JSON such as ${example}` })),
    Effect.flatMap(({ bounces = 0, domains = 0, messages = 0 }) => operation({ messages, bounces, domains })),
    Effect.flatMap((world) => stats(gateway, world)),
    Effect.catchAll(({ message }) => Effect.succeed(Http.problem(422, 422, `Sandbox control: ${message}`)))
  )

const stats = (gateway: Gateway.Gateway, world: World) =>
  Effect.map(gateway.requestCount, (requests) =>
    Http.json(
      200,
      JSON.stringify({
        requests,
        seed: world.seed,
        shape: world.shape,
        rows: {
          deliverystats: DeliveryStats.deliveryStats(world).Bounces.length,
          message_streams: world.streams,
          domains: Domain.count(world),
          messages: world.messages + world.inserted.messages,
          bounces: world.bounces + world.inserted.bounces,
          servers: world.servers
        },
        inserted: world.inserted,
        changed: world.changed
      })
    )
  )
