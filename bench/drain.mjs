/**
 * Reads every page and throws it away: how fast the server can be read by one client that does nothing else.
 */
import process from "node:process"

const [messages] = process.argv.slice(2)
for (let offset = 0; offset < Number(messages); offset += 500) {
  const response = await fetch(`${process.env.SLUICE_BENCH_URL}/messages/outbound?count=500&offset=${offset}`, {
    headers: { "x-postmark-server-token": process.env.SLUICE_BENCH_TOKEN }
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  await response.arrayBuffer()
}
