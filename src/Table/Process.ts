/**
 * What the runtime says of processes: who we are, on which machine, and whether another process is still there.
 *
 * Stage Table. Each runtime's platform provides `layer`; without it nothing is known, and a lock tells the living from the dead by
 * its heartbeat and its file alone. Signals nobody.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"

/**
 * @since 0.1.0
 * @category models
 */
export interface Facts {
  readonly pid: number | undefined
  /** Name of the machine. */
  readonly host: string | undefined
  /** Whether a process of this machine is there; `undefined` where that cannot be asked. */
  readonly isAlive: (pid: number) => boolean | undefined
}

/**
 * @since 0.1.0
 * @category services
 */
export class Process extends Context.Reference<Process>()("sluice/Table/Process", {
  defaultValue: (): Facts => ({ pid: undefined, host: undefined, isAlive: () => undefined })
}) {}

/**
 * This process, on Node, Bun and Deno. Deno tells the name of the machine with `--allow-sys=hostname`, and whether a process is
 * there with `--allow-run`; it is not asked for either.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Process> = Layer.sync(Process, () => ({ pid: process.pid, host: host(), isAlive }))

// --- internal ---

const host = (): string | undefined => {
  if (!mayAsk({ name: "sys", kind: "hostname" })) return undefined
  try {
    return process.getBuiltinModule("node:os").hostname()
  } catch {
    return undefined
  }
}

/** Signal 0 is none: the system only looks whether it could be sent. */
const isAlive = (pid: number): boolean | undefined => {
  if (!mayAsk({ name: "run" })) return undefined
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    const code = Predicate.hasProperty(error, "code") ? error.code : undefined
    // One of another user's is there, too.
    return code === "ESRCH" ? false : code === "EPERM" ? true : undefined
  }
}

/** Deno would ask the user at a terminal. */
const mayAsk = (permission: object): boolean => {
  const { Deno } = globalThis as { readonly Deno?: DenoPermissions }
  return Deno === undefined || Deno.permissions.querySync(permission).state === "granted"
}

interface DenoPermissions {
  readonly permissions: { readonly querySync: (permission: object) => { readonly state: string } }
}
