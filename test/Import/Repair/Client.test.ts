import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { at, problems, read } from "../support.ts"

const withBase = (base: string) => `c = {"client": {"base_url": ${base}}, "resources": ["a"]}`

/** What is written, the address, and how much is left open. */
const addresses: ReadonlyArray<readonly [written: string, address: string, open: number]> = [
  [`"https://x.example/v1/"`, "https://x.example/v1/", 0],
  [`"x.example/v1"`, "https://x.example/v1", 0],
  [`f"https://{os.environ['TENANT']}.x.example"`, "https://${TENANT}.x.example", 0],
  [`"https://{{ config['tenant'] }}.x.example"`, "https://${TENANT}.x.example", 0],
  [`"https://{tenant}.x.example"`, "https://${TENANT}.x.example", 1],
  [`"https://<your-tenant>.x.example"`, "https://${YOUR_TENANT}.x.example", 1],
  [`"https://[tenant].x.example"`, "https://${TENANT}.x.example", 1],
  [`"https://$TENANT.x.example"`, "https://${TENANT}.x.example", 1],
  [`"https://YOUR_TENANT.x.example"`, "https://${YOUR_TENANT}.x.example", 1],
  [`base_url`, "${BASE_URL}", 1],
  [`""`, "${BASE_URL}", 1],
  [`"N/A"`, "${BASE_URL}", 1]
]

describe("Repair.Client", () => {
  for (const [written, address, open] of addresses)
    it.effect(written, () =>
      Effect.gen(function* () {
        const result = read(withBase(written))
        assert.strictEqual(at(result.config, "client", "base_url"), address)
        assert.lengthOf(result.open, open)
        assert.deepStrictEqual(yield* problems(result), [])
      })
    )

  it("settings by other names go where they belong", () => {
    const { config, open } = read(
      `c = {"client": {"url": "https://x.example", "timeout": 30, "rate_limit": 5, "params": {"v": 2}, "error_handler": {"max_retries": 7, "http_codes": [404], "action": "IGNORE"}}, "resources": ["a"]}`
    )
    assert.deepStrictEqual(at(config, "client"), {
      base_url: "https://x.example",
      retry: { max_retries: 7 },
      limits: { timeout: "30s", rate: 5 }
    })
    assert.deepStrictEqual(at(config, "resource_defaults", "endpoint"), {
      params: { v: 2 },
      response_actions: [{ status_code: 404, action: "ignore" }]
    })
    assert.lengthOf(open, 0)
  })

  it("a session is code", () => {
    const { imported } = read(
      `c = {"client": {"base_url": "https://x.example", "session": Session()}, "resources": ["a"]}`
    )
    assert.deepInclude(imported.open[0], { path: "client.session", kind: "code" })
  })
})
