/**
 * The shape of the analytics API's specification as a preset: the six resources under `/v1`, one header `api_key`, pages by
 * `limit` and `offset`, as `examples/analytics.yaml` has them.
 *
 * Data, like the source itself. Keys and schemas are those of the real API: the specification's `primary_key: id` fits four
 * of the six. Its offset paginator on lists that are not paged is kept; a page that repeats ends the walk.
 */
import type * as Auth from "../../Api/Auth.ts"
import * as Offset from "../../Page/Offset.ts"
import * as Resource from "../../Resource.ts"
import * as Schemas from "./schemas.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const resources = (auth: Auth.Auth): ReadonlyArray<Resource.Resource> =>
  [
    { name: "deliverystats", path: "deliverystats", selector: "Bounces", key: "Name", schema: Schemas.DeliveryStats },
    {
      name: "message_streams",
      path: "message-streams",
      selector: "MessageStreams",
      key: ["ServerID", "ID"],
      schema: Schemas.MessageStream
    },
    { name: "domains", path: "domains", selector: "Domains", key: "ID", schema: Schemas.Domain },
    { name: "messages", path: "messages/outbound", selector: "Messages", key: "MessageID", schema: Schemas.Message },
    { name: "bounces", path: "bounces", selector: "Bounces", key: "ID", schema: Schemas.Bounce },
    { name: "servers", path: "servers", selector: "Servers", key: "ID", schema: Schemas.Server, mask: ["ApiTokens"] }
  ].map(({ key, path, ...options }) =>
    Resource.make({
      ...options,
      auth,
      path: `/v1/${path}`,
      primaryKey: key,
      // "TotalCount" where there is one; its absence is no error, a short page ends the walk.
      paginator: Offset.make({ limit: 500 })
    })
  )
