/**
 * Values in place of variables that are not set, for commands that only look at what is declared and send nothing.
 */
import * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as PathPatch from "effect/ConfigProviderPathPatch"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as HashSet from "effect/HashSet"

/**
 * Runs an effect with every variable set: those that are not hold a text that can be a URL as well as a token, and leads nowhere.
 * Those in `but` stay as they are: variables that choose between ways, where setting all of them would choose two.
 *
 * @since 0.1.0
 * @category combinators
 */
export const provide = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  but: ReadonlyArray<string> = []
): Effect.Effect<A, E, R> =>
  Effect.configProviderWith((provider) =>
    Effect.withConfigProvider(
      self,
      ConfigProvider.orElse(provider, () => standIn(but))
    )
  )

// --- internal ---

const text = "https://not-set.invalid"

const standIn = (but: ReadonlyArray<string>) =>
  ConfigProvider.fromFlat(
    ConfigProvider.makeFlat({
      load: (path, config) =>
        but.includes(path.join("."))
          ? Either.left(ConfigError.MissingData([...path], "is not set"))
          : Either.map(config.parse(text), (value) => [value]),
      enumerateChildren: () => Effect.succeed(HashSet.empty()),
      patch: PathPatch.empty
    })
  )
