/**
 * `/deliverystats`: bounces by type, and addresses that are inactive now, over all streams of the server.
 *
 * Outside a row's path. Pure arithmetic over the same rules the bounces follow; looks at no row.
 */
import type { World } from "../World.ts"
import * as Bounce from "./Bounce.ts"
import * as BounceType from "./BounceType.ts"
import * as Stream from "./Stream.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface DeliveryStats {
  readonly InactiveMails: number
  readonly Bounces: ReadonlyArray<{ readonly Type?: string; readonly Name: string; readonly Count: number }>
}

/**
 * The `All` row has no `Type`; a type without a bounce has no row.
 *
 * @since 0.1.0
 * @category constructors
 */
export const deliveryStats = (world: World): DeliveryStats => {
  const streams = Array.from({ length: Stream.count(world) }, (_, index) => ({
    index,
    rotation: Bounce.rotation(world, index),
    count: Bounce.timeline(world, index).count
  }))
  const count = (passes: (type: BounceType.BounceType) => boolean) =>
    streams.reduce((sum, stream) => sum + BounceType.count(stream.rotation, stream.count, passes), 0)
  const byType = BounceType.all.map((type) => ({
    Type: type.type,
    Name: type.name,
    Count: count((other) => other === type)
  }))
  return {
    InactiveMails: count((type) => type.inactive) + flipped(world),
    Bounces: [{ Name: "All", Count: count(() => true) }, ...byType.filter((row) => row.Count > 0)]
  }
}

// --- internal ---

/** How much an odd number of changes adds to the inactive: what became inactive, less what was reactivated. */
const flipped = (world: World): number => {
  if (world.bounces === 0) return 0
  const rounds = Math.floor(world.changed.bounces / world.bounces)
  // The newest rows were changed once more than the rest.
  const boundary = world.bounces - (world.changed.bounces % world.bounces)
  const gain = (end: number) => {
    const inactive = BounceType.count(Bounce.rotation(world, 0), end, (type) => type.inactive)
    return end - 2 * inactive
  }
  return rounds % 2 === 1 ? gain(boundary) : gain(world.bounces) - gain(boundary)
}
