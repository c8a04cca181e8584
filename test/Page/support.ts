/** Servers as functions and walks over them: pages as data, without HTTP. */
import { Chunk, Effect, Either, Exit, Redacted, Stream } from "effect"
import { Fetch, FetchError, Page, type PageError, Redact } from "sluice"

export interface Ask {
  /** 0 for the first request. */
  readonly number: number
  /** Path, or the whole URL when the request has one. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What a server answers: a JSON body, or a `reply`. */
export type Server = (ask: Ask) => unknown

class Reply {
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
  constructor(body: unknown, headers: Readonly<Record<string, string>>, status: number) {
    this.body = body
    this.headers = headers
    this.status = status
  }
}

export const reply = (
  body: unknown,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly status?: number } = {}
): unknown => new Reply(body, options.headers ?? {}, options.status ?? 200)

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
      refuses: () => undefined,
      send: (request) =>
        Effect.suspend(() => {
          const url = new URL(request.path, "https://api.test")
          const query = Object.fromEntries([...url.searchParams, ...request.query])
          const ask: Ask = { number: asked.length, path: request.path, query, body: request.body }
          asked.push(ask)
          if (asked.length > bound) throw new Error(`no end after ${bound} requests`)
          const answer = server(ask)
          const { body, headers, status } = answer instanceof Reply ? answer : new Reply(answer, {}, 200)
          if (status >= 400) {
            const about = { reason: "Status", status, method: "GET", url: url.href, attempts: 1 } as const
            return Effect.fail(new FetchError({ ...about, detail: `answered ${status}`, isRetryable: false }))
          }
          return Effect.succeed({
            status,
            headers,
            body,
            bytes: 1,
            attempts: 1,
            url: url.href,
            location: Redacted.make(url)
          })
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

const list = (body: unknown): Either.Either<Page.Selected> => {
  const rows = Array.isArray(body) ? body : (body as { readonly items?: unknown } | null)?.items
  return Either.right({ rows: Array.isArray(rows) ? rows : [] })
}

const describe = (step: Page.Step | undefined) =>
  step === undefined || step._tag === "Continue" ? "goes on" : `${step.reason}${step.complete ? "" : ", incomplete"}`

export const notices = ({ pages }: Walked): ReadonlyArray<string> => [...new Set(pages.flatMap((page) => page.notices))]

export const items = (from: number, to: number): ReadonlyArray<{ readonly id: number }> =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ id: from + i }))
