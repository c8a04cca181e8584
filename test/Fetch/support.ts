/** What the tests of stage Fetch share: a request, an API without jitter, and Fetch over a scripted network. */
import { Effect, Layer } from "effect"
import * as Api from "../../src/Api.ts"
import * as Auth from "../../src/Api/Auth.ts"
import * as Fetch from "../../src/Fetch.ts"
import type * as Testing from "../../src/testing.ts"

export const token = "5ecr3t-tok/en+0f=1"

export const apiKey = Auth.apiKey({ name: "X-Token", value: token })

export const get = (path: string, more: Partial<Fetch.Request> = {}): Fetch.Request => ({
  method: "GET",
  path,
  query: [],
  ...more
})

export const options = (more: Partial<Api.Options> = {}): Api.Options => ({
  baseUrl: "https://api.example.com/v1",
  auth: apiKey,
  ...more,
  retry: { jitter: false, ...more.retry }
})

/** Runs a program with a Fetch over the script. The script is not verified: some tests want replies left. */
export const over = <A, E>(
  script: Testing.Script,
  program: (fetch: Fetch.Fetch["Type"]) => Effect.Effect<A, E>,
  more: Partial<Api.Options> = {}
): Effect.Effect<A, E | Api.ApiError> =>
  Effect.flatMap(Fetch.Fetch, program).pipe(
    Effect.provide(Fetch.layer.pipe(Layer.provide(Api.layer(options(more))), Layer.provide(script.layer)))
  )
