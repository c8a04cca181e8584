import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import type { Issue } from "../../src/Spec/SpecError.ts"
import * as Generated from "./Corpus/Generated.ts"
import * as Written from "./Corpus/Written.ts"
import { loaded } from "./fixture.ts"

const issuesOf = (text: string) =>
  Effect.map(Effect.either(loaded(text)), (result) =>
    Either.isLeft(result)
      ? { answer: "error", issues: result.left.issues }
      : { answer: result.right.warnings.length > 0 ? "warning" : "ok", issues: result.right.warnings }
  )

const show = (issues: ReadonlyArray<Issue>) =>
  issues.map(({ hint, message, path }) => `${path}: ${message}; ${hint}`).join("\n")

describe.each([
  ["written by machines", Generated.entries],
  ["written by people", Written.entries]
])("a configuration %s", (_, entries) => {
  for (const { answer, mistake, path, text, words } of entries) {
    it.effect(`${mistake}: ${answer}`, () =>
      Effect.gen(function* () {
        const found = yield* issuesOf(text)
        assert.strictEqual(found.answer, answer, show(found.issues))
        if (answer === "ok") return
        const issue = found.issues.find((each) => each.path === path)
        assert.isDefined(issue, `nothing at ${path}:\n${show(found.issues)}`)
        assert.match(`${issue?.message} ${issue?.hint ?? ""}`, words)
        assert.isAtLeast(issue?.line ?? 0, 1)
      })
    )
  }
})
