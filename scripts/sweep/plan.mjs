/**
 * Which trials a sweep makes: every fail point of every scenario at several of its turns, twice killed, and at random moments.
 */
import { FailPoint } from "../../dist/index.js"

/** Numbers in [0, 1), the same for the same seed. */
const random = (seed) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** So that a sweep that is cut short has a bit of everything. */
export const shuffled = (items, seed) => {
  const next = random(seed)
  return items
    .map((item) => [next(), item])
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item)
}

/** Of what a page goes by several turns, of what a run goes by once, one. */
const turns = (place, count, upTo) => {
  const wanted = /^(?:request|body|page|queue)/.test(place) ? [1, Math.ceil(count / 2), count] : [upTo(count)]
  return [...new Set(isStatement(place) ? [...wanted, upTo(count)] : wanted)]
}

/** `kind` is the row of the report that a trial belongs to. */
export const plan = (known, { seed, short }) => {
  const next = random(seed)
  const upTo = (most) => 1 + Math.floor(next() * most)
  const one = ({ expected, name, scenario }, kind, stops) => ({ of: name, scenario, expected, kind, stops })
  const still = known.filter(({ scenario }) => !scenario.moves)
  const moving = known.filter(({ scenario }) => scenario.moves)
  return [
    ...(short ? everyPlaceOnce(still, one, upTo) : everywhere(still, one, upTo)),
    ...startingOver(moving, one, short),
    ...goingOn(still, one, short),
    ...resetting(known, one),
    ...rebuilding(known, one)
  ]
}

/** Killed in the middle of a walk, and then once more where the next run goes on with it. */
const goingOn = (still, one, short) =>
  still
    .filter(({ expected, name }) => expected.counts.get("page.committed") > 2 && (!short || name === "append, no key"))
    .flatMap((each) =>
      ["begin", "statement", "commit", "committed"].map((step) =>
        one(each, `resume.${step}`, [{ place: "page.committed:2" }, { place: `resume.${step}:1` }])
      )
    )

/** Killed, and then once more where the walk starts over, since the list is another one by then. */
const startingOver = (moving, one, short) =>
  moving.flatMap((each, i) =>
    ["begin", "statement", "commit", "committed"]
      .filter((_, j) => !short || j % moving.length === i || (moving.length < 4 && i === 0))
      .flatMap((step) =>
        (short ? [2] : [1, 2, 3]).map((page) =>
          one(each, `restart.${step}`, [
            { place: `page.committed:${page}`, version: 0 },
            { place: `restart.${step}:1` }
          ])
        )
      )
  )

/** Killed in the middle of a walk, and then where its state is forgotten. */
const resetting = (known, one) =>
  known
    .filter(({ name, scenario }) => !scenario.moves && /^(?:offset|append, no key|parent and child)$/.test(name))
    .flatMap((each) =>
      ["begin", "statement", "commit", "committed"].map((step) =>
        one(each, `state.${step}`, [{ place: "page.committed:2" }, { command: "reset", place: `state.${step}:1` }])
      )
    )

/** After a sync that kept its answers, killed where the tables made anew are put in place. */
const rebuilding = (known, one) =>
  known
    .filter(({ scenario }) => scenario.archive)
    .slice(0, 1)
    .flatMap((each) =>
      ["begin", "statement", "commit", "committed"].map((step) =>
        one(each, `swap.${step}`, [{}, { command: "rebuild", place: `swap.${step}:1` }])
      )
    )

/** Behind the receipt the run is over, and the next one is another: it appends all rows once more, as it should. */
const isOver = ({ scenario }, place) =>
  place === "receipt.committed" &&
  scenario.resources.some(({ primary_key: key, write_disposition: way }) => way === "append" && key?.length === 0)

const isStatement = (place) => place.endsWith(".statement")

const everywhere = (known, one, upTo) =>
  known.flatMap((each) => {
    const { counts } = each.expected
    const places = FailPoint.names.filter((place) => counts.has(place) && !isOver(each, place))
    const once = places.flatMap((place) =>
      turns(place, counts.get(place), upTo).map((nth) => one(each, place, [{ place: `${place}:${nth}` }]))
    )
    // The second kill falls into the run that makes up for the first.
    const twice = Array.from({ length: 5 }, () => {
      const [first, second] = [places[upTo(places.length) - 1], places[upTo(places.length) - 1]]
      return one(each, "twice", [
        { place: `${first}:${upTo(counts.get(first))}` },
        { place: `${second}:${upTo(Math.ceil(counts.get(second) / 2))}` }
      ])
    })
    const moments = Array.from({ length: 5 }, () =>
      one(each, "at random", [{ requests: upTo(counts.get("request")), millis: upTo(30) - 1 }])
    )
    return [...once, ...twice, ...moments]
  })

/** Each place in one scenario, the scenarios in turn; and what none of them comes by is left out, as in the long form. */
const everyPlaceOnce = (known, one, upTo) => {
  const used = new Map(known.map((each) => [each, 0]))
  const taken = FailPoint.names.flatMap((place) => {
    const [each] = known
      .filter((each) => each.expected.counts.has(place) && !isOver(each, place))
      .toSorted((a, b) => used.get(a) - used.get(b))
    if (each === undefined) return []
    used.set(each, used.get(each) + 1)
    return [one(each, place, [{ place: `${place}:${upTo(each.expected.counts.get(place))}` }])]
  })
  const inTheMiddle = known
    .filter((each) => used.get(each) < 2)
    .map((each) =>
      one(each, "page.committed", [{ place: `page.committed:${upTo(each.expected.counts.get("page.committed") - 1)}` }])
    )
  const moments = known
    .filter((_, i) => i % 4 === 0)
    .map((each) => one(each, "at random", [{ requests: 2, millis: upTo(20) }]))
  return [...taken, ...inTheMiddle, ...moments]
}
