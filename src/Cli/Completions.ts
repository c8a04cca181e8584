/**
 * Completion scripts of @effect/cli, without its wizard, which we do not offer, and with choices that the shell can split.
 */
import * as CommandDescriptor from "@effect/cli/CommandDescriptor"
import * as Effect from "effect/Effect"

/**
 * @since 0.1.0
 * @category combinators
 */
export const script = <A>(descriptor: CommandDescriptor.Command<A>, shell: string): Effect.Effect<string> => {
  const lines =
    shell === "zsh"
      ? CommandDescriptor.getZshCompletions(descriptor, "sluice")
      : shell === "fish"
        ? CommandDescriptor.getFishCompletions(descriptor, "sluice")
        : CommandDescriptor.getBashCompletions(descriptor, "sluice")
  return Effect.map(lines, (lines) =>
    lines
      .join("\n")
      .split("\n")
      .filter((line) => !/'--wizard\[|-l wizard /.test(line))
      .map((line) =>
        line
          .replace(" --wizard", "")
          .replace(/compgen -W "([^"$]*)"/, (_, words: string) => `compgen -W "${words.replaceAll(",", " ")}"`)
          // A command of two words: what was seen so far is joined by `__`, and the word is as it is typed.
          .replace(
            /^( +\w+),(\w+),(\w+)\)$/,
            (_, first: string, second: string, third: string) => `${first}__${second},${third.replaceAll("__", "-")})`
          )
      )
      .join("\n")
  )
}
