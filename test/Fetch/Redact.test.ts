import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc, Redacted } from "effect"
import * as Redact from "../../src/Fetch/Redact.ts"

const make = (...secrets: ReadonlyArray<string>) => Redact.make(secrets.map((secret) => Redacted.make(secret)))

describe("Redact.text", () => {
  it("masks every occurrence", () => {
    assert.strictEqual(make("s3cret").text("a s3cret and s3crets3cret"), "a *** and ******")
    assert.strictEqual(make("s3cret").text("nothing here"), "nothing here")
    assert.strictEqual(make().text("s3cret"), "s3cret")
  })

  it("knows the secret in a URL, a form, JSON and base64", () => {
    const secret = 'p@ss w/rd+"é?'
    const { text } = make(secret)
    const written = [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(secret).toLowerCase(),
      encodeURIComponent(encodeURIComponent(secret)),
      new URLSearchParams({ k: secret }).toString().slice(2),
      JSON.stringify(secret).slice(1, -1),
      JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/"),
      Buffer.from(secret).toString("base64"),
      Buffer.from(secret).toString("base64").replaceAll("=", ""),
      Buffer.from(secret).toString("base64url")
    ]
    for (const form of written) assert.strictEqual(text(`<${form}>`), "<***>", form)
  })

  it("knows the secret in URLs, HTML and JSON of whatever writer, with digits in any case", () => {
    const secret = `a'b"c&d<e>f/g+h=i!j(k)l*m~n:o@p?q#r é\`s`
    const { text } = make(secret)
    const percent = encodeURIComponent(secret)
    const strict = percent.replaceAll(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
    const html = (quote: string, single: string) =>
      secret
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', quote)
        .replaceAll("'", single)
    const unicode = (chars: RegExp) =>
      JSON.stringify(secret)
        .slice(1, -1)
        .replaceAll(chars, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
    const mixed = (written: string) =>
      written.replaceAll(/%../g, (code, at: number) => (at % 2 ? code : code.toLowerCase()))
    for (const form of [
      mixed(percent),
      strict.replaceAll("%7e", "~"),
      mixed(encodeURIComponent(percent)).replaceAll("%25", "%25"),
      encodeURI(secret),
      html("&quot;", "&#39;"),
      html("&quot;", "&#x27;"),
      html("&#34;", "&#39;"),
      html('"', "'"),
      // Go, PHP, Gson, System.Text.Json.
      unicode(/[<>&]/g),
      unicode(/[^ -~]/g),
      unicode(/[<>&'=]|[^ -~]/g),
      unicode(/[<>&'=]|[^ -~]/g).replaceAll("/", "\\/"),
      unicode(/[<>&'+`]|[^ -~]/g)
        .replaceAll('\\"', "\\u0022")
        .toUpperCase()
        .replaceAll("\\U", "\\u")
        .replaceAll(/(?<!\\u[0-9A-F]{0,3})[A-Z]/g, (char) => char.toLowerCase())
    ])
      assert.strictEqual(text(`<${form}>`), "<***>", form)
  })

  it("knows the secret within longer base64, wherever it begins", () => {
    const secret = "s3cret/+?ü~token"
    const { text } = make(secret)
    for (const before of ["", "u", "us", "user:", "admin:", "a longer user name:"]) {
      for (const after of ["", "x", "xy", "\n"]) {
        for (const encoding of ["base64", "base64url"] as const) {
          const whole = Buffer.from(`${before}${secret}${after}`).toString(encoding)
          const out = text(whole)
          assert.include(out, "***", whole)
          // Of what is left at its ends none holds more than five bits of it.
          const left = out.replace("***", "")
          assert.isAtMost(
            left.replace(/=+$/, "").length,
            Math.ceil(((before.length + after.length) * 4) / 3) + 2,
            whole
          )
        }
      }
    }
  })

  it("takes no short part of another base64 for a secret", () => {
    assert.strictEqual(make("abcd").text(Buffer.from("xabcd").toString("base64")), "eGFiY2Q=")
    assert.strictEqual(make("abcd").text(Buffer.from("abcd").toString("base64")), "***")
  })

  it.prop(
    "a body that holds a secret in any of these forms is seen to do so, and one that holds none is the same after",
    [
      fc.string({ minLength: 8, unit: "grapheme" }),
      fc.constantFrom<(text: string) => string>(
        (text) => text,
        encodeURIComponent,
        (text) => encodeURIComponent(encodeURIComponent(text)).replaceAll(/%(25)?../g, (code) => code.toLowerCase()),
        (text) => Buffer.from(`user:${text}`).toString("base64"),
        (text) => JSON.stringify(text),
        (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
      )
    ],
    ([secret, write]) => {
      fc.pre(secret.trim().length >= 8 && !secret.includes("*") && !/\p{Surrogate}/u.test(secret))
      const redactor = make(secret)
      const body = { a: [{ b: `<<${write(secret.trim())}>>` }] }
      assert.isTrue(redactor.mayHold(JSON.stringify(body)))
      assert.include(JSON.stringify(redactor.json(body)), "***")
    }
  )

  it("leaves nothing of a longer secret that begins inside a shorter one", () => {
    assert.strictEqual(make("abcd", "bcdefgh").text("xabcdefghx"), "x***x")
    assert.strictEqual(make("bcdefgh", "abcd", "abcdefghij").text("abcdefghij abcd"), "*** ***")
    assert.strictEqual(make("aaaa").text("aaaaaa"), "***")
  })

  it("knows a key read from a file without its newline", () => {
    assert.strictEqual(make("s3cret\n").text("[s3cret]"), "[***]")
  })

  it("does not search for what is empty or very short", () => {
    assert.strictEqual(make("", "  ", "abc").text("abc  "), "abc  ")
    assert.strictEqual(make("", "abcd").text("abcd"), "***")
  })

  it("takes patterns and replacements for plain text", () => {
    assert.strictEqual(make("$&.*(x)").text("a$&.*(x)b, axb"), "a***b, axb")
  })

  it.prop(
    "no secret is left, whatever surrounds it",
    [fc.string({ minLength: 4 }), fc.string({ minLength: 4 }), fc.string()],
    ([one, two, around]) => {
      fc.pre(one.trim().length >= 4 && two.trim().length >= 4)
      // A mask that is part of a secret, or joins the rest to one, proves nothing.
      fc.pre(![one, two].some((secret) => secret.trim().includes("*")))
      const out = make(one, two).text(`${around}${one}${two}${around}${two}`)
      assert.isFalse(out.includes(one) || out.includes(two), out)
    }
  )
})

describe("Redact.url", () => {
  it("shows scheme, host, path and parameters", () => {
    const { url } = make("s3cret")
    assert.strictEqual(
      url(new URL("https://API.example.com:8443/v1/a%2Fb?offset=0&q=a%20b&flag#frag")),
      "https://api.example.com:8443/v1/a%2Fb?offset=0&q=a%20b&flag"
    )
    assert.strictEqual(url("https://h.example/s3cret/x"), "https://h.example/***/x")
  })

  it("masks user names and credential parameters, known or configured", () => {
    const { url } = Redact.make([], { queryNames: ["My-Credential"] })
    assert.strictEqual(url("https://user:pw@h.example/?a=1"), "https://***@h.example/?a=1")
    for (const name of [
      "token",
      "access_token",
      "Api-Key",
      "apikey",
      "key",
      "SECRET",
      "password",
      "sig",
      "client%5Fsecret",
      "X-Amz-Signature",
      "my_credential"
    ]) {
      assert.strictEqual(url(`https://h.example/?n=1&${name}=x&z=2`), `https://h.example/?n=1&${name}=***&z=2`)
    }
    assert.strictEqual(url("https://h.example/?page_token=x&keyword=y"), "https://h.example/?page_token=x&keyword=y")
  })

  it("finds a secret however it is encoded in a parameter or the path", () => {
    const { url } = make("a'b c/d")
    assert.strictEqual(url("https://h.example/x?q=a'b%20c%2Fd"), "https://h.example/x?q=***")
    assert.strictEqual(url("https://h.example/x?q=%61'b+c/d"), "https://h.example/x?q=***")
    assert.strictEqual(url("https://h.example/%61'b%20c%2fd/x"), "https://h.example/***/x")
  })

  it("masks what is not a URL as text", () => {
    assert.strictEqual(make("s3cret").url("/v1/s3cret?x"), "/v1/***?x")
  })
})

describe("Redact.json", () => {
  it("masks strings and keys at any depth, and shares what is untouched", () => {
    const value = { a: [{ b: "x s3cret", n: 1, big: 10n, none: null }, { c: "clean" }], "s3cret!": true }
    const masked = make("s3cret").json(value) as typeof value
    assert.deepStrictEqual(masked as unknown, {
      a: [{ b: "x ***", n: 1, big: 10n, none: null }, { c: "clean" }],
      "***!": true
    })
    assert.strictEqual(masked.a[1], value.a[1])
    assert.strictEqual(value.a[0]!.b, "x s3cret")
  })

  it("is the identical value when there is nothing to mask", () => {
    const value = { a: [1, Number.NaN, "x", { b: null }], d: new Date(0) }
    assert.strictEqual(make("s3cret").json(value), value)
  })

  it("keeps a __proto__ key a key", () => {
    const masked = make("s3cret").json(JSON.parse('{"__proto__":"s3cret"}'))
    assert.strictEqual(JSON.stringify(masked), '{"__proto__":"***"}')
  })

  it("masks a token that is a number, but no short one", () => {
    assert.deepStrictEqual(make("1234567890", "12345").json([1234567890, 12345, 1234567890n, 1]), [
      "***",
      12345,
      "***",
      1
    ])
  })

  it.prop(
    "mayHold is true whenever json would change the value",
    [fc.stringMatching(/^[a-z/"\\+]{4,8}$/), fc.nat({ max: 3 })],
    ([secret, how]) => {
      const escape = (text: string) =>
        Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")
      const inner = JSON.stringify(secret).slice(1, -1)
      const written = [
        inner,
        escape(secret),
        escape(secret).toUpperCase().replaceAll("\\U", "\\u"),
        inner.replaceAll("/", "\\/")
      ][how]!
      const redactor = make(secret)
      for (const text of [`{"k":"<${written}>"}`, `{"<${written}>":1}`]) {
        assert.notStrictEqual(JSON.stringify(redactor.json(JSON.parse(text))), JSON.stringify(JSON.parse(text)))
        assert.isTrue(redactor.mayHold(text), text)
      }
      assert.isFalse(redactor.mayHold('{"k":"\\u0041nothing \\/ here"}'))
    }
  )

  it("mayHold sees escapes mixed with plain characters", () => {
    assert.isTrue(make("s3cr/et").mayHold('{"k":"s\\u0033cr\\/e\\u0074"}'))
    assert.isFalse(make("s3cr/et").mayHold('{"k":"s\\u0034cr\\/e\\u0074"}'))
  })
})

describe("Redact.growing", () => {
  it("masks a secret from the moment it is added", () => {
    const redactor = Redact.growing([Redacted.make("first-one")], [])
    const { text, url } = redactor
    assert.strictEqual(text("first-one second-one"), "*** second-one")
    redactor.add([Redacted.make("second-one")], ["hush"])
    assert.strictEqual(text("first-one second-one"), "*** ***")
    assert.strictEqual(url("https://h.example/?hush=x"), "https://h.example/?hush=***")
  })
})
