/** Templates, webhooks, sender signatures, inbound rules and the own server: stored as the sandbox has them, credentials masked. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Receipt } from "sluice"
import * as Inventory from "../../../src/sandbox/Data/Inventory.ts"
import * as Server from "../../../src/sandbox/Data/Server.ts"
import { twice } from "./support.ts"

const resources = ["server", "servers", "templates", "webhooks", "sender_signatures", "inbound_rules"]

const run = twice(resources, { domains: 501 })

const counts = (receipt: Receipt.Receipt) => receipt.resources.map(({ name, rows }) => [name, rows.inserted])

describe("what is set up", () => {
  it.effect("comes whole, and unchanged the second time", () =>
    Effect.gen(function* () {
      const { first, second } = yield* run
      assert.deepStrictEqual([first.status, second.status], ["complete", "complete"])
      assert.deepStrictEqual(Object.fromEntries(counts(first)), {
        server: 1,
        servers: 3,
        templates: 7,
        webhooks: 4,
        sender_signatures: 501,
        inbound_rules: 4
      })
      for (const [name, inserted] of counts(second)) assert.deepStrictEqual([name, inserted], [name, 0])
    })
  )

  it.effect("webhooks with one column per trigger, and no credential of theirs", () =>
    Effect.gen(function* () {
      const { dump, world } = yield* run
      const [plain] = dump["webhooks"]!
      assert.deepInclude(plain, {
        message_stream: "outbound",
        http_auth__username: "***",
        http_auth__password: "***",
        triggers__bounce__enabled: Number(Inventory.webhooks(world)[0]!.Triggers.Bounce.Enabled)
      })
      assert.deepStrictEqual(
        dump["webhooks__http_headers"]!.map(({ name, value }) => [name, value]),
        [["X-Hook-Id", "***"]]
      )
    })
  )

  it.effect("no credential is anywhere in the database, not in the books either", () =>
    Effect.gen(function* () {
      const { dump, first, world } = yield* run
      const text = JSON.stringify([dump, first], (_, value) => (typeof value === "bigint" ? String(value) : value))
      assert.include(JSON.stringify(Server.server(world, 0)), "://user:fake-password@")
      const credentials = [
        "fake-password",
        ...Array.from({ length: world.servers }, (_, index) => Server.apiTokens(world, index)).flat(),
        ...Array.from({ length: world.streams }, (_, index) => Inventory.webhookSecret(index)),
        world.accountToken
      ]
      assert.isAbove(credentials.length, 6)
      for (const credential of credentials) assert.notInclude(text, credential)
      assert.isAbove(dump["servers__api_tokens"]!.length, 1)
      assert.deepStrictEqual([...new Set(dump["servers__api_tokens"]!.map(({ value }) => value))], ["***"])
      assert.deepStrictEqual([...new Set(dump["server__api_tokens"]!.map(({ value }) => value))], ["***"])
      assert.strictEqual(dump["webhooks"]![2]!["url"], "https://***@hooks.example.com/postmark/broadcast")
      const hooks = dump["servers"]!.flatMap((row) =>
        Object.entries(row).filter(([name]) => name.endsWith("_hook_url"))
      )
      assert.isTrue(hooks.some(([, url]) => String(url).startsWith("https://***@hooks.example.com/")))
      const notices = first.resources.flatMap((line) => line.notices.map((notice) => `${line.name}: ${notice}`))
      assert.include(
        notices,
        "webhooks: stored without the user and password in their URLs: Url; what `unmask` names is stored as it is"
      )
    })
  )

  it.effect("sender signatures, templates and rules as Postmark has them", () =>
    Effect.gen(function* () {
      const { dump, world } = yield* run
      const { Confirmed, Domain, EmailAddress, ID, Name } = Inventory.signature(world, 500)
      assert.deepInclude(
        dump["sender_signatures"]!.find(({ id }) => id === ID)!,
        {
          domain: Domain,
          email_address: EmailAddress,
          reply_to_email_address: "",
          name: Name,
          confirmed: Number(Confirmed)
        }
      )
      assert.deepInclude(
        dump["templates"]!.find(({ alias }) => alias === "layout-0")!,
        {
          template_type: "Layout",
          layout_template: null
        }
      )
      assert.deepStrictEqual(
        dump["inbound_rules"]!.map(({ rule }) => rule),
        Array.from({ length: 4 }, (_, index) => Inventory.inboundRule(world, index).Rule)
      )
    })
  )
})
