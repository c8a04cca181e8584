/**
 * Loads the program on Node 20 with its compiled code kept for the next start, as `module.enableCompileCache` does from Node 22 on.
 *
 * The code lies beside the bundle, so that whoever could change it could change the program as well; where nothing can be
 * written it is compiled each time. `NODE_DISABLE_COMPILE_CACHE` switches it off, here as there.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import process from "node:process"
import vm from "node:vm"

/** What the one CommonJS bundle in a folder exports. */
export const load = (folder) => {
  const name = readdirSync(folder).find((name) => name.endsWith(".cjs"))
  const file = join(folder, name)
  // The bundle has a hash of its content in its name: V8 looks only at the length. Of another Node's code it takes none.
  const cache = join(folder, "compiled", `${name}-${process.version}-${process.arch}.bin`)
  const keeps = !process.env.NODE_DISABLE_COMPILE_CACHE
  const cachedData = keeps ? read(cache) : undefined
  const script = new vm.Script(`(function (exports, require, module) { ${readFileSync(file, "utf8")}\n})`, {
    filename: file,
    cachedData
  })
  if (keeps && (cachedData === undefined || script.cachedDataRejected)) {
    // Not before the end, when it is known which functions were needed.
    process.on("exit", () => keep(cache, script))
  }
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module)
  return module.exports
}

const read = (file) => {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Only speed: whatever is in the way is no reason to fail. */
const keep = (file, script) => {
  try {
    mkdirSync(join(file, ".."), { recursive: true })
    const unfinished = `${file}.${process.pid}`
    writeFileSync(unfinished, script.createCachedData(), { flush: true })
    renameSync(unfinished, file)
  } catch {
    // A folder that is not ours, or a full disk.
  }
}
