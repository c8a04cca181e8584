/**
 * Texts that are put together: f-strings, `%` and `format`. And texts as keys.
 *
 * A part that is no literal becomes a reference to the environment.
 */
import * as Python from "../Python.ts"
import * as Refer from "../Refer.ts"
import * as Value from "../Value.ts"
import type { Evaluator, Locals } from "./Evaluator.ts"
import * as Literal from "./Literal.ts"
import type * as Scope from "./Scope.ts"

/**
 * A text that is `${NAME}` as a whole is meant as a reference; any other `${` are two characters.
 *
 * @since 0.1.0
 * @category combinators
 */
export const notation = (characters: string): string =>
  /^\s*\$\{[A-Z][A-Z0-9_]*\}\s*$/.test(characters) ? characters.trim() : Value.literal(characters)

/**
 * @since 0.1.0
 * @category constructors
 */
export const interpolated = (to: Evaluator, node: Python.Node, scope: Scope.Scope, locals: Locals): Value.Value => {
  const source = to.slice(node)
  const [, prefix = "", quote = '"'] = /^([A-Za-z]*)("""|'''|"|')/.exec(source) ?? []
  const raw = /r/i.test(prefix)
  const piece = (from: number, end: number) =>
    Value.literal(Literal.unescape(to.program.text.slice(from, end), raw).replaceAll("{{", "{").replaceAll("}}", "}"))
  let from = node.from + prefix.length + quote.length
  let text = ""
  for (const hole of node.getChildren("FormatReplacement")) {
    text += piece(from, hole.from)
    from = hole.to
    const [inner, ...form] = Python.children(hole).filter(({ name }) => !/^[{}]$/.test(name))
    const value = inner === undefined ? undefined : to.value(inner, scope, locals)
    const spec = form.map(to.slice).join("").replace(/^:/, "")
    const part = value === undefined || inner === undefined ? undefined : formed(to, value, spec, to.slice(inner))
    if (part === undefined) return to.code(node)
    text += part
  }
  const end = source.endsWith(quote) ? node.to - quote.length : node.to
  return Value.text(text + piece(from, Math.max(from, end)), to.at(node))
}

/**
 * `"…%s…" % value`, `%(name)s` included. `undefined`: not that simple.
 *
 * @since 0.1.0
 * @category constructors
 */
export const percent = (to: Evaluator, format: Value.Text, value: Value.Value): Value.Value | undefined => {
  const values = value._tag === "List" ? [...value.items] : [value]
  let complete = true
  let size = 0
  const text = format.text.replace(
    /%(?:\((\w+)\))?(.?[\d.]*[A-Za-z]|%|)/g,
    (whole, key: string | undefined, spec: string) => {
      if (spec === "%") return "%"
      const next = key === undefined ? values.shift() : value._tag === "Dict" ? Value.get(value, key) : undefined
      const part =
        next === undefined || spec === "" ? undefined : formed(to, next, spec.replace(/[si]$/, ""), key ?? "value")
      size += part?.length ?? 0
      if (part === undefined || size > maxText) {
        complete = false
        return whole
      }
      return part
    }
  )
  return complete ? Value.text(text, format.at) : undefined
}

/**
 * `"…{}…".format(value)`, with places, numbers and names.
 *
 * @since 0.1.0
 * @category constructors
 */
export const braces = (
  to: Evaluator,
  format: Value.Text,
  values: ReadonlyArray<Value.Value>,
  named: Value.Dict
): Value.Value | undefined => {
  let next = 0
  let complete = true
  let size = 0
  const text = format.text.replace(
    /\{\{|\}\}|\{(\w*)(?::([^{}]*)|([^\w{}][^{}]*))?\}/g,
    (whole, key: string | undefined, spec = "", rest = "") => {
      if (key === undefined) return whole.charAt(0)
      const value = /^\d+$/.test(key) ? values[Number(key)] : key === "" ? values[next++] : Value.get(named, key)
      const part = value === undefined ? undefined : formed(to, value, rest + spec, key === "" ? "value" : key)
      size += part?.length ?? 0
      if (part === undefined || size > maxText) {
        complete = false
        return whole
      }
      return part
    }
  )
  return complete ? Value.text(text, format.at) : undefined
}

/**
 * A value as Python's `str` writes it, in the notation of references.
 *
 * @since 0.1.0
 * @category combinators
 */
export const written = (to: Evaluator, value: Value.Value, wish: string): string | undefined => {
  if (value._tag === "Text") return value.text
  if (value._tag === "Scalar")
    return value.value === null
      ? "None"
      : value.value === true
        ? "True"
        : value.value === false
          ? "False"
          : `${value.value}${value.float === true ? ".0" : ""}`
  return value._tag === "Code" ? Refer.refer(to.log, value, { path: "", wish })?.text : undefined
}

/**
 * @since 0.1.0
 * @category accessors
 */
export const keyOf = (value: Value.Value): string | undefined => {
  if (value._tag === "Text") return value.text.replaceAll("$${", "${")
  return value._tag === "Scalar" && value.value !== null ? String(value.value) : undefined
}

// --- internal ---

/** By a format such as `.2f` or `03d`; `undefined`: another one. */
const formed = (to: Evaluator, value: Value.Value, spec: string, wish: string): string | undefined => {
  if (spec === "" || (spec === "s" && value._tag === "Text")) return written(to, value, wish)
  const number = Value.numberOf(value)
  if (number === undefined || number < 0 || value._tag !== "Scalar") return undefined
  const decimals = /^\.(\d)f$/.exec(spec)?.[1]
  if (decimals !== undefined) return number.toFixed(Number(decimals))
  const digits = /^(?:0(\d))?d?$/.exec(spec)
  return digits === null || !Number.isInteger(number) || value.float === true
    ? undefined
    : String(number).padStart(Number(digits[1] ?? 0), "0")
}

/** Texts that multiply end here. */
const maxText = 1_000_000
