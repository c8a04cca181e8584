/**
 * What is remembered of resources, as people read it, and as JSON. Pure but for the table.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Forgotten, State } from "../Table/State.ts"
import * as Format from "./Format.ts"
import * as Grid from "./Grid.ts"
import type * as View from "./View.ts"

/**
 * The state of a resource in `--json`: names as in sluice's own tables.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  readonly source: string
  readonly name: string
  readonly table: string | null
  readonly primary_key: ReadonlyArray<string> | null
  readonly primary_key_inferred: boolean
  readonly cursor: unknown
  /** Where an unfinished walk goes on. */
  readonly checkpoint: { readonly page: number; readonly position: unknown; readonly total: number | null } | null
  /** Rows of the parent by the state of their walks. */
  readonly parents: Readonly<Record<string, number>> | null
  readonly run: string | null
  readonly updated_at: string | null
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const entry = (state: State): Entry => ({
  source: state.source,
  name: state.resource,
  table: state.shape?.tables[0]?.name ?? null,
  primary_key: state.primaryKey ?? null,
  primary_key_inferred: state.primaryKeyInferred,
  cursor: state.cursor ?? null,
  checkpoint: checkpoint(state.checkpoint),
  parents: state.parents ?? null,
  run: state.run ?? null,
  updated_at: state.updatedAt ?? null
})

/**
 * @since 0.1.0
 * @category combinators
 */
export const render = (file: string, states: ReadonlyArray<State>, view: View.View): Effect.Effect<string> => {
  const { style } = view
  if (states.length === 0)
    return Effect.succeed(
      `${style.bold(file)}\n\n${style.dim("  nothing is remembered: no resource has been synced yet")}`
    )
  const several = new Set(states.map(({ source }) => source)).size > 1
  const none = style.dim("–")
  const grid = Grid.render(
    {
      columns: [
        ...(several ? [{ title: "source" }] : []),
        { title: "resource" },
        { title: "key" },
        { title: "cursor" },
        { title: "unfinished" },
        { title: "parents" },
        { title: "updated", optional: true }
      ],
      rows: states.map(entry).map((one) => [
        ...(several ? [one.source] : []),
        one.name,
        one.primary_key === null || one.primary_key.length === 0
          ? none
          : one.primary_key.join(" + ") + (one.primary_key_inferred ? " (inferred)" : ""),
        one.cursor === null ? none : cursor(one.cursor),
        one.checkpoint === null ? none : style.yellow(`after page ${one.checkpoint.page}`),
        one.parents === null
          ? none
          : Object.entries(one.parents)
              .map(([status, count]) => `${Format.count(count)} ${status}`)
              .join(", "),
        one.updated_at ?? ""
      ])
    },
    view
  )
  return Effect.map(grid, (grid) => `${style.bold(file)}\n\n${grid}`)
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const forgotten = (file: string, all: ReadonlyArray<Forgotten>, view: View.View): string => {
  const { style } = view
  if (all.length === 0) return `${style.green("✓")} ${file}: there was nothing to forget`
  const indent = Math.max(...all.map(({ resource }) => resource.length)) + 6
  const lines = all.map((one) => {
    const what = [
      ...(one.table ? ["the table that is not there any more"] : []),
      ...(one.checkpoint ? ["its unfinished walk"] : []),
      ...(one.cursor ? ["its cursor"] : []),
      ...(one.parents > 0 && !one.requeued ? [`${Format.plural(one.parents, "parent")} in its queue`] : []),
      ...(one.rows > 0 ? [`${Format.plural(one.rows, "row")} that the walk had added`] : [])
    ]
    const [mark, text] =
      what.length === 0
        ? [style.dim("–"), "there was nothing to forget"]
        : [style.green("✓"), `forgot ${what.join(", ")}`]
    const again = one.requeued ? `; ${Format.plural(one.parents, "parent")} in its queue will be asked for again` : ""
    return Format.hang(`  ${mark} ${one.resource}`, text + again, { indent, columns: Format.measure(view) })
  })
  return [
    style.bold(file),
    lines.join("\n"),
    `${style.green("✓ reset")}: the next sync reads from the first page; the rows stay`
  ].join("\n\n")
}

// --- internal ---

const checkpoint = (value: unknown): Entry["checkpoint"] => {
  // Of a walk that has ended, and only its run has not, nothing is left to be read.
  if (!Predicate.isRecord(value) || "ended" in value) return null
  const { index, position, total } = value
  return {
    page: typeof index === "number" ? index : 0,
    position: position ?? null,
    total: typeof total === "number" ? total : null
  }
}

/** The value alone, where that is what a cursor holds beside what it needs to stay right at its boundary. */
const cursor = (value: unknown): string => {
  const shown = Predicate.isRecord(value) ? (value["value"] ?? value["last"] ?? value) : value
  return typeof shown === "object" ? JSON.stringify(shown) : String(shown)
}
