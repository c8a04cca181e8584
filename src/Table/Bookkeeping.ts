/**
 * sluice's own tables, `_sluice_*`: what runs did, where walks stand, rows that were refused, shapes of tables.
 *
 * Stage Table, pure SQL text; docs/TABLES.md describes every column for people who query them. Executes nothing.
 */
import * as Archive from "./Archive.ts"

/**
 * Version of these tables. A file written by a newer sluice is refused, not guessed at.
 *
 * @since 0.1.0
 * @category defaults
 */
export const format = 3

/**
 * @since 0.1.0
 * @category constructors
 */
export const tables: ReadonlyArray<string> = [
  `CREATE TABLE IF NOT EXISTS "_sluice_meta" (
  "name" TEXT NOT NULL PRIMARY KEY,
  "value" TEXT NOT NULL
) STRICT`,
  `CREATE TABLE IF NOT EXISTS "_sluice_runs" (
  "run" TEXT NOT NULL PRIMARY KEY,
  "source" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "started_at" TEXT NOT NULL,
  "finished_at" TEXT,
  "version" TEXT NOT NULL,
  "command" TEXT NOT NULL DEFAULT 'sync'
) STRICT`,
  `CREATE TABLE IF NOT EXISTS "_sluice_resources" (
  "run" TEXT NOT NULL REFERENCES "_sluice_runs" ("run") ON DELETE CASCADE,
  "resource" TEXT NOT NULL,
  "table_name" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "primary_key" TEXT NOT NULL DEFAULT '[]',
  "primary_key_inferred" INTEGER NOT NULL DEFAULT 0,
  "requests" INTEGER NOT NULL DEFAULT 0,
  "retries" INTEGER NOT NULL DEFAULT 0,
  "pages" INTEGER NOT NULL DEFAULT 0,
  "fetched" INTEGER NOT NULL DEFAULT 0,
  "inserted" INTEGER NOT NULL DEFAULT 0,
  "updated" INTEGER NOT NULL DEFAULT 0,
  "unchanged" INTEGER NOT NULL DEFAULT 0,
  "rejected" INTEGER NOT NULL DEFAULT 0,
  "deleted" INTEGER NOT NULL DEFAULT 0,
  "reported_total" INTEGER,
  "stop_reason" TEXT,
  "cursor" TEXT,
  "notices" TEXT NOT NULL DEFAULT '[]',
  "error" TEXT,
  "duration_ms" INTEGER,
  "updated_at" TEXT NOT NULL,
  "proven" INTEGER,
  "why" TEXT,
  "resumed" INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY ("run", "resource")
) STRICT`,
  `CREATE TABLE IF NOT EXISTS "_sluice_state" (
  "source" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "primary_key" TEXT,
  "primary_key_inferred" INTEGER NOT NULL DEFAULT 0,
  "checkpoint" TEXT,
  "run" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  "cursor" TEXT,
  PRIMARY KEY ("source", "resource")
) STRICT`,
  `CREATE TABLE IF NOT EXISTS "_sluice_rejects" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "source" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "run" TEXT NOT NULL,
  "page" INTEGER NOT NULL,
  "path" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "raw" TEXT NOT NULL,
  "digest" INTEGER NOT NULL,
  "rejected_at" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'open',
  "stage" TEXT NOT NULL DEFAULT 'row',
  "times" INTEGER NOT NULL DEFAULT 1,
  "key" TEXT,
  "came" TEXT,
  "steps" INTEGER,
  UNIQUE ("source", "resource", "digest")
) STRICT`,
  `CREATE TABLE IF NOT EXISTS "_sluice_schema" (
  "source" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "shape" TEXT NOT NULL,
  "run" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  PRIMARY KEY ("source", "resource", "version")
) STRICT`,
  `CREATE TABLE IF NOT EXISTS "_sluice_seen" (
  "source" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "digest" INTEGER NOT NULL,
  "sort" ANY,
  PRIMARY KEY ("source", "resource", "key")
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS "_sluice_groups" (
  "source" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  PRIMARY KEY ("source", "resource", "key")
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS "_sluice_parents" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "source" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "parent" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "checkpoint" TEXT,
  "cursor" TEXT,
  "run" TEXT NOT NULL,
  "updated_at" TEXT NOT NULL,
  UNIQUE ("source", "resource", "parent")
) STRICT`,
  `CREATE TABLE IF NOT EXISTS "_sluice_appended" (
  "source" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "parent" TEXT NOT NULL,
  "first" INTEGER NOT NULL,
  "last" INTEGER NOT NULL,
  PRIMARY KEY ("source", "resource", "parent", "first")
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS "_sluice_lock" (
  "id" INTEGER NOT NULL PRIMARY KEY CHECK ("id" = 1),
  "owner" TEXT NOT NULL,
  "pid" INTEGER,
  "host" TEXT,
  "command" TEXT NOT NULL,
  "run" TEXT,
  "lock_file" TEXT,
  "acquired_at" TEXT NOT NULL,
  "heartbeat_at" TEXT NOT NULL
) STRICT`,
  `CREATE INDEX IF NOT EXISTS "_sluice_parents_status" ON "_sluice_parents" ("source", "resource", "status", "id")`,
  ...Archive.tables
]

/**
 * What leads from an earlier format to this one, beside the tables that are new.
 *
 * @since 0.1.0
 * @category constructors
 */
export const migrations: Readonly<Record<number, ReadonlyArray<string>>> = {
  2: [`ALTER TABLE "_sluice_state" ADD COLUMN "cursor" TEXT`, `ALTER TABLE "_sluice_seen" ADD COLUMN "sort" ANY`],
  3: [
    `ALTER TABLE "_sluice_resources" ADD COLUMN "proven" INTEGER`,
    `ALTER TABLE "_sluice_resources" ADD COLUMN "why" TEXT`,
    `ALTER TABLE "_sluice_resources" ADD COLUMN "resumed" INTEGER NOT NULL DEFAULT 0`,
    `UPDATE "_sluice_resources" SET "resumed" = 1 WHERE "notices" LIKE '%"resumed after page %'`,
    `ALTER TABLE "_sluice_runs" ADD COLUMN "command" TEXT NOT NULL DEFAULT 'sync'`,
    `ALTER TABLE "_sluice_rejects" ADD COLUMN "state" TEXT NOT NULL DEFAULT 'open'`,
    `ALTER TABLE "_sluice_rejects" ADD COLUMN "stage" TEXT NOT NULL DEFAULT 'row'`,
    `ALTER TABLE "_sluice_rejects" ADD COLUMN "times" INTEGER NOT NULL DEFAULT 1`,
    `ALTER TABLE "_sluice_rejects" ADD COLUMN "key" TEXT`,
    `ALTER TABLE "_sluice_rejects" ADD COLUMN "came" TEXT`,
    `ALTER TABLE "_sluice_rejects" ADD COLUMN "steps" INTEGER`
  ]
}

/**
 * One more page in a run's line for a resource, in the page's own transaction.
 *
 * Parameters: requests, retries, fetched, inserted, updated, unchanged, rejected, deleted, reported total, primary key, inferred,
 * time, run, resource.
 *
 * @since 0.1.0
 * @category constructors
 */
export const countPage = `UPDATE "_sluice_resources" SET
  "requests" = "requests" + ?, "retries" = "retries" + ?, "pages" = "pages" + 1, "fetched" = "fetched" + ?,
  "inserted" = "inserted" + ?, "updated" = "updated" + ?, "unchanged" = "unchanged" + ?, "rejected" = "rejected" + ?,
  "deleted" = "deleted" + ?,
  "reported_total" = coalesce(?, "reported_total"), "primary_key" = ?, "primary_key_inferred" = ?, "updated_at" = ?
WHERE "run" = ? AND "resource" = ?`

/**
 * What the end of a walk did. Parameters: inserted, updated, unchanged, deleted, time, run, resource.
 *
 * @since 0.1.0
 * @category constructors
 */
export const countEnd = `UPDATE "_sluice_resources" SET "inserted" = "inserted" + ?, "updated" = "updated" + ?,
  "unchanged" = "unchanged" + ?, "deleted" = "deleted" + ?, "updated_at" = ? WHERE "run" = ? AND "resource" = ?`

/**
 * Where a walk stands. Parameters: source, resource, primary key, inferred, checkpoint, run, time, cursor; a cursor that is
 * null stays what it was.
 *
 * @since 0.1.0
 * @category constructors
 */
export const saveState = `INSERT INTO "_sluice_state"
  ("source", "resource", "primary_key", "primary_key_inferred", "checkpoint", "run", "updated_at", "cursor") VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT ("source", "resource") DO UPDATE SET "cursor" = coalesce(excluded."cursor", "cursor"), "primary_key" = coalesce(excluded."primary_key", "primary_key"),
  "primary_key_inferred" = CASE WHEN excluded."primary_key" IS NULL THEN "primary_key_inferred" ELSE excluded."primary_key_inferred" END,
  "checkpoint" = excluded."checkpoint", "run" = excluded."run", "updated_at" = excluded."updated_at"`
