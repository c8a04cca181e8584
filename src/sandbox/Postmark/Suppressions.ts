/**
 * The suppressions of one stream, all at once: not paged, and without a total.
 *
 * Outside a row's path. Pure. A bad query is 422 with an ErrorCode of suppressions, a stream that is not there with that of streams.
 */
import * as Either from "effect/Either"
import * as Eastern from "../Eastern.ts"
import * as Stream from "../Data/Stream.ts"
import * as Suppression from "../Data/Suppression.ts"
import * as Http from "../Http.ts"
import * as Filter from "./Filter.ts"
import type { Under } from "./Lists.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const dump: Under = (world, query, id) =>
  Either.merge(
    Either.gen(function* () {
      const stream = Stream.indexOf(world, id)
      if (stream === -1) {
        return yield* Either.left(Http.problem(422, 1226, "The message stream for the provided 'ID' was not found."))
      }
      const reason = yield* Filter.oneOf(query, "suppressionreason", reasons, code)
      const origin = yield* Filter.oneOf(query, "origin", origins, code)
      const from = yield* Filter.wall(query, "fromdate", code)
      const to = yield* Filter.wall(query, "todate", code)
      const email = (query.get("emailaddress") ?? "").toLowerCase()
      const none = from?._tag === "Nothing" || to?._tag === "Nothing"
      const after = from?._tag === "At" ? from.millis : -Infinity
      const end = to?._tag !== "At" ? Infinity : to.dateOnly ? Eastern.nextMidnight(to.millis) - 1 : to.millis
      const rows = Suppression.suppressions(world, stream).flatMap(({ millis, row }) =>
        !none &&
        (reason === undefined || row.SuppressionReason.toLowerCase() === reason) &&
        (origin === undefined || row.Origin.toLowerCase() === origin) &&
        (email === "" || row.EmailAddress.toLowerCase() === email) &&
        millis >= after &&
        millis <= end
          ? [Http.encode(row)]
          : []
      )
      return Http.json(200, `{"Suppressions":[${rows.join(",")}]}`)
    })
  )

// --- internal ---

const code = 1400

const reasons = ["hardbounce", "spamcomplaint", "manualsuppression"]

const origins = ["recipient", "customer", "admin"]
