import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { client, mistakes, parse } from "../fixture.ts"

const one = (text: string) =>
  `${client}\nresources: [{ name: a, endpoint: { path: /a, paginator: single_page }, ${text} }]`

const said = (text: string) =>
  Effect.map(mistakes(one(text)), ({ issues }) => issues.map(({ message, path }) => [path, message]))

describe("mask and unmask", () => {
  it.effect("of what tells rows apart are refused with their place", () =>
    Effect.gen(function* () {
      const place = "resources[0].mask"
      assert.deepStrictEqual(yield* said("primary_key: [Token, b], mask: [token]"), [
        [place, "token is part of the primary key; masked, all rows would be alike"]
      ])
      assert.deepStrictEqual(yield* said("merge_key: a, mask: [a]"), [
        [place, "a is part of the merge key; masked, all rows would be alike"]
      ])
      const cursor = `${client}\nresources: [{ name: a, endpoint: { path: /a, paginator: single_page, incremental: { cursor_path: a.b, start_param: s } }, mask: [a] }]`
      const { issues } = yield* mistakes(cursor)
      assert.deepStrictEqual(
        issues.map(({ message }) => message),
        ["a.b is the cursor; masked, all rows would be alike"]
      )
    })
  )

  it.effect("of one field contradict each other", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* said("mask: [ApiTokens], unmask: [api_tokens]"), [
        ["resources[0].unmask", '"api_tokens" is in `mask`, too']
      ])
    })
  )

  it.effect("reach the resource", () =>
    Effect.gen(function* () {
      const { resources } = yield* parse(one("primary_key: id, mask: [iban], unmask: [http_auth.password]"))
      assert.deepStrictEqual(resources[0]!.mask, ["iban"])
      assert.deepStrictEqual(resources[0]!.unmask, ["http_auth.password"])
    })
  )
})
