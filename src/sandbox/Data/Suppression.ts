/**
 * Suppressions of a stream: the addresses its bounces made inactive, and some that people put there.
 *
 * Outside a row's path. Pure. A bounce that is activated again takes its suppression away, as at Postmark. Every request reads
 * all bounces of the stream.
 */
import * as Eastern from "../Eastern.ts"
import * as Random from "../Random.ts"
import * as Timeline from "../Timeline.ts"
import type { World } from "../World.ts"
import * as Bounce from "./Bounce.ts"
import * as BounceType from "./BounceType.ts"
import * as Stream from "./Stream.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Suppression {
  readonly EmailAddress: string
  readonly SuppressionReason: "HardBounce" | "SpamComplaint" | "ManualSuppression"
  readonly Origin: "Recipient" | "Customer" | "Admin"
  readonly CreatedAt: string
}

/**
 * The time as an instant beside each row, which shows whole seconds of Eastern time.
 *
 * @since 0.1.0
 * @category models
 */
export interface Dated {
  readonly millis: number
  readonly row: Suppression
}

/**
 * Those of one stream, each address once; none in a stream that does not send.
 *
 * @since 0.1.0
 * @category constructors
 */
export const suppressions = (world: World, stream: number): ReadonlyArray<Dated> => {
  if (!Stream.sends(stream)) return []
  const found = new Map<string, Dated>()
  const line = Bounce.timeline(world, stream)
  const rotation = Bounce.rotation(world, stream)
  for (let serial = 0; serial < line.count; serial++) {
    if (!BounceType.of(rotation, serial).inactive) continue
    const { Email, Inactive, Type } = Bounce.bounce(world, stream, serial)
    if (!Inactive || found.has(Email) || !Email.includes("@")) continue
    const reason = reasons[Type] ?? "ManualSuppression"
    const origin = reason === "ManualSuppression" ? "Customer" : "Recipient"
    found.set(Email, dated(Email, reason, origin, Timeline.at(line, serial).instant.millis))
  }
  for (let n = 0; n < byHand; n++) {
    const draw = Random.draw(Random.root(world.seed, 15, stream), n)
    const email = `optout${stream}${n}-${draw % 1000}@customer.test`
    const millis = world.epoch - (1 + (draw % 400)) * Eastern.dayMillis
    found.set(email, dated(email, "ManualSuppression", origins[n % origins.length]!, millis))
  }
  return [...found.values()]
}

// --- internal ---

const byHand = 3

const origins = ["Recipient", "Customer", "Admin"] as const

const reasons: Readonly<Record<string, Suppression["SuppressionReason"]>> = {
  HardBounce: "HardBounce",
  BadEmailAddress: "HardBounce",
  SpamComplaint: "SpamComplaint"
}

const dated = (
  EmailAddress: string,
  SuppressionReason: Suppression["SuppressionReason"],
  Origin: Suppression["Origin"],
  at: number
): Dated => {
  const millis = Math.floor(at / 1000) * 1000
  return {
    millis,
    row: { EmailAddress, SuppressionReason, Origin, CreatedAt: Eastern.format({ millis, ticks: 0 }, "offset") }
  }
}
