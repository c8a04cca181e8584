/**
 * The SQLite driver of the runtime at hand: `node:sqlite` on Bun and Deno; on Node better-sqlite3, or `node:sqlite`
 * where that does not load.
 *
 * Stage Table. Importing this loads neither.
 */
import * as Layer from "effect/Layer"
import * as BetterSqlite from "./BetterSqlite.ts"
import type { Driver } from "./Driver.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import * as TableError from "./TableError.ts"

/**
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Driver, TableError.TableError> = Layer.suspend(() =>
  "Bun" in globalThis || "Deno" in globalThis
    ? NodeSqlite.layerDriver
    : Layer.catchAll(BetterSqlite.layerDriver, (better) =>
        Layer.catchAll(NodeSqlite.layerDriver, (node) =>
          Layer.fail(
            new TableError.TableError({
              reason: "NoDriver",
              detail:
                `${better.detail}, and ${node.detail}; ` +
                "run npm rebuild better-sqlite3, or npm install @effect/sql-sqlite-node, or take a newer Node",
              cause: better
            })
          )
        )
      )
)
