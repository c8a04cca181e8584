import { assert, describe, it } from "@effect/vitest"
import * as Transport from "../../src/Fetch/Transport.ts"

const node = (code: string, message = `connect ${code} 127.0.0.1:1`) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) })
const bun = (code: string, message: string) => Object.assign(new Error(message), { code })
const deno = (text: string) =>
  new TypeError(`error sending request for url (http://127.0.0.1:1/): client error (Connect): ${text}`)
const detail = (error: unknown) => Transport.describe(error).detail

describe("Transport", () => {
  it("says in a few words what each runtime hides in its own way", () => {
    for (const error of [
      node("ECONNREFUSED"),
      new TypeError("fetch failed", {
        cause: new AggregateError([Object.assign(new Error("x"), { code: "ECONNREFUSED" })])
      }),
      bun("ConnectionRefused", "Unable to connect. Is the computer able to access the url?"),
      deno("tcp connect error: Connection refused (os error 111)")
    ])
      assert.strictEqual(detail(error), "connection refused")
    for (const error of [
      node("ENOTFOUND", "getaddrinfo ENOTFOUND h.invalid"),
      deno("dns error: failed to lookup address information: Name or service not known")
    ]) {
      assert.strictEqual(detail(error), "host not found")
    }
    for (const error of [
      node("ECONNRESET", "read ECONNRESET"),
      node("UND_ERR_SOCKET", "other side closed"),
      bun("ECONNRESET", "The socket connection was closed unexpectedly."),
      new TypeError("error reading a body from connection")
    ])
      assert.strictEqual(detail(error), "connection reset")
    assert.strictEqual(detail(node("EAI_AGAIN")), "host not found: the name server does not answer")
    assert.strictEqual(detail(node("UND_ERR_CONNECT_TIMEOUT")), "connection timed out")
    assert.strictEqual(detail(node("ENETUNREACH")), "host unreachable")
  })

  it("names what is wrong with a certificate", () => {
    assert.strictEqual(
      detail(node("CERT_HAS_EXPIRED", "certificate has expired")),
      "the TLS certificate is not accepted: CERT_HAS_EXPIRED"
    )
    assert.strictEqual(
      detail(node("DEPTH_ZERO_SELF_SIGNED_CERT")),
      "the TLS certificate is not accepted: DEPTH_ZERO_SELF_SIGNED_CERT"
    )
    assert.strictEqual(
      detail(deno("invalid peer certificate: UnknownIssuer")),
      "the TLS certificate is not accepted: invalid peer certificate: UnknownIssuer"
    )
  })

  it("does not promise that trying again opens a permission", () => {
    const denied = Object.assign(new Error('Requires net access to "h:1", run again with the --allow-net flag'), {
      name: "NotCapable"
    })
    assert.deepStrictEqual(Transport.describe(denied), {
      detail: "network access is not permitted; on Deno, allow it with --allow-net",
      transient: false
    })
    assert.isTrue(Transport.describe(node("ECONNREFUSED")).transient)
  })

  it("does not ask again for headers that are too large", () => {
    const error = new TypeError("fetch failed", { cause: node("UND_ERR_HEADERS_OVERFLOW", "Headers Overflow Error") })
    assert.deepStrictEqual(Transport.describe(error), {
      detail: "the headers of the answer are too large",
      transient: false
    })
  })

  it("falls back to the innermost message, and survives causes in a circle", () => {
    assert.strictEqual(detail(new Error("outer", { cause: new Error("inner") })), "inner")
    assert.strictEqual(detail("text"), "no answer")
    const loop = new Error("round")
    loop.cause = loop
    assert.strictEqual(detail(loop), "round")
  })
})
