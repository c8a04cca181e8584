/** Holds docs/POSTMARK.md to the source: every resource with its path, token and key, and 27 differences, each with a file that is there. */
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { Auth } from "sluice"
import * as Postmark from "sluice/sources/postmark"

const at = (path: string) => new URL(`../../../${path}`, import.meta.url)
const rows = readFileSync(at("docs/POSTMARK.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim())
  )

describe("docs/POSTMARK.md", () => {
  it("lists the resources as they are", () => {
    const { resources } = Postmark.make({ serverToken: Redacted.make("s"), accountToken: Redacted.make("a") })
    assert.deepStrictEqual(
      rows.filter(([table]) => /^`\w+`$/.test(table!)).map(([table, token, path, key]) => [table, token, path, key]),
      resources.map(({ auth, name, path, primaryKey }) => [
        `\`${name}\``,
        "X-Postmark-Account-Token" in Auth.apply(auth!).headers ? "account" : "server",
        `\`${path}\``,
        primaryKey.fields.map((field) => `\`${field}\``).join(", ")
      ])
    )
  })

  it("tells of all 27 differences, and where each is handled", () => {
    const differences = rows.filter(([number]) => /^\d+$/.test(number!))
    assert.deepStrictEqual(
      differences.map(([number]) => Number(number)),
      Array.from({ length: 27 }, (_, n) => n + 1)
    )
    for (const row of differences) {
      const file = /^`((?:src|test)\/[\w./-]+)`$/.exec(row.at(-1)!)?.[1]
      assert.isTrue(file !== undefined && existsSync(at(file)), row.join(" | "))
    }
  })
})
