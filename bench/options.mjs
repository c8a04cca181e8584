/**
 * The command line of `npm run bench`.
 */
import process from "node:process"
import { parseArgs } from "node:util"
import { suites } from "./suites.mjs"

const help = `npm run bench -- [--suite NAME]… [--rows N] [--rounds N] [--smoke] [--json] …

--suite NAME         Only this suite; may be given several times:
                     ${Object.keys(suites).join(", ")}.
--rows N             Rows the server has, in pages of 500, where a suite has one number of them.
--rounds N           Rounds to take medians over.
--smoke              Small sizes, without the suites that need Python; fails when a ratio is more than a quarter worse than in
                     bench/baseline.json.
--update-baseline    With --smoke: writes bench/baseline.json anew instead of comparing with it.
--json               One JSON document on stdout instead of tables.
--shape NAME         load: only plain, or only messages.
--profile DIR        load: beside the rounds, one run of each under the profiler: the .cpuprofile files, and summaries on stderr.
--floor-pragmas LIST load: further pragmas for the floor, separated by ";", to see what sluice owes to its own.

Exit codes: 0 all measured and every bar holds, 1 a bar does not hold, a suite failed, or a ratio fell, 2 the command line is wrong.
`

const refuse = (text) => {
  process.stderr.write(`bench: ${text}; see npm run bench -- --help\n`)
  process.exit(2)
}

const parsed = () => {
  try {
    return parseArgs({
      options: {
        suite: { type: "string", multiple: true },
        rows: { type: "string" },
        rounds: { type: "string" },
        smoke: { type: "boolean", default: false },
        "update-baseline": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        shape: { type: "string" },
        profile: { type: "string" },
        "floor-pragmas": { type: "string", default: "" },
        help: { type: "boolean", short: "h", default: false }
      }
    }).values
  } catch (error) {
    return refuse(error.message)
  }
}

const whole = (name, text, least) => {
  if (text === undefined) return undefined
  const value = Number(text)
  return Number.isInteger(value) && value >= least
    ? value
    : refuse(`--${name} must be a whole number, ${least} or more`)
}

export const read = () => {
  const values = parsed()
  if (values.help) {
    process.stdout.write(help)
    process.exit(0)
  }
  const unknown = (values.suite ?? []).find((name) => suites[name] === undefined)
  if (unknown !== undefined) refuse(`there is no suite ${unknown}, but ${Object.keys(suites).join(", ")}`)
  if (![undefined, "plain", "messages"].includes(values.shape)) refuse("--shape is plain or messages")
  if (values["update-baseline"] && !values.smoke) refuse("--update-baseline goes with --smoke")
  return {
    names: values.suite,
    smoke: values.smoke,
    json: values.json,
    updateBaseline: values["update-baseline"],
    /** What was said on the command line goes before the sizes of the suite. */
    given: Object.fromEntries(
      Object.entries({
        rows: whole("rows", values.rows, 500),
        rounds: whole("rounds", values.rounds, 1),
        shapes: values.shape === undefined ? undefined : [values.shape],
        profileInto: values.profile,
        floorPragmas: values["floor-pragmas"].split(";").filter((pragma) => pragma.trim() !== "")
      }).filter(([, value]) => value !== undefined)
    )
  }
}
