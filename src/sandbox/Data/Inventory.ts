/**
 * What is set up rather than sent: templates, webhooks, sender signatures and inbound rules of the fake API.
 *
 * Outside a row's path. Pure; a row depends on the seed and its index alone. Credentials in it are clearly fake.
 */
import * as Random from "../Random.ts"
import type { World } from "../World.ts"
import * as Domain from "./Domain.ts"
import * as Stream from "./Stream.ts"

/**
 * How many there are of each that has no option of its own.
 *
 * @since 0.1.0
 * @category defaults
 */
export const counts = { templates: 7, inboundRules: 4 } as const

/**
 * The first two are layouts; others use one of them or none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const template = (world: World, index: number) => {
  const row = Random.root(world.seed, 11, index)
  const layout = index < 2
  return {
    Active: Random.chance(Random.draw(row, 0), 90),
    TemplateId: 31_000_001 + index * 7,
    Name: layout ? `Layout ${index + 1}` : `Template ${index - 1}`,
    Alias: index % 3 === 2 ? null : `${layout ? "layout" : "template"}-${index}`,
    TemplateType: layout ? "Layout" : "Standard",
    LayoutTemplate: layout ? null : Random.pick([null, "layout-0", "layout-1"], Random.draw(row, 1))
  }
}

/**
 * One webhook for each stream that is not archived: with a password, with a header, or with a password in its URL.
 *
 * @since 0.1.0
 * @category constructors
 */
export const webhooks = (world: World) =>
  Array.from({ length: world.streams }, (_, index) => {
    const row = Random.root(world.seed, 12, index)
    const on = (n: number) => Random.chance(Random.draw(row, n), 50)
    return {
      ID: 1_234_567 + index * 3,
      Url: `https://${index % 3 === 2 ? `hook:${webhookSecret(index)}@` : ""}hooks.example.com/postmark/${Stream.id(index)}`,
      MessageStream: Stream.id(index),
      ...(index % 3 === 0 ? { HttpAuth: { Username: "hook", Password: webhookSecret(index) } } : {}),
      ...(index % 3 === 1 ? { HttpHeaders: [{ Name: "X-Hook-Id", Value: webhookSecret(index) }] } : {}),
      Triggers: {
        Open: { Enabled: on(0), PostFirstOpenOnly: on(1) },
        Click: { Enabled: on(2) },
        Delivery: { Enabled: on(3) },
        Bounce: { Enabled: on(4), IncludeContent: on(5) },
        SpamComplaint: { Enabled: on(6), IncludeContent: on(7) },
        SubscriptionChange: { Enabled: on(8) }
      }
    }
  })

/**
 * The credential in a webhook: what must not turn up in a log or a database.
 *
 * @since 0.1.0
 * @category accessors
 */
export const webhookSecret = (index: number): string => `fake-hook-secret-${String(index).padStart(4, "0")}`

/**
 * One sender for each domain.
 *
 * @since 0.1.0
 * @category constructors
 */
export const signature = (world: World, index: number) => {
  const { Name } = Domain.domain(world, index)
  const row = Random.root(world.seed, 13, index)
  return {
    Domain: Name,
    EmailAddress: `hello@${Name}`,
    ReplyToEmailAddress: index % 2 === 0 ? "" : `support@${Name}`,
    Name: Random.pick(["Support", "Billing", "Example App"], Random.draw(row, 0)),
    Confirmed: Random.chance(Random.draw(row, 1), 80),
    ID: 8_139 + index * 17
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const inboundRule = (world: World, index: number) => {
  const draw = Random.draw(Random.root(world.seed, 14, index), 0)
  return {
    ID: 3_001 + index * 5,
    Rule: index % 2 === 0 ? `spam${draw % 1000}@blocked.test` : `blocked${draw % 1000}.test`
  }
}
