/**
 * The kinds of bounce Postmark tells apart, and which serial is of which kind: countable without looking at the rows.
 *
 * Outside a row's path. Pure.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface BounceType {
  readonly type: string
  readonly code: number
  readonly name: string
  readonly description: string
  /** Text of the remote server; `""` where there was none. */
  readonly details: string
  /** Whether Postmark stops sending to the address. */
  readonly inactive: boolean
  readonly canActivate: boolean
  /** How many of 64 bounces in a row are of this type. */
  readonly share: number
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const all: ReadonlyArray<BounceType> = [
  {
    type: "HardBounce",
    code: 1,
    share: 22,
    inactive: true,
    canActivate: true,
    name: "Hard bounce",
    description: "The address cannot receive mail: unknown user or no such mailbox.",
    details: "smtp;550 5.1.1 No such user here"
  },
  {
    type: "Transient",
    code: 2,
    share: 6,
    inactive: false,
    canActivate: false,
    name: "Message delayed",
    description: "The receiving server put the message off.",
    details: "smtp;451 4.7.1 Greylisted, try again later"
  },
  {
    type: "Unsubscribe",
    code: 16,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Unsubscribe request",
    description: "The recipient asked to be unsubscribed.",
    details: ""
  },
  {
    type: "Subscribe",
    code: 32,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Subscribe request",
    description: "The recipient asked to be subscribed.",
    details: ""
  },
  {
    type: "AutoResponder",
    code: 64,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Auto responder",
    description: 'An automatic answer, such as "out of office".',
    details: "Ich bin bis 24. August im Urlaub – bitte später."
  },
  {
    type: "AddressChange",
    code: 128,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Address change",
    description: "The recipient has moved to another address.",
    details: ""
  },
  {
    type: "DnsError",
    code: 256,
    share: 3,
    inactive: false,
    canActivate: false,
    name: "DNS error",
    description: "The name server gave no usable answer for the domain.",
    details: "dns;no MX"
  },
  {
    type: "SpamNotification",
    code: 512,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Spam notification",
    description: "The message was sorted out as spam.",
    details: "smtp;554 5.7.1 Message looks like spam, rejected"
  },
  {
    type: "OpenRelayTest",
    code: 1024,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Open relay test",
    description: "A test for open relays.",
    details: ""
  },
  {
    type: "Unknown",
    code: 2048,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Unknown",
    description: "The cause could not be told.",
    details: "smtp;500 ???"
  },
  {
    type: "SoftBounce",
    code: 4096,
    share: 10,
    inactive: false,
    canActivate: false,
    name: "Soft bounce",
    description: "The mailbox cannot take the message now: full or switched off.",
    details: "smtp;452 4.2.2 Mailbox full"
  },
  {
    type: "VirusNotification",
    code: 8192,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Virus notification",
    description: "The message was held to carry a virus.",
    details: 'smtp;554 5.7.0 "EICAR" found'
  },
  {
    type: "ChallengeVerification",
    code: 16384,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Challenge verification",
    description: "The recipient's filter wants the sender to prove itself.",
    details: ""
  },
  {
    type: "BadEmailAddress",
    code: 100000,
    share: 1,
    inactive: true,
    canActivate: true,
    name: "Invalid email address",
    description: "The address is not a valid one.",
    details: ""
  },
  {
    type: "SpamComplaint",
    code: 100001,
    share: 4,
    inactive: true,
    canActivate: false,
    name: "Spam complaint",
    description: "The recipient marked the message as spam.",
    details: ""
  },
  {
    type: "ManuallyDeactivated",
    code: 100002,
    share: 1,
    inactive: true,
    canActivate: true,
    name: "Manually deactivated",
    description: "The address was deactivated by hand.",
    details: ""
  },
  {
    type: "Unconfirmed",
    code: 100003,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Registration not confirmed",
    description: "The recipient never confirmed the registration.",
    details: ""
  },
  {
    type: "Blocked",
    code: 100006,
    share: 3,
    inactive: false,
    canActivate: false,
    name: "ISP block",
    description: "The provider refuses mail from this sender.",
    details: "smtp;550 5.7.606 Access denied, banned sending IP [192.0.2.10]"
  },
  {
    type: "SMTPApiError",
    code: 100007,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "SMTP API error",
    description: "The message could not be accepted over SMTP.",
    details: ""
  },
  {
    type: "InboundError",
    code: 100008,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Processing failed",
    description: "An inbound message could not be delivered to the hook.",
    details: ""
  },
  {
    type: "DMARCPolicy",
    code: 100009,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "DMARC policy",
    description: "The message was refused by the domain's DMARC policy.",
    details: "smtp;550 5.7.1 DMARC reject\r\n550 second line"
  },
  {
    type: "TemplateRenderingFailed",
    code: 100010,
    share: 1,
    inactive: false,
    canActivate: false,
    name: "Template rendering failed",
    description: "The template could not be filled in.",
    details: ""
  }
]

/**
 * @since 0.1.0
 * @category accessors
 */
export const of = (rotation: number, serial: number): BounceType => {
  // 29 is odd, so 64 serials in a row meet each place of the cycle once.
  return cycle[(serial * 29 + rotation) & 63] ?? hardBounce
}

/**
 * How many of the serials 0 to `end - 1` have a type that passes.
 *
 * @since 0.1.0
 * @category accessors
 */
export const count = (rotation: number, end: number, passes: (type: BounceType) => boolean): number => {
  const rounds = Math.floor(end / 64)
  let found = 0
  if (rounds > 0) for (const type of cycle) if (passes(type)) found += rounds
  for (let serial = rounds * 64; serial < end; serial++) if (passes(of(rotation, serial))) found++
  return found
}

// --- internal ---

const cycle: ReadonlyArray<BounceType> = all.flatMap((type) => Array.from({ length: type.share }, () => type))

const hardBounce = cycle[0] as BounceType
