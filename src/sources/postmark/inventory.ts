/**
 * What is set up at Postmark rather than sent through it, as Effect Schemas: templates, webhooks, sender signatures and inbound
 * rules. Short lists without times, so every walk reads them whole.
 *
 * Source: Postmark's developer documentation. What is said in `schemas.ts` of enumerations, absent and further fields holds here.
 */
import * as Schema from "effect/Schema"
import * as Field from "../../Row/Field.ts"
import { flag, text } from "./fields.ts"

/**
 * A template or layout of one server; `Alias` and `LayoutTemplate` are null where there is none.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Template = Schema.Struct({
  TemplateId: Field.Integer,
  Name: Schema.String,
  Active: flag,
  Alias: text,
  TemplateType: text,
  LayoutTemplate: text
}).annotations({ identifier: "Template" })

/** One kind of event that a webhook may be told of; the two settings exist for some kinds only. */
const Trigger = (more: { readonly [name in "PostFirstOpenOnly" | "IncludeContent"]?: typeof flag } = {}) =>
  Schema.optional(Schema.NullOr(Schema.Struct({ Enabled: flag, ...more })))

/**
 * A webhook of one stream. `HttpAuth` and the values of `HttpHeaders` are credentials of the receiver: the source stores them
 * masked.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Webhook = Schema.Struct({
  ID: Field.Integer,
  Url: Schema.String,
  MessageStream: text,
  Status: text,
  HttpAuth: Schema.optional(Schema.NullOr(Schema.Struct({ Username: text, Password: text }))),
  HttpHeaders: Schema.optional(Schema.NullOr(Schema.Array(Schema.Struct({ Name: Schema.String, Value: text })))),
  Triggers: Schema.optional(
    Schema.NullOr(
      Schema.Struct({
        Open: Trigger({ PostFirstOpenOnly: flag }),
        Click: Trigger(),
        Delivery: Trigger(),
        Bounce: Trigger({ IncludeContent: flag }),
        SpamComplaint: Trigger({ IncludeContent: flag }),
        SubscriptionChange: Trigger()
      })
    )
  )
}).annotations({ identifier: "Webhook" })

/**
 * A confirmed sender address of the account.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SenderSignature = Schema.Struct({
  ID: Field.Integer,
  Domain: Schema.String,
  EmailAddress: Schema.String,
  ReplyToEmailAddress: text,
  Name: text,
  Confirmed: flag
}).annotations({ identifier: "SenderSignature" })

/**
 * An address or domain whose mail one server's inbound stream blocks.
 *
 * @since 0.1.0
 * @category schemas
 */
export const InboundRule = Schema.Struct({
  ID: Field.Integer,
  Rule: Schema.String
}).annotations({ identifier: "InboundRule" })
