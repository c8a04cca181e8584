import { assert, describe, it } from "@effect/vitest"
import * as Moment from "../../src/Row/Moment.ts"

describe("Moment", () => {
  it.each<readonly [unknown, string | undefined]>([
    ["2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05.000000000Z"],
    ["2024-01-02", "2024-01-02T00:00:00.000000000Z"],
    ["20240102", "2024-01-02T00:00:00.000000000Z"],
    ["2024-01", "2024-01-01T00:00:00.000000000Z"],
    ["2024", "2024-01-01T00:00:00.000000000Z"],
    [5, "1970-01-01T00:00:05.000000000Z"],
    [-5, "1969-12-31T23:59:55.000000000Z"],
    [-0.5, "1969-12-31T23:59:59.500000000Z"],
    [1704164645.123456, "2024-01-02T03:04:05.123456000Z"],
    ["1704164645", "2024-01-02T03:04:05.000000000Z"],
    ["1704164645.25", "2024-01-02T03:04:05.250000000Z"],
    [253402300799n, "9999-12-31T23:59:59.000000000Z"],
    [253402300800n, undefined],
    // Milliseconds, which dlt refuses too.
    [1704164645000, undefined],
    [Number.NaN, undefined],
    [true, undefined],
    ["03:04", undefined],
    ["soon", undefined],
    ["", undefined],
    [{}, undefined]
  ])("%s as a timestamp is %s", (value, utc) => assert.strictEqual(Moment.timestamp(value), utc))

  it.each<readonly [unknown, string | undefined]>([
    ["2024-01-02", "2024-01-02"],
    ["2024/01/02", "2024-01-02"],
    ["2024-01-02T23:00:00-05:00", "2024-01-03"],
    [1704164645, "2024-01-02"],
    ["03:04", undefined],
    ["2023-02-29", undefined]
  ])("%s as a date is %s", (value, day) => assert.strictEqual(Moment.date(value), day))

  it.each<readonly [unknown, string | undefined]>([
    ["03:04", "03:04:00.000000000"],
    ["T03:04", "03:04:00.000000000"],
    ["03:04:05.5", "03:04:05.500000000"],
    ["03:04:05.123456789Z", "03:04:05.123456789"],
    ["03:04:05+02:00", "01:04:05.000000000"],
    ["00:30+01:00", "23:30:00.000000000"],
    ["24:00", undefined],
    ["030405", undefined],
    ["2024-01-02T03:04:05Z", undefined],
    [5, undefined]
  ])("%s as a time is %s", (value, time) => assert.strictEqual(Moment.time(value), time))
})
