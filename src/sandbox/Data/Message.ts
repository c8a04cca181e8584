/**
 * Outbound messages: `/messages/outbound` computes every row from its stream and serial, newest first.
 *
 * Outside a row's path. Pure. Any page of any world costs the same.
 */
import * as Random from "../Random.ts"
import * as Timeline from "../Timeline.ts"
import * as Words from "../Words.ts"
import * as World from "../World.ts"
import * as Place from "./Place.ts"
import * as Stream from "./Stream.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Person {
  readonly Email: string
  readonly Name: string | null
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Message {
  readonly Tag: string | null
  readonly MessageID: string
  readonly MessageStream: string
  readonly To: ReadonlyArray<Person>
  readonly Cc: ReadonlyArray<Person>
  readonly Bcc: ReadonlyArray<Person>
  readonly Recipients: ReadonlyArray<string>
  readonly ReceivedAt: string
  readonly From: string
  readonly Subject: string | null
  readonly Attachments: ReadonlyArray<string>
  readonly Status: "Queued" | "Sent" | "Processed"
  readonly TrackOpens: boolean
  readonly TrackLinks: string
  readonly Metadata: Readonly<Record<string, string>>
  readonly Sandboxed: boolean
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const timeline = (world: World.World, stream: number): Timeline.Timeline =>
  Timeline.make({
    seed: Random.root(world.seed, kind, stream),
    epoch: world.epoch,
    initial: initial(world, stream),
    inserted: stream === 0 ? world.inserted.messages : 0,
    mixed: false
  })

/**
 * Messages of a stream that the world was made with.
 *
 * @since 0.1.0
 * @category accessors
 */
export const initial = (world: World.World, stream: number): number =>
  stream === 0 ? world.messages : Stream.sends(stream) ? world.otherMessages : 0

/**
 * @since 0.1.0
 * @category constructors
 */
export const message = (world: World.World, stream: number, serial: number): Message => {
  const row = root(world, stream, serial)
  const draw = (n: number) => Random.draw(row, n)
  const to = people(row, 20, 1 + Math.max(0, (draw(0) % 16) - 12))
  const cc = people(row, 30, Random.chance(draw(1), 15) ? 1 + (draw(2) % 2) : 0)
  const bcc = Random.chance(draw(3), 20) ? [{ Email: "archive@example.com", Name: "Archive" }] : []
  return {
    Tag: Random.pick(Words.tags, draw(4)),
    MessageID: Random.guid(first(world, stream, serial), row),
    MessageStream: Stream.id(stream),
    To: to,
    Cc: cc,
    Bcc: bcc,
    Recipients: [...new Set([...to, ...cc, ...bcc].map((person) => person.Email))],
    ReceivedAt: Timeline.text(timeline(world, stream), serial),
    From: Random.pick(Words.senders, draw(5)),
    Subject: numbered(Random.pick(Words.subjects, draw(6)), draw(7)),
    Attachments: Random.chance(draw(8), 25) ? attachments(row) : [],
    Status: status(draw(9), stream === 0 ? World.revision(world, "messages", serial) : 0),
    TrackOpens: Random.chance(draw(10), 60),
    TrackLinks: Random.pick(["None", "HtmlAndText", "HtmlOnly", "TextOnly"], draw(11)),
    Metadata: Random.chance(draw(12), 60) ? metadata(row) : {},
    // The token's server is a live one; only messages of a sandbox server are sandboxed.
    Sandboxed: false
  }
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const id = (world: World.World, stream: number, serial: number): string =>
  Random.guid(first(world, stream, serial), root(world, stream, serial))

/**
 * The stream and serial behind a MessageID, without a search.
 *
 * @since 0.1.0
 * @category accessors
 */
export const find = (world: World.World, messageId: string): Place.Place | undefined => {
  const wanted = messageId.toLowerCase()
  if (!/^[0-9a-f]{8}-/.test(wanted)) return undefined
  const number = (Random.unmix(Number.parseInt(wanted.slice(0, 8), 16)) ^ salt(world)) >>> 0
  const { serial, stream } = Place.fromNumber(number)
  if (stream >= Stream.count(world) || serial >= timeline(world, stream).count) return undefined
  return id(world, stream, serial) === wanted ? { stream, serial } : undefined
}

// --- internal ---

const kind = 1

const root = (world: World.World, stream: number, serial: number) =>
  Random.root(world.seed, kind, Place.number(stream, serial))

const salt = (world: World.World) => Random.root(world.seed, 6, 0)

const first = (world: World.World, stream: number, serial: number) =>
  Random.mix(Place.number(stream, serial) ^ salt(world))

const people = (row: number, base: number, count: number): ReadonlyArray<Person> =>
  Array.from({ length: count }, (_, n) => {
    const draw = Random.draw(row, base + n)
    const mailbox = Random.pick(Words.mailboxes, draw)
    const domain = Random.pick(Words.mailDomains, draw >>> 8)
    return { Email: `${mailbox}${(draw >>> 16) % 4000}@${domain}`, Name: Random.pick(Words.people, draw >>> 5) }
  })

const attachments = (row: number) =>
  Array.from({ length: 1 + (Random.draw(row, 40) % 2) }, (_, n) =>
    Random.pick(Words.attachments, Random.draw(row, 41 + n)).replace("#", String(n + 1))
  )

const metadata = (row: number): Record<string, string> => {
  const pairs: Record<string, string> = {}
  const spelled = new Set<string>()
  const count = 1 + (Random.draw(row, 50) % 4)
  for (let n = 0; n < count; n++) {
    const draw = Random.draw(row, 51 + n)
    const [key, value] = Random.pick(Words.metadata, draw)
    // Programs of one sender spell a key in several ways over time, but no message has it twice.
    const plain = key.toLowerCase().replace("-", "_")
    if (spelled.has(plain)) continue
    spelled.add(plain)
    pairs[key] = value.replace("#", String((draw >>> 8) % 10_000))
  }
  return pairs
}

const numbered = (subject: string | null, draw: number) =>
  subject === null ? null : subject.replace("#", String(draw % 100_000))

const states = ["Queued", "Sent", "Processed"] as const

const status = (draw: number, revision: number) => {
  const start = Random.chance(draw, 3) ? 0 : Random.chance(draw, 95) ? 1 : 2
  return states[(start + revision) % 3] ?? "Sent"
}
