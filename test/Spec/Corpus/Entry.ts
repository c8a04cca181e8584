import { auth, endpoint, paginator, resource } from "../fixture.ts"

/**
 * A deviation that is found in public configurations, or that was tried on dlt, and the answer it must get: an error or a
 * warning at a place, with words that repair it, or `ok` where it means something here.
 */
export interface Entry {
  readonly mistake: string
  readonly text: string
  readonly answer: "error" | "warning" | "ok"
  readonly path: string
  readonly words: RegExp
}

type Place = (line: string) => { readonly text: string; readonly base: string }

const inAuth: Place = (line) => ({ text: auth(line), base: "client.auth" })
const inPaginator: Place = (line) => ({ text: paginator(line), base: "resources[0].endpoint.paginator" })
const inEndpoint: Place = (line) => ({ text: endpoint(line), base: "resources[0].endpoint" })
const inResource: Place = (line) => ({ text: resource(line), base: "resources[0]" })
const whole: Place = (text) => ({ text, base: "" })

export const places = { auth: inAuth, paginator: inPaginator, endpoint: inEndpoint, resource: inResource, whole }

/** `key` is the place below the fixture's own; `undefined`: that place itself. */
export const entry = (
  mistake: string,
  place: keyof typeof places,
  line: string,
  answer: Entry["answer"],
  key?: string,
  words: RegExp = /./
): Entry => {
  const { base, text } = places[place](line)
  const path = key === undefined ? base : base === "" || key.startsWith("[") ? `${base}${key}` : `${base}.${key}`
  return { mistake, text, answer, path, words }
}
