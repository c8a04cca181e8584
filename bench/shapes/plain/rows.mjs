/**
 * The rows the bars speak of: 16 fields (a UUID, texts, numbers, booleans, timestamps, a nested object) and two lists of
 * none to three items, one of texts and one of objects. Made from their number alone, so that every run has the same.
 */

/** mulberry32: small, fast, the same everywhere. */
const random = (seed) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

const words =
  "amber birch cedar delta ember fjord grove heron islet junco kelp łąka mesa north osier pine quay über reed"
    .split(" ")
    .map((word) => `${word} `)
const names = ["Ada", "Björn", "Chloé", "Dmitri", "Edsger", "Fatima", "Grace", "Hedy"]
const cities = ["Łódź", "Porto", "Malmö", "Gent", "Bern", "Turin", "Graz", "Lille"]
const statuses = ["new", "paid", "packed", "sent", "returned"]
const channels = ["web", "shop", "phone"]
const start = Date.UTC(2026, 0, 1)

const of = (list, number) => list[number % list.length]
const hex = (number) => number.toString(16).padStart(8, "0")
const time = (millis) => new Date(millis).toISOString()

const text = (next, least, spread) => {
  let made = ""
  for (let left = least + (next() % spread); left > 0; left--) made += of(words, next())
  return made.trimEnd()
}

/** `changed`: as the API has it later, with another status, time and number in its lines. */
export const row = (i, changed = false) => {
  const next = random(i * 2_654_435_761)
  const [a, b, c, d] = [next(), next(), next(), next()].map(hex)
  const name = of(names, next())
  const status = of(statuses, next())
  const created = start + i * 1000 + (next() % 1000)
  const updated = start + i * 1000 + 60_000_000
  return {
    id: `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`,
    number: 100_000 + i,
    customer: `${name} ${of(names, next())}son`,
    email: `${name
      .normalize("NFD")
      .replaceAll(/\P{ASCII}/gu, "")
      .toLowerCase()}.${next() % 100_000}@example.com`,
    subject: text(next, 3, 6),
    note: next() % 3 === 0 ? null : text(next, 5, 14),
    status: changed ? "closed" : status,
    channel: of(channels, next()),
    amount: (next() % 1_000_000) / 100,
    items: next() % 40,
    weight: next() % 4 === 0 ? null : (next() % 100_000) / 1000,
    paid: next() % 2 === 0,
    gift: next() % 8 === 0,
    created_at: time(created),
    updated_at: time(changed ? updated + 500 : updated),
    address: {
      street: `${text(next, 1, 2)} ${next() % 200}`,
      city: of(cities, next()),
      zip: String(10_000 + (next() % 90_000))
    },
    tags: Array.from({ length: next() % 4 }, () => text(next, 1, 1)),
    lines: Array.from({ length: next() % 4 }, () => ({
      sku: `SKU-${hex(next())}`,
      quantity: (next() % 9) + (changed ? 10 : 1),
      price: (next() % 100_000) / 100
    }))
  }
}
