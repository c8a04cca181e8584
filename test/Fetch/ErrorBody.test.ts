import { assert, describe, it } from "@effect/vitest"
import * as ErrorBody from "../../src/Fetch/ErrorBody.ts"

const json = (body: unknown) => {
  const { code, message } = ErrorBody.read(JSON.stringify(body), "application/json")
  return [code, message]
}
const message = (body: string, contentType?: string) => ErrorBody.read(body, contentType).message

describe("ErrorBody", () => {
  it("reads Postmark's envelope, the code as number or text", () => {
    assert.deepStrictEqual(json({ ErrorCode: 10, Message: "No valid token." }), ["10", "No valid token."])
    assert.deepStrictEqual(json({ ErrorCode: "701", Message: "Not found." }), ["701", "Not found."])
    assert.deepStrictEqual(json({ ErrorCode: 0, Message: "" }), [
      "0",
      "JSON without a message, 28 characters, with the keys ErrorCode, Message"
    ])
  })

  it("reads the usual shapes", () => {
    assert.deepStrictEqual(json({ message: "m" }), [undefined, "m"])
    assert.deepStrictEqual(json({ error: "e" }), [undefined, "e"])
    assert.deepStrictEqual(json({ error: { message: "m", code: 4 } }), ["4", "m"])
    assert.deepStrictEqual(json({ error: { errors: [{ message: "deep" }] } }), [undefined, "deep"])
    assert.deepStrictEqual(json({ errors: [{ code: "x1", message: "first" }, { message: "second" }] }), ["x1", "first"])
    assert.deepStrictEqual(json({ errors: ["first", "second"] }), [undefined, "first"])
    assert.deepStrictEqual(json([{ errorCode: "INVALID", message: "m" }]), ["INVALID", "m"])
    assert.deepStrictEqual(json({ detail: "d" }), [undefined, "d"])
    assert.deepStrictEqual(json({ detail: [{ loc: ["query", "limit"], msg: "too much" }] }), [undefined, "too much"])
    assert.deepStrictEqual(json({ error: "invalid_grant", error_description: "expired" }), ["invalid_grant", "expired"])
    assert.deepStrictEqual(json({ type: "about:blank", title: "Forbidden", detail: "not yours", status: 403 }), [
      undefined,
      "not yours"
    ])
    assert.deepStrictEqual(json({ title: "Forbidden" }), [undefined, "Forbidden"])
    assert.deepStrictEqual(json({ errors: { date: ["is not a date"] } }), [undefined, "date: is not a date"])
    assert.deepStrictEqual(json({ fault: { faultstring: "f", detail: { errorcode: "q" } } }), [
      undefined,
      "faultstring: f"
    ])
    assert.deepStrictEqual(json("just text"), [undefined, "just text"])
  })

  it("of JSON without a message, says which keys it has and not what they hold", () => {
    assert.deepStrictEqual(json({ user: { mail: "a@example.com" }, id: 7 }), [
      undefined,
      "JSON without a message, 40 characters, with the keys user, id"
    ])
    assert.deepStrictEqual(json({}), [undefined, "JSON without a message, 2 characters"])
  })

  it("of HTML, takes the title", () => {
    const page =
      "<!DOCTYPE html><html><head><title>\n 502 Bad &amp; Gateway </title></head><body>a@example.com</body></html>"
    assert.strictEqual(message(page, "text/html"), 'an HTML page titled "502 Bad & Gateway"')
    assert.strictEqual(message(page, "application/json"), 'an HTML page titled "502 Bad & Gateway"')
    assert.strictEqual(message("<center><h1>503</h1></center>", "text/html"), 'an HTML page titled "503"')
    assert.strictEqual(message("<html><p>x</p></html>"), "an HTML page of 21 characters")
    // Read to its end for each of its tags, this would take hours.
    for (const tag of ["<title", "<h1", "<title>", "<h1>"])
      assert.match(message(`<html>${tag.repeat(2_000_000)}`), /^an HTML page of \d+ characters$/)
  })

  it("of plain text, takes the text in one line; of anything else, type and size", () => {
    assert.strictEqual(message(" Too\n\tmany  requests\u0007 \n", "text/plain"), "text/plain of 20 characters")
    assert.strictEqual(message(" Too\n\tmany  requests \n", "text/plain; charset=utf-8"), "Too many requests")
    assert.strictEqual(message("upstream down"), "upstream down")
    assert.strictEqual(message('{"Message":"cut of', "application/json"), '{"Message":"cut of')
    assert.strictEqual(message("<x/>", "application/xml"), "application/xml of 4 characters")
    assert.strictEqual(message(" \n"), "no message (empty body)")
  })

  it("survives what is nested without end", () => {
    const deep = `${'{"error":'.repeat(900)}1${"}".repeat(900)}`
    assert.match(message(deep, "application/json"), /^JSON without a message/)
  })

  it("says that an HTML page came where JSON was due", () => {
    assert.strictEqual(
      ErrorBody.unreadable("<html><title>Log in</title>", "text/html", "not valid JSON"),
      'an HTML page titled "Log in"'
    )
    for (const type of ["application/json", "application/vnd.api+json; charset=utf-8", "text/plain", undefined]) {
      assert.strictEqual(ErrorBody.unreadable('{"a', type, "JSON ends too early"), "JSON ends too early")
    }
  })

  it("says what came instead, where its type tells", () => {
    for (const type of ["text/csv", "application/x-ndjson", "application/xml"]) {
      assert.strictEqual(
        ErrorBody.unreadable("a,b", `${type}; charset=utf-8`, "not valid JSON"),
        `${type} came where JSON was due: not valid JSON`
      )
    }
  })
})
