/**
 * Inbound messages: `/messages/inbound` computes every row from its serial, newest first; a quarter as many as `outbound` has.
 *
 * Outside a row's path. Pure. A row shows no time of Postmark's, only the `Date` its sender wrote; dates of a query are about
 * the time it came in.
 */
import * as Random from "../Random.ts"
import * as Timeline from "../Timeline.ts"
import * as Words from "../Words.ts"
import type { World } from "../World.ts"
import * as Stream from "./Stream.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Mailbox {
  readonly Email: string
  readonly Name: string
  readonly MailboxHash: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Inbound {
  readonly From: string
  readonly FromName: string
  readonly FromFull: Mailbox
  readonly To: string
  readonly ToFull: ReadonlyArray<Mailbox>
  readonly Cc: string
  readonly CcFull: ReadonlyArray<Mailbox>
  readonly Bcc: string
  readonly BccFull: ReadonlyArray<Mailbox>
  readonly ReplyTo: string
  readonly OriginalRecipient: string
  readonly Subject: string | null
  readonly Date: string
  readonly MailboxHash: string
  readonly Tag: string
  readonly Attachments: ReadonlyArray<Readonly<Record<string, string | number>>>
  readonly MessageID: string
  readonly Status: string
  readonly MessageStream: string
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const states = ["Processed", "Blocked", "Queued", "Failed", "Scheduled"] as const

/**
 * @since 0.1.0
 * @category accessors
 */
export const timeline = (world: World): Timeline.Timeline =>
  Timeline.make({
    seed: Random.root(world.seed, kind, 0),
    epoch: world.epoch,
    // A server with one stream has no inbound one.
    initial: world.streams > 1 ? Math.floor(world.messages / 4) : 0,
    inserted: 0,
    mixed: false
  })

/**
 * @since 0.1.0
 * @category constructors
 */
export const inbound = (world: World, serial: number): Inbound => {
  const row = root(world, serial)
  const draw = (n: number) => Random.draw(row, n)
  const name = Random.pick(Words.people, draw(0)) ?? ""
  const from = `${Random.pick(Words.mailboxes, draw(1))}${draw(2) % 4000}@${Random.pick(Words.mailDomains, draw(3))}`
  const hash = Random.chance(draw(4), 50) ? `ticket${draw(5) % 10_000}` : ""
  const to = `support${hash === "" ? "" : `+${hash}`}@inbound.example.com`
  const cc = Random.chance(draw(6), 10) ? [{ Email: "team@example.com", Name: "", MailboxHash: "" }] : []
  return {
    From: from,
    FromName: name,
    FromFull: { Email: from, Name: name, MailboxHash: "" },
    To: to,
    ToFull: [{ Email: to, Name: "", MailboxHash: hash }],
    Cc: cc.map(({ Email }) => Email).join(", "),
    CcFull: cc,
    Bcc: "",
    BccFull: [],
    ReplyTo: "",
    OriginalRecipient: to,
    Subject: Random.pick(Words.subjects, draw(7)),
    Date: written(Timeline.at(timeline(world), serial).instant.millis - (draw(8) % 90_000), draw(9)),
    MailboxHash: hash,
    Tag: "",
    Attachments: Random.chance(draw(10), 20)
      ? [{ Name: "shot.png", ContentID: "", ContentType: "image/png", ContentLength: draw(11) % 1_000_000 }]
      : [],
    MessageID: id(world, serial),
    Status: Random.chance(draw(12), 88) ? "Processed" : Random.pick(states, draw(13)),
    MessageStream: Stream.id(1)
  }
}

/**
 * The serial behind a MessageID, without a search.
 *
 * @since 0.1.0
 * @category accessors
 */
export const find = (world: World, messageId: string): number | undefined => {
  const wanted = messageId.toLowerCase()
  if (!/^[0-9a-f]{8}-/.test(wanted)) return undefined
  const serial = (Random.unmix(Number.parseInt(wanted.slice(0, 8), 16)) ^ salt(world)) >>> 0
  return serial < timeline(world).count && id(world, serial) === wanted ? serial : undefined
}

// --- internal ---

const kind = 17

const root = (world: World, serial: number) => Random.root(world.seed, kind, serial)

const salt = (world: World) => Random.root(world.seed, 18, 0)

const id = (world: World, serial: number) => Random.guid(Random.mix(serial ^ salt(world)), root(world, serial))

/** As mail programs write it: in any zone, some with its name behind it. */
const written = (millis: number, draw: number) => {
  const text = new Date(millis + 3_600_000).toUTCString().replace("GMT", "+0100")
  return draw % 5 === 0 ? `${new Date(millis).toUTCString().replace("GMT", "+0000")} (GMT)` : text
}
