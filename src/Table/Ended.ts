/**
 * Walks that have ended in a run that has not: kept until its receipt is written, so that no later run adds their rows again.
 *
 * Stage Table. Only of resources whose rows nothing tells apart; all others are walked again without harm.
 */
import type { Connection } from "@effect/sql/SqlConnection"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Receipt from "../Receipt.ts"

/**
 * With the receipt of a run that came to its end: what it walked is over, and the next run begins anew.
 *
 * @since 0.1.0
 * @category combinators
 */
export const settle = (
  connection: Connection,
  { finished_at, run, source, status }: Receipt.Receipt
): Effect.Effect<void, SqlError> =>
  status === "interrupted"
    ? Effect.void
    : Effect.forEach(statements, (statement) => connection.executeRaw(statement, [finished_at, source, run]), {
        discard: true
      })

// --- internal ---

const over = `("source", "resource") IN (SELECT "s"."source", "s"."resource" FROM "_sluice_state" AS "s"
  JOIN "_sluice_resources" AS "r" ON "r"."resource" = "s"."resource"
  WHERE "s"."source" = ? AND "r"."run" = ? AND json_extract("s"."checkpoint", '$.ended') IS NOT NULL)`

/** Of a child, its parents too: those that are not incremental are forgotten, as at the end of any other walk. */
const statements = [
  `UPDATE "_sluice_parents" SET "status" = 'idle', "updated_at" = ? WHERE "status" = 'done' AND ${over}`,
  `DELETE FROM "_sluice_parents" WHERE ? IS NOT NULL AND "status" = 'idle' AND "cursor" IS NULL AND ${over}`,
  `UPDATE "_sluice_state" SET "checkpoint" = NULL, "updated_at" = ? WHERE ${over}`
]
