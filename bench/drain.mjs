/**
 * Reads every page and throws it away: how fast the server can be read by one client that does nothing else.
 */
import process from "node:process"

const [rows] = process.argv.slice(2)
const { SLUICE_BENCH_HEADER, SLUICE_BENCH_PAGE, SLUICE_BENCH_TOKEN } = process.env
for (let offset = 0; offset < Number(rows); offset += 500) {
  const response = await fetch(`${SLUICE_BENCH_PAGE}${offset}`, {
    headers: { [SLUICE_BENCH_HEADER]: SLUICE_BENCH_TOKEN }
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  await response.arrayBuffer()
}
