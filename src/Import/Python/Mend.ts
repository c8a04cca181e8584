/**
 * Python that is nearly Python: missing commas, brackets that are never closed, `...` for what was left out, `//` comments.
 *
 * Works on tokens. Changes only blanks, so that every character stays where it was; what is missing at the end is added there.
 */

/**
 * @since 0.1.0
 * @category combinators
 */
export const mend = (text: string): string => {
  const out = text.split("")
  const open: Array<string> = []
  let last: Token | undefined
  const tokens = scan(text)
  for (const [index, token] of tokens.entries()) {
    const inside = open.at(-1)
    if (token.kind === "slashes") {
      out[token.from] = "#"
      continue
    }
    if (token.text === "," && last !== undefined && /^[,[{(]$/.test(last.text)) {
      blank(out, token)
      continue
    }
    if (token.kind === "dots" && inside !== undefined && (last === undefined || /^[[{(,]$/.test(last.text))) {
      blank(out, token)
      // With its comma, which would stand alone.
      const next = tokens[index + 1]
      if (next?.text === "," && last?.text === ",") blank(out, next)
      continue
    }
    if (
      last !== undefined &&
      inside !== undefined &&
      last.to < token.from &&
      needsComma(last, token, tokens[index + 1], inside)
    )
      out[last.to] = ","
    if (/^[[{(]$/.test(token.text)) open.push(token.text)
    else if (/^[\]})]$/.test(token.text)) {
      const depth = open.lastIndexOf(pairs[token.text] ?? "")
      if (depth >= 0) {
        // Those in between were never closed: close them in the blanks before this one.
        const missing = open.splice(depth).slice(1)
        let place = token.from - 1
        for (const bracket of missing) {
          if (last === undefined || place < last.to || !/\s/.test(out[place] ?? "")) break
          out[place--] = closers[bracket] ?? ""
        }
      } else {
        blank(out, token)
        continue
      }
    }
    last = token
  }
  return (
    out.join("") +
    open
      .toReversed()
      .map((bracket) => closers[bracket] ?? "")
      .join("")
  )
}

/**
 * The same without what stands deeper in brackets than any program nests.
 *
 * @since 0.1.0
 * @category combinators
 */
export const shallow = (text: string): string => {
  if ((text.match(/[[{(]/g) ?? []).length < deepest) return text
  const out = text.split("")
  let depth = 0
  let changed = false
  for (const token of scan(text)) {
    if (/^[\]})]$/.test(token.text)) depth = Math.max(0, depth - 1)
    if (depth >= deepest) {
      blank(out, token)
      changed = true
    }
    if (/^[[{(]$/.test(token.text)) depth++
  }
  return changed ? out.join("") : text
}

// --- internal ---

/** The parser's own stack takes some thousands. */
const deepest = 500

interface Token {
  readonly kind: "string" | "word" | "sign" | "dots" | "slashes"
  readonly text: string
  readonly from: number
  readonly to: number
}

const pairs: Readonly<Record<string, string>> = { "]": "[", "}": "{", ")": "(" }
const closers: Readonly<Record<string, string>> = { "[": "]", "{": "}", "(": ")" }

const pattern =
  /#[^\n]*|\/\/[^\n]*|[A-Za-z]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*')|\.\.\.|[\w.]+|\S/g

const scan = (text: string): ReadonlyArray<Token> =>
  Array.from(text.matchAll(pattern)).flatMap((match): ReadonlyArray<Token> => {
    const [found] = match
    if (found.startsWith("#")) return []
    const kind = found.startsWith("//")
      ? "slashes"
      : found === "..." || found === "…"
        ? "dots"
        : /["']$/.test(found) && found.length > 1
          ? "string"
          : /^\w/.test(found)
            ? "word"
            : "sign"
    return [{ kind, text: found, from: match.index, to: match.index + found.length }]
  })

const blank = (out: Array<string>, token: Token) => {
  for (let index = token.from; index < token.to; index++) out[index] = " "
}

/** Two values beside each other; texts are joined by Python itself unless the second one is a key. */
const needsComma = (last: Token, token: Token, next: Token | undefined, inside: string): boolean => {
  const ends =
    last.kind === "string" || (last.kind === "word" && !keywords.test(last.text)) || /^[\]})]$/.test(last.text)
  if (!ends) return false
  if (token.kind === "string") return next?.text === ":" && inside === "{"
  if (token.text === "{") return /^[}\]]$/.test(last.text) && inside === "["
  return false
}

const keywords = /^(?:in|if|else|for|and|or|not|is|lambda|return|await|async)$/
