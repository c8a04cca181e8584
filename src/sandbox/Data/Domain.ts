/**
 * The sending domains of the fake account: `/domains`, and one with its DNS records.
 *
 * Outside a row's path. Pure. A change flips verification flags, as DNS does.
 */
import * as Random from "../Random.ts"
import * as Words from "../Words.ts"
import * as World from "../World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Domain {
  readonly Name: string
  readonly SPFVerified: boolean
  readonly DKIMVerified: boolean
  readonly WeakDKIM: boolean
  readonly ReturnPathDomainVerified: boolean
  readonly ID: number
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const count = (world: World.World): number => world.domains + world.inserted.domains

/**
 * @since 0.1.0
 * @category constructors
 */
export const domain = (world: World.World, index: number): Domain => {
  const row = Random.root(world.seed, 4, index)
  // The revision counts through the eight states of three flags, so that no two revisions in a row look the same.
  const flip = World.revision(world, "domains", index)
  return {
    Name: Random.pick(Words.domainNames, Random.draw(row, 0)).replace("#", `brand${index}`),
    SPFVerified: true,
    DKIMVerified: Random.chance(Random.draw(row, 1), 70) !== ((flip & 1) === 1),
    WeakDKIM: Random.chance(Random.draw(row, 2), 15) !== ((flip & 4) === 4),
    ReturnPathDomainVerified: Random.chance(Random.draw(row, 3), 40) !== ((flip & 2) === 2),
    ID: id(world, index)
  }
}

/**
 * The answer to a single domain: the list's fields and its DNS records.
 *
 * @since 0.1.0
 * @category constructors
 */
export const details = (world: World.World, index: number): Domain & Readonly<Record<string, unknown>> => {
  const row = domain(world, index)
  const pending = !row.DKIMVerified
  const key = `k=rsa;p=${Random.guid(row.ID, row.ID).replaceAll("-", "")}`
  return {
    ...row,
    SPFHost: row.Name,
    SPFTextValue: "v=spf1 a mx include:spf.example.net ~all",
    DKIMHost: pending ? "" : `20260101pm._domainkey.${row.Name}`,
    DKIMTextValue: pending ? "" : key,
    DKIMPendingHost: pending ? `20260101pm._domainkey.${row.Name}` : "",
    DKIMPendingTextValue: pending ? key : "",
    DKIMRevokedHost: "",
    DKIMRevokedTextValue: "",
    SafeToRemoveRevokedKeyFromDNS: false,
    DKIMUpdateStatus: pending ? "Pending" : "Verified",
    ReturnPathDomain: row.ReturnPathDomainVerified ? `pm-bounces.${row.Name}` : "",
    ReturnPathDomainCNAMEValue: "pm.example.net"
  }
}

/**
 * The index behind an ID, or -1.
 *
 * @since 0.1.0
 * @category accessors
 */
export const indexOf = (world: World.World, domainId: number): number => {
  const index = Math.floor((domainId - 36_736) / 13)
  return index >= 0 && index < count(world) && id(world, index) === domainId ? index : -1
}

// --- internal ---

const id = (world: World.World, index: number): number =>
  36_736 + index * 13 + (Random.draw(Random.root(world.seed, 4, index), 4) % 13)
