/**
 * The messages of the built-in source as a module for `sluice sync`, with the window of 10,000 lifted: same path, schema,
 * key and selector. The URL comes from the environment, as a user's would. `SLUICE_BENCH_DELETES=soft npm run bench` shows what it
 * costs to remember which rows came.
 */
import { env } from "node:process"
import * as Redacted from "effect/Redacted"
import * as Auth from "../../../dist/Api/Auth.js"
import * as Offset from "../../../dist/Page/Offset.js"
import * as Resource from "../../../dist/Resource.js"
import * as Source from "../../../dist/Source.js"
import { Schemas } from "../../../dist/sources/postmark.js"

const token = Redacted.make(env.SLUICE_BENCH_TOKEN)

export default Source.make({
  name: "postmark",
  api: { baseUrl: env.SLUICE_BENCH_URL, secrets: [token] },
  resources: [
    Resource.make({
      name: "messages",
      path: "/messages/outbound",
      auth: Auth.apiKey({ name: "X-Postmark-Server-Token", value: token }),
      selector: "Messages",
      paginator: Offset.make({ limit: 500, limitParam: "count", totalPath: "TotalCount" }),
      primaryKey: "MessageID",
      schema: Schemas.Message,
      deletes: env.SLUICE_BENCH_DELETES ?? "ignore"
    })
  ]
})
