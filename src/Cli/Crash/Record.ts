/**
 * A Fetch that keeps what it is answered: each request is sent once, and so many of each resource.
 *
 * Behind them, the API counts as having no more.
 */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Api from "../../Api.ts"
import * as Fetch from "../../Fetch.ts"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Recording from "./Recording.ts"

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  recording: Recording.Recording,
  limitPages: number
): Layer.Layer<Fetch.Fetch, never, Api.Api | HttpClient.HttpClient> =>
  Layer.effect(
    Fetch.Fetch,
    Effect.map(Fetch.make, (fetch) => {
      const sent = new Map<string, number>()
      return {
        ...fetch,
        send: (request) =>
          Effect.gen(function* () {
            const key = Recording.key(request, fetch.redact)
            const known = recording.get(key)
            if (known !== undefined) return yield* Recording.give(known)
            const name = yield* resource
            const before = sent.get(name) ?? 0
            sent.set(name, before + 1)
            const entry =
              before >= limitPages
                ? Recording.end(fetch.baseUrl)
                : yield* fetch.send(request).pipe(
                    Effect.match({
                      onFailure: Recording.ofFailure,
                      onSuccess: (answer) => Recording.ofAnswer(answer, fetch.redact)
                    })
                  )
            recording.set(key, entry)
            return yield* Recording.give(entry)
          })
      }
    })
  )

// --- internal ---

/** Whose walk the request belongs to, by what its log lines are marked with. */
const resource: Effect.Effect<string> = Effect.map(FiberRef.get(FiberRef.currentLogAnnotations), (annotations) =>
  String(Option.getOrElse(HashMap.get(annotations, "resource"), () => ""))
)
