/**
 * The upstream of `limiter.mjs`: takes so many requests a second, refuses what is beyond that with 429, and counts both.
 *
 * A process of its own. `kind` is how it counts (`window`: each second by the clock; `bucket`: filled drop by drop), `tells`
 * what it says of that. Answers `{ report }` with what it saw: when it took a request, when it refused one, and when its quota was used
 * up for the first time.
 */
import { createServer } from "node:http"
import process from "node:process"

const { kind, latency, limit, pages, resources, tells } = JSON.parse(process.argv[2])

const taken = []
const refused = []
let full
let window = { second: -1, used: 0 }
let bucket = { level: limit, at: performance.now() }

/** What is left behind this request, or less than 0; and the seconds until there is more. */
const count = (now) => {
  if (kind === "window") {
    const time = Date.now()
    const second = Math.floor(time / 1000)
    if (window.second !== second) window = { second, used: 0 }
    window.used = Math.min(limit + 1, window.used + 1)
    return { left: limit - window.used, reset: second + 1 - time / 1000, at: second + 1 }
  }
  bucket = { level: Math.min(limit, bucket.level + ((now - bucket.at) / 1000) * limit), at: now }
  const left = Math.floor(bucket.level - 1)
  if (left >= 0) bucket.level -= 1
  return { left, reset: (limit - bucket.level) / limit }
}

const headers = ({ at, left, reset }) => {
  const seconds = Math.ceil(reset)
  const remaining = Math.max(0, left)
  if (tells === "ratelimit") {
    return { ratelimit: `"default";r=${remaining};t=${seconds}`, "ratelimit-policy": `"default";q=${limit};w=1` }
  }
  if (tells === "ratelimit-3") {
    return { "ratelimit-limit": limit, "ratelimit-remaining": remaining, "ratelimit-reset": seconds }
  }
  if (tells === "x-ratelimit") {
    return { "x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": at }
  }
  return tells === "retry-after" && left < 0 ? { "retry-after": seconds } : {}
}

const server = createServer((request, response) => {
  const now = performance.now()
  const counted = count(now)
  if (counted.left === 0) full ??= now
  const isRefused = counted.left < 0
  ;(isRefused ? refused : taken).push(now)
  const { searchParams } = new URL(request.url, "http://bench")
  const page = Number(searchParams.get("page"))
  const body = isRefused ? { message: "too many requests" } : { items: [{ id: page }], total: pages }
  setTimeout(() => {
    response
      .writeHead(isRefused ? 429 : 200, { "content-type": "application/json", ...headers(counted) })
      .end(JSON.stringify(body))
  }, latency)
})

process.on("disconnect", () => process.exit())
process.on("message", () => process.send({ taken, refused, full }))
server.listen(0, "127.0.0.1", () => process.send({ url: `http://127.0.0.1:${server.address().port}`, resources }))
