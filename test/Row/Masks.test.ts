/** What is stored of rows that hold credentials: in columns, child tables, JSON and rejects. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Schema } from "effect"
import { batch, cells, columns, compile, failure, type Options, page, saved } from "./support.ts"

const live = "live-s3cret-0f-the-API"

/** Postmark's webhooks, as `GET /webhooks` answers them. */
const webhook = {
  ID: 1234567,
  Url: "https://example.com/webhook",
  MessageStream: "outbound",
  HttpAuth: { Username: "user", Password: live },
  HttpHeaders: [
    { Name: "Authorization", Value: live },
    { Name: "X-Api-Key", Value: live },
    { Name: "X-Tenant", Value: "acme" }
  ],
  Triggers: { Open: { Enabled: true, PostFirstOpenOnly: false } }
}

const stored = (row: unknown, options: Options = {}) => {
  const made = batch([row], options)
  return { text: JSON.stringify([cells(made), made.rejects]), made, notices: made.notices }
}

describe("Masks: by name", () => {
  it("a payload's own credentials are stored as ***, and the receipt says which", () => {
    const { made, notices, text } = stored(webhook, { primaryKey: "ID" })
    assert.notInclude(text, live)
    assert.deepInclude(cells(made).t![0], {
      http_auth__username: "user",
      http_auth__password: "***",
      message_stream: "outbound"
    })
    assert.deepStrictEqual(
      cells(made).t__http_headers!.map(({ name, value }) => [name, value]),
      [
        ["Authorization", "***"],
        ["X-Api-Key", "***"],
        ["X-Tenant", "acme"]
      ]
    )
    assert.deepStrictEqual(notices, [
      "stored as ***, for their names say that they hold credentials: HttpAuth.Password, HttpHeaders.Value; what `unmask` names is stored as it is"
    ])
  })

  it("says so once, and of a later page only what is new", () => {
    const compiled = compile({ primaryKey: "id" })
    const say = (row: object) => page(compiled, [row]).notices.length
    assert.strictEqual(say({ id: 1, token: live }), 1)
    assert.strictEqual(say({ id: 2, token: live }), 0)
    assert.strictEqual(say({ id: 3, secret: null }), 0)
    assert.strictEqual(say({ id: 4, secret: live }), 1)
  })

  it("null, empty texts, yes and no stay, counts of tokens stay, and a PIN does not", () => {
    const made = batch(
      [
        { id: 1, token: null, secret: "", password: true, total_tokens: 7, tokens: 12, prompt_tokens: "x" },
        { id: 2, token: "abc", secret: 1234, password: 4321, total_tokens: 9, tokens: 2n ** 60n }
      ],
      { primaryKey: "id" }
    )
    assert.deepStrictEqual(cells(made).t![0], {
      id: 1,
      secret: "",
      password: 1,
      total_tokens: 7,
      tokens: 12,
      prompt_tokens: "x"
    })
    assert.deepStrictEqual(made.rejects.length, 1, "a yes that became a PIN does not fit its column")
    assert.notInclude(JSON.stringify(made.rejects), "4321")
    const pins = batch([{ id: 2, password: 4321, tokens: 2n ** 60n }], { primaryKey: "id" })
    assert.deepStrictEqual(cells(pins).t, [{ id: 2, password: "***", tokens: 2n ** 60n }])
  })

  it("whatever lies below such a name, and every name at any depth", () => {
    const { made, text } = stored({
      id: 1,
      credentials: { user: live, port: 12, list: [live, { a: [[live]] }] },
      a: { b: [{ c: { "api-key": live, ok: "seen" } }] },
      authorization: { code: "seen", access_token: live, header: `Bearer ${live}` }
    })
    assert.notInclude(text, live)
    assert.strictEqual(text.match(/"seen"/g)?.length, 2)
    assert.deepInclude(cells(made).t![0], { credentials__user: "***", credentials__port: "***" })
  })

  it("authorization is a credential where it reads like one, or among headers; elsewhere it is a payment's", () => {
    const made = batch([
      { authorization: "ch_12345", headers: { Authorization: "plain-key" } },
      { authorization: `Bearer ${live}`, headers: { Authorization: `Basic ${live}` } }
    ])
    assert.deepStrictEqual(
      cells(made).t!.map(({ authorization, headers__authorization }) => [authorization, headers__authorization]),
      [
        ["ch_12345", "***"],
        ["***", "***"]
      ]
    )
  })

  it("in what stays JSON, and in rejects", () => {
    const row = {
      id: 1,
      o: { x: [{ token: live }, { name: "api_key", value: live }] },
      n: "x",
      HttpAuth: webhook.HttpAuth
    }
    for (const options of [{ json: ["o", "HttpAuth"] }, { maxTableNesting: 0 }]) {
      const { made, notices, text } = stored(row, options)
      assert.notInclude(text, live)
      assert.include(String(cells(made).t![0]!["o"]), '"name":"api_key"')
      assert.match(notices[0]!, /o\.x\.token, o\.x\.value, HttpAuth\.Password/)
    }
    const schema = Schema.Struct({ id: Schema.Number, n: Schema.Number })
    const refused = batch([row], { schema })
    assert.lengthOf(refused.rejects, 1)
    assert.notInclude(JSON.stringify(refused.rejects), live)
  })

  it("a column of a mask is text, whatever is declared of it; a count stays a number", () => {
    const made = batch([{ id: 1, pin_password: 123456, n_tokens: 5 }], {
      columns: [
        { name: "pin_password", dataType: "bigint" },
        { name: "n_tokens", dataType: "bigint" }
      ]
    })
    assert.deepStrictEqual(columns(made.shape).t!["pin_password"], "text!")
    assert.deepInclude(cells(made).t![0], { pin_password: "***", n_tokens: 5 })
  })

  it("two rows that differ in a credential alone are the same row", () => {
    const of = (password: string) => batch([{ id: 1, a: { password } }], { primaryKey: "id" }).rows[0]!.digest
    assert.strictEqual(of("one"), of("two"))
  })

  it("leaves rows without such names as they are", () => {
    const row = { id: 1, Metadata: { a: [1, { value: "v", name: "n" }] }, next_token: "x" }
    const { notices, text } = stored(row, { json: ["Metadata"] })
    assert.notInclude(text, "***")
    assert.deepStrictEqual(notices, [])
  })
})

describe("Masks: URLs", () => {
  const hidden = (url: unknown, name = "BounceHookUrl") => cells(stored({ id: 1, [name]: url }).made).t![0]

  it("a user and a password in one are masked, and nothing else of it", () => {
    for (const [url, wanted] of [
      [`https://user:${live}@hooks.example.com/a?b=c@d`, "https://***@hooks.example.com/a?b=c@d"],
      [`https://user:p@${live}@hooks.example.com`, "https://***@hooks.example.com"],
      [`http://${live}@hooks.example.com:8080`, "http://***@hooks.example.com:8080"],
      [`postgres://u:${live}@db/x`, "postgres://***@db/x"],
      [`//u:${live}@host`, "//***@host"],
      [`https://a.example, HTTPS://u:${live}@b.example`, "https://a.example, HTTPS://***@b.example"],
      [`https://a.example/?to=https://u:${live}@b.example`, "https://a.example/?to=https://***@b.example"]
    ])
      assert.strictEqual(hidden(url)!["bounce_hook_url"], wanted)
  })

  it("what has none stays as it is", () => {
    for (const url of ["", "https://medium.com/@user", "https://a.example/?mail=a@b.c", "ssh://git@host/x.git"])
      assert.strictEqual(hidden(url)!["bounce_hook_url"], url)
    assert.deepStrictEqual(stored({ id: 1, Url: "https://***@a.example" }).notices, [])
    assert.include(String(hidden(`https://u:${live}@a.example`, "Description")!["description"]), live)
  })

  it("in lists, in JSON, beside its name and in rejects, and the receipt says so once", () => {
    const url = `https://u:${live}@a.example`
    const row = { id: 1, o: { urls: [url, { x: url }], n: { name: "href", value: url } }, callback: url }
    for (const options of [{}, { json: ["o"] }, { maxTableNesting: 0 }]) {
      const { notices, text } = stored(row, options)
      assert.notInclude(text, live)
      assert.include(text, "https://***@a.example")
      assert.lengthOf(notices, 1)
      assert.match(notices[0]!, /^stored without the user and password in their URLs: .*o\.n\.value/)
    }
    const refused = batch([row], { schema: Schema.Struct({ id: Schema.String }) })
    assert.lengthOf(refused.rejects, 1)
    assert.notInclude(JSON.stringify(refused.rejects), live)
  })

  it("is stored whole where `unmask` names it, and where rows are told apart by it", () => {
    const row = { url: `https://u:${live}@a.example` }
    for (const options of [{ unmask: ["url"] }, { primaryKey: "url" }]) {
      const { notices, text } = stored(row, options)
      assert.include(text, live)
      assert.deepStrictEqual(notices, [])
    }
  })
})

describe("Masks: unmask", () => {
  it("names a field, or one within another, and what lies below it", () => {
    const open = (...unmask: ReadonlyArray<string>) =>
      stored({ id: 1, ...webhook, ApiTokens: [live] }, { unmask }).text.match(new RegExp(live, "g"))?.length ?? 0
    assert.strictEqual(open(), 0)
    assert.strictEqual(open("ApiTokens"), 1)
    assert.strictEqual(open("api_tokens", "HttpAuth"), 2)
    assert.strictEqual(open("HttpAuth.Password"), 1)
    assert.strictEqual(open("http_auth.password", "HttpHeaders.Value"), 3)
    assert.strictEqual(open("HttpHeaders"), 2)
    assert.strictEqual(open("Password", "HttpAuth.Pass", "Http"), 0)
  })

  it("of a part of what is masked as a whole", () => {
    const row = { credentials: { user: "seen", pass: live, more: { user: live } } }
    const { text } = stored(row, { unmask: ["credentials.user"] })
    assert.include(text, "seen")
    assert.notInclude(text, live)
  })

  it("does not undo what is declared to be masked", () => {
    assert.notInclude(stored({ token: live, iban: live }, { mask: ["iban", "token"], unmask: ["token"] }).text, live)
  })

  it("mask names a field within another, too", () => {
    const { made, notices } = stored({ a: { b: live, c: "seen" }, b: "seen" }, { mask: ["a.b"] })
    assert.deepStrictEqual(cells(made).t, [{ a__b: "***", a__c: "seen", b: "seen" }])
    assert.deepStrictEqual(notices, [], "what was asked for is not told")
    assert.notInclude(stored({ o: { b: live } }, { mask: ["o.b"], json: ["o"] }).text, live)
  })

  it("a column that cannot hold the mask refuses the row for that, and not for what the API sent", () => {
    const before = saved(batch([{ id: 1, total: 0.5 }], { primaryKey: "id" }))
    const made = page(compile({ primaryKey: "id", mask: ["total"] }, before), [{ id: 2, total: 12.5 }])
    assert.strictEqual(made.rejects[0]?.reason, "a masked value (***) does not fit the real column total")
    assert.notInclude(JSON.stringify(made.rejects), "12.5")
  })
})

describe("Masks: what tells rows apart", () => {
  const rows = [
    { token: "tok-1", n: 1 },
    { token: "tok-2", n: 2 }
  ]

  it("a key is never masked for its name, and the receipt says that it is there", () => {
    for (const primaryKey of ["token", "Token"]) {
      const made = batch(rows, { primaryKey })
      assert.deepStrictEqual(
        cells(made).t!.map(({ token }) => token),
        ["tok-1", "tok-2"]
      )
      assert.deepStrictEqual(made.notices, [
        "token is stored as it is, though its name says that it holds a credential: it is part of the primary key"
      ])
    }
  })

  it("nor is a merge key, the cursor, what versions or duplicates are told by, or a child's path", () => {
    const kept = (options: Options, needed: ReadonlyArray<string> = []) =>
      cells(page(compile(options, undefined, needed), rows)).t![0]!["token"]
    assert.strictEqual(kept({}), "***")
    assert.strictEqual(kept({ writeDisposition: { mergeKey: ["token"] } }), "tok-1")
    assert.strictEqual(kept({ incremental: { cursorPath: "$.token" } }), "tok-1")
    assert.strictEqual(kept({ writeDisposition: { dedupSort: { field: "token", order: "asc" } } }), "tok-1")
    assert.strictEqual(kept({ writeDisposition: { strategy: "scd2", history: { rowVersion: "token" } } }), "tok-1")
    assert.strictEqual(kept({}, ["token"]), "tok-1")
    assert.strictEqual(kept({}, ["other"]), "***")
  })

  it("a default key that no row has is not inferred from a mask", () => {
    const made = batch(rows, { primaryKey: { fields: ["id"], origin: "default" } })
    assert.deepStrictEqual(made.key?.fields, ["n"])
  })

  it("a key that is declared to be masked is refused: all rows would be one", () => {
    assert.strictEqual(
      failure(rows, { primaryKey: "token", mask: ["Token"] }),
      "Mask: mask: token is part of the primary key; masked, all rows would be alike"
    )
    assert.match(failure(rows, { writeDisposition: { mergeKey: ["token"] }, mask: ["token"] }), /^Mask: .*merge key/)
  })
})

describe("Masks: any JSON", () => {
  const name = fc.constantFrom("a", "b", "Password", "api_key", "token", "value", "name", "headers", "next_token")
  const leaf = fc.oneof(fc.constant("seen"), fc.integer(), fc.boolean(), fc.constant(null), fc.constant("api_key"))
  const tree = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(name, tie("any"), { maxKeys: 4 })
    )
  })).any

  /** What must not be seen: every text below a name of a credential. */
  const planted = (value: unknown, isBelow: boolean): unknown => {
    if (typeof value === "string") return isBelow ? live : value
    if (Array.isArray(value)) return value.map((item) => planted(item, isBelow))
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, planted(inner, isBelow || /Password|api_key|^token/.test(key))])
    )
  }

  it.prop(
    "no text below such a name is stored, whatever shape it has",
    [fc.dictionary(name, tree, { maxKeys: 4 }), fc.constantFrom(0, 1, 2, 1000)],
    ([row, maxTableNesting]) => {
      const made = batch([{ id: 1, ...(planted(row, false) as object) }], { maxTableNesting })
      const text = JSON.stringify([cells(made), made.rejects], (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value
      )
      assert.notInclude(text, live)
    }
  )
})
