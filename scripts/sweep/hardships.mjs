/**
 * What may befall a run beside its death: a disk that is full, a database that another process holds, a clock that jumps.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

const day = 86_400_000

/** `undefined` where there is no compiler, or no way to slip into a system call; `why` is said then. */
const fullDisk = (folder) => {
  if (process.platform !== "linux") return { why: "only Linux has LD_PRELOAD" }
  mkdirSync(folder, { recursive: true })
  const library = join(folder, "full-disk.so")
  const made = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, here("full-disk.c"), "-ldl"], {
    encoding: "utf8"
  })
  return made.status === 0 ? { library } : { why: `cc does not make it: ${made.error?.message ?? made.stderr}` }
}

const says = (words) => (end, usual) =>
  end.code === usual || `${end.stdout}${end.stderr}`.includes(words)
    ? []
    : [`it ended with ${end.code ?? end.signal} and did not say "${words}": ${end.stderr}${end.stdout}`]

const refused = (words) => (end, usual) =>
  end.code === 1 || end.code === 3 ? says(words)(end, usual) : [`it ended with ${end.code ?? end.signal}, not 1`]

/** As trials, of `known`; `skipped` are those that cannot be made here. */
export const hardships = (known, { folder, short }) => {
  const pick = (...names) => known.filter(({ name }) => names.includes(name))
  const one = ({ expected, name, scenario }, kind, stops, last) => ({ of: name, scenario, expected, kind, stops, last })
  const disk = fullDisk(folder)
  const disks =
    disk.library === undefined
      ? []
      : pick(
          ...(short
            ? ["offset", "append, no key"]
            : ["offset", "parent and child", "replace", "versions", "append, no key", "rows that are refused"])
        ).flatMap((each) =>
          (short
            ? [60_000, 250_000]
            : [1, 8, 20, 40, 60, 80, 100, 130, 160, 200, 250, 300].map((pages) => pages * 4096)
          ).map((bytes) =>
            one(each, "disk full", [
              {
                env: { LD_PRELOAD: disk.library, SWEEP_DISK_BYTES: String(bytes) },
                disk: true,
                check: says("no space left for the database")
              }
            ])
          )
        )
  const locks = pick(...(short ? ["offset"] : ["offset", "replace", "append, no key", "parent and child"])).flatMap(
    (each) => [
      one(each, "locked for a while", [], { hold: { mode: "IMMEDIATE", requests: 2, millis: 1500 } }),
      one(each, "locked for long", [
        {
          hold: { mode: "EXCLUSIVE", requests: 2, millis: 60_000 },
          check: refused("another process is writing to the database")
        }
      ])
    ]
  )
  const clocks = pick(
    ...(short
      ? ["offset"]
      : ["offset", "incremental, in order", "replace", "versions", "append, no key", "parent and child"])
  ).flatMap((each) =>
    [-day, 365 * day].flatMap((off) => {
      const env = (clock) => ({
        NODE_OPTIONS: `--import=${new URL("clock.mjs", import.meta.url).href}`,
        SWEEP_CLOCK: clock
      })
      return [
        one(each, "clock off between runs", [{ place: "page.committed:2", env: env(String(off)) }]),
        one(each, "clock off between runs", [{ place: "page.committed:2" }], { env: env(String(off)) }),
        ...(short ? [30] : [8, 20, 30, 50]).map((reading) =>
          one(each, "clock jumps in a run", [], { env: env(`${off}@${reading}`) })
        )
      ]
    })
  )
  return { trials: [...disks, ...locks, ...clocks], skipped: disk.why === undefined ? [] : [`disk full: ${disk.why}`] }
}
