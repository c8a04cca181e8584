/** Servers as functions and walks over them: pages as data, without HTTP. */
import { Chunk, Effect, Either, Exit, Redacted, Stream } from "effect"
import { Fetch, Page, type PageError, Redact } from "sluice"

export interface Ask {
  /** 0 for the first request. */
  readonly number: number
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What a server answers: a JSON body. */
export type Server = (ask: Ask) => unknown

export interface Walked {
  readonly pages: ReadonlyArray<Page.Fetched>
  readonly rows: ReadonlyArray<unknown>
  readonly asked: ReadonlyArray<Ask>
  readonly last: Page.Step | undefined
  readonly error: PageError | undefined
  /** `reason` of the last stop, its completeness and its notices, in one line. */
  readonly end: string
}

/** More than any well-meaning walk of a test needs. */
const bound = 5_000

export const walk = (
  paginator: Page.Paginator,
  server: Server,
  options: Partial<Omit<Page.Walk<never>, "paginator">> & { readonly take?: number | undefined } = {}
): Effect.Effect<Walked> =>
  Effect.gen(function* () {
    const asked: Array<Ask> = []
    const fetch: Fetch.Fetch["Type"] = {
      baseUrl: new URL("https://api.test"),
      send: (request) =>
        Effect.sync(() => {
          const ask: Ask = { number: asked.length, query: Object.fromEntries(request.query), body: request.body }
          asked.push(ask)
          if (asked.length > bound) throw new Error(`no end after ${bound} requests`)
          const location = Redacted.make(new URL("https://api.test"))
          return {
            status: 200,
            headers: {},
            body: server(ask),
            bytes: 1,
            attempts: 1,
            url: "https://api.test",
            location
          }
        }),
      redact: Redact.make([])
    }
    const page = yield* Page.make().pipe(Effect.provideService(Fetch.Fetch, fetch))
    const pages: Array<Page.Fetched> = []
    const exit = yield* page
      .stream<never>({ request: { method: "GET", path: "/", query: [] }, select: list, ...options, paginator })
      .pipe(
        options.take === undefined ? (all) => all : Stream.take(options.take),
        Stream.runForEachChunk((chunk) => Effect.sync(() => void pages.push(...Chunk.toReadonlyArray(chunk)))),
        Effect.exit
      )
    const error = Exit.isFailure(exit) && exit.cause._tag === "Fail" ? (exit.cause.error as PageError) : undefined
    if (Exit.isFailure(exit) && error === undefined) return yield* Effect.die(exit.cause)
    const last = pages.at(-1)?.step
    return { pages, rows: pages.flatMap(({ rows }) => rows), asked, last, error, end: error?.message ?? describe(last) }
  })

const list = (body: unknown): Either.Either<ReadonlyArray<unknown>> => {
  const rows = Array.isArray(body) ? body : (body as { readonly items?: unknown } | null)?.items
  return Either.right(Array.isArray(rows) ? rows : [])
}

const describe = (step: Page.Step | undefined) =>
  step === undefined || step._tag === "Continue" ? "goes on" : `${step.reason}${step.complete ? "" : ", incomplete"}`

export const notices = ({ pages }: Walked): ReadonlyArray<string> => [
  ...new Set(pages.flatMap(({ step }) => (step.notice === undefined ? [] : [step.notice])))
]

export const items = (from: number, to: number): ReadonlyArray<{ readonly id: number }> =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ id: from + i }))
