import { HttpClientRequest, HttpClientResponse } from "@effect/platform"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either } from "effect"
import * as Body from "../../src/Fetch/Body.ts"

/** A body of parts of 1000 bytes that counts what is taken of it, and whether it was cancelled. */
const source = (parts: number, headers: Record<string, string> = {}) => {
  const seen = { taken: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (seen.taken === parts) return controller.close()
      controller.enqueue(new Uint8Array(1000).fill(seen.taken++))
    },
    cancel: () => {
      seen.cancelled = true
    }
  })
  const response = HttpClientResponse.fromWeb(
    HttpClientRequest.get("http://h.example"),
    new Response(stream, { headers })
  )
  return { response, seen }
}

describe("Body", () => {
  it.effect("reads to the end, in one piece and in order", () =>
    Effect.gen(function* () {
      for (const headers of [{}, { "content-length": "3000" }]) {
        const { bytes, complete } = yield* Body.read(source(3, headers).response, 3000)
        assert.isTrue(complete)
        assert.deepStrictEqual([bytes.length, bytes[999], bytes[1000], bytes[2999]], [3000, 0, 1, 2])
      }
    })
  )

  it.effect("stops behind the bound, and cancels the rest", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<Record<string, string>> = [
        {},
        { "content-length": "1000000" },
        // The length is that of the compressed body, and says nothing of what comes out of it.
        { "content-length": "10", "content-encoding": "gzip" },
        { "content-length": "ten" }
      ]
      for (const headers of cases) {
        const { response, seen } = source(1000, headers)
        const { bytes, complete } = yield* Body.read(response, 2500)
        assert.deepStrictEqual([complete, bytes.length, bytes[2499]], [false, 2500, 2])
        assert.isAtMost(seen.taken, 5)
        assert.isTrue(seen.cancelled)
      }
    })
  )

  it.effect("is told when a length was a lie", () =>
    Effect.gen(function* () {
      const { bytes, complete } = yield* Body.read(source(3, { "content-length": "10" }).response, 2500)
      assert.deepStrictEqual([complete, bytes.length], [false, 2500])
    })
  )

  it.effect("an absent body is empty", () =>
    Effect.gen(function* () {
      const response = HttpClientResponse.fromWeb(
        HttpClientRequest.get("http://h.example"),
        new Response(null, { status: 204 })
      )
      assert.deepStrictEqual(yield* Body.read(response, 10), { bytes: new Uint8Array(), complete: true })
    })
  )

  it("text is UTF-8 or nothing", () => {
    const text = (...bytes: ReadonlyArray<number>) => Body.text(new Uint8Array(bytes))
    assert.deepStrictEqual(text(0xef, 0xbb, 0xbf, 0xc3, 0xbc), Either.right("ü"))
    assert.deepStrictEqual(text(0xc3), Either.left("the body is not valid UTF-8"))
  })

  it("a body is crowded by its values, and not by what stands in its texts", () => {
    const bytes = (text: string) => new TextEncoder().encode(text)
    const million = "0,".repeat(1_000_000)
    assert.isFalse(Body.isCrowded(bytes(`[${million.slice(2)}0]`), 1))
    assert.isTrue(Body.isCrowded(bytes(`[${million}0]`), 1))
    assert.isTrue(Body.isCrowded(bytes(`[${"{},".repeat(600_000)}{}]`), 1))
    assert.isTrue(Body.isCrowded(bytes(`["\\\\",${million}0]`), 1))
    assert.isFalse(Body.isCrowded(bytes(`["\\"${million}","${million}"]`), 1))
    assert.isFalse(Body.isCrowded(bytes(`["${million}`), 1))
    // A body that may be larger may hold more.
    assert.isFalse(Body.isCrowded(bytes(`[${million}0]`), 64_000_000))
  })
})
