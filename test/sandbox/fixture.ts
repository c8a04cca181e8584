/** A world and a short way to ask it. */
import { Either } from "effect"
import { parse } from "lossless-json"
import * as Postmark from "../../src/sandbox/Postmark.ts"
import * as World from "../../src/sandbox/World.ts"

export const world = (options: World.Options = {}): World.World => Either.getOrThrow(World.make(options))

export const server = { "x-postmark-server-token": World.tokens.serverToken }

export const account = { "x-postmark-account-token": World.tokens.accountToken }

export const key = { api_key: World.tokens.apiKey }

export type Row = Readonly<Record<string, unknown>>

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly json: Row & { readonly TotalCount: number; readonly ErrorCode: number; readonly Message: string }
}

export const ask = (
  world: World.World,
  url: string,
  headers: Readonly<Record<string, string>> = tokenFor(world, url),
  method = "GET"
): Answer => {
  const { body, headers: sent, status } = Postmark.handle(world, { method, url, headers })
  return { status, headers: sent, text: body, json: json(body) }
}

/** Integers no double holds come as `bigint`. */
export const json = (text: string) =>
  parse(text, null, (digits) =>
    Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits)
  ) as Answer["json"]

export const rows = (answer: Answer): ReadonlyArray<Row> =>
  Object.values(answer.json).find((value): value is ReadonlyArray<Row> => Array.isArray(value)) ?? []

/** The whole list, page by page. */
export const walk = (world: World.World, path: string, size: number): ReadonlyArray<Row> => {
  const all: Array<Row> = []
  const [name, mark] = [world.shape === "spec" ? "limit" : "count", path.includes("?") ? "&" : "?"]
  for (let offset = 0; ; offset += size) {
    const page = rows(ask(world, `${path}${mark}${name}=${size}&offset=${offset}`))
    all.push(...page)
    if (page.length < size) return all
  }
}

/** The instant of any timestamp shape, in ticks of 100 ns. */
export const ticks = (text: string): bigint => {
  const match = /^(.{19})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (match === null) throw new Error(`not a timestamp: ${text}`)
  return BigInt(Date.parse(`${match[1]}${match[3]}`)) * 10_000n + BigInt((match[2] ?? "").padEnd(7, "0"))
}

const tokenFor = (world: World.World, url: string): Readonly<Record<string, string>> =>
  world.shape === "spec" ? key : /^\/(domains|servers)/i.test(url) ? account : server
