/**
 * A Python program or a Markdown document with a configuration for dlt's `rest_api` → the same as YAML for sluice.
 *
 * Outside the row's path. Reads literals only and runs nothing; every change and everything left to do is a finding with its
 * place in the document. Whether the result is a good configuration is for `Spec` to say.
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as Block from "./Import/Block.ts"
import * as Finding from "./Import/Finding.ts"
import * as Found from "./Import/Found.ts"
import * as Prose from "./Import/Prose.ts"
import * as Repair from "./Import/Repair.ts"
import * as Verify from "./Import/Verify.ts"
import type * as Value from "./Import/Value.ts"
import * as Write from "./Import/Write.ts"

export type {
  /**
   * @since 0.1.0
   * @category models
   */
  Finding
} from "./Import/Finding.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Imported {
  readonly yaml: string
  /** The program's name for the source, or the file's. */
  readonly name: string
  /** Said in other words; nothing is left to do. */
  readonly repairs: ReadonlyArray<Finding.Finding>
  /** To be filled in by hand. */
  readonly open: ReadonlyArray<Finding.Finding>
  readonly warnings: ReadonlyArray<Finding.Finding>
  /** Environment variables that the result needs. */
  readonly variables: ReadonlyArray<string>
}

/**
 * There is no configuration in the document.
 *
 * @since 0.1.0
 * @category errors
 */
export class ImportError extends Data.TaggedError("ImportError")<{
  readonly reason: "NoConfig"
  readonly file: string
  readonly detail: string
}> {
  override get message(): string {
    return `${this.file}: ${this.detail}`
  }
}

/**
 * `file` names the document; its ending says what it is: a notebook, JSON, YAML or Python, else Markdown or text.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromText = (text: string, options: { readonly file: string }): Either.Either<Imported, ImportError> => {
  const { file } = options
  const document = text.replace(/^\uFEFF/, " ")
  const log = Finding.log(document)
  const parts = partsOf(document, file)
  const candidates = Found.all(parts.blocks, log)
  const chosen = Found.biggest(candidates)
  if (chosen === undefined)
    return Either.left(new ImportError({ reason: "NoConfig", file, detail: nothing(parts, document) }))
  const config = chosen.take()
  for (const other of candidates)
    if (other !== chosen)
      log.warn(
        "ignored",
        other.config.at,
        "",
        "another configuration stands here; the one with the most resources was taken"
      )
  const prose = Prose.read(parts.sections)
  Repair.repair(config, chosen, prose, log)
  Prose.apply(prose, config, log)
  const open = Finding.sorted(log.open)
  const base = file.split(/[/\\]/).at(-1) ?? file
  const variables = used(config, log)
  const yaml = Write.yaml(config, { file: base, variables, repairs: log.repairs.length, open })
  return Either.right({
    yaml,
    name: chosen.name ?? base.replace(/\.\w+$/, ""),
    repairs: Finding.sorted(log.repairs),
    open,
    warnings: Finding.sorted(log.warnings),
    variables: variables.map(([name]) => name)
  })
}

/**
 * What `check --offline` would say against the result, where `file` is its name. Variables need not be set.
 *
 * @since 0.1.0
 * @category accessors
 */
export const check = Verify.issues

// --- internal ---

/** The variables in the configuration, with what they stand for; one may have been named for something that was left out. */
const used = (config: Value.Dict, log: Finding.Log): ReadonlyArray<readonly [name: string, source: string]> => {
  const sources = new Map(log.variables.all())
  const names = new Set<string>()
  const visit = (value: Value.Value): void => {
    if (value._tag === "Text")
      for (const [, name = ""] of value.text.matchAll(/(?<!\$)\$\{([A-Za-z_]\w*)\}/g)) names.add(name)
    else if (value._tag === "List") for (const item of value.items) visit(item)
    else if (value._tag === "Dict") for (const each of value.entries) visit(each.value)
  }
  visit(config)
  return [...names].map((name) => [name, sources.get(name) ?? ""] as const)
}

const partsOf = (document: string, file: string): Block.Parts => {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase()
  if (ending === "json" || ending === "yaml" || ending === "yml" || ending === "py")
    return { blocks: [Block.whole(document, ending === "py" ? "python" : ending)], sections: [] }
  if (ending === "ipynb") return { blocks: Block.notebook(document), sections: [] }
  const parts = Block.markdown(document)
  // A program by another name.
  return parts.blocks.length > 0 ? parts : { ...parts, blocks: [Block.whole(document, undefined)] }
}

const nothing = (parts: Block.Parts, document: string): string => {
  const what = "no object with `client` and `resources`, as `rest_api_source` takes it"
  if (document.trim() === "") return "is empty"
  if (/RESTClient|@dlt\.resource/.test(document))
    return `holds ${what}; resources that are written as code cannot be imported, describe their requests in a configuration`
  if (/["']?client["']?\s*[:=]/.test(document) && /["']?resources["']?\s*[:=]/.test(document))
    return `holds ${what}; the words are there, but not as one literal object: look for a missing bracket or quote`
  return parts.sections.length > 0 ? `holds ${what}, in any of its ${parts.blocks.length} code blocks` : `holds ${what}`
}
