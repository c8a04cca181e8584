/**
 * Inbound messages: the list, and one with its bodies.
 *
 * Outside a row's path. Pure. Without `status` the list has what was processed only. A bad query is 422 with the ErrorCode of
 * messages.
 */
import * as Either from "effect/Either"
import * as Inbound from "../Data/Inbound.ts"
import * as Http from "../Http.ts"
import * as Filter from "./Filter.ts"
import type { List } from "./Lists.ts"
import * as Paging from "./Paging.ts"
import type { Single } from "./Singles.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const messages: List = (world, query) =>
  Either.merge(
    Either.gen(function* () {
      const slice = yield* Paging.read(world, query, { code, windowed: true })
      const { rows, total } = (yield* Filter.inbound(world, query, code)).slice(slice)
      return Http.json(200, `{"TotalCount":${total},"InboundMessages":[${rows.map(Http.encode).join(",")}]}`)
    })
  )

/**
 * @since 0.1.0
 * @category constructors
 */
export const details: Single = (world, id) => {
  const serial = Inbound.find(world, id)
  if (serial === undefined) return Http.problem(422, 701, "This message was not found.")
  const row = Inbound.inbound(world, serial)
  const text = `Hello,\nthis is inbound message ${row.MessageID}.\n`
  return Http.json(
    200,
    Http.encode({
      ...row,
      TextBody: text,
      HtmlBody: serial % 2 === 0 ? "" : `<p>${text}</p>`,
      StrippedTextReply: "",
      Headers: [{ Name: "X-Spam-Status", Value: "No" }],
      BlockedReason: row.Status === "Blocked" ? "A rule blocks the sender." : ""
    })
  )
}

// --- internal ---

const code = 700
