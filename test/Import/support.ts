/**
 * Imports snippets and looks at the configuration behind the YAML, through the reader that every configuration goes through.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert } from "@effect/vitest"
import { Effect, Either, Layer } from "effect"
import * as Import from "../../src/Import.ts"
import * as Document from "../../src/Spec/Document.ts"

export interface Result {
  readonly imported: Import.Imported
  /** The YAML's values. */
  readonly config: Readonly<Record<string, unknown>>
  readonly kinds: ReadonlyArray<string>
  readonly open: ReadonlyArray<string>
}

export const read = (text: string, file = "source.py"): Result => {
  const result = Import.fromText(text, { file })
  if (Either.isLeft(result)) return assert.fail(result.left.message)
  const document = Document.parse(result.right.yaml, "yaml")
  if (Either.isLeft(document)) return assert.fail(`${JSON.stringify(document.left)}\n${result.right.yaml}`)
  assert.deepStrictEqual(document.right.problems, [])
  return {
    imported: result.right,
    config: document.right.value as Readonly<Record<string, unknown>>,
    kinds: result.right.repairs.map(({ kind }) => kind),
    open: result.right.open.map(({ message }) => message)
  }
}

/** What `check --offline` says against the result. */
export const problems = (result: Result) =>
  Effect.map(Import.check(result.imported.yaml, { file: "result.yaml" }), (findings) =>
    findings.map(({ line, message, path }) => `${line} ${path}: ${message}\n${result.imported.yaml}`)
  ).pipe(Effect.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)))

/** A program with one resource. */
export const withClient = (client: string) =>
  `config = {"client": {"base_url": "https://api.example.com", ${client}}, "resources": ["a"]}`

export const withAuth = (auth: string) => withClient(`"auth": ${auth}`)

export const withResource = (resource: string, others = "") =>
  `config = {"client": {"base_url": "https://api.example.com"}, "resources": [${others}${resource}]}`

export const withEndpoint = (endpoint: string) => withResource(`{"name": "a", "endpoint": {"path": "a", ${endpoint}}}`)

export const withPaginator = (paginator: string) => withEndpoint(`"paginator": ${paginator}`)

/** `at(config, "resources", 0, "endpoint")`. */
export const at = (value: unknown, ...path: ReadonlyArray<string | number>): unknown =>
  path.reduce<unknown>(
    (of, key) =>
      typeof of === "object" && of !== null ? (of as Readonly<Record<string | number, unknown>>)[key] : undefined,
    value
  )
