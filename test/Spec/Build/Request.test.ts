import { assert, describe, it } from "@effect/vitest"
import { Effect, FastCheck as fc } from "effect"
import * as Template from "../../../src/Page/Template.ts"
import type { Resource } from "../../../src/Resource.ts"
import { client, endpoint, mistakes, parse, type World } from "../fixture.ts"

const one = (lines: ReadonlyArray<string>, world: World = {}) =>
  Effect.map(parse(endpoint(...lines), world), ({ resources }) => resources[0]!)

/** Texts as they are sent when nothing is bound to them. */
const sent = (text: string) => Template.render(text, Template.none)

/** A child of `posts`. */
const child = (...lines: ReadonlyArray<string>) =>
  Effect.map(
    parse(
      [
        client,
        "resources:",
        "  - { name: posts, endpoint: { paginator: single_page } }",
        "  - name: a",
        "    endpoint:",
        ...lines.map((line) => `      ${line}`)
      ].join("\n")
    ),
    ({ resources }) => resources[1]!
  )

const row: Template.Values = {
  parent: { id: 7, "author.name": "x y", tags: ["a"] },
  incremental: { start_value: "2024-01-01" }
}

const rendered = (resource: Resource) => ({
  path: Template.path(resource.path, row),
  query: resource.query.map(([name, text]) => [name, Template.render(text, row)]),
  body: Template.filled(resource.body, row)
})

describe("the texts of a request", () => {
  it.effect("undo the escape of braces, and leave unescaped texts alone", () =>
    Effect.gen(function* () {
      const { body, headers, query } = yield* one([
        "method: post",
        'params: { a: \'{{"x": {{"y": 1}}}}\', b: \'{"x": {"y": 1}}\', c: "{{a}} and {{b}}", d: "}" }',
        'headers: { X-A: "{{x}}" }',
        'json: { escaped: "query {{ user {{ id }} }}", plain: "{ user { id }}", list: ["{{x}}"], "{{k}}": 1, n: 9007199254740993 }'
      ])
      assert.deepStrictEqual(
        query.map(([name, text]) => [name, sent(text)]),
        [
          ["a", '{"x": {"y": 1}}'],
          ["b", '{"x": {"y": 1}}'],
          ["c", "{a} and {b}"],
          ["d", "}"]
        ]
      )
      assert.strictEqual(sent(headers["X-A"]!), "{x}")
      assert.deepStrictEqual(Template.filled(body, Template.none), {
        escaped: "query { user { id } }",
        plain: "{ user { id }}",
        list: ["{x}"],
        "{k}": 1,
        n: 9007199254740993n
      })
    })
  )

  it.effect("take a value from the environment as it is, whatever it looks like", () =>
    Effect.gen(function* () {
      for (const value of ["{resources.posts.id}", "{{x}}", "a{b", "}", "{incremental.start_value}", "{0}"]) {
        const { body, headers, path, query } = yield* one(
          [
            "method: POST",
            'path: "/v1/${V}/x"',
            'params: { a: "${V}", b: "{{${V}}}", c: "{ ${V} }" }',
            'headers: { X-A: "x ${V}" }',
            'json: { a: "${V}" }'
          ],
          { env: { V: value } }
        )
        assert.deepStrictEqual([path, ...query.map(([, text]) => text), headers["X-A"]!].map(sent), [
          `/v1/${value}/x`,
          value,
          `{${value}}`,
          `{ ${value} }`,
          `x ${value}`
        ])
        assert.deepStrictEqual(Template.filled(body, Template.none), { a: value })
        assert.deepStrictEqual(Template.placeholders([path, ...query.map(([, text]) => text), headers, body]), [])
      }
    })
  )

  const pieces = fc.array(fc.constantFrom("a", "{", "}", "{{", "}}", "{x}", "{resources.posts.id}", "$", " ", "é"), {
    maxLength: 6
  })

  it.effect.prop("are never read as anything that came from the environment", { pieces }, ({ pieces }) =>
    Effect.gen(function* () {
      const value = pieces.join("")
      const { query } = yield* one(['params: { a: "<${V}>" }'], { env: { V: value } })
      assert.strictEqual(sent(query[0]![1]), `<${value}>`)
    })
  )

  it.effect("are filled in from a parent's row", () =>
    Effect.gen(function* () {
      const resource = yield* child(
        "path: /v1/posts/{resources.posts.id}/comments",
        "method: POST",
        'params: { author: "by {resources.posts.author.name}", all: 1 }',
        'json: { id: "{resources.posts.id}", q: "{{ x(id: {resources.posts.id}) {{ y }} }}" }'
      )
      assert.deepStrictEqual(rendered(resource), {
        path: "/v1/posts/7/comments",
        query: [
          ["author", "by x y"],
          ["all", "1"]
        ],
        body: { id: 7, q: "{ x(id: 7) { y } }" }
      })
    })
  )

  it.effect("are filled in from a parent's row by `resolve`, wherever the name stands", () =>
    Effect.gen(function* () {
      const resource = yield* child(
        "path: /v1/{kind}/{post}/comments",
        "method: POST",
        'params: { post: { type: resolve, resource: posts, field: id }, kind: posts, q: "post:{post}" }',
        'json: { id: "{post}" }'
      )
      assert.deepStrictEqual(rendered(resource), {
        path: "/v1/posts/7/comments",
        query: [["q", "post:7"]],
        body: { id: 7 }
      })
    })
  )

  it.effect("take fixed parameters of the path out of the query, encoded but for slashes", () =>
    Effect.gen(function* () {
      const { path, query } = yield* one([
        'path: "/repos/{repo}/{what}/{n}/list?since={since}&q={resources}"',
        'params: { repo: owner/name, what: "a b?c#d", n: 2.0, since: "x&y", resources: r, rest: 1 }'
      ])
      assert.strictEqual(sent(path), "/repos/owner/name/a%20b%3Fc%23d/2.0/list")
      assert.deepStrictEqual(
        query.map(([name, text]) => [name, sent(text)]),
        [
          ["since", "x&y"],
          ["q", "r"],
          ["rest", "1"]
        ]
      )
    })
  )

  it.effect("know the placeholders of the path's query", () =>
    Effect.gen(function* () {
      const resource = yield* child('path: "/comments?post={resources.posts.id}&x=a%20b#top"')
      assert.deepStrictEqual(rendered(resource), {
        path: "/comments",
        query: [
          ["post", "7"],
          ["x", "a b"]
        ],
        body: undefined
      })
    })
  )

  it.effect("make a form of pairs, of an object, or a text of a text", () =>
    Effect.gen(function* () {
      for (const [written, data] of [
        [
          "{ a: 1, b: [x, 2], c: null, d: '{{x}}' }",
          [
            ["a", "1"],
            ["b", "x"],
            ["b", "2"],
            ["d", "{x}"]
          ]
        ],
        [
          "[[a, 1], [a, two]]",
          [
            ["a", "1"],
            ["a", "two"]
          ]
        ],
        ["'plain {{x}}'", "plain {x}"]
      ] as const) {
        const resource = yield* one(["method: POST", `data: ${written}`])
        const found = resource.data
        assert.deepStrictEqual(
          typeof found === "string" ? sent(found) : found?.map(([name, text]) => [name, sent(text)]),
          data as unknown
        )
      }
    })
  )

  it.effect("send headers that are numbers, and none that are null", () =>
    Effect.gen(function* () {
      const { headers } = yield* one(["headers: { X-N: 2, X-B: true, X-Null: null }"])
      assert.deepStrictEqual(headers, { "X-N": "2", "X-B": "true" })
    })
  )

  it.effect("say what a placeholder without its first word is meant for", () =>
    Effect.gen(function* () {
      for (const [line, hint] of [
        ['params: { a: "{last_value}" }', "did you mean `{incremental.last_value}`?"],
        ['path: "/{posts.id}/y"', "did you mean `{resources.posts.id}`?"]
      ] as const) {
        assert.strictEqual((yield* mistakes(endpoint(line))).issues[0]?.hint, hint)
      }
    })
  )

  it.effect("may not hold what is bound to nothing", () =>
    Effect.gen(function* () {
      for (const [line, where, message] of [
        ['path: "/{x}/y"', "path", /bound to nothing/],
        ['path: "/{resources.posts}"', "path", /does not name a field/],
        ['path: "/{incremental.lag}"', "path", /not a value of an incremental walk/],
        ['path: "/{"', "path", /single `\{`/],
        ['params: { a: "{x}" }', "params.a", /bound to nothing/],
        ['params: { a: "{resources.b}" }', "params.a", /does not name a field/],
        ['headers: { X-A: "{incremental.now}" }', "headers.X-A", /not a value of an incremental walk/]
      ] as const) {
        const error = yield* mistakes(endpoint(line))
        assert.deepStrictEqual(
          error.issues.map(({ path }) => path),
          [`resources[0].endpoint.${where}`],
          error.message
        )
        assert.match(error.issues[0]!.message, message)
      }
    })
  )
})
