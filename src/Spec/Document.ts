/**
 * The text of a configuration as plain values, with the place of every key and value.
 *
 * YAML 1.2 or JSON. Aliases and merge keys are followed, within bounds. Knows nothing of the grammar, and never quotes the
 * text in an error: there may be a secret in it.
 */
import * as Either from "effect/Either"
import * as Yaml from "yaml"
import * as Problem from "./Problem.ts"
import * as Syntax from "./Syntax.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Document {
  /** Objects, lists, texts, booleans, `null`, and numbers: `bigint` where a number could not hold the digits. */
  readonly value: unknown
  /** 1-based place of a key or value; that of the closest ancestor when the path leads nowhere. */
  readonly locate: (path: Problem.Path, at: Problem.Problem["at"]) => Syntax.Place
  /** The value at a path, as written. */
  readonly at: (path: Problem.Path) => unknown
  /** A number's own digits, e.g. `2.0`. */
  readonly digits: (path: Problem.Path) => string | undefined
  /** Mistakes that leave the values readable: repeated keys, unknown tags. */
  readonly problems: ReadonlyArray<Problem.Problem>
}

/**
 * Left: the text cannot be read at all, and why.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (
  text: string,
  format: "yaml" | "json"
): Either.Either<Document, ReadonlyArray<Syntax.Mistake>> => {
  const place = places(text)
  let parsed: Yaml.Document.Parsed
  try {
    parsed = Yaml.parseDocument(text, {
      // The pretty form quotes the lines around an error.
      prettyErrors: false,
      version: "1.2",
      merge: true,
      intAsBigInt: true,
      // Found in `read`, with the path and the place of the first one.
      uniqueKeys: false
    })
    const errors = [...parsed.errors, ...parsed.warnings.filter((warning) => warning.code !== "TAG_RESOLVE_FAILED")]
    if (errors.length > 0) return Either.left(Syntax.explain(parsed, errors, text, format, place))
  } catch {
    // The parser recurses; a stack that overflows is the only thing it throws.
    return Either.left([{ place: { line: 1, column: 1 }, message: "is nested too deeply to be read" }])
  }
  if (parsed.contents === null || (Yaml.isScalar(parsed.contents) && parsed.contents.value === null)) {
    return Either.left([
      { place: { line: 1, column: 1 }, message: "is empty", hint: "a configuration has `client` and `resources`" }
    ])
  }
  const reader = new Reader(format, place)
  const root = reader.read(parsed.contents, [], undefined, 0)
  if (reader.mistake !== undefined) return Either.left([reader.mistake])
  return Either.right({
    value: root.value,
    locate: (path, at) => {
      const [found, exact] = follow(root, path)
      return place((at === "key" || !exact ? found.key : undefined) ?? found.offset)
    },
    at: (path) => {
      const [found, exact] = follow(root, path)
      return exact ? found.value : undefined
    },
    digits: (path) => {
      const [found, exact] = follow(root, path)
      return exact ? found.digits : undefined
    },
    problems: reader.problems
  })
}

// --- internal ---

/** The parser's own counter knows only the lines it has come to, and places errors behind the end of others. */
const places = (text: string): ((offset: number) => Syntax.Place) => {
  const starts = [0]
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return (offset) => {
    const at = Math.min(offset, text.length)
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - starts[low]! + 1 }
  }
}

interface Node {
  readonly value: unknown
  readonly offset: number
  readonly key: number | undefined
  readonly digits?: string | undefined
  readonly children?: ReadonlyMap<PropertyKey, Node> | undefined
}

const maxNodes = 100_000
const maxDepth = 100

const follow = (root: Node, path: Problem.Path): readonly [node: Node, exact: boolean] => {
  let node = root
  for (const key of path) {
    const child = node.children?.get(key)
    if (child === undefined) return [node, false]
    node = child
  }
  return [node, true]
}

class Reader {
  readonly problems: Array<Problem.Problem> = []
  mistake: Syntax.Mistake | undefined = undefined
  readonly #format: "yaml" | "json"
  readonly #place: (offset: number) => Syntax.Place
  readonly #anchors = new Map<string, Yaml.Node>()
  #nodes = 0
  #aliases = 0

  constructor(format: "yaml" | "json", place: (offset: number) => Syntax.Place) {
    this.#format = format
    this.#place = place
  }

  read(node: unknown, path: Problem.Path, key: number | undefined, depth: number): Node {
    const offset = offsetOf(node) ?? key ?? 0
    if (++this.#nodes > maxNodes) return this.#give(offset, "holds too many values (aliases may multiply them)")
    if (depth > maxDepth) return this.#give(offset, "is nested too deeply, or an alias leads back to itself")
    if (Yaml.isAlias(node)) {
      const target = this.#anchors.get(node.source)
      if (target === undefined)
        return this.#give(offset, `the alias \`*${node.source}\` has no anchor \`&${node.source}\` before it`)
      this.#aliases++
      const found = this.read(target, path, key, depth + 1)
      this.#aliases--
      return { ...found, key }
    }
    // In document order, so that an anchor written again counts from there on.
    if (this.#aliases === 0 && Yaml.isNode(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, node)
    if (this.#format === "json") this.mistake ??= Syntax.notJson(node, this.#place)
    if (Yaml.isMap(node)) return this.#map(node, path, key, depth)
    if (Yaml.isSeq(node)) {
      const items = node.items.map((item, index) => this.read(item, [...path, index], undefined, depth + 1))
      return { value: items.map((item) => item.value), offset, key, children: new Map(items.entries()) }
    }
    if (!Yaml.isScalar(node)) return { value: null, offset, key }
    if (node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:")) {
      this.problems.push(
        Problem.invalid(path, "has a tag that means nothing here", 'a value from the environment is written "${NAME}"')
      )
    }
    const { value } = node
    if (typeof value === "bigint") {
      const safe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      return { value: safe ? Number(value) : value, offset, key, digits: node.source }
    }
    return { value, offset, key, digits: typeof value === "number" ? node.source : undefined }
  }

  #map(node: Yaml.YAMLMap, path: Problem.Path, key: number | undefined, depth: number): Node {
    const children = new Map<PropertyKey, Node>()
    const merged: Array<Node> = []
    for (const pair of node.items) {
      const at = offsetOf(pair.key) ?? node.range?.[0] ?? 0
      const name = nameOf(pair.key)
      if (name === undefined || name === "__proto__") {
        this.problems.push(Problem.invalid(path, "has a key that is not a plain text"))
        continue
      }
      if (name === "<<" && isPlain(pair.key)) {
        const source = this.read(pair.value, path, undefined, depth + 1)
        merged.push(...(Array.isArray(source.value) ? (source.children?.values() ?? []) : [source]))
        continue
      }
      const first = children.get(name)
      if (first !== undefined) {
        const { line } = this.#place(first.key ?? first.offset)
        this.problems.push(
          Problem.invalid([...path, name], `is written twice, first in line ${line}`, "keep one of them", "key")
        )
        children.set(name, { ...first, key: at })
        continue
      }
      children.set(name, this.read(pair.value, [...path, name], at, depth + 1))
    }
    for (const source of merged) {
      if (source.children === undefined || Array.isArray(source.value)) {
        this.problems.push(Problem.invalid(path, "`<<` merges something that is not an object"))
      }
      for (const [name, child] of source.children ?? []) if (!children.has(name)) children.set(name, child)
    }
    const value = Object.fromEntries([...children].map(([name, child]) => [name, child.value]))
    return { value, offset: offsetOf(node) ?? key ?? 0, key, children }
  }

  #give(offset: number, message: string): Node {
    this.mistake ??= { place: this.#place(offset), message }
    return { value: null, offset, key: undefined }
  }
}

const offsetOf = (node: unknown): number | undefined => (Yaml.isNode(node) ? node.range?.[0] : undefined)

const isPlain = (key: unknown) => Yaml.isScalar(key) && key.type === "PLAIN"

const nameOf = (key: unknown): string | undefined =>
  Yaml.isScalar(key) && key.value !== null && typeof key.value !== "object"
    ? typeof key.value === "string"
      ? key.value
      : key.source
    : undefined
