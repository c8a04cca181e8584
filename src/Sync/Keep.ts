/**
 * A page's answer on its way into the archive: fields that must not be seen masked, then as JSON, then compressed.
 *
 * Part of a walk that keeps its answers; one that does not never comes here. Works before the page's transaction, on one page
 * at a time. Stores nothing itself.
 */
import * as Effect from "effect/Effect"
import * as Json from "../Fetch/Json.ts"
import * as Signature from "../Fetch/Signature.ts"
import type * as Page from "../Page.ts"
import type { Kept } from "../Page/Kept.ts"
import type { Resource } from "../Resource.ts"
import type * as Row from "../Row.ts"
import * as Process from "../Row/Process.ts"
import type * as Archive from "../Table/Archive.ts"

/**
 * Tells a child's parents apart by what its requests take of them: the same when the fields that rows inherit change.
 *
 * @since 0.1.0
 * @category accessors
 */
export const parent = (values: Readonly<Record<string, unknown>>): string =>
  Signature.text(Json.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))))

/**
 * How answers of a resource are kept.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  resource: Resource,
  compiled: Row.Compiled,
  owner: string | undefined
): ((kind: Archive.Entry["kind"], page: Page.Fetched) => Effect.Effect<ReadonlyArray<Archive.Entry>>) => {
  const mask = masker(resource, compiled)
  return (kind, page) =>
    Effect.gen(function* () {
      const { kept } = page
      if (kept === undefined) return []
      const { body, isWhole, names } = masked(kept, mask)
      const text = body === undefined || !isWhole ? undefined : Json.exact(body)
      const bytes = text === undefined ? undefined : new TextEncoder().encode(text)
      return [
        {
          kind,
          parent: owner,
          page: page.index,
          ends: page.next === undefined,
          request: kept.request,
          method: kept.method,
          url: kept.url,
          location: kept.location,
          status: kept.status,
          headers: JSON.stringify(kept.headers),
          outcome: isWhole
            ? kept.outcome === undefined
              ? undefined
              : JSON.stringify(kept.outcome)
            : JSON.stringify({ _tag: "Withheld" }),
          masked: JSON.stringify(names),
          body: bytes === undefined ? undefined : yield* compress(bytes),
          bytes: bytes?.length ?? 0
        }
      ]
    })
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const decompress = (bytes: Uint8Array): Effect.Effect<string> =>
  Effect.promise(() => new Response(through(bytes, new DecompressionStream("gzip"))).text())

/**
 * Whether a field of this path comes out masked; a path of several keys is one of objects.
 *
 * @since 0.1.0
 * @category accessors
 */
export const hides = (compiled: Row.Compiled, path: string): boolean => {
  const keys = path.split(".").toReversed()
  const row = keys.reduce<unknown>((inner, key) => ({ [key]: inner }), probe)
  return Json.stringify(compiled.veiled(row)) !== Json.stringify(row)
}

/**
 * Whether a field is hidden by a processing step, or masked under the name that a step gives it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const veils = (resource: Resource, compiled: Row.Compiled): ((path: string) => boolean) => {
  const veil = veilOf(resource, compiled)
  return (path) => {
    const row = { [path.split(".").at(-1)!]: probe }
    return Json.stringify(veil(row)) !== Json.stringify(row)
  }
}

// --- internal ---

/** Is masked by every kind of mask there is. */
const probe = "Bearer a://-:-@-"

/** On every runtime, and off the thread that decodes pages. */
const compress = (bytes: Uint8Array): Effect.Effect<Uint8Array> =>
  Effect.map(
    Effect.promise(() => new Response(through(bytes, new CompressionStream("gzip"))).arrayBuffer()),
    (buffer) => new Uint8Array(buffer)
  )

const through = (bytes: Uint8Array, stream: CompressionStream | DecompressionStream) =>
  new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream)

type Masker = (row: unknown) => unknown

/**
 * What rows hide in the end, as they come: what is masked, by the name it has before a step renames it, and what steps hash or
 * redact. What steps drop is kept: it is no secret, and may be wanted one day.
 */
const masker = (resource: Resource, compiled: Row.Compiled): Masker => {
  const veil = veilOf(resource, compiled)
  return (row) => veil(compiled.veiled(row))
}

const veilOf = (resource: Resource, compiled: Row.Compiled) =>
  Process.veil(resource.processing, ["hash", "redact"], (name) => hides(compiled, name))

/** The body with its rows masked, and the names of the fields that were. */
const masked = (kept: Kept, mask: Masker) => {
  const names = new Set<string>()
  const changed = new Map<unknown, unknown>()
  for (const row of kept.rows) {
    const after = mask(row)
    if (differ(row, after, "", names)) changed.set(row, after)
  }
  if (changed.size === 0) return { body: kept.body, names: [], isWhole: true }
  const placed = new Set<unknown>()
  const replace = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value
    if (changed.has(value)) {
      placed.add(value)
      return changed.get(value)
    }
    if (Array.isArray(value)) return value.map(replace)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]))
  }
  const body = replace(kept.body)
  // A row that is not found in its body would be there unmasked.
  return { body, names: [...names].toSorted(), isWhole: placed.size === changed.size }
}

/** Notes the paths of what is not the same; elements of lists have that of their list. */
const differ = (before: unknown, after: unknown, path: string, names: Set<string>): boolean => {
  if (before === after) return false
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.map((item, i) => differ(item, after[i], path, names)).includes(true)
  }
  if (typeof before === "object" && before !== null && typeof after === "object" && after !== null) {
    const found = Object.entries(before).map(([key, inner]) =>
      differ(inner, (after as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`, names)
    )
    return found.includes(true)
  }
  names.add(path)
  return true
}
