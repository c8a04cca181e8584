/**
 * Three questions to a synced Postmark database, as SQL to take along, asked of the file at hand.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as TableError from "../Table/TableError.ts"
import * as Format from "./Format.ts"
import * as Grid from "./Grid.ts"
import type * as View from "./View.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Question {
  readonly asks: string
  readonly sql: string
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const all: ReadonlyArray<Question> = [
  {
    asks: "Why does mail come back, and how many addresses did that cost?",
    sql: `SELECT type, count(*) AS bounces,
  count(*) FILTER (WHERE inactive) AS deactivated
FROM bounces GROUP BY type ORDER BY bounces DESC LIMIT 5`
  },
  {
    asks: "How many of a day's recipients bounced?",
    sql: `WITH sent AS (
  SELECT message_id, substr(received_at, 1, 10) AS day, count(*) AS recipients
  FROM messages JOIN messages__recipients ON _parent_message_id = message_id
  GROUP BY message_id
), returned AS (
  SELECT message_id, count(*) AS bounces FROM bounces GROUP BY message_id
)
SELECT day, count(*) AS messages, sum(recipients) AS recipients,
  coalesce(sum(bounces), 0) AS bounced,
  round(100.0 * coalesce(sum(bounces), 0) / sum(recipients), 1) AS percent
FROM sent LEFT JOIN returned USING (message_id)
GROUP BY day ORDER BY day DESC LIMIT 5`
  },
  {
    asks: "Which domains need attention?",
    sql: `SELECT name, iif(dkim_verified, 'ok', 'missing') AS dkim,
  iif(weak_dkim, 'weak', 'ok') AS key,
  iif(return_path_domain_verified, 'ok', 'missing') AS return_path
FROM domains
WHERE NOT dkim_verified OR weak_dkim OR NOT return_path_domain_verified
ORDER BY name LIMIT 5`
  }
]

/**
 * @since 0.1.0
 * @category combinators
 */
export const answer = (
  { sql }: Question,
  view: View.View
): Effect.Effect<string, TableError.TableError, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const client = yield* SqlClient.SqlClient
    const rows = yield* client.unsafe<Readonly<Record<string, unknown>>>(sql)
    const [first] = rows
    if (first === undefined) return view.style.dim("  nothing")
    const names = Object.keys(first)
    return yield* Grid.render(
      {
        columns: names.map((title) => ({
          title,
          align: typeof first[title] === "number" ? ("right" as const) : ("left" as const)
        })),
        rows: rows.map((row) => names.map((name) => cell(row[name])))
      },
      view
    )
  }).pipe(TableError.refail({ doing: "asking the database" }))

// --- internal ---

const cell = (value: unknown): string =>
  typeof value === "number" ? (Number.isInteger(value) ? Format.count(value) : value.toFixed(1)) : String(value ?? "")
