import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { client, mistakes, parse } from "../fixture.ts"

const bounds = "from_param: from, to_param: to"
const of = (windows: string, more = "", resource = "primary_key: id, write_disposition: merge") =>
  `${client}\nresources: [{ name: a, ${resource}, endpoint: { path: a, ${more} windows: { ${windows} } } }]`

const endpoint = "resources[0].endpoint"

describe("windows", () => {
  it.effect("take a zone by its name, or by its offset", () =>
    Effect.gen(function* () {
      for (const zone of ["UTC", "Europe/Berlin", "+02:00"])
        assert.isDefined(yield* parse(of(`${bounds}, start: 1d, time_zone: "${zone}"`)), zone)
      const { issues } = yield* mistakes(of(`${bounds}, start: 1d, time_zone: ""`))
      assert.include(
        issues.map(({ path }) => path),
        `${endpoint}.windows.time_zone`
      )
    })
  )

  it.effect("are told with their place where they do not fit", () =>
    Effect.gen(function* () {
      for (const [text, path, says] of [
        [of(bounds), `${endpoint}.windows`, "nothing says where they start"],
        [of("from_param: x, to_param: x, start: 1d"), `${endpoint}.windows.to_param`, "`from_param` names"],
        [of(`${bounds}, start: 1d`, "params: { from: 1 },"), `${endpoint}.params.from`, "`windows` sets this"],
        [of(`${bounds}, start: yesterday`), `${endpoint}.windows.start`, "a date or a time such as"],
        [of(`${bounds}, start: "2024-13-01"`), `${endpoint}.windows.start`, "a date or a time such as"],
        [of(`${bounds}, start: 1d, end: "2024-02-03T25:00:00"`), `${endpoint}.windows.end`, "a date or a time such as"],
        [of(`${bounds}, start: 1d, cap: 0`), `${endpoint}.windows.cap`, "a whole number, 1 or more"],
        [of(`${bounds}, start: 1d, smallest: 500ms`), `${endpoint}.windows.smallest`, "whole number of seconds"],
        [of(`${bounds}, start: 1d, time_zone: Mars/Base`), `${endpoint}.windows.time_zone`, "is not a time zone"],
        [of(`${bounds}, start: 1d, format: rfc`), `${endpoint}.windows.format`, "`iso`"],
        [of(`${bounds}, start: 1d, format: date, smallest: 1h`), `${endpoint}.windows.smallest`, "number of days"],
        [of(`${bounds}, start: 1d, format: date, largest: 30h`), `${endpoint}.windows.largest`, "number of days"],
        [of(`${bounds}, start: 1d, smallest: 1h, largest: 1m`), `${endpoint}.windows.largest`, "shorter than"],
        [
          of(bounds, "incremental: { cursor_path: at, initial_value: '2024-01-01', start_param: since },"),
          `${endpoint}.incremental.start_param`,
          "`windows` say which rows"
        ],
        [
          of(bounds, "incremental: { cursor_path: at, initial_value: '2024-01-01', row_order: asc },"),
          `${endpoint}.incremental.row_order`,
          "`windows` say which rows"
        ],
        [
          of(bounds, "params: { at: { type: incremental, cursor_path: at, initial_value: '2024-01-01' } },"),
          `${endpoint}.params.at`,
          "`windows` set the start"
        ],
        [of(`${bounds}, start: 1d`, "", "primary_key: id"), `${endpoint}.windows`, "`append` would add it twice"],
        [of(`${bounds}, start: 1d`, "", "write_disposition: replace"), `${endpoint}.windows`, "without a key"],
        [
          of(`${bounds}, start: 1d`, "", "primary_key: id, write_disposition: { disposition: merge, strategy: scd2 }"),
          `${endpoint}.windows`,
          "`scd2` would end"
        ],
        [
          of(`${bounds}, start: 1d`, "", "primary_key: id, write_disposition: merge, deletes: soft"),
          "resources[0].deletes",
          "`windows` ask for a range of time"
        ],
        [of("from: x, to_param: y, start: 1d"), `${endpoint}.windows.from`, "unknown key"]
      ] as const) {
        const { issues } = yield* mistakes(text)
        assert.isTrue(
          issues.some((issue) => issue.path === path && issue.message.includes(says)),
          `${path} ${says}: ${issues.map((issue) => `${issue.path} ${issue.message}`).join("; ")}`
        )
      }
    })
  )

  it.effect("are what a program would declare", () =>
    Effect.gen(function* () {
      const windows = (text: string) => Effect.map(parse(text), (parsed) => resourceOf(parsed).windows)
      assert.deepStrictEqual(yield* windows(of(`${bounds}, start: 45d`)), {
        fromParam: "from",
        toParam: "to",
        start: { ago: 45 * 86_400_000 },
        end: undefined,
        cap: 10_000,
        smallest: 1,
        largest: undefined,
        timeZone: "UTC",
        format: "iso",
        rangeEnd: "closed"
      })
      const more = "start: 2024-01-01, end: 5m, cap: 100, smallest: 2d, largest: 7d, time_zone: Europe/Berlin"
      assert.deepStrictEqual(yield* windows(of(`${bounds}, ${more}, format: date, range_end: open`)), {
        fromParam: "from",
        toParam: "to",
        start: { at: "2024-01-01" },
        end: { ago: 300_000 },
        cap: 100,
        smallest: 172_800,
        largest: 604_800,
        timeZone: "Europe/Berlin",
        format: "date",
        rangeEnd: "open"
      })
    })
  )
})

const resourceOf = (parsed: Effect.Effect.Success<ReturnType<typeof parse>>) => parsed.resources[0]!
