/**
 * Tells whether dist is the build of what is in the checkout now, by content: times lie after a clone or a branch switch.
 *
 * Shared by build.mjs, which writes the stamp last, and setup.mjs, which compares. Builds nothing.
 */
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Where the command line's bundle starts; `bin/sluice.js` loads it. */
export const bundle = "dist/bundle/main.js"

const stamp = join(root, "dist/.stamp")

/** Everything that goes into a build. The lock is in it because dependencies are bundled. */
const inputs = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "rolldown.config.mjs",
  "scripts/build.mjs"
]

const filesUnder = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesUnder(path) : [path]
  })

const fingerprint = () => {
  const hash = createHash("sha256")
  for (const path of [...inputs, ...filesUnder("src").sort()]) {
    const content = readFileSync(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest("hex")
}

export const isBuilt = () =>
  existsSync(stamp) && existsSync(join(root, bundle)) && readFileSync(stamp, "utf8") === fingerprint()

/** Takes the fingerprint before a build; the answer writes it after. An edit in between leaves the build stale. */
export const begin = () => {
  const before = fingerprint()
  return () => writeFileSync(stamp, before)
}
