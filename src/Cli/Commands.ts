/**
 * Every command there is: all of them for help and completions, each alone for a run, which loads no other.
 */
import * as Command from "@effect/cli/Command"
import * as Check from "./Check.ts"
import * as CrashTest from "./CrashTest.ts"
import * as Demo from "./Demo.ts"
import type * as Help from "./Help.ts"
import * as Import from "./Import.ts"
import * as Init from "./Init.ts"
import * as Plan from "./Plan.ts"
import * as Preview from "./Preview.ts"
import * as Rebuild from "./Rebuild.ts"
import * as Rejects from "./Rejects.ts"
import * as Sandbox from "./Sandbox.ts"
import * as Schema from "./Schema.ts"
import * as State from "./State.ts"
import * as Status from "./Status.ts"
import * as Sync from "./Sync.ts"

/**
 * In the order that help lists them.
 *
 * @since 0.1.0
 * @category defaults
 */
export const entries: ReadonlyArray<Help.Entry> = [
  Sync,
  Check,
  Plan,
  Preview,
  Init,
  Import,
  Rebuild,
  Status,
  State.show,
  State.reset,
  Rejects.list,
  Rejects.replay,
  Schema.json,
  Schema.types,
  Schema.ddl,
  CrashTest,
  Sandbox,
  Demo
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const root = Command.make("sluice").pipe(
  Command.withSubcommands([
    Sync.command,
    Check.command,
    Plan.command,
    Preview.command,
    Init.command,
    Import.command,
    Rebuild.command,
    Status.command,
    State.command,
    Rejects.command,
    Schema.command,
    CrashTest.command,
    Sandbox.command,
    Demo.command
  ])
)
