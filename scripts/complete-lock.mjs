/**
 * Completes package-lock.json with the platform packages that the registry at hand does not serve.
 *
 * npm leaves such optional packages out of the lock without a word, and `npm ci` then refuses the lock, everywhere, because
 * it and package.json disagree. Run after every change of dependencies: `npm run lock:complete [folder]…`. An entry added
 * here has no checksum. A package that a registry really lacks stays uninstalled, as optional packages may.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const EXACT = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/

/** Where Node would look for `name` from the package at `path`, innermost first. */
const places = (path, name) => {
  const found = [`node_modules/${name}`]
  let end = path.indexOf("node_modules/")
  while (end !== -1) {
    const next = path.indexOf("/node_modules/", end)
    found.unshift(`${path.slice(0, next === -1 ? undefined : next)}/node_modules/${name}`)
    end = next === -1 ? -1 : next + 1
  }
  return found
}

const NAMES = {
  os: ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"],
  cpu: ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"],
  libc: ["glibc", "musl"]
}

/** `@scope/tool-linux-arm64-musl` → os linux, cpu arm64, libc musl: what keeps npm from fetching it on other machines. */
const platform = (name) => {
  const words = name.split(/[-/@]/)
  return Object.fromEntries(
    Object.entries(NAMES).flatMap(([key, known]) => {
      const word = words.find((word) => known.includes(word))
      return word === undefined ? [] : [[key, [word]]]
    })
  )
}

const complete = (file) => {
  const lock = JSON.parse(readFileSync(file, "utf8"))
  const added = []
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const place = places(path, name).find((place) => lock.packages[place] !== undefined)
      if (place !== undefined && (!EXACT.test(range) || lock.packages[place].version === range)) continue
      if (!EXACT.test(range)) throw new Error(`${file}: ${path} wants ${name}@${range}; pin it with "overrides"`)
      // Another version in the outer place: this one goes inside the package that wants it.
      const target = place === undefined ? `node_modules/${name}` : `${path}/node_modules/${name}`
      lock.packages[target] = {
        version: range,
        ...(entry.dev === true ? { dev: true } : {}),
        optional: true,
        ...platform(name)
      }
      added.push(`${name}@${range}`)
    }
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"))
  lock.packages = Object.fromEntries(sorted)
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`${file}: ${added.length === 0 ? "complete" : `added ${added.join(", ")}`}`)
}

const folders = process.argv.slice(2)
for (const folder of folders.length > 0 ? folders : [".", "tools/runtimes"])
  complete(join(root, folder, "package-lock.json"))
