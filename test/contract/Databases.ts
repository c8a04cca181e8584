/**
 * A database in a file of its own for every test of a driver's contract.
 */
import { FileSystem, type Path } from "@effect/platform"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type { SqlClient } from "@effect/sql"
import type { Connection } from "@effect/sql/SqlConnection"
import { Effect, Layer, type Scope } from "effect"
import * as DatabaseFile from "../../src/Table/DatabaseFile.ts"
import type { Driver } from "../../src/Table/Driver.ts"
import type { TableError } from "../../src/Table/TableError.ts"

type Services = Driver | FileSystem.FileSystem | Path.Path

interface Database {
  readonly sql: SqlClient.SqlClient
  readonly file: string
  readonly directory: string
}

/** Bodies of tests, given an open database, or its only connection. */
export const databases = (driver: Layer.Layer<Driver, TableError>) => {
  const services = Layer.mergeAll(driver, NodeFileSystem.layer, NodePath.layer)

  const database = Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const directory = yield* fs.makeTempDirectoryScoped({ prefix: "sluice-" })
    const file = `${directory}/contract.db`
    return { sql: yield* DatabaseFile.open(file), file, directory }
  })
  const using = (body: (database: Database) => Effect.Effect<void, unknown, Scope.Scope | Services>) => () =>
    Effect.flatMap(database, body).pipe(Effect.provide(services))
  const withConnection = (
    body: (connection: Connection, database: Database) => Effect.Effect<void, unknown, Scope.Scope | Services>
  ) => using((db) => Effect.flatMap(db.sql.reserve, (connection) => body(connection, db)))
  return { services, using, withConnection }
}
