/** A server that means no good, one resource per way of it: what it answers, and what must come of that. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type * as Receipt from "../../../src/Receipt.ts"

export interface Case {
  /** Of the resource, its path and its table. */
  readonly name: string
  readonly endpoint?: Readonly<Record<string, unknown>>
  readonly resource?: Readonly<Record<string, unknown>>
  readonly answer: (ask: Ask) => unknown
  readonly status: "complete" | "partial" | "failed"
  readonly stop?: string
  /** What the receipt says of it: in its error or its notices. */
  readonly says?: RegExp
  readonly rows?: Partial<Receipt.Resource["rows"]>
  /** What the database then holds. */
  readonly holds?: readonly [sql: string, rows: ReadonlyArray<Readonly<Record<string, unknown>>>]
}

export interface Ask {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** 0 for the first request of this resource. */
  readonly nth: number
  readonly json: (value: unknown, headers?: Readonly<Record<string, string>>) => void
  readonly text: (text: string | Uint8Array, headers?: Readonly<Record<string, string>>) => void
  /** Bytes instead of HTTP. */
  readonly raw: (text: string) => void
}

export const list = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ id: from + i, v: `v${from + i}` }))
