/**
 * A Fetch that answers from a recording and sends nothing: what the runs of a `crash-test` are served by.
 *
 * `SLUICE_REPLAY=FILE` arms a `sync` with one; without the variable nothing is.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Api from "../../Api.ts"
import * as FailPoint from "../../FailPoint.ts"
import * as Fetch from "../../Fetch.ts"
import { FetchError } from "../../Fetch/FetchError.ts"
import { CliError } from "../CliError.ts"
import * as Recording from "./Recording.ts"

/**
 * @since 0.1.0
 * @category defaults
 */
export const variable = "SLUICE_REPLAY"

/**
 * What a request that the recording does not have fails with.
 *
 * @since 0.1.0
 * @category defaults
 */
export const missing = "the recording has no answer to it"

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  recording: Recording.Recording
): Layer.Layer<Fetch.Fetch, never, Api.Api | HttpClient.HttpClient> =>
  Layer.effect(
    Fetch.Fetch,
    Effect.map(Fetch.make, (fetch) => ({
      ...fetch,
      send: (request) =>
        Effect.gen(function* () {
          yield* FailPoint.at("request")
          const entry = recording.get(Recording.key(request, fetch.redact))
          yield* FailPoint.at("body")
          if (entry !== undefined) return yield* Recording.give(entry)
          const url = fetch.redact.text(request.path)
          return yield* new FetchError({
            reason: "Transport",
            method: request.method,
            url,
            detail: missing,
            attempts: 0,
            isRetryable: false
          })
        })
    }))
  )

/**
 * @since 0.1.0
 * @category constructors
 */
export const armed: Effect.Effect<ReturnType<typeof layer> | undefined, CliError, FileSystem.FileSystem> = Effect.gen(
  function* () {
    // Deno throws where a variable may not be looked at; then it counts as not set.
    const file = yield* Effect.catchAllCause(Config.string(variable), () => Effect.succeed(""))
    if (file === "") return undefined
    const fs = yield* FileSystem.FileSystem
    const text = yield* Effect.mapError(
      fs.readFileString(file),
      () => new CliError({ reason: "Unreadable", detail: `${variable}: the recording ${file} cannot be read` })
    )
    return layer(Recording.decode(text))
  }
)
