/**
 * What the server of the messages serves: those of the sandbox, 16 fields of which five are lists.
 */
import { Either } from "effect"
import * as Postmark from "../../../dist/sandbox/Postmark.js"
import * as World from "../../../dist/sandbox/World.js"

export const path = "/messages/outbound"
export const limitParam = "count"
export const header = "x-postmark-server-token"
export const token = World.tokens.serverToken

const render = (world, offset, size) => {
  const url = `${path}?count=${size}&offset=${offset}`
  const answer = Postmark.handle(world, { method: "GET", url, headers: { [header]: token } })
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

export const pages = (rows, size, sets) => {
  const base = Either.getOrThrow(World.make({ messages: rows, window: Number.MAX_SAFE_INTEGER, otherMessages: 0 }))
  const next = sets.includes("changed") ? Either.getOrThrow(World.change(base, { messages: rows })) : undefined
  const made = Object.fromEntries(sets.map((set) => [set, []]))
  for (let offset = 0; offset < rows; offset += size) {
    const body = render(base, offset, size)
    made.base?.push(Buffer.from(body))
    made.changed?.push(Buffer.from(mix(body, render(next, offset, size))))
  }
  return made
}

/** The page behind the last one. */
export const end = (rows) => JSON.stringify({ TotalCount: rows, Messages: [] })
