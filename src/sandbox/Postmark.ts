/**
 * The fake API itself: a world and a request in, an answer out. Routing without case, the right token per path, two
 * shapes.
 *
 * Outside a row's path. Pure: no socket, no clock, no fault. `Gateway` adds those.
 */
import * as Engagement from "./Postmark/Engagement.ts"
import * as Http from "./Http.ts"
import * as Inbound from "./Postmark/Inbound.ts"
import * as Inventory from "./Postmark/Inventory.ts"
import * as Lists from "./Postmark/Lists.ts"
import * as Singles from "./Postmark/Singles.ts"
import * as Suppressions from "./Postmark/Suppressions.ts"
import * as Token from "./Postmark/Token.ts"
import type { World } from "./World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Route = {
  /** `{id}` takes any one segment. */
  readonly path: string
  readonly token: Token.Kind
} & ({ readonly list: Lists.List } | { readonly under: Lists.Under } | { readonly single: Singles.Single })

/**
 * The paths each shape serves.
 *
 * @since 0.1.0
 * @category defaults
 */
export const routes: Readonly<Record<World["shape"], ReadonlyArray<Route>>> = {
  postmark: [
    { path: "/deliverystats", token: "server", list: Lists.deliveryStats },
    { path: "/message-streams", token: "server", list: Lists.messageStreams },
    { path: "/message-streams/{id}", token: "server", single: Singles.messageStream },
    { path: "/message-streams/{id}/suppressions/dump", token: "server", under: Suppressions.dump },
    { path: "/messages/outbound", token: "server", list: Lists.messages },
    { path: "/messages/outbound/opens", token: "server", list: Engagement.opens },
    { path: "/messages/outbound/clicks", token: "server", list: Engagement.clicks },
    { path: "/messages/outbound/opens/{id}", token: "server", under: Engagement.messageOpens },
    { path: "/messages/outbound/clicks/{id}", token: "server", under: Engagement.messageClicks },
    { path: "/messages/outbound/{id}/details", token: "server", single: Singles.messageDetails },
    { path: "/messages/outbound/{id}/dump", token: "server", single: Singles.messageDump },
    { path: "/messages/inbound", token: "server", list: Inbound.messages },
    { path: "/messages/inbound/{id}/details", token: "server", single: Inbound.details },
    { path: "/bounces", token: "server", list: Lists.bounces },
    { path: "/bounces/{id}", token: "server", single: Singles.bounce },
    { path: "/bounces/{id}/dump", token: "server", single: Singles.bounceDump },
    { path: "/server", token: "server", single: Singles.ownServer },
    { path: "/domains", token: "account", list: Lists.domains },
    { path: "/domains/{id}", token: "account", single: Singles.domain },
    { path: "/servers", token: "account", list: Lists.servers },
    { path: "/servers/{id}", token: "account", single: Singles.server },
    { path: "/templates", token: "server", list: Inventory.templates },
    { path: "/webhooks", token: "server", list: Inventory.webhooks },
    { path: "/senders", token: "account", list: Inventory.signatures },
    { path: "/triggers/inboundrules", token: "server", list: Inventory.inboundRules }
  ],
  spec: [
    { path: "/v1/deliverystats", token: "api_key", list: Lists.deliveryStats },
    { path: "/v1/message-streams", token: "api_key", list: Lists.messageStreams },
    { path: "/v1/domains", token: "api_key", list: Lists.domains },
    { path: "/v1/messages/outbound", token: "api_key", list: Lists.messages },
    { path: "/v1/bounces", token: "api_key", list: Lists.bounces },
    { path: "/v1/servers", token: "api_key", list: Lists.servers }
  ]
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const handle = (world: World, request: Http.Request): Http.Response => {
  const target = Http.target(request)
  for (const { id, route, segments } of compiled[world.shape]) {
    if (segments.length !== target.path.length) continue
    if (!segments.every((segment, n) => segment === "{id}" || segment === target.path[n])) continue
    if (request.method.toUpperCase() !== "GET") {
      const refusal = Http.problem(405, 405, `The sandbox is read-only: ${request.method} is not served, only GET.`)
      return { ...refusal, headers: { ...refusal.headers, allow: "GET" } }
    }
    return (
      Token.refuse(world, request, route.token) ??
      ("list" in route
        ? route.list(world, target.query)
        : "under" in route
          ? route.under(world, target.query, target.segments[id] ?? "")
          : route.single(world, target.segments[id] ?? ""))
    )
  }
  const known = routes[world.shape].map((route) => route.path).join(", ")
  return Http.problem(404, 12, `The sandbox does not serve '/${target.segments.join("/")}'. It serves ${known}.`)
}

// --- internal ---

const compile = (list: ReadonlyArray<Route>) =>
  list.map((route) => {
    const segments = route.path.split("/").slice(1)
    return { route, segments, id: segments.indexOf("{id}") }
  })

const compiled = { postmark: compile(routes.postmark), spec: compile(routes.spec) }
