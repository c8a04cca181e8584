/**
 * Opens and clicks of outbound messages: who of a message's recipients opened it, and which of them followed a link.
 *
 * Outside a row's path. Pure; the list of a stream is computed from all of its messages once per world and kept beside it.
 * A message's details tell of the same opens and clicks.
 */
import * as Eastern from "../Eastern.ts"
import * as Random from "../Random.ts"
import * as Timeline from "../Timeline.ts"
import type { World } from "../World.ts"
import * as Bounce from "./Bounce.ts"
import * as Message from "./Message.ts"
import * as Stream from "./Stream.ts"

/**
 * What an open and a click have in common. Parts Postmark cannot tell are absent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Engagement {
  readonly RecordType: "Open" | "Click"
  readonly Client?: Maker
  readonly OS?: Maker
  readonly Platform: string
  readonly UserAgent: string
  readonly Geo?: Readonly<Record<string, string>>
  readonly MessageID: string
  readonly MessageStream: string
  readonly ReceivedAt: string
  readonly Tag: string | null
  readonly Recipient: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Maker {
  readonly Name: string
  readonly Company: string
  readonly Family: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Open extends Engagement {
  readonly FirstOpen: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Click extends Engagement {
  readonly ClickLocation: "HTML" | "Text"
  readonly OriginalLink: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Both {
  readonly opens: ReadonlyArray<Open>
  readonly clicks: ReadonlyArray<Click>
}

/**
 * Those of one message, in the order of its recipients.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofMessage = (world: World, stream: number, serial: number): Both => {
  const message = Message.message(world, stream, serial)
  if (message.Status === "Queued" || !message.TrackOpens) return { opens: [], clicks: [] }
  const bounced = new Set(Bounce.causedBy(world, stream, serial).map((n) => Bounce.bounce(world, stream, n).Email))
  const { instant } = Timeline.at(Message.timeline(world, stream), serial)
  const at = (seconds: number) =>
    Eastern.format({ millis: Math.floor(instant.millis / 1000 + seconds) * 1000, ticks: 0 }, "offset7")
  const opened = message.Recipients.filter((recipient) => !bounced.has(recipient)).filter((_, n) =>
    Random.chance(Random.mix(serial + n), 40)
  )
  const each = opened.map((recipient, n) => {
    const row = Random.root(world.seed, 16, serial * 8 + n)
    const { Name, ...maker } = Random.pick(clients, Random.draw(row, 0))
    return {
      row,
      n,
      shared: {
        ...(Random.chance(Random.draw(row, 1), 85) ? { Client: { Name, ...maker } } : {}),
        ...(Random.chance(Random.draw(row, 2), 85) ? { OS: Random.pick(systems, Random.draw(row, 3)) } : {}),
        Platform: Random.pick(["WebMail", "Desktop", "Mobile", "Unknown"], Random.draw(row, 4)),
        UserAgent: `Mozilla/5.0 (${Name})`,
        ...(Random.chance(Random.draw(row, 5), 70) ? { Geo: Random.pick(places, Random.draw(row, 6)) } : {}),
        MessageID: message.MessageID,
        MessageStream: message.MessageStream,
        Tag: message.Tag,
        Recipient: recipient
      }
    }
  })
  return {
    opens: each.map(({ n, shared }) => ({
      RecordType: "Open",
      FirstOpen: true,
      ...shared,
      ReceivedAt: at(900 + n)
    })),
    clicks: each.flatMap(({ n, row, shared }) =>
      message.TrackLinks === "None" || !Random.chance(Random.draw(row, 7), 40)
        ? []
        : Array.from({ length: 1 + (Random.draw(row, 8) % 2) }, (_, link) => ({
            RecordType: "Click" as const,
            ...shared,
            ClickLocation: message.TrackLinks === "TextOnly" ? ("Text" as const) : ("HTML" as const),
            OriginalLink: `https://example.com/start?link=${link}`,
            ReceivedAt: at(930 + n)
          }))
    )
  }
}

/**
 * Those of a stream, newest first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofStream = (world: World, stream: number): Both => {
  const streams = known.get(world) ?? new Map<number, Both>()
  known.set(world, streams)
  const found = streams.get(stream) ?? compute(world, stream)
  streams.set(stream, found)
  return found
}

// --- internal ---

const known = new WeakMap<World, Map<number, Both>>()

const compute = (world: World, stream: number): Both => {
  const opens: Array<Open> = []
  const clicks: Array<Click> = []
  const count = Stream.sends(stream) ? Message.timeline(world, stream).count : 0
  for (let serial = 0; serial < count; serial++) {
    const both = ofMessage(world, stream, serial)
    opens.push(...both.opens)
    clicks.push(...both.clicks)
  }
  return { opens: newestFirst(opens), clicks: newestFirst(clicks) }
}

const newestFirst = <A extends Engagement>(rows: ReadonlyArray<A>): ReadonlyArray<A> =>
  rows
    .map((row) => [Date.parse(row.ReceivedAt), row] as const)
    .toSorted(([a], [b]) => b - a)
    .map(([, row]) => row)

const clients: readonly [Maker, ...Array<Maker>] = [
  { Name: "Chrome 130", Company: "Google", Family: "Chrome" },
  { Name: "Apple Mail", Company: "Apple", Family: "Apple Mail" },
  { Name: "Outlook 2016", Company: "Microsoft", Family: "Outlook" }
]

const systems: readonly [Maker, ...Array<Maker>] = [
  { Name: "OS X 10.15", Company: "Apple", Family: "OS X" },
  { Name: "Windows 11", Company: "Microsoft", Family: "Windows" },
  { Name: "iOS 18", Company: "", Family: "iOS" }
]

const places: readonly [Readonly<Record<string, string>>, ...Array<Readonly<Record<string, string>>>] = [
  {
    CountryISOCode: "NL",
    Country: "Netherlands",
    RegionISOCode: "NH",
    Region: "North Holland",
    City: "Amsterdam",
    Zip: "1011",
    Coords: "52.37,4.89",
    IP: "198.51.100.7"
  },
  { CountryISOCode: "DE", Country: "Germany", Region: "", City: "Köln", IP: "203.0.113.9" },
  { IP: "192.0.2.44" }
]
