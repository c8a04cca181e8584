import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Name from "../../src/Row/Name.ts"

/** dlt's own table of cases, `snake_case` naming. */
const cases: ReadonlyArray<readonly [identifier: string, name: string]> = [
  ["ID", "id"],
  ["MessageID", "message_id"],
  ["ServerID", "server_id"],
  ["ApiTokens", "api_tokens"],
  ["APITokens", "api_tokens"],
  ["DKIMVerified", "dkim_verified"],
  ["SPFVerified", "spf_verified"],
  ["WeakDKIM", "weak_dkim"],
  ["ReturnPathDomainVerified", "return_path_domain_verified"],
  ["EnableSmtpApiErrorHooks", "enable_smtp_api_error_hooks"],
  ["ClickHookUrl", "click_hook_url"],
  ["TypeCode", "type_code"],
  ["From", "from"],
  ["To", "to"],
  ["TotalCount", "total_count"],
  ["HTTPResponse", "http_response"],
  ["getHTTPResponseCode", "get_http_response_code"],
  ["XMLHttpRequest", "xml_http_request"],
  ["URLs", "ur_ls"],
  ["OAuth2Token", "o_auth2_token"],
  ["IPv4Address", "i_pv4_address"],
  ["iPhone", "i_phone"],
  ["eTag", "e_tag"],
  ["userID2", "user_id2"],
  ["user2ID", "user2_id"],
  ["SHA256Hash", "sha256_hash"],
  ["UTF8Text", "utf8_text"],
  ["ABc", "a_bc"],
  ["ABCdef", "ab_cdef"],
  ["A1B2", "a1_b2"],
  ["123abc", "_123abc"],
  ["2FA", "_2_fa"],
  ["1", "_1"],
  ["_id", "_id"],
  ["trailing_", "trailingx"],
  ["_", "x"],
  ["kebab-case", "kebab_case"],
  ["dotted.name", "dotted_name"],
  ["with space", "with_space"],
  ["a+b", "axb"],
  ["a@b", "aab"],
  ["100%", "_100x"],
  ["tags[]", "tagsx"],
  ["is_ok?", "is_okx"],
  ["$ref", "_ref"],
  ["é", "x"],
  ["日本語", "x"],
  ["naïve", "na_ve"],
  ["Data[0]", "data_0x"],
  // From dlt's tests.
  ["event-.!:*<>value", "event_x_value"],
  ["123BaNaNa", "_123_ba_na_na"],
  ["BANaNA", "ba_na_na"],
  ["+-!$*@#=|:", "x_xa_lx"],
  ["+1", "x1"],
  ["-1", "_1"],
  ["BANANA____", "bananaxxxx"],
  // Beside it.
  ["", "_empty"],
  ["   ", "_empty"],
  ["  padded  ", "padded"]
]

describe("Name", () => {
  it.each(cases)("%j is %j", (identifier, name) => assert.strictEqual(Name.snake(identifier), name))

  it.each([
    ["user__name", "user__name"],
    ["User__Name", "user__name"],
    ["a__b", "a__b"],
    ["__lead", "lead"],
    ["trailing__", "trailing"],
    ["a____b", "a__b"],
    ["__", "_empty"],
    ["", "_empty"],
    [" ", "_empty"],
    ["__proto__", "proto"],
    ["a__ __b", "a__b"],
    ["MessageID", "message_id"],
    ["trailing_", "trailingx"]
  ])("the path %j is %j", (key, name) => assert.strictEqual(Name.path(key), name))

  it("a key of a million odd characters has its name at once", () => {
    for (const odd of ["-", "_", " ", "é", "+", "A", "aA", "__"]) {
      const key = `${odd.repeat(1_000_000)}a`
      assert.match(Name.path(key), /a$/)
      assert.match(Name.snake(key.slice(0, -1)), /^[a-z_]/)
    }
  })

  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."_aA1-. é@+") })
  )

  it.prop("any identifier becomes a plain name", [text], ([identifier]) => {
    const name = Name.snake(identifier)
    assert.match(name, /^[a-z_][a-z0-9_]*$/)
    assert.notInclude(name, "__")
    assert.notMatch(name, /[^_]_$/)
  })

  it.prop("a name is its own name", [text], ([identifier]) => {
    const name = Name.snake(identifier)
    assert.strictEqual(Name.snake(name), name)
    assert.strictEqual(Name.path(name), name)
  })

  it.prop("any key becomes a path of plain names, which is its own path", [text], ([key]) => {
    const path = Name.path(key)
    assert.match(path, /^[a-z0-9_]+$/)
    assert.strictEqual(Name.path(path), path)
  })
})
