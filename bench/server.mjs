/**
 * The upstream of the benchmark: the sandbox's messages, every page rendered before the clock starts, served from memory.
 *
 * A process of its own, forked by `run.mjs`: says where it is once it is ready, and answers `{ serve }` and `{ cpu }`. Holds
 * two sets of pages: `base`, and `changed`, in which every hundredth message has another status.
 */
import { createServer } from "node:http"
import process from "node:process"
import { Either } from "effect"
import * as Postmark from "../dist/sandbox/Postmark.js"
import * as World from "../dist/sandbox/World.js"

const PAGE = 500
const PATH = "/messages/outbound"
const token = World.tokens.serverToken
const messages = Number(process.argv[2])

const render = (world, offset) => {
  const url = `${PATH}?count=${PAGE}&offset=${offset}`
  const answer = Postmark.handle(world, { method: "GET", url, headers: { "x-postmark-server-token": token } })
  if (answer.status !== 200) throw new Error(`the sandbox refuses ${url}: ${answer.body}`)
  return answer.body
}

/** Changes are spread evenly, so that every page has some: the hardest case for whoever looks for them. */
const mix = (before, after) => {
  const page = JSON.parse(before)
  const other = JSON.parse(after).Messages
  for (let i = 0; i < page.Messages.length; i += 100) page.Messages[i] = other[i]
  return JSON.stringify(page)
}

const base = Either.getOrThrow(World.make({ messages, window: Number.MAX_SAFE_INTEGER, otherMessages: 0 }))
const next = Either.getOrThrow(World.change(base, { messages }))
const pages = { base: [], changed: [] }
for (let offset = 0; offset < messages; offset += PAGE) {
  const body = render(base, offset)
  pages.base.push(Buffer.from(body))
  pages.changed.push(Buffer.from(mix(body, render(next, offset))))
}

let served = pages.base

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://bench")
  const offset = Number(searchParams.get("offset"))
  const asked = pathname === PATH && searchParams.get("count") === String(PAGE) && offset % PAGE === 0
  const body = asked ? served[offset / PAGE] : undefined
  if (body === undefined || request.headers["x-postmark-server-token"] !== token) {
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
  const bytes = pages.base.reduce((sum, page) => sum + page.length, 0)
  process.send({ url: `http://127.0.0.1:${server.address().port}`, token, pages: pages.base.length, bytes })
})
