/**
 * `incremental` of a configuration, on the endpoint or as a parameter of it → what `Resource` declares.
 */
import type * as Resource from "../../Resource/Incremental.ts"
import type { Endpoint } from "../Grammar/Endpoint.ts"
import type * as Grammar from "../Grammar/Incremental.ts"

/**
 * A parameter's own incremental starts the walk by that parameter.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (endpoint: Endpoint): Resource.Options | undefined => {
  if (endpoint.incremental != null) {
    const { end_param, end_value, start_param } = endpoint.incremental
    return {
      ...shared(endpoint.incremental),
      endValue: end_value ?? undefined,
      startParam: start_param ?? undefined,
      endParam: end_param ?? undefined
    }
  }
  const [first] = params(endpoint)
  return first === undefined ? undefined : { ...shared(first.value), startParam: first.name }
}

/**
 * Parameters of `type: incremental`.
 *
 * @since 0.1.0
 * @category accessors
 */
export const params = (
  endpoint: Endpoint
): ReadonlyArray<{ readonly name: string; readonly value: typeof Grammar.Param.Type }> =>
  Object.entries(endpoint.params ?? {}).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && "cursor_path" in value ? [{ name, value }] : []
  )

// --- internal ---

const shared = (value: Grammar.Incremental | typeof Grammar.Param.Type): Resource.Options => {
  const convert = value.convert ?? value.transform
  return {
    cursorPath: value.cursor_path,
    initialValue: value.initial_value ?? undefined,
    lag: value.lag ?? undefined,
    rowOrder: value.row_order ?? undefined,
    onMissing: value.on_cursor_value_missing ?? "raise",
    rangeStart: value.range_start ?? "closed",
    rangeEnd: value.range_end ?? "open",
    lastValue: value.last_value_func ?? "max",
    convert:
      convert == null
        ? undefined
        : typeof convert === "string"
          ? { to: convert, zone: "UTC" }
          : { to: convert.to, zone: convert.time_zone ?? "UTC" }
  }
}
