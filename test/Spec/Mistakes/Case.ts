import { client } from "../fixture.ts"

/** A configuration with one mistake, and what must be said of it. */
export interface Case {
  readonly what: string
  readonly text: string
  readonly at: string
  readonly path: string
  readonly message: RegExp
  readonly hint: RegExp | undefined
}

export const one = (what: string, text: string, at: string, path: string, message: RegExp, hint?: RegExp): Case => ({
  what,
  text,
  at,
  path,
  message,
  hint
})

/** A resource without a mistake. */
export const ok = "{ name: a, endpoint: { paginator: single_page } }"

/** One line at the top, line 1. */
export const top = (line: string) => `${line}\n${client}\nresources: [${ok}]`

/** One line of the client, line 3, indented by 2. */
export const inClient = (line: string) => `client:\n  base_url: https://api.example.com\n  ${line}\nresources: [${ok}]`

/** One line of the defaults, line 3, indented by 2. */
export const defaults = (line: string) => `${client}\nresource_defaults:\n  ${line}\nresources: [${ok}]`
