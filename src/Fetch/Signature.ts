/**
 * What a request is known again by: a digest of all that decides its answer but the credentials.
 *
 * Stage Fetch, pure. Secrets are taken out before the digest is made: one that is changed asks for the same thing. Says
 * nothing of who asks, and nothing can be read back from it.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Either from "effect/Either"
import type * as Fetch from "../Fetch.ts"
import * as Json from "./Json.ts"
import type { Redactor } from "./Redact.ts"
import * as Url from "./Url.ts"

/**
 * Response actions belong to it: an answer that they ended a walk by was kept without its body.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (request: Fetch.Request, at: { readonly baseUrl: URL; readonly redact: Redactor }): string => {
  const { actions = [], body, data, headers = {}, method, path, query } = request
  const url = Either.match(Url.make(at.baseUrl, path, query), {
    onLeft: () => Json.stringify([path, query]),
    onRight: ({ href }) => href
  })
  return text(
    Json.stringify(at.redact.json([method, url, headers, body ?? null, data ?? null, JSON.stringify(actions, plain)]))
  )
}

/**
 * The digest of any text, of 128 bits.
 *
 * @since 0.1.0
 * @category constructors
 */
export const text = (input: string): string => bytesToHex(sha256(utf8ToBytes(input)).subarray(0, 16))

// --- internal ---

/** Conditions may be functions and patterns, which JSON would leave out. */
const plain = (_: string, value: unknown): unknown =>
  typeof value === "function" || value instanceof RegExp || typeof value === "bigint" ? String(value) : value
