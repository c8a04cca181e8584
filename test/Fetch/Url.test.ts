import { assert, describe, it } from "@effect/vitest"
import { Either } from "effect"
import * as Url from "../../src/Fetch/Url.ts"

const join = (base: string, path: string, query: ReadonlyArray<readonly [string, string]> = []) =>
  Either.match(Url.make(new URL(base), path, query), { onLeft: (why) => `! ${why}`, onRight: (url) => url.href })

describe("Url", () => {
  it("puts a path behind the base URL's own", () => {
    for (const base of ["https://h.example", "https://h.example/"]) {
      assert.strictEqual(join(base, "bounces"), "https://h.example/bounces")
      assert.strictEqual(join(base, "/bounces"), "https://h.example/bounces")
    }
    for (const base of ["https://h.example/v1", "https://h.example/v1/"]) {
      assert.strictEqual(join(base, "bounces"), "https://h.example/v1/bounces")
      assert.strictEqual(join(base, "/bounces/"), "https://h.example/v1/bounces/")
      assert.strictEqual(join(base, "documents:search"), "https://h.example/v1/documents:search")
    }
  })

  it("leaves the base URL alone when there is no path", () => {
    assert.strictEqual(join("https://h.example/v1", ""), "https://h.example/v1")
    assert.strictEqual(join("https://h.example/v1/", ""), "https://h.example/v1/")
    assert.strictEqual(join("https://h.example/v1", "?a=1"), "https://h.example/v1?a=1")
  })

  it("orders queries: base, path, request; repeats stay", () => {
    assert.strictEqual(
      join("https://h.example/v1?tenant=5", "items?kind=a%20b", [
        ["kind", "c"],
        ["kind", "d"]
      ]),
      "https://h.example/v1/items?tenant=5&kind=a%20b&kind=c&kind=d"
    )
  })

  it("encodes names and values, and keeps what is already encoded as it was written", () => {
    assert.strictEqual(
      join("https://h.example", "a%2Fb?flag&x=%7e", [
        ["q[]", "a b&c=d+e/ü#"],
        ["empty", ""]
      ]),
      "https://h.example/a%2Fb?flag&x=%7e&q%5B%5D=a%20b%26c%3Dd%2Be%2F%C3%BC%23&empty="
    )
    assert.strictEqual(join("https://h.example", "a", [["q", "\uD800"]]), "https://h.example/a?q=%EF%BF%BD")
  })

  it("drops fragments", () => {
    assert.strictEqual(join("https://h.example/v1#top", "a#b", [["q", "1"]]), "https://h.example/v1/a?q=1")
  })

  it("takes an absolute URL as it is, without the base URL's query", () => {
    assert.strictEqual(
      join("https://h.example/v1?t=5", " https://H.example:443/next?c=1", [["n", "2"]]),
      "https://h.example/next?c=1&n=2"
    )
    assert.strictEqual(join("https://h.example", "ftp://h.example/x"), "! a URL must be http or https")
    assert.strictEqual(join("https://h.example", "https://"), "! not a valid URL")
  })

  it("no relative path leaves the host", () => {
    const paths = [
      "//evil.example/x",
      "\\\\evil.example/x",
      "@evil.example",
      ":80@evil.example/",
      "http:/evil.example",
      "https:evil.example",
      "/\\evil.example",
      "ht\ntps://evil.example",
      "../../evil.example",
      ".evil.example",
      "javascript:alert(1)"
    ]
    for (const path of paths) {
      for (const base of ["https://h.example", "https://h.example/v1"]) {
        assert.strictEqual(new URL(join(base, path)).host, "h.example", path)
      }
    }
  })

  it("sets a credential once, in place of what a link carries", () => {
    const url = new URL("https://h.example/x?api%5Fkey=old&page=2&api_key=***&a=%7e")
    assert.strictEqual(Url.withQuery(url, { api_key: "n&w" }).href, "https://h.example/x?page=2&a=%7e&api_key=n%26w")
    assert.strictEqual(Url.withQuery(url, {}).href, url.href)
    assert.strictEqual(url.search, "?api%5Fkey=old&page=2&api_key=***&a=%7e")
  })

  it("decodes names that are encoded wrongly as they are", () => {
    assert.strictEqual(Url.decode("a%20b+c"), "a b c")
    assert.strictEqual(Url.decode("%zz"), "%zz")
  })
})
