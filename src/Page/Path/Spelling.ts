/**
 * Maps the ways people write a JSONPath onto RFC 9535: `a.b`, `[*].x`, `data.[*].id`, `tour-guides`, `@odata.nextLink`,
 * `items[]`, `a|b`, quoted keys, filters with `=` and `&`.
 *
 * Stage Page, pure. Takes a text apart and writes it anew; evaluates nothing. What it lets through is compiled by the
 * library, which has the last word on what is valid.
 */
import * as Either from "effect/Either"
import * as Filter from "./Filter.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Spelling {
  /** One query of RFC 9535 per alternative of `a|b`. */
  readonly queries: ReadonlyArray<string>
  /** The names of a path that is nothing but names. */
  readonly names: ReadonlyArray<string> | undefined
  /** The names before the first step that is something else. */
  readonly leading: ReadonlyArray<string>
  /** Whether it is names and a last `[*]`: every element of one list. */
  readonly lists: boolean
  /** Whether it chooses among what is there, so that no match is no mistake. */
  readonly filters: boolean
}

/**
 * Left is what is wrong, with the character where it is.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (text: string): Either.Either<Spelling, string> =>
  Either.try({
    try: () => {
      const scanner = new Scanner(text)
      const branches = [scanner.branch()]
      while (scanner.take("|")) branches.push(scanner.branch())
      scanner.end()
      const [steps = []] = branches.length === 1 ? branches : []
      const other = steps.findIndex((step) => step.name === undefined)
      const leading = steps
        .slice(0, other < 0 ? undefined : other)
        .flatMap(({ name }) => (name === undefined ? [] : [name]))
      return {
        queries: branches.map((branch) => `$${branch.map((step) => step.query).join("")}`),
        names: branches.length === 1 && other < 0 ? leading : undefined,
        leading,
        lists: steps.length === leading.length + 1 && steps.at(-1)?.query === "[*]",
        filters: branches.flat().some((step) => step.query.startsWith("[?"))
      }
    },
    catch: (error) => {
      if (error instanceof Wrong) return error.message
      throw error
    }
  })

// --- internal ---

interface Step {
  readonly query: string
  readonly name?: string | undefined
}

/** Thrown from the depth of the scanner, and a value as soon as it leaves it. */
class Wrong extends Error {}

const named = (name: string): Step => ({ query: `[${JSON.stringify(name)}]`, name })

/** A bare number is a place in a list as well as a name. */
const bare = (name: string): Step =>
  /^(0|[1-9]\d{0,14})$/.test(name) ? { query: `[${JSON.stringify(name)},${name}]`, name } : named(name)

const integer = /^(0|-?[1-9]\d{0,14})$/
const slice = /^(0|-?[1-9]\d{0,14})?\s*:\s*(0|-?[1-9]\d{0,14})?\s*(:\s*(0|-?[1-9]\d{0,14})?)?$/
const plainName = /^[\p{L}_$@][^"'`[\](){}?=<>\\]*$/u

class Scanner {
  private at = 0
  private readonly text: string
  constructor(text: string) {
    this.text = text
  }

  branch(): ReadonlyArray<Step> {
    this.space()
    // `$name` is a name, `$` alone or before a step is the root; some write `@` for it.
    const rooted = /^[$@](?=\s*($|[.[|]))/.test(this.rest)
    if (rooted) this.at++
    const steps: Array<Step> = []
    this.space()
    if (!/^[.[]/.test(this.rest) && !(rooted && /^($|\|)/.test(this.rest))) steps.push(...this.name())
    for (this.space(); this.rest !== "" && this.rest[0] !== "|"; this.space()) {
      if (this.rest[0] === "[") steps.push(this.bracket())
      else if (this.take("..")) steps.push({ query: `..${this.descendant()}` })
      else if (this.take(".")) this.afterDot(steps)
      else this.fail("expected `.` or `[`")
    }
    return steps
  }

  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false
    this.at += token.length
    return true
  }

  end(): void {
    if (this.rest !== "") this.fail("expected nothing more")
  }

  private get rest(): string {
    return this.text.slice(this.at)
  }

  private space(): void {
    while (/^\s/.test(this.rest)) this.at++
  }

  private fail(what: string, at = this.at): never {
    throw new Wrong(`${what} at character ${at + 1} of ${JSON.stringify(this.text)}`)
  }

  private afterDot(steps: Array<Step>): void {
    this.space()
    // `data.[*]`: the dot says nothing.
    if (this.rest[0] === "[") steps.push(this.bracket())
    else steps.push(...this.name())
  }

  private descendant(): string {
    this.space()
    if (this.rest[0] === "[") return this.bracket().query
    const [step] = this.name()
    return step!.query
  }

  /** A name without brackets, quoted or not; `a,b` is both. */
  private name(): ReadonlyArray<Step> {
    this.space()
    if (this.take("*")) return [{ query: "[*]" }]
    const names = [this.oneName()]
    for (this.space(); this.take(","); this.space()) names.push(this.oneName())
    return names.length === 1 ? names : [{ query: `[${names.map(({ query }) => query.slice(1, -1)).join(",")}]` }]
  }

  private oneName(): Step {
    this.space()
    if (this.rest[0] === '"' || this.rest[0] === "'") return named(this.quoted())
    if (this.rest[0] === "`") this.fail("operators in backticks are not part of JSONPath:")
    if (this.rest[0] === "/" && this.at === 0)
      this.fail(`a path is written with dots (${this.text.slice(1).replaceAll("/", ".")}), not with slashes:`)
    const from = this.at
    const found = /^[^.[\]|,"'`]*/.exec(this.rest)![0].trimEnd()
    this.at += found.length
    if (found === "") this.fail("expected a name")
    const odd = /[(){}?=<>*\\]/.exec(found)
    if (odd !== null) this.fail(`a name with ${odd[0]} must be quoted:`, from + odd.index)
    const follows = found.endsWith("@odata") ? /^\.([\p{L}_][\p{L}\p{N}_]*)/u.exec(this.rest) : null
    if (follows === null) return bare(found)
    // OData's keys have a dot in them.
    this.at += follows[0].length
    return named(found + follows[0])
  }

  private quoted(): string {
    const from = this.at
    const mark = this.text[from]!
    const found = (mark === '"' ? /^"((?:[^"\\]|\\.)*)"/s : /^'((?:[^'\\]|\\.)*)'/s).exec(this.rest)
    if (found === null) this.fail("a quote is not closed:")
    this.at += found![0].length
    const inner = mark === '"' ? found![1]! : found![1]!.replaceAll("\\'", "'").replaceAll(/(?<!\\)"/g, '\\"')
    try {
      return String(JSON.parse(`"${inner}"`))
    } catch {
      return this.fail("a quoted name is not valid:", from)
    }
  }

  private bracket(): Step {
    const from = this.at
    const inner = this.inside()
    if (inner === "") return { query: "[*]" }
    if (inner.startsWith("?")) return { query: `[${Filter.repair(inner)}]` }
    const parts = splitCommas(inner).map((part) => this.selector(part.trim(), from))
    const [only] = parts
    return parts.length === 1 ? only! : { query: `[${parts.map(({ query }) => query.slice(1, -1)).join(",")}]` }
  }

  /** What stands between `[` and its `]`. */
  private inside(): string {
    const from = this.at
    let depth = 0
    for (const token of this.rest.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[[\]]/gs)) {
      depth += token[0] === "[" ? 1 : token[0] === "]" ? -1 : 0
      if (depth > 0) continue
      this.at = from + token.index + 1
      return this.text.slice(from + 1, from + token.index).trim()
    }
    return this.fail("a bracket is not closed:", from)
  }

  private selector(part: string, from: number): Step {
    if (part === "*") return { query: "[*]" }
    if (integer.test(part) || slice.test(part)) return { query: `[${part}]` }
    if (/^["']/.test(part)) {
      const inner = new Scanner(part)
      const name = inner.quoted()
      if (inner.rest === "") return named(name)
    } else if (plainName.test(part)) return named(part)
    return this.fail(`expected a quoted name, a number or * in the brackets`, from)
  }
}

const splitCommas = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,"'])+|(?<=^|,)(?=,|$)/gs), ([part]) => part)
