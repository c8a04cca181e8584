import { assert, describe, it } from "@effect/vitest"
import * as ImportView from "../../src/Cli/ImportView.ts"
import type * as Import from "../../src/Import.ts"
import { view } from "./support.ts"

const finding = (message: string, path = "client.auth"): Import.Finding => ({
  line: 3,
  column: 7,
  path,
  message,
  kind: "mapped"
})

const imported: Import.Imported = {
  yaml: "client: {}\n",
  name: "shop",
  repairs: [finding("said otherwise")],
  open: [],
  warnings: [],
  variables: ["TOKEN"]
}

const report = (changes: Partial<Import.Imported>, problems: ReadonlyArray<Import.Finding> = []) =>
  ImportView.report({ ...imported, ...changes }, { file: "shop.py", out: "shop.yaml", problems })

describe("ImportView", () => {
  it("complete unless something is open or refused", () => {
    assert.strictEqual(report({}).status, "complete")
    assert.strictEqual(report({ open: [finding("a")] }).status, "open")
    assert.strictEqual(report({}, [finding("a")]).status, "open")
  })

  it("a line per finding, with its place and path, and what is needed", () =>
    assert.deepStrictEqual(ImportView.render(report({}), view()).split("\n"), [
      "Repaired",
      "  shop.py:3:7 client.auth: said otherwise",
      "",
      "✓ imported shop.py into shop.yaml; it needs the variable TOKEN"
    ]))

  it("what is left to do comes last; places of a refusal are those of the YAML", () => {
    const text = ImportView.render(report({ open: [finding("is code", "")] }, [finding("is not known")]), view())
    assert.include(text, "To be filled in by hand\n  shop.py:3:7 is code\n")
    assert.include(text, "Not accepted by check\n  shop.yaml:3:7 client.auth: is not known\n")
    assert.match(
      text,
      /! imported shop\.py into shop\.yaml, with 2 points to be filled in by hand; it needs the variable TOKEN$/
    )
  })
})
