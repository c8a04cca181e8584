/**
 * The message streams of the fake server: what `/message-streams` lists and what other rows refer to by name.
 *
 * Outside a row's path. Pure.
 */
import * as Eastern from "../Eastern.ts"
import type { World } from "../World.ts"
import * as Server from "./Server.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Stream {
  readonly ID: string
  readonly ServerID: number
  readonly Name: string
  readonly Description: string | null
  readonly MessageStreamType: "Transactional" | "Broadcasts" | "Inbound"
  readonly CreatedAt: string
  readonly UpdatedAt: string | null
  readonly ArchivedAt: string | null
  readonly ExpectedPurgeDate: string | null
  readonly SubscriptionManagementConfiguration: { readonly UnsubscribeHandlingType: string }
}

/**
 * Archived streams come last.
 *
 * @since 0.1.0
 * @category accessors
 */
export const count = (world: World): number => world.streams + world.archivedStreams

/**
 * @since 0.1.0
 * @category constructors
 */
export const stream = (world: World, index: number): Stream => {
  const archived = index >= world.streams
  const created = world.epoch - (620 - index * 37) * Eastern.dayMillis - index * 1_234_000
  const archivedAt = world.epoch - (20 + index) * Eastern.dayMillis
  const type = typeOf(index)
  return {
    ID: id(index),
    ServerID: Server.id(0),
    Name: names[index] ?? `Stream, No. ${index}`,
    Description: index % 3 === 0 ? null : index % 3 === 1 ? "" : 'Monthly "news", offers & tips',
    MessageStreamType: type,
    CreatedAt: time(created, index === 2 ? "offset2" : "offset"),
    UpdatedAt: index % 2 === 0 ? time(created + (90 + index) * Eastern.dayMillis, "offset") : null,
    ArchivedAt: archived ? time(archivedAt, "offset") : null,
    ExpectedPurgeDate: archived ? time(archivedAt + 45 * Eastern.dayMillis, "offset") : null,
    SubscriptionManagementConfiguration: { UnsubscribeHandlingType: handling(type, index) }
  }
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const id = (index: number): string => ids[index] ?? `stream-${index}`

/**
 * The index of a stream by its ID, or -1.
 *
 * @since 0.1.0
 * @category accessors
 */
export const indexOf = (world: World, streamId: string): number => {
  const wanted = streamId.toLowerCase()
  for (let index = 0; index < count(world); index++) {
    if (id(index) === wanted) return index
  }
  return -1
}

/**
 * Whether outbound mail goes through the stream.
 *
 * @since 0.1.0
 * @category accessors
 */
export const sends = (index: number): boolean => typeOf(index) !== "Inbound"

// --- internal ---

const ids = ["outbound", "inbound", "broadcast", "product-news"]

const names = ["Transactional Stream", "Inbound Stream", "Broadcasts", "Product news"]

/** A server has one inbound stream; the others send one by one or to many. */
const typeOf = (index: number): Stream["MessageStreamType"] =>
  index === 1 ? "Inbound" : index === 0 || index % 3 === 1 ? "Transactional" : "Broadcasts"

const handling = (type: Stream["MessageStreamType"], index: number) => {
  if (type === "Broadcasts") return index % 4 === 3 ? "Custom" : "Postmark"
  // Real answers differ in the letter case of this word.
  return type === "Inbound" ? "none" : "None"
}

const time = (millis: number, shape: Eastern.Shape) =>
  Eastern.format({ millis: millis - (millis % 10), ticks: 0 }, shape)
