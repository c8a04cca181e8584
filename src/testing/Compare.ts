/**
 * Whether two databases hold the same, whichever runs brought it: what a crash test asks in the end.
 *
 * Part of the test kit; the work is done by `Table/Compare`.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as AutoDriver from "../Table/AutoDriver.ts"
import * as TableCompare from "../Table/Compare.ts"
import type { TableError } from "../Table/TableError.ts"

/**
 * Every difference between two databases, none when they hold the same. Given by file name, or as an open client.
 *
 * @since 0.1.0
 * @category combinators
 */
export const compare = (
  first: string | SqlClient.SqlClient,
  second: string | SqlClient.SqlClient,
  options: TableCompare.Options = {}
): Effect.Effect<ReadonlyArray<TableCompare.Difference>, TableError> =>
  Effect.provide(TableCompare.compare(first, second, options), AutoDriver.layer)
