import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Template from "../../src/Page/Template.ts"

const values: Template.Values = {
  parent: { id: 7, "a.b": "x y/z?", flag: true, big: 9007199254740993n, list: [1, { a: 2 }] },
  incremental: { start_value: "2024-01-01", last_value: 5 }
}
const render = (text: string) => Template.render(text, values)

describe("Template", () => {
  it("replaces placeholders, and keeps what is none", () => {
    const cases: ReadonlyArray<readonly [string, string]> = [
      ["plain", "plain"],
      ["/posts/{resources.posts.id}/x", "/posts/7/x"],
      ["{resources.posts.a.b}", "x y/z?"],
      ["{resources.posts.flag}", "true"],
      ["{resources.posts.big}", "9007199254740993"],
      ["{resources.posts.list}", '[1,{"a":2}]'],
      ["since={incremental.start_value}&l={incremental.last_value}", "since=2024-01-01&l=5"],
      // Braces: doubled ones are single ones.
      ["{{resources.posts.id}}", "{resources.posts.id}"],
      ["{{{resources.posts.id}}}", "{7}"],
      ["{{x}} {resources.posts.id}", "{x} 7"],
      // What was not written with the escape is left alone.
      ["query { users(id: {resources.posts.id}) { id } }", "query { users(id: 7) { id } }"],
      ['{"a":{"b":1}}', '{"a":{"b":1}}'],
      ["{name}", "{name}"],
      ["{incremental.lag}", "{incremental.lag}"],
      ["{resources.posts}", "{resources.posts}"]
    ]
    for (const [text, expected] of cases) assert.strictEqual(render(text), expected, text)
  })

  it("encodes what is replaced and nothing else", () => {
    assert.strictEqual(Template.path("/a b/{resources.posts.a.b}", values), "/a b/x%20y%2Fz%3F")
  })

  it("a value that is the whole path, or begins it as a URL, is a path already", () => {
    const given: Template.Values = { parent: { href: "posts/1/x?y=1", url: "https://x.test/a b" }, incremental: {} }
    assert.strictEqual(Template.path("{resources.p.href}", given), "posts/1/x?y=1")
    assert.strictEqual(Template.path("{resources.p.url}/more", given), "https://x.test/a b/more")
    assert.strictEqual(Template.path("{resources.p.href}/more", given), "posts%2F1%2Fx%3Fy%3D1/more")
    assert.strictEqual(Template.path("/at/{resources.p.url}", given), "/at/https%3A%2F%2Fx.test%2Fa%20b")
  })

  it("has no text while a value is missing", () => {
    assert.isUndefined(render("x{incremental.end_value}"))
    assert.isUndefined(render("{resources.posts.nothing}"))
  })

  it("fills JSON, keeping the type of a lone placeholder, and leaves out what is missing", () => {
    assert.deepStrictEqual(
      Template.filled(
        {
          id: "{resources.posts.id}",
          text: "id {resources.posts.id}",
          end: "{incremental.end_value}",
          "k{resources.posts.id}": [1, null, true, "{incremental.end_value}", { big: "{resources.posts.big}" }]
        },
        values
      ),
      { id: 7, text: "id 7", k7: [1, null, true, { big: 9007199254740993n }] }
    )
  })

  it("finds the placeholders in any value, names of keys included", () => {
    assert.deepStrictEqual(
      Template.placeholders({ "{resources.a.b.c}": ["x", "{incremental.end_value}"], n: 1, none: null }),
      [
        { _tag: "Parent", resource: "a", path: "b.c" },
        { _tag: "Incremental", value: "end_value" }
      ]
    )
  })

  it("gives an escaped text back, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("{", "}", "a", "resources.p.id", "incremental.start_value") }),
        (text) => {
          assert.strictEqual(render(Template.escape(text)), text)
        }
      )
    )
  })
})
