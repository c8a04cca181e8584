/**
 * Bounces: `/bounces` computes every row from its stream and serial, newest first, each of a message that exists (or no
 * more).
 *
 * Outside a row's path. Pure. One ID of every world is beyond 2^53, as in Postmark's own documentation.
 */
import * as Eastern from "../Eastern.ts"
import * as Random from "../Random.ts"
import * as Timeline from "../Timeline.ts"
import * as World from "../World.ts"
import * as BounceType from "./BounceType.ts"
import * as Message from "./Message.ts"
import * as Place from "./Place.ts"
import * as Server from "./Server.ts"
import * as Stream from "./Stream.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Bounce {
  readonly RecordType: "Bounce"
  readonly ID: number | bigint
  readonly Type: string
  readonly TypeCode: number
  readonly Name: string
  readonly Tag: string | null
  readonly MessageID: string | null
  readonly ServerID: number
  readonly MessageStream: string
  readonly Description: string
  readonly Details: string
  readonly Email: string
  readonly From: string
  readonly BouncedAt: string
  readonly DumpAvailable: boolean
  readonly Inactive: boolean
  readonly CanActivate: boolean
  readonly Subject: string | null
}

/**
 * The one ID no double can hold.
 *
 * @since 0.1.0
 * @category defaults
 */
export const largeId = 4323372036854775807n

/**
 * @since 0.1.0
 * @category accessors
 */
export const timeline = (world: World.World, stream: number): Timeline.Timeline =>
  Timeline.make({
    seed: Random.root(world.seed, kind, stream),
    epoch: world.epoch,
    initial: initial(world, stream),
    inserted: stream === 0 ? world.inserted.bounces : 0,
    mixed: true
  })

/**
 * Bounces of a stream that the world was made with.
 *
 * @since 0.1.0
 * @category accessors
 */
export const initial = (world: World.World, stream: number): number =>
  stream === 0 ? world.bounces : Stream.sends(stream) ? world.otherBounces : 0

/**
 * @since 0.1.0
 * @category constructors
 */
export const bounce = (world: World.World, stream: number, serial: number): Bounce => {
  const row = root(world, stream, serial)
  const draw = (n: number) => Random.draw(row, n)
  const { instant, shape } = Timeline.at(timeline(world, stream), serial)
  const type = BounceType.of(rotation(world, stream), serial)
  const cause = messageOf(world, stream, instant)
  const sent = cause === undefined ? undefined : Message.message(world, stream, cause)
  const anonymous = type.type === "SpamComplaint" || Random.chance(draw(0), 4)
  // Postmark keeps the text of a bounce for 30 days.
  const recent = world.epoch - instant.millis < 30 * Eastern.dayMillis
  // The revision counts through the eight states of three flags, so that no two revisions in a row look the same.
  const flip = stream === 0 ? World.revision(world, "bounces", serial) : 0
  return {
    RecordType: "Bounce",
    ID: id(world, stream, serial),
    Type: type.type,
    TypeCode: type.code,
    Name: type.name,
    Tag: sent === undefined || anonymous ? null : sent.Tag,
    MessageID: anonymous ? null : sent === undefined ? Random.guid(draw(1), row) : sent.MessageID,
    ServerID: Server.id(0),
    MessageStream: Stream.id(stream),
    Description: Random.chance(draw(2), 3) ? "" : type.description,
    Details: type.details,
    Email: type.type === "BadEmailAddress" ? "not an address@@customer..test" : recipient(sent, draw(3)),
    From: type.type === "SpamComplaint" ? "" : address(sent?.From ?? "hello@example.com"),
    BouncedAt: Eastern.format(instant, shape),
    DumpAvailable: (recent && Random.chance(draw(4), 85)) !== ((flip & 2) === 2),
    Inactive: type.inactive !== ((flip & 1) === 1),
    CanActivate: type.canActivate !== ((flip & 4) === 4),
    Subject: sent === undefined || anonymous ? null : sent.Subject
  }
}

/**
 * The stream and serial behind an ID as it is written in a URL, without a search.
 *
 * @since 0.1.0
 * @category accessors
 */
export const find = (world: World.World, bounceId: string): Place.Place | undefined => {
  if (!/^\d{1,19}$/.test(bounceId)) return undefined
  if (BigInt(bounceId) === largeId) return world.bounces === 0 ? undefined : { stream: 0, serial: largeSerial(world) }
  const number = Math.floor((Number(bounceId) - firstId) / 17)
  if (number < 0 || number >= 2 ** 32) return undefined
  const { serial, stream } = Place.fromNumber(number)
  if (stream >= Stream.count(world) || serial >= timeline(world, stream).count) return undefined
  return String(id(world, stream, serial)) === bounceId ? { stream, serial } : undefined
}

/**
 * The bounces that one message caused, as serials of its stream; at most 20.
 *
 * @since 0.1.0
 * @category accessors
 */
export const causedBy = (world: World.World, stream: number, messageSerial: number): ReadonlyArray<number> => {
  const messages = Message.timeline(world, stream)
  const bounces = timeline(world, stream)
  const from = messages.start + (messageSerial + 1) * messages.step
  const low = Timeline.since(bounces, from)
  // Bounces after the last first message are put down to it, see `messageOf`.
  const last = messageSerial === Message.initial(world, stream) - 1
  const high = last ? bounces.count : Timeline.since(bounces, from + messages.step)
  return Array.from({ length: Math.min(high - low, 20) }, (_, n) => low + n).filter(
    (serial) => bounce(world, stream, serial).MessageID !== null
  )
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const rotation = (world: World.World, stream: number): number => Random.root(world.seed, 7, stream) & 63

// --- internal ---

const kind = 2

const firstId = 692_000_000

const root = (world: World.World, stream: number, serial: number) =>
  Random.root(world.seed, kind, Place.number(stream, serial))

/** On the first page wherever there is one. */
const largeSerial = (world: World.World) => Math.max(0, world.bounces - 8)

const id = (world: World.World, stream: number, serial: number): number | bigint =>
  stream === 0 && world.bounces > 0 && serial === largeSerial(world)
    ? largeId
    : firstId + Place.number(stream, serial) * 17 + (Random.draw(root(world, stream, serial), 5) % 17)

/**
 * The newest message sent a full step before the bounce. Only messages the world was made with count, so that a bounce
 * does not change when messages come in; `undefined` when the message is older than what is kept.
 */
const messageOf = (world: World.World, stream: number, instant: Eastern.Instant): number | undefined => {
  const { start, step } = Message.timeline(world, stream)
  const serial = Math.min(Message.initial(world, stream) - 1, Math.floor((instant.millis - start) / step) - 1)
  return serial >= 0 ? serial : undefined
}

const recipient = (sent: Message.Message | undefined, draw: number) =>
  sent?.Recipients[draw % sent.Recipients.length] ?? `former${draw % 4000}@customer.test`

/** Unlike a message, a bounce shows the bare address. */
const address = (from: string) => /<(.*)>/.exec(from)?.[1] ?? from
