import { assert, describe, it } from "@effect/vitest"
import * as Origin from "../../src/Fetch/Origin.ts"

const check = (base: string, allowed: ReadonlyArray<string> = []) => {
  const guard = Origin.guard(new URL(base), allowed)
  return {
    passes: (...urls: ReadonlyArray<string>) => urls.forEach((url) => assert.isUndefined(guard(new URL(url)), url)),
    refuses: (...urls: ReadonlyArray<string>) => urls.forEach((url) => assert.isString(guard(new URL(url)), url))
  }
}

describe("Origin", () => {
  it("is scheme, host and port of the base URL", () => {
    const { passes, refuses } = check("https://api.example.com/v1")
    passes(
      "https://api.example.com/other",
      "https://API.Example.COM/",
      "https://api.example.com:443/",
      "https://api.example.com./"
    )
    refuses(
      "https://evil.example/",
      "https://api.example.com.evil.example/",
      "https://xapi.example.com/",
      "https://example.com/",
      "https://api.example.com:8443/",
      "http://api.example.com/",
      "http://api.example.com:443/",
      "ftp://api.example.com/"
    )
  })

  it("refuses a user name, whatever the host", () => {
    const { refuses } = check("https://api.example.com")
    refuses("https://api.example.com@evil.example/", "https://user@api.example.com/", "https://:pw@api.example.com/")
  })

  it("knows an http base with a port", () => {
    const { passes, refuses } = check("http://127.0.0.1:8080")
    passes("http://127.0.0.1:8080/x", "http://0x7f.1:8080/x")
    refuses("http://127.0.0.1/", "http://127.0.0.1:8081/", "http://localhost:8080/", "https://127.0.0.1:8080/")
  })

  it("knows IPv6", () => {
    const { passes, refuses } = check("http://[::1]:8080", ["2001:db8::1", "[2001:db8::2]:81"])
    passes("http://[0:0::1]:8080/", "http://[2001:DB8:0::1]/", "http://[2001:db8::2]:81/")
    refuses("http://[::2]:8080/", "http://[2001:db8::2]/", "http://[::ffff:127.0.0.1]:8080/")
  })

  it("lets allowed hosts pass, on the default port unless one is named", () => {
    const { passes, refuses } = check("https://api.example.com", [
      "CDN.example.com.",
      "files.example.com:8443",
      "bücher.example"
    ])
    passes(
      "https://cdn.example.com/",
      "https://cdn.example.com.:443/",
      "https://files.example.com:8443/",
      "https://xn--bcher-kva.example/"
    )
    refuses("https://cdn.example.com:8443/", "https://files.example.com/", "https://x.cdn.example.com/")
  })

  it("never goes from https down to http, even to an allowed host", () => {
    check("https://api.example.com", ["cdn.example.com", "api.example.com:80"]).refuses(
      "http://cdn.example.com/",
      "http://api.example.com/"
    )
    check("http://api.example.com", ["cdn.example.com"]).passes("http://cdn.example.com/", "https://cdn.example.com/")
  })

  it("compares hosts as a browser reads them: percent codes, wide letters, punycode, numbers, a dot at the end", () => {
    const { passes, refuses } = check("https://bücher.example", ["127.0.0.1"])
    passes("https://xn--bcher-kva.example/", "https://B%C3%9Ccher.example./", "https://ｂücher.example:443/")
    passes("https://2130706433/", "https://0x7f.0.0.1./", "https://%31%32%37.1/", "https://１２７。１/")
    refuses("https://bucher.example/", "https://xn--bcher-kva.example.evil.example/", "https://[::ffff:127.0.0.1]/")
    refuses("https://localhost/", "https://127.0.0.1:80/", "https://0.0.0.0/", "blob:https://xn--bcher-kva.example/x")
  })

  it("says how to allow what is meant", () => {
    assert.strictEqual(
      Origin.guard(new URL("https://api.example.com/v1"), [])(new URL("https://cdn.example.com:8443/x?k=secret")),
      "https://cdn.example.com:8443 is not the API's own https://api.example.com; " +
        "if it is meant, name cdn.example.com:8443 in the allowed hosts"
    )
  })
})
