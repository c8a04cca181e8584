/**
 * Numbers in prose that are settings of the client: "Max Retries: 3", "100 requests per minute". Pure.
 */
import * as Block from "../Block.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Said {
  readonly group: "retry" | "limits"
  readonly key: string
  readonly value: number | string | ReadonlyArray<number>
  readonly at: number
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const read = (sections: ReadonlyArray<Block.Section>): ReadonlyArray<Said> => {
  const found: Array<Said> = []
  const statuses: Array<number> = []
  let statusesAt = 0
  for (const { lines, title } of sections)
    for (const { at, text } of lines) {
      const line = inDigits(Block.plain(text.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "")).replace(/\s*\|\s*/g, " | "))
      const say = (group: Said["group"], key: string, value: Said["value"] | undefined) => {
        if (value !== undefined) found.push({ group, key, value, at })
      }
      say("retry", "max_retries", retries(line))
      say(
        "retry",
        "factor",
        atLeast(
          1,
          number(
            /\b(?:back-?off|retry)(?:[\s_-]*|[^.;\d]{0,40}\b)(?:factor|multiplier)\b\D{0,25}?(\d+(?:\.\d+)?)/i.exec(
              line
            )
          )
        )
      )
      say(
        "retry",
        "base_delay",
        time(
          /\b(?:initial|base|first|start(?:ing)?|min(?:imum)?|(?<!max[\s_-]?|maximum[\s_-]?)retry)[\s_-]*(?:retry[\s_-]*)?(?:delay|back-?off|wait(?:[\s_-]*time)?|interval)\b\D{0,25}?(\d+(?:\.\d+)?)\s*([a-z]*)/i.exec(
            line
          )
        )
      )
      say(
        "retry",
        "max_delay",
        time(
          /\bmax(?:imum)?[\s_-]*(?:retry[\s_-]*)?(?:delay|back-?off|wait(?:[\s_-]*time)?|interval)\b\D{0,25}?(\d+(?:\.\d+)?)\s*([a-z]*)/i.exec(
            line
          )
        )
      )
      if (!/session|token|expire/i.test(line))
        say(
          "limits",
          "timeout",
          time(
            /\b(?:request[\s_-]*)?time-?out\b\D{0,25}?(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?)\b/i.exec(
              line
            )
          )
        )
      if (/rate|limit|throttl|quota/i.test(`${title} ${line}`)) say("limits", "rate", rate(line))
      const codes = retried(line, title)
      if (codes.length > 0) {
        if (statuses.length === 0) statusesAt = at
        statuses.push(...codes)
      }
    }
  if (statuses.length > 0)
    found.push({
      group: "retry",
      key: "statuses",
      value: [...new Set(statuses)].toSorted((a, b) => a - b),
      at: statusesAt
    })
  return found
}

// --- internal ---

const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

/** "three times" → "3 times". */
const inDigits = (line: string): string =>
  line.replace(
    /\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten)(?=\s+(?:further\s+|more\s+)?(?:times|retr|attempts|requests|calls|seconds?|minutes?)\b)/gi,
    (word) => String(words.indexOf(word.toLowerCase()))
  )

const number = (match: RegExpExecArray | null): number | undefined =>
  match?.[1] === undefined ? undefined : Number(match[1].replaceAll(",", ""))

const atLeast = (least: number, value: number | undefined) => (value === undefined || value < least ? undefined : value)

const retries = (line: string): number | undefined => {
  const after = number(
    /\b(?:max(?:imum|\.)?[\s_-]*(?:number[\s_-]*of[\s_-]*|no\.?[\s_-]*of[\s_-]*)?retr(?:y|ies)(?:[\s_-]*(?:attempts|count|limit))?|retry[\s_-]*(?:attempts|count|limit)|number[\s_-]*of[\s_-]*retries)\b\D{0,25}?(\d{1,3})\b(?!\s*(?:s|ms|sec|min|hour)|[-–]?\d)/i.exec(
      line
    )
  )
  const times = number(
    /\bretr(?:y|ied|ies)\b(?:[^.;\d]|\b[45](?:xx|\d\d)\b){0,40}?\b(?:up\s*to|max(?:imum)?(?:\s*of)?|at\s*most)?\s*(\d{1,3})\s*(?:times|x\b|attempts)/i.exec(
      line
    )
  )
  const before = number(/\b(?:up\s*to|max(?:imum)?(?:\s*of)?|at\s*most)\s*(\d{1,3})\s*retr(?:ies|y)\b/i.exec(line))
  const attempts =
    number(/\bmax(?:imum)?[\s_-]*attempts\b\D{0,25}?(\d{1,3})\b/i.exec(line)) ??
    (/\bretr/i.test(line) ? number(/\bmax(?:imum)?\s*of\s*(\d{1,3})\s*attempts\b/i.exec(line)) : undefined)
  const alone = number(/^retries\s*[:=|]\s*(\d{1,3})\b(?!\s*(?:s|ms|sec|min|hour))/i.exec(line))
  const value = after ?? alone ?? times ?? before ?? (attempts === undefined ? undefined : Math.max(0, attempts - 1))
  return value === undefined || value > 100 ? undefined : value
}

const time = (match: RegExpExecArray | null): string | undefined => {
  const value = number(match)
  if (value === undefined) return undefined
  const unit = (match?.[2] ?? "").toLowerCase()
  if (/^(?:ms|milli)/.test(unit)) return `${value}ms`
  if (/^m(?:in|$)/.test(unit)) return `${value}m`
  return unit === "" || unit.startsWith("s") ? `${value}s` : undefined
}

/** Requests per second, never more than what is said. */
const rate = (line: string): number | undefined => {
  const match =
    /(\d[\d,]*)\s*(?:api\s*)?(?:requests?|calls?|reqs?|queries)?\s*(?:\/|per|a|each|every|in)\s*(\d{1,4})?\s*(seconds?|secs?|s|minutes?|mins?|m)\b/i.exec(
      line
    )
  const count = number(match)
  const [, , units = "1", unit = ""] = match ?? []
  const seconds = Number(units) * (/^s/i.test(unit) ? 1 : 60)
  if (count === undefined || count <= 0 || seconds <= 0) return undefined
  return Math.max(Math.floor((count / seconds) * 10_000) / 10_000, 0.0001)
}

/** Statuses in a clause that says "retry", or below such a heading. */
const retried = (line: string, title: string): ReadonlyArray<number> => {
  const about = /\bretr(?:y|ies|ied|yable)\b/i
  const heading = about.test(title)
  return line.split(/[;.](?=\s|$)|,?\s+(?:and|but)\s+(?=(?:retr|ignor|skip|fail|abort)\w*\s)/i).flatMap((clause) => {
    if (
      /\b(?:not|no|never|don'?t|without|skip|ignore|non)\b[^,]{0,20}\bretr|\b(?:fail|skip(?:s|ped)?|ignor(?:e|es|ed)|abort)\b/i.test(
        clause
      )
    )
      return []
    // The header is no policy.
    if (
      !about.test(clause.replace(/\bretry-after\b/gi, "")) &&
      !(heading && /status|code|http|error|^\D*\d{3}\b/i.test(clause))
    )
      return []
    const codes = Array.from(
      clause.matchAll(/(?<![\d.,])([45]\d\d)(?![\d.]*\d)(?!\s*(?:ms|s|sec|items|records|requests|rows)\b)/g),
      ([, code]) => Number(code)
    )
    return /\b5xx\b/i.test(clause) ? [...codes, 500, 502, 503, 504] : codes
  })
}
