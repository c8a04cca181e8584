/**
 * The fields of a model class, `id: int`, as columns.
 */
import type * as Python from "../Python.ts"
import * as Value from "../Value.ts"
import type { Evaluator } from "./Evaluator.ts"

/**
 * `undefined`: the class has no typed fields.
 *
 * @since 0.1.0
 * @category constructors
 */
export const columns = (to: Evaluator, node: Python.Node): Value.Dict | undefined => {
  const bases = node.getChild("ArgList")
  if (bases === null || !/Model\b/.test(to.slice(bases))) return undefined
  const found = Value.dict([], to.at(node))
  for (const statement of node.getChild("Body")?.getChildren("AssignStatement") ?? []) {
    const name = statement.getChild("VariableName")
    const type = statement.getChild("TypeDef")
    if (name === null || type === null) continue
    const written = to.slice(type).replace(/^\s*:\s*/, "")
    if (/^ClassVar\b|^(?:model_config|dlt_config)$/.test(written) || to.slice(name).endsWith("_config")) continue
    Value.set(found, alias(to, statement) ?? to.slice(name), column(written, to.at(name)), to.at(name))
  }
  return found.entries.length === 0 ? undefined : found
}

// --- internal ---

const column = (written: string, at: number): Value.Dict => {
  const inner = written.replace(/^["']|["']$/g, "").replace(/^(?:Optional|Annotated|Required)\[([\s\S]*)\]$/, "$1")
  const [first = "", ...others] = inner.split("|").map((part) => part.trim())
  const name = first === "None" ? (others[0] ?? "") : first
  const type =
    types[
      name
        .replace(/\[[\s\S]*$/, "")
        .replace(/^[\w.]*\.(?=\w+$)/, "")
        .split(",")[0] ?? ""
    ]
  const nullable = /^Optional\b|\bNone\b/.test(written)
  return Value.dict(
    [
      ["data_type", Value.text(type ?? "json", at)],
      ...(nullable ? [] : [["nullable", Value.scalar(false, at)] as const])
    ],
    at
  )
}

/** `Field(alias="createdAt")`: the name that the API uses. */
const alias = (to: Evaluator, statement: Python.Node): string | undefined =>
  /\bField\([\s\S]*?\b(?:validation_)?alias\s*=\s*["']([^"']+)["']/.exec(to.slice(statement))?.[1]

const types: Readonly<Record<string, string>> = {
  str: "text",
  EmailStr: "text",
  HttpUrl: "text",
  AnyUrl: "text",
  UUID: "text",
  Literal: "text",
  int: "bigint",
  float: "double",
  bool: "bool",
  Decimal: "decimal",
  datetime: "timestamp",
  date: "date",
  time: "time",
  bytes: "binary"
}
