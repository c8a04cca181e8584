/**
 * Whether a source can be rebuilt from what its archive holds: told before anything is made.
 *
 * Pure but for the one typed failure. Every page that was merged must be there; and no step may need what was kept masked.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Resource } from "../Resource.ts"
import * as Name from "../Row/Name.ts"
import * as Row from "../Row.ts"
import { secrets, type Source } from "../Source.ts"
import * as Fingerprint from "../Sync/Fingerprint.ts"
import * as Keep from "../Sync/Keep.ts"
import * as Order from "../Sync/Order.ts"
import type { SyncError } from "../Sync/SyncError.ts"
import type * as History from "./History.ts"
import { RebuildError } from "./RebuildError.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Plan {
  /** The source without credentials: nothing is asked. Whole, since a walk's checkpoint names the children it is for. */
  readonly source: Source
  /** The resources whose tables are made anew. */
  readonly names: ReadonlyArray<string>
  /** These, and the parents that they need. */
  readonly taken: ReadonlySet<string>
  readonly notices: ReadonlyArray<string>
}

/**
 * `asked`: names of resources; all that were read when empty.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plan = (
  source: Source,
  { events, lines }: History.History,
  asked: ReadonlyArray<string>
): Effect.Effect<Plan, RebuildError | SyncError> =>
  Effect.gen(function* () {
    const fail = (reason: RebuildError["reason"], detail: string) =>
      new RebuildError({ reason, source: source.name, detail })
    if (!events.some(({ _tag }) => _tag === "Run")) {
      return yield* fail("NotArchived", "no run of it has kept its answers; `sluice sync --archive` keeps them")
    }
    const read = new Set(lines.filter(({ pages }) => pages > 0).map(({ resource }) => resource))
    const order = yield* Order.order(source, asked)
    const wanted = order.flatMap(({ left, resource, stored }) => (left || !stored ? [] : [resource.name]))
    const names = wanted.filter((name) => read.has(name))
    const unread = wanted.filter((name) => !read.has(name))
    if (names.length === 0) return yield* fail("NotArchived", `nothing was ever read of ${unread.join(", ")}`)
    const taken = new Set(
      (yield* Order.order(source, names)).flatMap(({ left, resource }) => (left ? [] : [resource.name]))
    )
    const runs = new Set(events.flatMap((event) => (event._tag === "Run" ? [event.run] : [])))
    const holes = lines.filter(({ kept, pages, resource }) => taken.has(resource) && kept !== pages)
    const unkept = holes.filter(({ run }) => !runs.has(run))
    if (unkept.length > 0) {
      return yield* fail("Hole", `${said(unkept)} ran without --archive, and rows may be of what was not kept`)
    }
    const [hole] = holes
    if (hole !== undefined) {
      return yield* fail(
        "Hole",
        `of the ${hole.pages} pages of ${hole.resource} that run ${hole.run} read, ${hole.kept} are in the archive`
      )
    }
    return {
      source: {
        ...source,
        api: { ...source.api, auth: undefined, secrets: secrets(source) },
        resources: source.resources.map(stripped)
      },
      names,
      taken,
      notices: [
        ...unread.map((name) => `${name}: nothing was ever read of it; the next sync reads it`),
        ...otherHeaders(source, events)
      ]
    }
  })

/**
 * Whether a run has anything to do with what is rebuilt.
 *
 * @since 0.1.0
 * @category accessors
 */
export const takes = ({ taken }: Plan, { resources }: Extract<History.Event, { readonly _tag: "Run" }>): boolean =>
  resources.length === 0 || resources.some((name) => taken.has(name))

/**
 * Fails where a field was kept masked that is to be seen now, or that a step looks at.
 *
 * @since 0.1.0
 * @category combinators
 */
export const masks = (source: Source, entries: ReadonlyArray<History.Entry>): Effect.Effect<void, RebuildError> =>
  Effect.gen(function* () {
    const byResource = new Map<string, Set<string>>()
    for (const { masked, resource } of entries) {
      const names = byResource.get(resource) ?? new Set()
      for (const name of masked) names.add(name)
      byResource.set(resource, names)
    }
    for (const resource of source.resources) {
      const names = byResource.get(resource.name) ?? new Set()
      if (names.size === 0) continue
      const why = [...names].flatMap((name) => unfit(resource, name))[0]
      if (why === undefined) continue
      const detail = `${resource.name}: ${why}`
      return yield* new RebuildError({ reason: "Masked", source: source.name, detail })
    }
  })

// --- internal ---

/** What an API makes of a header nobody knows: it may be another version, another tenant, or nothing. */
const otherHeaders = (source: Source, events: ReadonlyArray<History.Event>): ReadonlyArray<string> => {
  const now = Fingerprint.ofHeaders(source)
  const others = events.filter(
    (event) => event._tag === "Run" && event.headers !== undefined && event.headers !== now
  ).length
  return others === 0
    ? []
    : [
        `${others === 1 ? "one run" : `${others} runs`} asked with other client.headers than those of today: rows are those of the answers that came then`
      ]
}

const said = (lines: ReadonlyArray<History.Line>): string => {
  const runs = [...new Set(lines.map(({ run }) => run))]
  const resources = [...new Set(lines.map(({ resource }) => resource))]
  const few = runs.length > 5 ? `${runs.slice(0, 5).join(", ")} and ${runs.length - 5} more` : runs.join(", ")
  return `${runs.length === 1 ? "run" : "runs"} ${few} (${resources.join(", ")})`
}

/** What is not there to be asked needs neither credentials nor patience. */
const stripped = (resource: Resource): Resource => ({
  ...resource,
  auth: undefined,
  retry: undefined,
  unavailable: undefined
})

const unfit = (resource: Resource, name: string): ReadonlyArray<string> => {
  const compiled = Row.make().compile({ ...resource, processing: [] })
  const root = Name.path(name.split(".").at(-1)!)
  const steps = resource.processing.filter((step) => looksAt(step, root))
  if (steps.length > 0) {
    return [`${name} was kept masked, and a processing step may look at it: it cannot be run again`]
  }
  const isHidden =
    Either.isRight(compiled) && (Keep.hides(compiled.right, name) || Keep.veils(resource, compiled.right)(name))
  return isHidden ? [] : [`${name} was kept masked, and is not masked now: only a new sync can bring it`]
}

/** A step that is a function may look at anything; one that hides or drops a field gives the same for what is hidden. */
const looksAt = (step: Resource["processing"][number], name: string): boolean => {
  if ("filter" in step) return typeof step.filter === "function" || mentions(step.filter, name)
  if ("explode" in step) return typeof step.explode === "function" || mentions(step.explode, name)
  if (typeof step.map === "function") return true
  const { cast = {}, hash = [] } = step.map
  return mentions([Object.keys(cast), hash], name)
}

/** Whether a text in it is a path with this name in it. */
const mentions = (value: unknown, name: string): boolean => {
  if (typeof value === "string") return value.split(/[^\p{L}\p{N}_-]+/u).some((word) => Name.path(word) === name)
  if (Array.isArray(value)) return value.some((item) => mentions(item, name))
  return typeof value === "object" && value !== null && Object.values(value).some((item) => mentions(item, name))
}
