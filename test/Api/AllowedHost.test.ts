import { assert, describe, it } from "@effect/vitest"
import * as AllowedHost from "../../src/Api/AllowedHost.ts"

describe("AllowedHost", () => {
  it("reads hosts, with and without a port", () => {
    assert.deepStrictEqual(AllowedHost.parse("Example.COM."), { host: "example.com", port: undefined })
    assert.deepStrictEqual(AllowedHost.parse("example.com:80"), { host: "example.com", port: 80 })
    assert.deepStrictEqual(AllowedHost.parse("::1"), { host: "[::1]", port: undefined })
    assert.deepStrictEqual(AllowedHost.parse("[::1]:443"), { host: "[::1]", port: 443 })
    assert.deepStrictEqual(AllowedHost.parse("bücher.example"), { host: "xn--bcher-kva.example", port: undefined })
  })

  it("refuses what is not a host", () => {
    for (const entry of [
      "",
      "https://example.com",
      "example.com/x",
      "*.example.com",
      "a b",
      "u@h",
      "h:0",
      "h:70000",
      "h:x",
      "h?x",
      "h#x",
      "[::1",
      "h:1:2x"
    ]) {
      assert.isUndefined(AllowedHost.parse(entry), entry)
    }
  })
})
