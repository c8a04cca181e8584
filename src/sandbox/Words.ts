/**
 * The vocabulary of the fake data: people, addresses, tags, subjects, and the texts that break careless programs.
 *
 * Outside a row's path. Every domain is reserved for tests and examples; no name or address is anybody's.
 */

type Words<A = string> = readonly [A, ...Array<A>]

/**
 * Display names; `null` is what Postmark shows when none was given.
 *
 * @since 0.1.0
 * @category defaults
 */
export const people: Words<string | null> = [
  null,
  "Ada",
  "Lin Chen",
  null,
  "Smith, John",
  "Zoë Ångström",
  "",
  null,
  "Siobhán O'Brien",
  "山田 太郎",
  'Renée "Rey" Noël',
  null,
  "Łukasz Żółć",
  "محمد علي",
  "J. \\ Backslash",
  "Happy 🙂 Customer",
  "<Admin>",
  "Müller & Söhne; GmbH"
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const mailboxes: Words = [
  "ada",
  "lin",
  "john.smith",
  "zoe",
  "sobrien",
  "taro",
  "renee",
  "Lukasz",
  "ops",
  "accounts+payable",
  "no-reply",
  "m.ali"
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const mailDomains: Words = [
  "customer.test",
  "customer.test",
  "mail.example",
  "Example.org",
  "shop.example",
  "post.test",
  "uni.example"
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const senders: Words = [
  '"Example App" <hello@example.com>',
  "billing@example.com",
  '"Example, Inc." <no-reply@example.com>',
  '"Zoë from Example" <zoe@example.com>',
  "alerts@example.com"
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const tags: Words<string | null> = [
  "welcome",
  "receipt",
  "password-reset",
  null,
  "invitation",
  "welcome",
  "",
  "digest",
  null,
  "Überweisung",
  "receipt",
  "a/b test, B"
]

/**
 * A `#` is replaced by a number.
 *
 * @since 0.1.0
 * @category defaults
 */
export const subjects: Words<string | null> = [
  "Welcome aboard",
  "Receipt #",
  "Your invoice #, due soon",
  "Reset your password",
  "You are invited",
  "Your weekly digest",
  "",
  "Ihre Überweisung Nr. #",
  "Re: \"quoted\" and 'single'",
  "ご注文 # の確認",
  "🎉 You did it!",
  null,
  "Order # has shipped",
  "100% off; DROP TABLE messages;--",
  "Two lines?\tA tab at least"
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const attachments: Words = [
  "terms.pdf",
  "invoice #.pdf",
  "Übersicht, final (2).xlsx",
  "photo.JPG",
  "calendar.ics",
  "no-extension"
]

/**
 * Pairs that may come together in one `Metadata`. Keys are the user's own, so some differ only in case or in a hyphen; a message has at most one spelling of each.
 *
 * @since 0.1.0
 * @category defaults
 */
export const metadata: Words<readonly [key: string, value: string]> = [
  ["customer-id", "#"],
  ["Customer-Id", "#"],
  ["customer_id", "#"],
  ["plan", "trial"],
  ["plan", "pro"],
  ["PLAN", "Pro"],
  ["order id", "A-#"],
  ["utm.source", "newsletter"],
  ["größe", "XL"],
  ["empty", ""],
  ["0", "zero"],
  ["note", 'it\'s "quoted", ok']
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const domainNames: Words = [
  "mail.#.example",
  "#.example",
  "news.#.test",
  "xn--bcher-kva.#.example",
  "UPPER.#.example",
  "a-b-c.#.test"
]

/**
 * @since 0.1.0
 * @category defaults
 */
export const serverNames: Words = [
  "Production",
  "Staging, EU",
  "Testing",
  'Newsletter "Weekly"',
  "Müller GmbH",
  "通知",
  "legacy_app"
]
