/**
 * Postmark as a source: its resources as data, on the real API's paths, each with the one token it takes.
 *
 * Facts are Postmark's developer documentation. `messages`, `bounces`, `opens` and `clicks` are those of the default
 * stream `outbound`; of these and of `inbound_messages` the API serves the newest 10,000 by offset, and a walk that meets the cap
 * says so. Holds no engine code.
 */
import * as Config from "effect/Config"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Auth from "../Api/Auth.ts"
import * as Offset from "../Page/Offset.ts"
import * as SinglePage from "../Page/SinglePage.ts"
import * as Resource from "../Resource.ts"
import * as Source from "../Source.ts"
import * as Preset from "./postmark/preset.ts"
import * as Schemas from "./postmark/schemas.ts"
import { variables } from "./postmark/variables.ts"

export type * as Rows from "./postmark/rows.ts"
export { Schemas, variables }

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Reads one server: itself and whatever is sent by it, came in or is set up there. */
  readonly serverToken?: Redacted.Redacted<string> | undefined
  /** Reads the account's domains, servers and sender signatures. */
  readonly accountToken?: Redacted.Redacted<string> | undefined
  /**
   * Chooses the preset for APIs in the shape of the analytics specification (`/v1`, header `api_key`, `limit`) and reads all
   * six of its resources. Needs a `baseUrl`, and goes with no token.
   */
  readonly apiKey?: Redacted.Redacted<string> | undefined
  /** `https://api.postmarkapp.com` unless said otherwise. */
  readonly baseUrl?: string | undefined
}

/**
 * The options as the environment has them; empty variables count as absent.
 *
 * @since 0.1.0
 * @category constructors
 */
export const config: Config.Config<Options> = Config.all({
  serverToken: Config.option(Config.redacted(variables.serverToken)),
  accountToken: Config.option(Config.redacted(variables.accountToken)),
  apiKey: Config.option(Config.redacted(variables.apiKey)),
  baseUrl: Config.option(Config.string(variables.baseUrl))
}).pipe(
  Config.map(({ accountToken, apiKey, baseUrl, serverToken }) => ({
    serverToken: Option.getOrUndefined(Option.filter(serverToken, isToken)),
    accountToken: Option.getOrUndefined(Option.filter(accountToken, isToken)),
    apiKey: Option.getOrUndefined(Option.filter(apiKey, isToken)),
    baseUrl: Option.getOrUndefined(Option.filter(baseUrl, (url) => url.trim() !== ""))
  }))
)

/**
 * What is wrong with the options together, and what to do about it; `undefined` when nothing is.
 *
 * @since 0.1.0
 * @category accessors
 */
export const problem = (options: Options): Problem | undefined => {
  if (options.apiKey === undefined) return undefined
  const both = [
    options.serverToken === undefined ? [] : [variables.serverToken],
    options.accountToken === undefined ? [] : [variables.accountToken]
  ].flat()
  if (both.length > 0)
    return {
      detail: `postmark takes ${variables.apiKey} or Postmark's own tokens, not both: ${both.join(" and ")} ${both.length === 1 ? "is" : "are"} set too`,
      hint: `${variables.apiKey} is for an API with /v1 paths and the header api_key; unset it to read Postmark itself.`
    }
  return options.baseUrl === undefined
    ? {
        detail: `postmark with ${variables.apiKey} needs ${variables.baseUrl}: Postmark itself takes no such key`,
        hint: `Set ${variables.baseUrl} to the API's address without /v1, or use ${variables.serverToken} and ${variables.accountToken} to read Postmark.`
      }
    : undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Problem {
  readonly detail: string
  readonly hint: string
}

/**
 * Resources whose token is missing are there too, as unavailable: a receipt names what was left out and why. Throws a plain
 * `Error` where `problem` has one: a mistake in the program, since the command line asks before.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Source.Source => {
  const wrong = problem(options)
  if (wrong !== undefined) throw new Error(wrong.detail)
  if (options.apiKey !== undefined && options.baseUrl !== undefined)
    return Source.make({
      name: "postmark",
      api: { baseUrl: options.baseUrl, secrets: [options.apiKey] },
      resources: Preset.resources(Auth.apiKey({ name: "api_key", value: options.apiKey }))
    })
  const server = token("X-Postmark-Server-Token", options.serverToken, variables.serverToken)
  const account = token("X-Postmark-Account-Token", options.accountToken, variables.accountToken)
  return Source.make({
    name: "postmark",
    api: {
      baseUrl: options.baseUrl ?? "https://api.postmarkapp.com",
      secrets: [options.serverToken, options.accountToken].filter((secret) => secret !== undefined)
    },
    resources: [
      Resource.make({
        ...server,
        name: "deliverystats",
        path: "/deliverystats",
        selector: "Bounces",
        paginator: SinglePage.make(),
        primaryKey: "Name",
        schema: Schemas.DeliveryStats
      }),
      Resource.make({
        ...server,
        ...streams,
        name: "message_streams"
      }),
      Resource.make({
        ...server,
        ...streams,
        name: "sending_streams",
        // A server's inbound stream has no recipients to suppress.
        processing: [{ filter: { path: "MessageStreamType", op: "ne", value: "Inbound" } }],
        selected: false
      }),
      Resource.make({
        ...server,
        name: "suppressions",
        path: "/message-streams/{resources.sending_streams.ID}/suppressions/dump",
        includeFromParent: ["ServerID", "ID"],
        processing: [
          { map: { rename: { _sending_streams_ServerID: "ServerID", _sending_streams_ID: "MessageStream" } } }
        ],
        // A stream may be purged between the list of streams and this.
        actions: [{ statusCode: 422, content: '"ErrorCode":1226', action: { kind: "ignore" } }],
        selector: "Suppressions",
        paginator: SinglePage.make(),
        primaryKey: ["ServerID", "MessageStream", "EmailAddress"],
        schema: Schemas.Suppression,
        deletes: "soft"
      }),
      Resource.make({
        ...account,
        name: "domains",
        path: "/domains",
        selector: "Domains",
        paginator: paged(),
        primaryKey: "ID",
        schema: Schemas.Domain
      }),
      Resource.make({
        ...server,
        name: "messages",
        path: "/messages/outbound",
        selector: "Messages",
        paginator: paged(window),
        primaryKey: "MessageID",
        schema: Schemas.Message
      }),
      Resource.make({
        ...server,
        name: "bounces",
        path: "/bounces",
        selector: "Bounces",
        paginator: paged(window),
        primaryKey: "ID",
        schema: Schemas.Bounce
      }),
      Resource.make({
        ...server,
        name: "opens",
        path: "/messages/outbound/opens",
        selector: "Opens",
        paginator: paged(window),
        primaryKey: ["MessageID", "Recipient", "ReceivedAt"],
        schema: Schemas.Open
      }),
      Resource.make({
        ...server,
        name: "clicks",
        path: "/messages/outbound/clicks",
        selector: "Clicks",
        paginator: paged(window),
        primaryKey: ["MessageID", "Recipient", "ReceivedAt", "OriginalLink"],
        schema: Schemas.Click
      }),
      Resource.make({
        ...server,
        name: "inbound_messages",
        path: "/messages/inbound",
        selector: "InboundMessages",
        paginator: paged(window),
        primaryKey: "MessageID",
        schema: Schemas.InboundMessage
      }),
      Resource.make({
        ...account,
        name: "servers",
        path: "/servers",
        selector: "Servers",
        paginator: paged(),
        primaryKey: "ID",
        schema: Schemas.Server,
        mask: ["ApiTokens"]
      }),
      Resource.make({
        ...server,
        name: "server",
        path: "/server",
        selector: "$",
        paginator: SinglePage.make(),
        primaryKey: "ID",
        schema: Schemas.Server,
        mask: ["ApiTokens"]
      }),
      Resource.make({
        ...server,
        name: "templates",
        path: "/templates",
        query: [["TemplateType", "All"]],
        selector: "Templates",
        paginator: paged(),
        primaryKey: "TemplateId",
        schema: Schemas.Template
      }),
      Resource.make({
        ...server,
        name: "webhooks",
        path: "/webhooks",
        selector: "Webhooks",
        paginator: SinglePage.make(),
        primaryKey: "ID",
        schema: Schemas.Webhook,
        mask: ["HttpAuth", "HttpHeaders.Value"]
      }),
      Resource.make({
        ...account,
        name: "sender_signatures",
        path: "/senders",
        selector: "SenderSignatures",
        paginator: paged(),
        primaryKey: "ID",
        schema: Schemas.SenderSignature
      }),
      Resource.make({
        ...server,
        name: "inbound_rules",
        path: "/triggers/inboundrules",
        selector: "InboundRules",
        paginator: paged(),
        primaryKey: "ID",
        schema: Schemas.InboundRule
      })
    ]
  })
}

// --- internal ---

/** `count + offset` may not exceed this on messages of both kinds, bounces, opens and clicks. */
const window = 10_000

const paged = (maximumOffset?: number) =>
  Offset.make({ limit: 500, limitParam: "count", totalPath: "TotalCount", maximumOffset })

const streams = {
  path: "/message-streams",
  query: [
    ["MessageStreamType", "All"],
    ["IncludeArchivedStreams", "true"]
  ],
  selector: "MessageStreams",
  paginator: SinglePage.make(),
  primaryKey: ["ServerID", "ID"],
  schema: Schemas.MessageStream
} as const

const isToken = (token: Redacted.Redacted<string>) => Redacted.value(token).trim() !== ""

const token = (name: string, value: Redacted.Redacted<string> | undefined, variable: string) =>
  value === undefined
    ? { auth: Auth.none, unavailable: `left out: ${variable} is not set` }
    : { auth: Auth.apiKey({ name, value }) }
