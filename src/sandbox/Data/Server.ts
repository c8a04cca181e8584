/**
 * The servers of the fake account: `/servers`, and `/server` for the one the server token belongs to, which is the
 * first.
 *
 * Outside a row's path. Pure. `ApiTokens` are in clear, as in the real API, and the first holds the very token in use.
 */
import * as Random from "../Random.ts"
import * as Words from "../Words.ts"
import type { World } from "../World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Server {
  readonly ID: number
  readonly Name: string
  readonly ApiTokens: ReadonlyArray<string>
  readonly ServerLink: string
  readonly Color: string
  readonly SmtpApiActivated: boolean
  readonly RawEmailEnabled: boolean
  readonly DeliveryType: "Live" | "Sandbox"
  readonly InboundAddress: string
  readonly InboundHookUrl: string | null
  readonly BounceHookUrl: string | null
  readonly OpenHookUrl: string | null
  readonly DeliveryHookUrl: string | null
  readonly ClickHookUrl: string | null
  readonly PostFirstOpenOnly: boolean
  readonly InboundDomain: string | null
  readonly InboundHash: string
  readonly InboundSpamThreshold: number
  readonly TrackOpens: boolean
  readonly TrackLinks: string
  readonly IncludeBounceContentInHook: boolean
  readonly EnableSmtpApiErrorHooks: boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const server = (world: World, index: number): Server => {
  const row = Random.root(world.seed, 5, index)
  const draw = (n: number) => Random.draw(row, n)
  const hash = draw(0).toString(16).padStart(8, "0")
  const hook = (n: number, path: string) => {
    const url = `hooks.example.com/${path}?server=${index}`
    // Some people put a password into the URL.
    return Random.pick([null, "", `https://${url}`, `https://user:fake-password@${url}`], draw(n))
  }
  return {
    ID: id(index),
    Name: name(index),
    ApiTokens: apiTokens(world, index),
    ServerLink: `https://postmarkapp.com/servers/${id(index)}/streams`,
    Color: Random.pick(["Purple", "blue", "Turquoise", "green", "Red", "yellow", "Grey", "orange"], draw(1)),
    SmtpApiActivated: Random.chance(draw(2), 80),
    RawEmailEnabled: Random.chance(draw(3), 20),
    DeliveryType: index % 3 === 2 ? "Sandbox" : "Live",
    InboundAddress: `${hash}@inbound.example.com`,
    InboundHookUrl: hook(4, "inbound"),
    BounceHookUrl: hook(5, "bounce"),
    OpenHookUrl: hook(6, "open"),
    DeliveryHookUrl: hook(7, "delivery"),
    ClickHookUrl: hook(8, "click"),
    PostFirstOpenOnly: Random.chance(draw(9), 50),
    InboundDomain: Random.pick(["", "", null, `in${index}.example.com`], draw(10)),
    InboundHash: hash,
    InboundSpamThreshold: draw(11) % 31,
    TrackOpens: Random.chance(draw(12), 50),
    TrackLinks: Random.pick(["None", "HtmlAndText", "HtmlOnly", "TextOnly"], draw(13)),
    IncludeBounceContentInHook: Random.chance(draw(14), 50),
    EnableSmtpApiErrorHooks: Random.chance(draw(15), 30)
  }
}

/**
 * Every token a server row shows: what must not turn up in a log or a database.
 *
 * @since 0.1.0
 * @category accessors
 */
export const apiTokens = (world: World, index: number): ReadonlyArray<string> => {
  const extra = (n: number) => `00000000-5a5a-4000-8000-a91${n}${String(index).padStart(8, "0")}`
  if (index === 0) return [world.serverToken, extra(0)]
  return [[extra(0)], [extra(0), extra(1)], []][index % 3] ?? []
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const id = (index: number): number => 900_123 + index * 11

/**
 * The index behind an ID, or -1.
 *
 * @since 0.1.0
 * @category accessors
 */
export const indexOf = (world: World, serverId: number): number => {
  const index = (serverId - 900_123) / 11
  return Number.isInteger(index) && index >= 0 && index < world.servers ? index : -1
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const name = (index: number): string => {
  const word = Words.serverNames[index % Words.serverNames.length] ?? "Server"
  return index < Words.serverNames.length ? word : `${word} ${index}`
}
