/**
 * The rows of Postmark's API as TypeScript types: what each schema decodes, for programs that take rows before they are stored.
 *
 * Types only. The columns of the tables are told by `sluice schema types postmark`.
 */
import type * as Schemas from "./schemas.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type DeliveryStats = typeof Schemas.DeliveryStats.Type

/**
 * @since 0.1.0
 * @category models
 */
export type MessageStream = typeof Schemas.MessageStream.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Domain = typeof Schemas.Domain.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Message = typeof Schemas.Message.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Bounce = typeof Schemas.Bounce.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Server = typeof Schemas.Server.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Template = typeof Schemas.Template.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Webhook = typeof Schemas.Webhook.Type

/**
 * @since 0.1.0
 * @category models
 */
export type SenderSignature = typeof Schemas.SenderSignature.Type

/**
 * @since 0.1.0
 * @category models
 */
export type InboundRule = typeof Schemas.InboundRule.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Suppression = typeof Schemas.Suppression.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Open = typeof Schemas.Open.Type

/**
 * @since 0.1.0
 * @category models
 */
export type Click = typeof Schemas.Click.Type

/**
 * @since 0.1.0
 * @category models
 */
export type InboundMessage = typeof Schemas.InboundMessage.Type
