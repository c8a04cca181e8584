/**
 * The fake API behind an in-memory `HttpClient`: no socket, so a test may stop and turn the clock.
 *
 * Outside a row's path. Same answers and faults as `Server`; a `reset` is a transport error, as there is no connection
 * to cut.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Gateway from "./Gateway.ts"
import type { SandboxError } from "./SandboxError.ts"

/**
 * The client of a gateway whose world and requests a test wants to see; any host is the sandbox to it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (gateway: Gateway.Gateway): HttpClient.HttpClient =>
  HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const { method, headers } = request
      const reply = yield* gateway.handle({ method, url: `${url.pathname}${url.search}`, headers })
      if (reply.reset) return yield* Effect.fail(reset(request))
      const { body, headers: sent, status } = reply.response
      return HttpClientResponse.fromWeb(request, new Response(body, { status, headers: { ...sent } }))
    })
  )

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Gateway.Options): Layer.Layer<HttpClient.HttpClient, SandboxError> =>
  Layer.effect(HttpClient.HttpClient, Effect.map(Gateway.make(options), make))

// --- internal ---

const reset = (request: HttpClientRequest.HttpClientRequest) =>
  new HttpClientError.RequestError({
    request,
    reason: "Transport",
    description: "the sandbox cut the connection",
    cause: new Error("socket hang up")
  })
