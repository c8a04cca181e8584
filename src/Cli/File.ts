/**
 * Whether a file is there, without asking who may read it: that question needs a permission more of Deno, and ends the program.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"

/**
 * What cannot be looked at is there: whoever opens it says why not.
 *
 * @since 0.1.0
 * @category accessors
 */
export const exists = (file: string): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.match(fs.stat(file), {
      onFailure: (error) => !(error._tag === "SystemError" && error.reason === "NotFound"),
      onSuccess: () => true
    })
  )
