/**
 * One message with its bodies and events: `/messages/outbound/{id}/details` and `/dump`.
 *
 * Outside a row's path. Pure. A bounce that `/bounces` lists shows up among its message's events.
 */
import * as Eastern from "../Eastern.ts"
import * as Timeline from "../Timeline.ts"
import type { World } from "../World.ts"
import * as Bounce from "./Bounce.ts"
import * as Engagement from "./Engagement.ts"
import * as Message from "./Message.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Event {
  readonly Recipient: string
  readonly Type: string
  readonly ReceivedAt: string
  readonly Details: Readonly<Record<string, string>>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface MessageDetails extends Message.Message {
  readonly TextBody: string | null
  readonly HtmlBody: string | null
  readonly Body: string
  readonly MessageEvents: ReadonlyArray<Event>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const messageDetails = (world: World, stream: number, serial: number): MessageDetails => {
  const message = Message.message(world, stream, serial)
  const html = serial % 3 !== 0
  return {
    ...message,
    TextBody: serial % 4 === 1 ? null : `${message.Subject ?? ""}\n\nHello,\nthis is message ${message.MessageID}.\n`,
    HtmlBody: html ? `<html><body><p>This is message <b>${message.MessageID}</b>.</p></body></html>` : null,
    Body: body(message),
    MessageEvents: message.Status === "Queued" ? [] : events(world, stream, serial, message)
  }
}

/**
 * The raw message.
 *
 * @since 0.1.0
 * @category accessors
 */
export const body = (message: Message.Message): string =>
  `From: ${message.From}\r\nTo: ${message.Recipients.join(", ")}\r\nSubject: ${message.Subject ?? ""}\r\n` +
  `Message-ID: <${message.MessageID}@example.com>\r\n\r\nThis is message ${message.MessageID}.\r\n`

// --- internal ---

const events = (world: World, stream: number, serial: number, message: Message.Message): ReadonlyArray<Event> => {
  const bounces = Bounce.causedBy(world, stream, serial).map((bounce) => Bounce.bounce(world, stream, bounce))
  const bounced = new Set(bounces.map((bounce) => bounce.Email))
  const { instant } = Timeline.at(Message.timeline(world, stream), serial)
  const later = (seconds: number) =>
    Eastern.format({ millis: Math.floor(instant.millis / 1000 + seconds) * 1000, ticks: 0 }, "offset7")
  const delivered = message.Recipients.filter((recipient) => !bounced.has(recipient))
  const { clicks, opens } = Engagement.ofMessage(world, stream, serial)
  return [
    ...delivered.map((recipient, n): Event => ({
      Recipient: recipient,
      Type: "Delivered",
      ReceivedAt: later(2 + n),
      Details: {
        DeliveryMessage: "smtp;250 2.0.0 OK",
        DestinationServer: `mx.${recipient.split("@")[1] ?? "customer.test"} (192.0.2.10)`,
        DestinationIP: "192.0.2.10"
      }
    })),
    ...bounces.map((bounce): Event => ({
      Recipient: bounce.Email,
      Type: "Bounced",
      ReceivedAt: bounce.BouncedAt,
      Details: { Summary: bounce.Details, BounceID: String(bounce.ID) }
    })),
    ...opens.map(({ ReceivedAt, Recipient }): Event => ({
      Recipient,
      Type: "Opened",
      ReceivedAt,
      Details: { Summary: "Email opened with Chrome on macOS" }
    })),
    ...clicks.map(({ ClickLocation, OriginalLink, ReceivedAt, Recipient }): Event => ({
      Recipient,
      Type: "LinkClicked",
      ReceivedAt,
      Details: { Summary: "Tracked with Chrome on macOS", Link: OriginalLink, ClickLocation }
    }))
  ]
}
