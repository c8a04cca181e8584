/**
 * A parent in a queue whose inherited fields changed: it is the same one, and what is known of it stays.
 *
 * Stage Table. The line of a parent holds the fields that its rows inherit, so a change makes another line of it, without a cursor.
 * Keyed rows are read anew then, and get the new values; appended ones would be there twice. Begins and commits nothing.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type { Opening } from "../Table.ts"

/**
 * The parents as their latest walk brought them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Brought {
  /** The runs of that walk. */
  readonly runs: ReadonlyArray<string>
  /** The request holds their whole key: two lines of one request are one parent. Otherwise only if the walk brought just one of them. */
  readonly identified: boolean
  /** A parent that comes again is asked for again, done or not. */
  readonly passes: boolean
}

/**
 * @since 0.1.0
 * @category combinators
 */
export const settle = (
  connection: Connection,
  { resource, source }: Opening,
  { identified, passes, runs }: Brought,
  now: string
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const pairs = yield* connection.executeValues(twins, [source, resource, identified ? 1 : 0, JSON.stringify(runs)])
    for (const [id, parent, oldId, old, status, checkpoint, cursor] of pairs) {
      yield* connection.executeRaw(
        `UPDATE "_sluice_appended" SET "parent" = ? WHERE "source" = ? AND "resource" = ? AND "parent" = ?`,
        [parent, source, resource, old]
      )
      yield* connection.executeRaw(`DELETE FROM "_sluice_parents" WHERE "id" = ?`, [oldId])
      yield* connection.executeRaw(
        `UPDATE "_sluice_parents" SET "status" = ?, "checkpoint" = ?, "cursor" = ?, "updated_at" = ? WHERE "id" = ?`,
        [status === "done" && !passes ? "done" : "pending", checkpoint, cursor, now, id]
      )
    }
  })

// --- internal ---

/** A line that nothing has been done with, and an older one of the same request. */
const twins = `SELECT n."id", n."parent", o."id", o."parent", o."status", o."checkpoint", o."cursor"
FROM (
  SELECT min("id") AS older, max("id") AS newer FROM "_sluice_parents" WHERE "source" = ? AND "resource" = ?
  GROUP BY json_extract("parent", '$.values') HAVING count(*) = 2
) AS t
JOIN "_sluice_parents" AS n ON n."id" = t.newer
JOIN "_sluice_parents" AS o ON o."id" = t.older
WHERE n."status" = 'pending' AND n."checkpoint" IS NULL AND n."cursor" IS NULL
  AND (? OR o."run" NOT IN (SELECT "value" FROM json_each(?)))`
