/**
 * What of a resource's rows is masked: the fields it declares in `mask`, and those whose names say that they hold a
 * credential, at any depth, but for those in `unmask` and those by which rows are told apart.
 *
 * Stage Row. Asked once for each key of a shape, not for each row; remembers what it hid unasked, so that the receipt can say
 * so. Works on values as they came; secrets of the configuration are taken out by stage Fetch.
 */
import * as Path from "../Page/Path.ts"
import type { Resource } from "../Resource.ts"
import * as Credential from "./Credential.ts"
import * as Mask from "./Mask.ts"
import * as Name from "./Name.ts"
import { RowError } from "./RowError.ts"
import { keysTo, type Level, type Slot, type Table } from "./Slot.ts"

/**
 * How the values of a place are masked; `url`: the user and password in it alone.
 *
 * @since 0.1.0
 * @category models
 */
export type Hidden = Credential.Kind | "declared" | "url"

/**
 * What a resource says of masks and keys.
 *
 * @since 0.1.0
 * @category models
 */
export type Declared = Pick<Resource, "mask" | "unmask" | "primaryKey" | "write" | "incremental" | "deletes">

/**
 * @since 0.1.0
 * @category models
 */
export class Masks {
  private readonly declared: ReadonlySet<string>
  private readonly open: ReadonlySet<string>
  private readonly needed: ReadonlyMap<string, string>
  private readonly deep: boolean
  private hidden = new Set<string>()
  private urls = new Set<string>()
  private kept = new Map<string, string>()
  private fresh = false

  /** `paths`: JSONPaths in a row that requests of children are made of. Throws a `RowError` where a key is to be masked. */
  constructor(resource: Declared, paths: ReadonlyArray<string> = []) {
    this.declared = names(resource.mask)
    this.open = names(resource.unmask)
    this.deep = [...this.declared].some((name) => name.includes("__"))
    const needed = needs(resource)
    const [wrong] = contradictions(resource)
    if (wrong !== undefined) throw new RowError({ reason: "Mask", detail: `mask: ${wrong}` })
    const own = paths.flatMap((path) => Path.unsafeCompile(path).segments?.slice(0, 1) ?? [])
    this.needed = new Map([
      ...own.map((name) => [Name.path(name), "is what requests of its children are made of"] as const),
      ...needed
    ])
  }

  /** How what stands at a path of keys is masked, lists left out; `above`: how what holds it is. */
  at(path: ReadonlyArray<string>, above: Hidden | undefined): Hidden | undefined {
    const name = path.map(Name.path).join("__")
    if (above === "declared" || covers(this.declared, name)) return "declared"
    if (covers(this.open, name)) return undefined
    // Below an `authorization` that is an object its own fields say what they are.
    if (above !== undefined && above !== "scheme" && above !== "url") return above
    const kind = Credential.kind(path.at(-1)!)
    const why = kind === undefined ? undefined : this.needed.get(name)
    if (why !== undefined) {
      this.fresh ||= !this.kept.has(path.join("."))
      this.kept.set(path.join("."), why)
      return undefined
    }
    if (kind === undefined) return Credential.isUrl(path.at(-1)!) && !this.needed.has(name) ? "url" : above
    return kind === "scheme" && path.slice(0, -1).some(Credential.isHeaders) ? "secret" : kind
  }

  /** Of a field `value`: what the name beside it makes of it, as in `{ Name: "Authorization", Value: "Basic …" }`. */
  private pair(path: ReadonlyArray<string>, object: object): Hidden | undefined {
    if (covers(this.open, path.map(Name.path).join("__"))) return undefined
    for (const [key, name] of Object.entries(object)) {
      if (typeof name !== "string" || !/^(name|key|header|field)$/i.test(key)) continue
      const kind = Credential.kind(name)
      if (kind !== undefined) return kind === "scheme" && path.some(Credential.isHeaders) ? "secret" : kind
      if (Credential.isUrl(name)) return "url"
    }
    return undefined
  }

  /** What may be stored of the value of a slot. */
  cell(tables: ReadonlyArray<Table>, level: Level, slot: Slot, value: unknown): unknown {
    // The many URLs without a user need no path to be told by.
    if (slot.mask === "url" && !mayHide(value)) return value
    return this.value(keysTo(tables, level.table, slot.path), slot.mask, value)
  }

  /** The same of the second half of a pair. */
  second(tables: ReadonlyArray<Table>, level: Level, slot: Slot, pair: Readonly<Record<string, unknown>>): unknown {
    const path = keysTo(tables, level.table, slot.path)
    return this.value(path, this.pair(path, pair), pair[slot.key])
  }

  /** A scalar at a path, masked; remembered if nobody asked for that. */
  private scalar(hidden: Hidden, path: ReadonlyArray<string>, value: unknown): unknown {
    const masked = Mask.scalar(hidden, value)
    if (hidden !== "declared" && masked !== value) this.note(path, hidden === "url" ? this.urls : this.hidden)
    return masked
  }

  /** Whatever stands at a path, masked in all its depth; the identical value where nothing is. */
  private value(path: ReadonlyArray<string>, hidden: Hidden | undefined, value: unknown): unknown {
    if (typeof value !== "object" || value === null)
      return hidden === undefined ? value : this.scalar(hidden, path, value)
    return hidden === undefined && !this.deep && !mayHold(value) ? value : this.walk(placeOf(path), hidden, value)
  }

  /** A row as it may be shown. */
  row(row: unknown): unknown {
    return this.walk(this.root, undefined, row)
  }

  /** What the reader of the receipt should know of it since the last call. */
  takeNotices(): ReadonlyArray<string> {
    if (!this.fresh) return []
    this.fresh = false
    const notices = [
      ...[...this.kept].map(
        ([name, why]) => `${name} is stored as it is, though its name says that it holds a credential: it ${why}`
      ),
      ...(this.hidden.size === 0
        ? []
        : [
            `stored as ***, for their names say that they hold credentials: ${[...this.hidden].join(", ")}; ` +
              "what `unmask` names is stored as it is"
          ]),
      ...(this.urls.size === 0
        ? []
        : [
            `stored without the user and password in their URLs: ${[...this.urls].join(", ")}; ` +
              "what `unmask` names is stored as it is"
          ])
    ]
    this.hidden = new Set()
    this.urls = new Set()
    return notices
  }

  private note(path: ReadonlyArray<string>, among: Set<string>): void {
    const name = path.join(".")
    if (this.told.has(name)) return
    this.told.add(name)
    among.add(name)
    this.fresh = true
  }

  private readonly told = new Set<string>()

  /** What was found out about the keys of rows, which repeat them by the thousand. */
  private readonly root = placeOf([])
  private places = 0

  private below(place: Place, hidden: Hidden | undefined, key: string): Place {
    const known = place.below.get(hidden)?.get(key)
    if (known !== undefined) return known
    const path = [...place.path, key]
    const found = placeOf(path, this.at(path, hidden))
    // Keys may be anybody's, and without end.
    if (this.places >= mostPlaces) return found
    this.places++
    const beside = place.below.get(hidden) ?? new Map<string, Place>()
    place.below.set(hidden, beside.set(key, found))
    return found
  }

  private walk(place: Place, hidden: Hidden | undefined, value: unknown): unknown {
    if (Array.isArray(value))
      return same(
        value,
        value.map((item) => this.walk(place, hidden, item))
      )
    if (typeof value !== "object" || value === null)
      return hidden === undefined ? value : this.scalar(hidden, place.path, value)
    let changed: Map<string, unknown> | undefined
    for (const key of Object.keys(value)) {
      const below = this.below(place, hidden, key)
      const inner = (value as Record<string, unknown>)[key]
      const how = below.how ?? (isValue(key) ? this.pair(below.path, value) : undefined)
      if (how === undefined && (typeof inner !== "object" || inner === null)) continue
      const masked = this.walk(below, how, inner)
      if (masked !== inner) changed = (changed ?? new Map()).set(key, masked)
    }
    // By `fromEntries`, which makes a key `__proto__` a key like any other.
    return changed === undefined
      ? value
      : Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [key, changed.has(key) ? changed.get(key) : inner])
        )
  }
}

/** A path in a row, what is known of it, and of what lies below it, by how it is masked itself. */
interface Place {
  readonly path: ReadonlyArray<string>
  readonly how: Hidden | undefined
  readonly below: Map<Hidden | undefined, Map<string, Place>>
}

const placeOf = (path: ReadonlyArray<string>, how?: Hidden): Place => ({ path, how, below: new Map() })

const mostPlaces = 10_000

/**
 * Why what is declared to be masked cannot be: it tells rows apart, and masked they would all be alike.
 *
 * @since 0.1.0
 * @category accessors
 */
export const contradictions = (resource: Declared): ReadonlyArray<string> => {
  const declared = names(resource.mask)
  return [...needs(resource)].flatMap(([name, why]) =>
    covers(declared, name) ? [`${name.replaceAll("__", ".")} ${why}; masked, all rows would be alike`] : []
  )
}

/**
 * Whether a field is the second half of a pair of a name and a value.
 *
 * @since 0.1.0
 * @category guards
 */
export const isValue = (key: string): boolean => key === "value" || key === "Value"

// --- internal ---

/** Both readings of a dot: a path, and a part of a name. */
const names = (fields: ReadonlyArray<string> | undefined): ReadonlySet<string> =>
  new Set((fields ?? []).flatMap((field) => [Name.path(field), Name.path(field.replaceAll(".", "__"))]))

/** Whether a name, or one above it, is among some. */
const covers = (set: ReadonlySet<string>, name: string): boolean => {
  if (set.size === 0) return false
  for (let end = name.length; end > 0; end = name.lastIndexOf("__", end - 1))
    if (set.has(name.slice(0, end))) return true
  return false
}

const needs = (resource: Declared): ReadonlyMap<string, string> => {
  const { deletes, incremental, primaryKey, write } = resource
  const path = incremental === undefined ? undefined : Path.unsafeCompile(incremental.cursorPath).segments?.join(".")
  const fields: ReadonlyArray<readonly [field: string | undefined, why: string]> = [
    [path, "is the cursor"],
    [deletes?.agedBy, "is what rows are aged by"],
    [write.dedupSort?.field, "is what rows are chosen by"],
    [write.hardDelete, "marks rows as deleted"],
    [write.history.rowVersion, "tells versions apart"],
    ...write.mergeKey.map((field) => [field, "is part of the merge key"] as const),
    ...primaryKey.fields.map((field) => [field, "is part of the primary key"] as const)
  ]
  return new Map(
    fields.flatMap(([field, why]) =>
      field === undefined ? [] : [[Name.path(field.replaceAll(".", "__")), why] as const]
    )
  )
}

/** Cheap, and wrong on one side only: most JSON that is kept as it is holds nothing of the kind. */
const mayHold = (value: object): boolean => {
  if (Array.isArray(value)) return value.some((item) => typeof item === "object" && item !== null && mayHold(item))
  for (const key in value) {
    if (isValue(key) || Credential.kind(key) !== undefined) return true
    const inner: unknown = (value as Record<string, unknown>)[key]
    if (typeof inner === "string") {
      if (mayHide(inner) && Credential.isUrl(key)) return true
    } else if (typeof inner === "object" && inner !== null && (Credential.isUrl(key) || mayHold(inner))) return true
  }
  return false
}

/** Whether there is a user in some URL of a text, perhaps; an object or list is to be looked into. */
const mayHide = (value: unknown): boolean =>
  typeof value === "string" ? value.includes("@") : typeof value === "object" && value !== null

const same = (before: ReadonlyArray<unknown>, after: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  after.some((item, i) => item !== before[i]) ? after : before
