/**
 * Stage Table on an SQLite database in memory, and a switch that makes its next operations fail.
 *
 * Part of the test kit. The database is a real one: the same SQL, the same transactions, gone with the Layer. Each build of
 * the Layer is a database of its own.
 */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Table from "../Table.ts"
import * as AutoDriver from "../Table/AutoDriver.ts"
import * as Driver from "../Table/Driver.ts"
import { TableError } from "../Table/TableError.ts"

/**
 * The tables of a test, with the `SqlClient` to look into them.
 *
 * @since 0.1.0
 * @category layers
 */
export const memoryTable: Layer.Layer<Table.Table | SqlClient.SqlClient, TableError> = Table.layer({
  database: ":memory:"
}).pipe(
  Layer.provideMerge(
    Layer.scoped(
      SqlClient.SqlClient,
      Effect.gen(function* () {
        const driver = yield* Driver.Driver
        const options = { filename: ":memory:" }
        const sql = yield* driver.open(options)
        yield* Driver.configure(sql, options)
        return sql
      })
    )
  ),
  Layer.provide(AutoDriver.layer)
)

/**
 * Makes operations of stage Table fail on command.
 *
 * @since 0.1.0
 * @category services
 */
export class Failures extends Context.Tag("sluice/testing/Failures")<
  Failures,
  {
    /** The next `times` calls of an operation fail, after `after` calls that do not. Nothing of a failed call is written. */
    readonly failNext: (
      operation: Operation,
      options?: {
        readonly after?: number | undefined
        readonly times?: number | undefined
        readonly error?: TableError | undefined
      }
    ) => Effect.Effect<void>
  }
>() {}

/**
 * @since 0.1.0
 * @category models
 */
export type Operation = "begin" | "open" | "merge" | "complete" | "finish" | "end"

/**
 * A Table around another one, under the command of `Failures`.
 *
 * @since 0.1.0
 * @category layers
 */
export const failingTable: Layer.Layer<Table.Table | Failures, never, Table.Table> = Layer.effectContext(
  Effect.map(Table.Table, (table) => {
    const orders = new Map<Operation, { after: number; times: number; readonly error: TableError }>()
    const guard =
      (operation: Operation) =>
      <A>(call: Effect.Effect<A, TableError>): Effect.Effect<A, TableError> =>
        Effect.suspend(() => {
          const order = orders.get(operation)
          if (order === undefined || order.times === 0) return call
          if (order.after > 0) {
            order.after--
            return call
          }
          order.times--
          return Effect.fail(order.error)
        })
    const session = (inner: Table.Session): Table.Session => {
      const merge = (page: Table.Merge) => guard("merge")(inner.merge(page))
      return { ...inner, merge, complete: (end) => guard("complete")(inner.complete(end)) }
    }
    return Context.make(Table.Table, {
      ...table,
      begin: (run) => guard("begin")(table.begin(run)),
      open: (opening) => Effect.map(guard("open")(table.open(opening)), session),
      finish: (run, receipt) => guard("finish")(table.finish(run, receipt)),
      end: (receipt) => guard("end")(table.end(receipt))
    }).pipe(
      Context.add(Failures, {
        failNext: (operation, { after = 0, error, times = 1 } = {}) =>
          Effect.sync(() => {
            orders.set(operation, {
              after,
              times,
              error: error ?? new TableError({ reason: "Io", detail: "a failure on command" })
            })
          })
      })
    )
  })
)
