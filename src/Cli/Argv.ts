/**
 * The words after `sluice` → what is asked for, in the one order @effect/cli reads without mistakes.
 *
 * A command is one word, or two where several belong together (`schema types`).
 * Options may stand before or behind the arguments and be written `--name value` or `--name=value`; `--` ends them. What no
 * command knows is an error here: @effect/cli would take an unknown option for an argument and go on. Pure, and without the parts of
 * Effect that take time to load.
 */
import * as Either from "effect/Either"
import * as Suggest from "../Spec/Suggest.ts"
import { globals } from "./Globals.ts"
import type * as Grammar from "./Grammar.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Invocation =
  /** Of a command, of several that share their first word, or of all. */
  | { readonly _tag: "Help"; readonly command: string | undefined }
  | { readonly _tag: "Version" }
  | { readonly _tag: "Completions"; readonly shell: string }
  | {
      readonly _tag: "Run"
      readonly command: string
      /** The command's name, its options, `--`, its arguments. */
      readonly args: ReadonlyArray<string>
      readonly logLevel: string | undefined
    }

/**
 * What is wrong with a command line, and what to do about it.
 *
 * @since 0.1.0
 * @category errors
 */
export interface Refusal {
  readonly detail: string
  readonly hint?: string | undefined
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const parse = (
  argv: ReadonlyArray<string>,
  commands: ReadonlyArray<Grammar.Grammar>
): Either.Either<Invocation, Refusal> =>
  Either.gen(function* () {
    const end = argv.indexOf("--")
    const words = end < 0 ? argv : argv.slice(0, end)
    const forced = end < 0 ? [] : argv.slice(end + 1)
    const known = [...globals, ...commands.flatMap(({ flags }) => flags)]
    const { indices, names } = findCommand(words, known, commands)
    const asksHelp = words.includes("--help") || words.includes("-h") || names[0] === "help"
    const [first] = indices
    const topic =
      names[0] === "help" && first !== undefined ? findCommand(words.slice(first + 1), known, commands).names : names
    if (asksHelp) {
      const group = topic.length === 1 && isGroup(topic[0]!, commands)
      return {
        _tag: "Help" as const,
        command: topic.length === 0 ? undefined : group ? topic[0] : (yield* find(topic, commands)).command
      }
    }
    const command = names.length === 0 ? undefined : yield* find(names, commands)
    const rest = words.filter((_, at) => !indices.includes(at))
    const flags = [...globals, ...(command?.flags ?? [])]
    const read = yield* readWords(rest, flags, (word) => unknown(word, command, commands))
    const logLevel = read.values.get("--log-level")?.at(-1)
    if (read.values.has("--version")) return { _tag: "Version" as const }
    const shell = read.values.get("--completions")?.at(-1)
    if (shell !== undefined) return { _tag: "Completions" as const, shell }
    if (command === undefined) {
      if (forced.length > 0) return yield* Either.left(refusal(`there is no command before "--"`, overview))
      return { _tag: "Help" as const, command: undefined }
    }
    const positionals = yield* checkPositionals([...read.positionals, ...forced], command)
    const options = command.flags.flatMap(({ names: [name = ""], value }) => {
      const values = read.values.get(name) ?? []
      return value === undefined ? values.slice(0, 1).map(() => name) : values.flatMap((given) => [name, given])
    })
    return {
      _tag: "Run" as const,
      command: command.command,
      args: [...command.command.split(" "), ...options, "--", ...positionals],
      logLevel
    }
  })

// --- internal ---

const overview = "Run `sluice --help` to see what there is."

const helpFor = (command: Grammar.Grammar | undefined) =>
  command === undefined ? overview : `Run \`sluice ${command.command} --help\` to see what it takes.`

/** The first word that is neither an option nor the value of one; the first two where the first alone is no command. */
const findCommand = (
  words: ReadonlyArray<string>,
  known: ReadonlyArray<Grammar.Flag>,
  commands: ReadonlyArray<Grammar.Grammar>
) => {
  const indices: Array<number> = []
  const names: Array<string> = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (isOption(word)) {
      if (known.some(({ names, value }) => value !== undefined && names.includes(word))) index++
      continue
    }
    indices.push(index)
    names.push(word)
    if (names.length === 2 || !isGroup(word, commands)) break
  }
  return { indices, names }
}

const isGroup = (name: string, commands: ReadonlyArray<Grammar.Grammar>) =>
  commands.some(({ command }) => command.startsWith(`${name} `))

/** `-` alone and negative numbers are values. */
const isOption = (word: string) => /^-(?!$|\d)/.test(word)

const find = (words: ReadonlyArray<string>, commands: ReadonlyArray<Grammar.Grammar>) => {
  const name = words.join(" ")
  const command = commands.find((candidate) => candidate.command === name)
  if (command !== undefined) return Either.right(command)
  const [first = ""] = words
  if (!isGroup(first, commands)) {
    const names = [...new Set(commands.map((candidate) => candidate.command.split(" ")[0]!))]
    return Either.left(
      refusal(
        `there is no command ${JSON.stringify(first)}${didYouMean(first, names)}`,
        `The commands are ${names.join(", ")}. ${overview}`
      )
    )
  }
  const [, second] = words
  const names = commands
    .filter((candidate) => candidate.command.startsWith(`${first} `))
    .map((candidate) => candidate.command.slice(first.length + 1))
  const hint = `Run \`sluice ${first} --help\` to see what they do.`
  return Either.left(
    second === undefined
      ? refusal(`${first} needs a word more: ${orList(names)}`, hint)
      : refusal(
          `${first} has no ${JSON.stringify(second)}${didYouMean(second, names)}`,
          `It has ${names.join(", ")}. ${hint}`
        )
  )
}

const readWords = (
  words: ReadonlyArray<string>,
  flags: ReadonlyArray<Grammar.Flag>,
  unknownOption: (word: string) => Refusal
) =>
  Either.gen(function* () {
    // By an option's first name; an option that takes no value has the empty text for each time it is given.
    const values = new Map<string, ReadonlyArray<string>>()
    const positionals: Array<string> = []
    for (let at = 0; at < words.length; at++) {
      const word = words[at]!
      if (!isOption(word)) {
        positionals.push(word)
        continue
      }
      const [, name = word, given] = /^(--[^=]+)=([\s\S]*)$/.exec(word) ?? []
      const flag = flags.find(({ names }) => names.includes(name))
      if (flag === undefined) return yield* Either.left(unknownOption(name))
      const [key = name] = flag.names
      const before = values.get(key) ?? []
      if (before.length > 0 && flag.value !== undefined && !flag.repeated) return yield* refuse(`${key} is given twice`)
      values.set(key, [...before, yield* valueOf(flag, key, given, words[at + 1])])
      if (flag.value !== undefined && given === undefined) at++
    }
    return { values, positionals }
  })

const valueOf = (flag: Grammar.Flag, name: string, given: string | undefined, next: string | undefined) => {
  if (flag.value === undefined) {
    return given === undefined ? Either.right("") : refuse(`${name} takes no value, but got ${JSON.stringify(given)}`)
  }
  const value = given ?? (next !== undefined && isOption(next) ? undefined : next)
  if (value === undefined || value === "")
    return refuse(`${name} needs a value: ${name} ${flag.value.replaceAll(" ", "")}`)
  return flag.choices.length === 0 || flag.choices.includes(value)
    ? Either.right(value)
    : refuse(`${name} must be ${orList(flag.choices)}, is ${JSON.stringify(value)}${didYouMean(value, flag.choices)}`)
}

const unknown = (
  word: string,
  command: Grammar.Grammar | undefined,
  commands: ReadonlyArray<Grammar.Grammar>
): Refusal => {
  const owner = commands.find(({ flags }) => flags.some(({ names }) => names.includes(word)))
  if (owner !== undefined) {
    const others = commands
      .filter(({ flags }) => flags.some(({ names }) => names.includes(word)))
      .map((other) => other.command)
    return command === undefined
      ? refusal(`${word} is an option of ${others.join(", ")}, and no command is given`, overview)
      : refusal(`${word} is an option of ${others.join(", ")}, not of ${command.command}`, helpFor(command))
  }
  const names = [...(command?.flags ?? []), ...globals].flatMap((flag) => flag.names)
  return refusal(`there is no option ${word}${didYouMean(word, names)}`, helpFor(command))
}

const checkPositionals = (given: ReadonlyArray<string>, command: Grammar.Grammar) => {
  const missing = command.positionals[given.length]
  if (missing?.required === true) {
    const example =
      command.positionals.length === 1 && missing.name === "SOURCE"
        ? `, as in \`sluice ${command.command} postmark\``
        : ""
    return Either.left(refusal(`${command.command} needs a ${missing.name}${example}`, helpFor(command)))
  }
  const extra = given[command.positionals.length]
  return extra === undefined
    ? Either.right(given)
    : Either.left(
        refusal(`${command.command} does not know what to do with ${JSON.stringify(extra)}`, helpFor(command))
      )
}

const refusal = (detail: string, hint?: string): Refusal => ({ detail, hint })

const refuse = (detail: string) => Either.left(refusal(detail))

const didYouMean = (word: string, known: ReadonlyArray<string>) => {
  const closest = Suggest.closest(word, known)
  return closest === undefined ? "" : `; did you mean ${closest}?`
}

const orList = (words: ReadonlyArray<string>) =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`
