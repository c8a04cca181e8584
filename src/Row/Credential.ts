/**
 * Which field names say that a field holds a credential: `ApiTokens`, `client_secret`, `HttpAuth.Password`.
 *
 * Stage Row, pure. Goes by the words of a name, the last one first: `token_count`, `access_key_id` and `next_page_token` name
 * no credential. Masks nothing; that is for `Mask`.
 */
import * as Name from "./Name.ts"

/**
 * - `secret` texts and numbers are masked: a PIN is a credential
 * - `token` texts: `total_tokens: 120` is a count
 * - `scheme` texts such as `Bearer …`: elsewhere `authorization` is what a bank says of a payment
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = "secret" | "token" | "scheme"

/**
 * `undefined` for a name that says no such thing.
 *
 * @since 0.1.0
 * @category accessors
 */
export const kind = (name: string): Kind | undefined => {
  if (name.length > longest) return undefined
  const known = kinds.get(name)
  if (known !== undefined) return known === false ? undefined : known
  const found = judge(name)
  if (kinds.size < most) kinds.set(name, found ?? false)
  return found
}

/**
 * Whether a field holds headers of a request.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isHeaders = (name: string): boolean => name.length <= longest && /(^|_)headers?$/.test(Name.path(name))

/**
 * Whether a field holds a URL, by its name: `BounceHookUrl`, `callback_uri`, `href`, `dsn`. Such a one may have a password in it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isUrl = (name: string): boolean =>
  name.length <= longest &&
  /(ur[li]s?|(^|_)(hrefs?|dsn|links?|hooks?|webhooks?|callbacks?|endpoints?|websites?|homepage))$/.test(
    Name.snake(name)
  )

// --- internal ---

const longest = 100
const most = 10_000
const kinds = new Map<string, Kind | false>()

const judge = (name: string): Kind | undefined => {
  const all = Name.snake(name)
    .split("_")
    .filter((word) => word !== "" && word !== "x")
  if (questions.test(all[0] ?? "") || (all.length > 1 && verbs.test(all[0]!))) return undefined
  // What comes behind the word without changing what it holds: `token_value`, `api_key_2`, `password_hash`.
  const until = all.findLastIndex((word) => !forms.test(word))
  const words = all.slice(0, until + 1)
  const last = words.at(-1) ?? ""
  const before = words.at(-2) ?? ""
  const two = `${before} ${last}`
  if (/^authori[sz]ation$/.test(last)) return /^(proxy|http)$/.test(before) ? "secret" : "scheme"
  if (/(^| )connection ?strings?$/.test(two) || /^(backup|recovery|scratch) codes?$/.test(two)) return "secret"
  if (/^keys?$/.test(last)) return secretKeys.test(before) ? "secret" : undefined
  if (/^(cookies?|jwts?|bearer)$/.test(last)) return "token"
  if (/(^|[a-z0-9])tokens?$/.test(last)) {
    // `nextpagetoken` and `next_page_token` are one name.
    const of = last.replace(/tokens?$/, "")
    const said = [...words.slice(0, -1), of].some((word) => positions.test(word) || amounts.test(word))
    return said ? undefined : "token"
  }
  // `isecret` is nobody's word, but `clientsecret` and `userpassword` are.
  if (/(secrets?|passwords?|passwd|passphrases?|passcodes?|credentials?)$/.test(last)) return "secret"
  return /^(pwd|userpwd|otp|totp|(api|access|private|secret|auth|encryption|signing|master)keys?)$/.test(last)
    ? "secret"
    : undefined
}

/** `has_password`, `is_secret`: the answer is yes or no. */
const questions = /^(is|has|have|was|requires?|required|needs?|must|can|should|no|without|supports?)$/

const verbs = /^(use|uses|allows?|enabled?|disabled?|forces?|show|hide|forgot|expired?)$/

const forms = /^(values?|texts?|plain|plaintext|raw|hash|hashed|digest|salt|encrypted|enc|base64|b64|pem|header|\d+)$/

const secretKeys =
  /^(api|access|private|secret|auth|authentication|encryption|signing|signature|master|shared|session|hmac|consumer|subscription|webhook|application|app|integration|bearer|admin|license)$/

/** Where in a list, or in which state of it. */
const positions =
  /^(next|prev|previous|page|paging|pagination|continuation|continue|resume|resumption|sync|syncing|change|changes|delta|skip|scroll|cursor|marker|bookmark|offset|start|starting|end|watermark|checkpoint|snapshot|list|iterator|version|concurrency|lock|idempotency|correlation|cancellation|nextpage|nextsync|syncpage)$/

/** Counts of a language model, and what is traded. */
const amounts =
  /^(total|prompt|completion|input|output|max|min|cached|reasoning|stop|special|num|count|billed|used|vocab|eos|bos|pad|unk|base|quote|native|erc20|erc721|reward|lp|liquidity|underlying|wrapped|staked|nft|governance)$/
