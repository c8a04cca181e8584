/**
 * What a checkpoint is taken under: a digest for each part of the configuration that decides which rows lie behind a position, and
 * what became of those before it.
 *
 * Pure. It is stored, and so it holds digests only, of values without credentials: one may be written out where nobody knows it
 * for one. A credential may change while a walk is interrupted; what is asked for with it may not.
 */
import * as Json from "../Fetch/Json.ts"
import * as Redact from "../Fetch/Redact.ts"
import type { Resource } from "../Resource.ts"
import { acts } from "../Resource/Deletes.ts"
import * as Credential from "../Row/Credential.ts"
import { ofText } from "../Row/Hash.ts"
import * as Name from "../Row/Name.ts"
import { secrets, type Source } from "../Source.ts"
import type * as Table from "../Table.ts"
import type * as Family from "./Family.ts"

/**
 * Digests by the name of the part.
 *
 * @since 0.1.0
 * @category models
 */
export type Fingerprint = Readonly<Record<string, string>>

/**
 * `aside`: of a walk whose rows are not stored, but are in other runs. `children`: those that get its rows.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  source: Source,
  resource: Resource,
  walk: {
    readonly aside: boolean
    readonly stored: boolean
    readonly children: ReadonlyArray<Family.Child>
  }
): Fingerprint => {
  const digest = digestFor(source)
  const { incremental } = resource
  const parts: ReadonlyArray<readonly [Part, unknown]> = [
    ["base_url", source.api.baseUrl],
    ["method", resource.method],
    ["path", resource.path],
    ["query", resource.query.map(withoutCredential)],
    [
      "headers",
      Object.entries({ ...source.api.headers, ...resource.headers })
        .map(withoutCredential)
        .toSorted(byName)
    ],
    ["body", [resource.body ?? null, resource.data ?? null]],
    [
      "paginator",
      [
        resource.paginator.type,
        resource.paginator.options,
        ...(resource.windows === undefined ? [] : [resource.windows])
      ]
    ],
    ["selector", resource.selector ?? null],
    ["processing", resource.processing],
    ["incremental", incremental === undefined ? null : { ...incremental, initialValue: null }],
    ["initial_value", incremental?.initialValue ?? null],
    ["include_from_parent", resource.includeFromParent],
    ["table", Name.path(resource.table)],
    ["primary_key", resource.primaryKey.fields],
    ["write_disposition", resource.write],
    // Only a walk that remembers from its start what it brought can tell what it did not.
    ["deletes", [acts(resource.deletes), resource.deletes.agedBy ?? null]],
    ["mask", [resource.mask, resource.unmask]],
    ["stored", walk.stored]
  ]
  return Object.fromEntries([
    ...parts.map(([name, value]) => [name, digest(value)]),
    ...walk.children.map(({ include, needs, resource: child }) => [
      `${ofChild}${child}`,
      digest([needs.paths, include])
    ]),
    ...(walk.aside ? [[aside, "1"]] : [])
  ]) as Fingerprint
}

/**
 * What changed since a checkpoint was taken, in words; `undefined` when nothing did. A child that gets no rows any more is no
 * reason; one that has not got those of the first pages is.
 *
 * @since 0.1.0
 * @category accessors
 */
export const changed = (since: Table.Checkpoint["fingerprint"], now: Fingerprint): string | undefined => {
  // As version 0.1 had it before its release: one digest of everything.
  if (typeof since !== "object" || since === null) return "the form that checkpoints are kept in changed"
  const names = Object.keys(now).filter((name) => since[name] !== now[name])
  if (names.length === 0) return undefined
  const told = names.map((name) =>
    name.startsWith(ofChild)
      ? `what ${name.slice(ofChild.length)} takes of its rows`
      : (words[name as Part] ?? `\`${name}\``)
  )
  const [last = "", ...others] = told.toReversed()
  return `${others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`} changed`
}

/**
 * Whether the rows of the walk were not stored.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isAside = ({ fingerprint }: Table.Checkpoint): boolean =>
  typeof fingerprint === "object" && fingerprint !== null && Object.hasOwn(fingerprint, aside)

/**
 * Of the headers that go with every request, credentials left out.
 *
 * @since 0.1.0
 * @category accessors
 */
export const ofHeaders = (source: Source): string =>
  digestFor(source)(
    Object.entries(source.api.headers ?? {})
      .map(([name, value]) => withoutCredential([name.toLowerCase(), value]))
      .toSorted(byName)
  )

// --- internal ---

const digestFor = (source: Source) => {
  const redactor = Redact.make(secrets(source))
  return (value: unknown) => String(ofText(Json.stringify(redactor.json(plain(value)))))
}

const aside = "aside"

const ofChild = "child "

const words = {
  base_url: "the base URL",
  method: "the method",
  path: "the path",
  query: "the query",
  headers: "the headers",
  body: "the body of the request",
  paginator: "the paginator",
  selector: "the data selector",
  processing: "the processing steps",
  incremental: "the incremental cursor",
  initial_value: "`initial_value`",
  include_from_parent: "`include_from_parent`",
  table: "the table",
  primary_key: "the primary key",
  write_disposition: "the write disposition",
  deletes: "`deletes`",
  mask: "what is masked",
  stored: "whether its rows are stored"
} as const

type Part = keyof typeof words

const withoutCredential = ([name, value]: readonly [string, unknown]) =>
  [name, Credential.kind(name) === undefined ? value : null] as const

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0)

/** A function is told from another one by its text, as far as that tells. */
const plain = (value: unknown): unknown => {
  if (typeof value === "function") return String(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
