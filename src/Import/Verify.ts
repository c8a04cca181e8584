/**
 * Whether the result of an import is a good configuration: the very check that `check --offline` makes, without the environment.
 *
 * A variable that is not set is no fault of the file.
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Spec from "../Spec.ts"
import type { SpecError } from "../Spec/SpecError.ts"
import type * as Finding from "./Finding.ts"

/**
 * What is wrong with it, at the lines of the YAML.
 *
 * @since 0.1.0
 * @category accessors
 */
export const issues = (
  yaml: string,
  options: { readonly file: string }
): Effect.Effect<ReadonlyArray<Finding.Finding>, never, FileSystem.FileSystem | Path.Path> =>
  Spec.parse(yaml, options).pipe(
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map())),
    Effect.match({
      onSuccess: () => [],
      onFailure: (error: SpecError) =>
        error.issues
          .filter(({ message }) => !/^the environment variable \S+ is (?:not set|empty)/.test(message))
          .map(({ column, hint, line, message, path }) => ({
            line,
            column,
            path,
            message: hint === undefined ? message : `${message}; ${hint}`,
            kind: "check" as const
          }))
    })
  )
