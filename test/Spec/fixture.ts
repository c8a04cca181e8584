import { FileSystem, Path, Error as PlatformError } from "@effect/platform"
import { ConfigProvider, Effect, Layer } from "effect"
import * as Spec from "../../src/Spec.ts"

/** Files that exist, by absolute path. */
export const files = (contents: Readonly<Record<string, string>>) =>
  Layer.merge(
    Path.layer,
    FileSystem.layerNoop({
      readFileString: (path) =>
        path in contents
          ? Effect.succeed(contents[path]!)
          : Effect.fail(
              new PlatformError.SystemError({
                reason: "NotFound",
                module: "FileSystem",
                method: "readFileString",
                pathOrDescriptor: path
              })
            )
    })
  )

export interface World {
  readonly file?: string
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
}

export const parse = (text: string, world: World = {}) =>
  Spec.parse(text, { file: world.file ?? "/etc/sluice/api.yaml" }).pipe(
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(world.env ?? {})))),
    Effect.provide(files(world.files ?? {}))
  )

/** The error of a text that must not be accepted. */
export const mistakes = (text: string, world: World = {}) => Effect.flip(parse(text, world))

/** A client and one resource that are right, to put something wrong into. */
export const client = "client: { base_url: https://api.example.com }"

/** One resource, its keys in lines of their own from line 4, indented by 4. */
export const resource = (...lines: ReadonlyArray<string>) =>
  [client, "resources:", "  - name: a", ...lines.map((line) => `    ${line}`)].join("\n")

/** One endpoint, its keys from line 5, indented by 6. */
export const endpoint = (...lines: ReadonlyArray<string>) =>
  resource("endpoint:", "  paginator: single_page", ...lines.map((line) => `  ${line}`))

/** One paginator in flow form in line 5; its `{` stands in column 18. */
export const paginator = (flow: string) => resource("endpoint:", `  paginator: ${flow}`, "  data_selector: items")

/** One auth in flow form in line 3; its first character stands in column 9. */
export const auth = (flow: string) =>
  `client:\n  base_url: https://api.example.com\n  auth: ${flow}\nresources:\n  - name: a\n    endpoint: { paginator: single_page }\n`

/** What is doubtful about a text that is accepted. */
export const warnings = (text: string, world: World = {}) =>
  Effect.map(loaded(text, world), (result) => result.warnings)

/** A text that is accepted, with what is doubtful about it. */
export const loaded = (text: string, world: World = {}) =>
  Spec.parseWithWarnings(text, { file: world.file ?? "/etc/sluice/api.yaml" }).pipe(
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(world.env ?? {})))),
    Effect.provide(files(world.files ?? {}))
  )
