/**
 * What the server of the plain rows serves: `GET /orders?limit=500&offset=N`, and with `updated_since` what is new.
 */
import { row } from "./rows.mjs"

export const path = "/orders"
export const limitParam = "limit"
export const header = "x-api-key"
export const token = "bench-key-6f1d2c3b4a59"

const page = (rows, offset, size, isChanged) => {
  const data = Array.from({ length: Math.min(size, rows - offset) }, (_, i) =>
    // Changes are spread evenly, so that every page has some: the hardest case for whoever looks for them.
    row(offset + i, isChanged && i % 100 === 0)
  )
  return JSON.stringify({ total: rows, data })
}

export const pages = (rows, size, sets) => {
  const offsets = Array.from({ length: Math.ceil(rows / size) }, (_, i) => i * size)
  return Object.fromEntries(
    sets.map((set) => [set, offsets.map((offset) => Buffer.from(page(rows, offset, size, set === "changed")))])
  )
}

/** The page behind the last one. */
export const end = (rows) => page(rows, rows, 0, false)

/** As an API with `updated_at >= …` answers somebody who has everything: with the newest row, again. */
export const since = (rows) => Buffer.from(JSON.stringify({ total: 1, data: [row(rows - 1)] }))
