/**
 * Fails every test file that does not run in the runtime it was started for. A vitest setup file.
 *
 * Without it a worker that quietly fell back to Node would make the Bun and Deno cells green for nothing.
 */
const wanted = process.env["SLUICE_RUNTIME"]
const versions: Readonly<Record<string, string | undefined>> = process.versions
const actual = versions["bun"] !== undefined ? "bun" : versions["deno"] !== undefined ? "deno" : "node"

if (wanted !== actual)
  throw new Error(`these tests were started for ${wanted}, but run in ${actual} ${process.version}`)
