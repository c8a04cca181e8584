/**
 * One mistake in a configuration, by the path of its key: what the steps of `Spec` hand to each other.
 *
 * A `Document` turns the path into a line and a column; `SpecError` shows them. Knows neither.
 */

/**
 * Keys and list indices from the top of the configuration.
 *
 * @since 0.1.0
 * @category models
 */
export type Path = ReadonlyArray<PropertyKey>

/**
 * @since 0.1.0
 * @category models
 */
export interface Problem {
  readonly path: Path
  /** Whether the mistake is in the key itself or in what it holds. */
  readonly at: "key" | "value"
  /** Whether the file is wrong, a value from outside it is missing, or something about it is only doubtful. */
  readonly kind: "invalid" | "secret" | "warning"
  readonly message: string
  readonly hint?: string | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const invalid = (path: Path, message: string, hint?: string, at: Problem["at"] = "value"): Problem => ({
  path,
  at,
  kind: "invalid",
  message,
  hint
})

/**
 * @since 0.1.0
 * @category constructors
 */
export const warning = (path: Path, message: string, hint?: string): Problem => ({
  path,
  at: "value",
  kind: "warning",
  message,
  hint
})

/**
 * `resources[2].endpoint.paginator.limit`; keys that are not plain words are quoted.
 *
 * @since 0.1.0
 * @category accessors
 */
export const format = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`
    const name = String(key)
    if (!/^[\w$-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`
    return text === "" ? name : `${text}.${name}`
  }, "")

/**
 * Whether `path` is `ancestor` or lies below it.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isWithin = (path: Path, ancestor: Path): boolean =>
  ancestor.length <= path.length && ancestor.every((key, index) => path[index] === key)
