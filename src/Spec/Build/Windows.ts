/**
 * `windows` of a configuration → what `Resource` declares.
 */
import * as Duration from "effect/Duration"
import type * as Resource from "../../Resource/Windows.ts"
import type { Endpoint } from "../Grammar/Endpoint.ts"
import * as Value from "../Grammar/Value.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = ({ windows }: Endpoint): Resource.Options | undefined => {
  if (windows == null) return undefined
  const { cap, end, format, from_param, largest, range_end, smallest, start, time_zone, to_param } = windows
  const given: Partial<Resource.Windows> = {
    start: moment(start),
    end: moment(end),
    ...(cap == null ? {} : { cap }),
    ...(smallest == null ? {} : { smallest: Duration.toSeconds(smallest) }),
    ...(largest == null ? {} : { largest: Duration.toSeconds(largest) }),
    ...(time_zone == null ? {} : { timeZone: time_zone }),
    ...(format == null ? {} : { format }),
    ...(range_end == null ? {} : { rangeEnd: range_end })
  }
  return { fromParam: from_param, toParam: to_param, ...given }
}

// --- internal ---

const moment = (text: string | null | undefined): Resource.Moment | undefined => {
  if (text == null) return undefined
  const ago = Value.millis(text)
  return ago === undefined ? { at: text.trim() } : { ago }
}
