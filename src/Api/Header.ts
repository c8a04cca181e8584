/**
 * What a header may be called and hold: checked where a header is declared, so that `fetch` never refuses one in the
 * middle of a sync with an error that quotes the value.
 *
 * Stage Api. Pure; `Api` asks for its own headers, `Fetch` for those of a request.
 */

/**
 * Why a header cannot be sent, without its value; `undefined` when it can.
 *
 * @since 0.1.0
 * @category accessors
 */
export const problem = (name: string, value: string): string | undefined => {
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/i.test(name)) return `${JSON.stringify(name)} is not a name for a header`
  if (/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)) return undefined
  return `the header ${name} holds a character that no header may hold, such as a line break`
}

/**
 * The first problem among headers.
 *
 * @since 0.1.0
 * @category accessors
 */
export const problemOf = (headers: Readonly<Record<string, string>>): string | undefined => {
  for (const [name, value] of Object.entries(headers)) {
    const found = problem(name, value)
    if (found !== undefined) return found
  }
  return undefined
}
