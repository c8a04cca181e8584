/**
 * TypeScript of the rows in a database: an interface per table, and one that names them all, as Kysely's `Database` wants.
 *
 * Outside the row's path, pure text. Says what a driver gives for a column: what is nullable, what is a number, what is JSON
 * in a text. Needs nothing of sluice where it is used.
 */
import type * as Shape from "./Row/Shape.ts"
import type * as Catalog from "./Table/Catalog.ts"

/**
 * A table with what its rows have shown of it; columns that sluice adds itself are in the table only.
 *
 * @since 0.1.0
 * @category models
 */
export interface Table extends Catalog.Table {
  /** Resource the table belongs to. */
  readonly resource: string
  readonly known: ReadonlyArray<Shape.Column>
  /** For the reader, above the interface. */
  readonly note?: string | undefined
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (
  tables: ReadonlyArray<Table>,
  options: { readonly source: string; readonly command: string }
): string => {
  const names = unique(tables.map(({ name }) => interfaceName(name)))
  const interfaces = tables.map((table, index) => declaration(table, names[index]!))
  const database = [
    "/** Every table by its name: `new Kysely<Database>({ … })`. */",
    "export interface Database {",
    ...tables.map(({ name }, index) => `  ${property(name)}: ${names[index]!}`),
    "}"
  ].join("\n")
  return [
    `// Rows of ${oneLine(options.source)}, written by \`${oneLine(options.command)}\`; run it again when tables change.`,
    "// INTEGER is number: a driver that is told to give bigint gives bigint instead. Timestamps are UTC text that sorts.",
    "",
    [...interfaces, database].join("\n\n")
  ].join("\n")
}

/**
 * `messages__recipients` → `MessagesRecipientsRow`
 *
 * @since 0.1.0
 * @category accessors
 */
export const interfaceName = (table: string): string => {
  const words = table
    .split(/[^\p{ID_Continue}$]+|_+/u)
    .filter((word) => word !== "")
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join("")
  return `${/^[\p{ID_Start}$]/u.test(words) ? "" : "_"}${words}Row`
}

// --- internal ---

const declaration = (table: Table, name: string): string => {
  const known = new Map(table.known.map((column) => [column.name, column]))
  const lines = table.columns.flatMap((column) => {
    const { note, type } = typeOf(column, known.get(column.name))
    return [
      ...(note === undefined ? [] : [`  /** ${note} */`]),
      `  ${property(column.name)}: ${type}${column.nullable && type !== "unknown" ? " | null" : ""}`
    ]
  })
  const about = [
    `${oneLine(table.name)}, of the resource ${oneLine(table.resource)}.`,
    ...(table.note === undefined ? [] : [oneLine(table.note)])
  ].join(" ")
  return [`/** ${comment(about)} */`, `export interface ${name} {`, ...lines, "}"].join("\n")
}

const typeOf = (
  { storage }: Catalog.Column,
  known: Shape.Column | undefined
): { readonly type: string; readonly note?: string } => {
  if (known?.type === "boolean") return { type: "0 | 1" }
  if (known?.type === "unknown") return { type: "unknown", note: "Its type is not known yet." }
  switch (storage) {
    case "INTEGER":
      return known?.exact === true
        ? { type: "number | bigint", note: "Holds integers beyond 2^53: let the driver give bigint." }
        : { type: "number" }
    case "REAL":
      return { type: "number" }
    case "BLOB":
      return { type: "Uint8Array" }
    default:
      return known?.type === "json" ? { type: "string", note: "JSON text." } : { type: "string" }
  }
}

const property = (name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name)

/** `a__b` and `a_b` are two tables and would be one interface. */
const unique = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const taken = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let n = 2; taken.has(free); n++) free = `${name}${n}`
    taken.add(free)
    return free
  })
}

/** A name from a configuration must not end the comment it stands in. */
const comment = (text: string) => text.replaceAll("*/", "*\\/")

// oxlint-disable-next-line no-control-regex -- these would break the line
const oneLine = (text: string) => text.replaceAll(/[\u0000-\u001f\u2028\u2029]+/g, " ")
