/**
 * The upstream of the benchmarks: every page rendered before the clock starts, served from memory.
 *
 * A process of its own, forked by `stage.mjs` with shape, rows and sets: says where it is once it is ready, and answers
 * `{ serve }` and `{}` with the time it used. A set is `base`, or `changed`, in which every hundredth row is another.
 */
import { createServer } from "node:http"
import process from "node:process"

const size = 500
const [name, rows, sets] = [process.argv[2], Number(process.argv[3]), process.argv[4].split(",")]
const shape = await import(`./shapes/${name}/pages.mjs`)
const pages = shape.pages(rows, size, sets)
const newest = shape.since?.(rows)
const end = Buffer.from(shape.end(rows))
let served = pages.base

const asked = (url) => {
  const { pathname, searchParams } = new URL(url, "http://bench")
  const offset = Number(searchParams.get("offset"))
  if (pathname !== shape.path || searchParams.get(shape.limitParam) !== String(size) || offset % size !== 0)
    return undefined
  if (searchParams.has("updated_since")) return newest
  // Who does not look at the total asks until nothing comes.
  return served[offset / size] ?? (offset === rows ? end : undefined)
}

const server = createServer((request, response) => {
  const body = asked(request.url)
  if (body === undefined || request.headers[shape.header] !== shape.token) {
    response.writeHead(404, { "content-type": "text/plain" }).end(`the benchmark serves no ${request.url}\n`)
    return
  }
  response
    .writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": body.length })
    .end(body)
})

process.on("disconnect", () => process.exit())
process.on("message", ({ serve }) => {
  if (serve !== undefined) served = pages[serve]
  const { system, user } = process.cpuUsage()
  process.send({ cpuMillis: (system + user) / 1000 })
})
server.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`
  process.send({
    url,
    page: `${url}${shape.path}?${shape.limitParam}=${size}&offset=`,
    header: shape.header,
    token: shape.token,
    bytes: pages.base.reduce((sum, page) => sum + page.length, 0)
  })
})
