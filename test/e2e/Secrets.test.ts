/**
 * No secret is shown or stored: every command, against servers that repeat all they are sent in success and failure, at every
 * log level, with a secret in each place that the grammar has for one.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { generateKeyPairSync } from "node:crypto"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { entries } from "../../src/Cli/Commands.ts"
import { filesIn, inflated, type Needle, needlesOf, noneIn, textsOf } from "./Needles.ts"
import { type Answer, type Recorder, serve } from "./Recorder.ts"
import { type Environment, folder, freePort, query, sandbox, sluice, startSluice, until } from "./support.ts"

const pem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString()

/** By the variables that hold them; each has something that URLs, JSON, HTML or base64 write otherwise. */
const given = {
  AUTH: "auth-5ecret/+=&<\"é'0",
  USER_PASSWORD: "pa55 w0rd/+?&ü:x",
  CLIENT_SECRET: "cl13nt+5ecret/&=",
  HEADER_TOKEN: "h3ader-5ecret~!*()",
  PARAM_TOKEN: "p4ram-5ecret/&?=+",
  BODY_TOKEN: "b0dy-5ecret/{x}&='",
  URL_TOKEN: "ur1-5ecret-0f-path",
  // As long as what tells one row from another, and shorter than what is looked for within base64.
  SHORT_TOKEN: "s7x!"
}

/** Got on the way, or of the rows themselves: nobody told sluice beforehand. */
const met = {
  "an access token": "acc3ss-t0ken/+0f-oauth=",
  "a refresh token": "r3fresh-t0ken/+0f-oauth",
  "a server's cookie": "c00kie-set-by-the-server",
  "a password in a row": "l1ve-pa55word-0f-a-row"
}

const needles: ReadonlyArray<Needle> = [
  ...needlesOf({ ...given, ...met, "the private key": pem }),
  { secret: "SHORT_TOKEN", form: "as it is", text: given.SHORT_TOKEN }
]

/** Says all that it was asked, in every form, in every place of an answer. */
const echo = ({ body, headers, method, url }: Parameters<Answer>[0]): string => {
  const said = JSON.stringify({ method, url, headers, body })
  const all = [
    said,
    decodeURIComponent(said.replaceAll(/%(?![0-9a-f]{2})/gi, "%25")),
    body,
    ...Object.values(headers)
  ].join("\n")
  const password = /Basic (\S+)/.exec(said)?.[1]
  return [
    all,
    password === undefined ? "" : Buffer.from(password, "base64").toString(),
    Buffer.from(all).toString("base64"),
    encodeURIComponent(all),
    all.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
  ].join("\n")
}

const ways = [
  "rows",
  "bad",
  "refuse",
  "fail",
  "plain",
  "html",
  "broken",
  "loop",
  "away",
  "unsaid",
  "error200",
  "children"
] as const

const api =
  (elsewhere: () => string): Answer =>
  (request) => {
    const said = echo(request)
    // What a server cuts in half itself nobody can know.
    const line = said.split("\n")[0]!
    const way = ways.find((one) => request.url.includes(`/${one}`))
    const headers = {
      "set-cookie": `sid=${met["a server's cookie"]}`,
      "x-echo": encodeURIComponent(line)
    }
    const row = (id: number) => ({
      id,
      said,
      [line]: 1,
      nested: [{ said }],
      http_auth: { password: met["a password in a row"] },
      when: id
    })
    switch (way) {
      case "rows":
        return {
          headers,
          body: { items: [row(1), row(2)], next: request.url.includes("again") ? null : `${request.url}&again=1` }
        }
      case "bad":
        return { headers, body: { items: [row(1), { said, password: met["a password in a row"] }] } }
      case "refuse":
        return {
          status: 401,
          headers,
          body: { ErrorCode: line, message: said, errors: { [said]: [said] } }
        }
      case "fail":
        return { status: 500, headers, body: { error: { message: `${"x".repeat(490)}${said}` } } }
      case "plain":
        return { status: 403, headers: { ...headers, "content-type": "text/plain" }, body: said }
      case "html":
        return {
          status: 502,
          headers: { ...headers, "content-type": "text/html" },
          body: `<html><title>${said}</title>`
        }
      case "broken":
        return { headers, body: `{"items": [{"id": 1, "said": ${JSON.stringify(said)}` }
      case "loop":
        return {
          status: 302,
          headers: { ...headers, location: `${request.url}&more=${encodeURIComponent(line)}` }
        }
      case "away":
        return {
          status: 307,
          headers: { ...headers, location: `${elsewhere()}/${encodeURIComponent(line)}` }
        }
      case "error200":
        return { headers, body: { [said]: said, message: said } }
      default:
        return { headers, body: { items: [row(3)] } }
    }
  }

const issuer: Answer = (request) =>
  request.url.includes("refuses")
    ? { status: 401, body: { error: "invalid_client", error_description: echo(request) } }
    : {
        headers: { "set-cookie": `sid=${met["a server's cookie"]}` },
        body: {
          access_token: met["an access token"],
          refresh_token: met["a refresh token"],
          token_type: "Bearer",
          expires_in: 60,
          note: echo(request)
        }
      }

const auths = (issuer: string): Readonly<Record<string, object>> => ({
  bearer: { type: "bearer", token: "${AUTH}" },
  header: { type: "api_key", name: "X-Key", api_key: "${AUTH}", location: "header" },
  query: { type: "api_key", name: "k", api_key: "${AUTH}", location: "query" },
  cookie: { type: "api_key", name: "sid", api_key: "${PARAM_TOKEN}", location: "cookie" },
  basic: { type: "http_basic", username: "anna", password: "${USER_PASSWORD}" },
  oauth: {
    type: "oauth2_client_credentials",
    access_token_url: `${issuer}/token`,
    client_id: "me",
    client_secret: "${CLIENT_SECRET}"
  },
  refused: {
    type: "oauth2_client_credentials",
    access_token_url: `${issuer}/refuses`,
    client_id: "me",
    client_secret: "${CLIENT_SECRET}",
    auth_method: "basic"
  },
  jwt: {
    type: "oauth_jwt",
    auth_endpoint: `${issuer}/token`,
    client_id: "me",
    private_key: { $file: "key.pem" },
    scopes: "all"
  }
})

const configuration = (baseUrl: string, auth: object) =>
  JSON.stringify({
    client: {
      base_url: `${baseUrl}/\${URL_TOKEN}`,
      auth,
      headers: { "X-Other-Token": "${HEADER_TOKEN}" },
      retry: { max_retries: 1, base_delay: "1ms", jitter: false }
    },
    resource_defaults: { primary_key: "id" },
    resources: [
      ...ways.map((name) => ({
        name,
        endpoint: {
          path: name,
          data_selector: "items",
          params: { access_token: "${PARAM_TOKEN}", s: "${SHORT_TOKEN}" },
          paginator: name === "rows" ? { type: "json_link", next_url_path: "next" } : "single_page",
          incremental: name === "rows" ? { cursor_path: "when", start_param: "since", initial_value: 0 } : undefined
        }
      })),
      {
        name: "posted",
        endpoint: {
          path: "rows/posted",
          method: "POST",
          json: { deep: [{ client_secret: "${BODY_TOKEN}" }] },
          data_selector: "items",
          paginator: "single_page"
        }
      },
      {
        name: "of_rows",
        include_from_parent: ["said", "http_auth"],
        endpoint: { path: "of/{resources.bad.id}", data_selector: "items", paginator: "single_page" }
      }
    ]
  })

const inputs = ["key.pem", "api.json", "leaky.py", "thrower.mjs"]

const env: Environment = given

/** Runs a command, and looks at what it says. */
const said = (cwd: string, args: ReadonlyArray<string>, more: Environment = {}) =>
  Effect.map(sluice(args, { cwd, env: { ...env, ...more } }), (result) => {
    noneIn(needles, result.stdout + result.stderr, args.join(" "))
    return result
  })

const nothingLeft = (cwd: string, more: ReadonlyArray<Needle> = []) =>
  Effect.gen(function* () {
    const names = filesIn(cwd, inputs)
    for (const name of names) for (const text of textsOf(join(cwd, name))) noneIn([...needles, ...more], text, name)
    for (const name of names) {
      if (!name.endsWith(".db")) continue
      const file = join(cwd, name)
      const kept = yield* query<{ name: string }>(file, `SELECT name FROM sqlite_schema WHERE name = '_sluice_archive'`)
      if (kept.length === 0) continue
      for (const { body } of yield* query<{ body: Uint8Array }>(
        file,
        "SELECT body FROM _sluice_archive WHERE body IS NOT NULL"
      ))
        noneIn([...needles, ...more], inflated(body), `${name}, an answer in the archive`)
    }
  })

const servers = Effect.gen(function* () {
  const evil = yield* serve(() => ({ body: [] }))
  const tokens = yield* serve(issuer)
  const server: Recorder = yield* serve(api(() => evil.url))
  return { evil, tokens, server }
})

describe("no secret", { timeout: 240_000 }, () => {
  it.scopedLive("of any kind of auth is in any output or file, whatever the servers say", () =>
    Effect.gen(function* () {
      const { evil, server, tokens } = yield* servers
      for (const [kind, auth] of Object.entries(auths(tokens.url))) {
        const cwd = yield* folder
        writeFileSync(join(cwd, "key.pem"), pem)
        writeFileSync(join(cwd, "api.json"), configuration(server.url, auth))
        const before = server.heard.length
        const first = yield* said(cwd, ["sync", "api.json", "--archive", "--log-level", "all"])
        if (kind !== "refused") assert.include(first.stderr, "trying again", kind)
        // Another run: what the first one left is read again.
        if (/bearer|query|basic|oauth/.test(kind)) yield* said(cwd, ["sync", "api.json", "--archive", "--json"])
        if (kind === "basic" || kind === "oauth") yield* said(cwd, ["check", "api.json", "--log-level", "trace"])
        yield* nothingLeft(cwd)
        // The net was out: the server was sent them, and rows came of it.
        if (kind !== "refused") {
          assert.isAbove(server.heard.length - before, 20, kind)
          const [row] = yield* query<{ n: number }>(
            join(cwd, "api.db"),
            "SELECT count(*) AS n FROM rows WHERE said LIKE '%***%'"
          )
          assert.isAbove(Number(row?.n), 0, kind)
          const [bad] = yield* query<{ n: number }>(
            join(cwd, "api.db"),
            "SELECT count(*) AS n FROM _sluice_rejects WHERE raw LIKE '%***%'"
          )
          assert.isAbove(Number(bad?.n), 0, kind)
        }
      }
      const heard = JSON.stringify(
        server.heard.map(({ body, headers, url }) => [decodeURIComponent(url.replaceAll("+", " ")), headers, body])
      )
      for (const name of ["URL_TOKEN", "HEADER_TOKEN", "PARAM_TOKEN", "SHORT_TOKEN"] as const)
        assert.include(heard, JSON.stringify(given[name]).slice(1, -1), name)
      assert.deepStrictEqual(evil.heard, [])
    })
  )

  it.scopedLive("is shown by any command, at any log level", () =>
    Effect.gen(function* () {
      const { server, tokens } = yield* servers
      const cwd = yield* folder
      const port = String(yield* freePort)
      writeFileSync(join(cwd, "key.pem"), pem)
      writeFileSync(join(cwd, "api.json"), configuration(server.url, { ...auths(tokens.url)["basic"] }))
      const config = configuration(server.url, { ...auths(tokens.url)["bearer"] })
      writeFileSync(
        join(cwd, "leaky.py"),
        `from dlt.sources.rest_api import rest_api_source\nsource = rest_api_source(${config.replaceAll(/\$\{(\w+)\}/g, (_, name: keyof typeof given) => JSON.stringify(/URL|SHORT/.test(name) ? "v1" : given[name].replace("{x}", "")).slice(1, -1))})\n`
      )
      /** By the name of the command; a new one has to be written here. */
      const runs: Readonly<Record<string, ReadonlyArray<ReadonlyArray<string>>>> = {
        sync: [
          ["sync", "api.json", "--archive", "--json", "--log-level", "trace"],
          ["sync", "api.json", "--full-refresh", "--on-bad-row", "fail", "--log-level", "debug", "--db", "other.db"]
        ],
        rebuild: [
          ["rebuild", "api.json", "--log-level", "all"],
          ["rebuild", "api.json", "--json", "--resource", "rows"]
        ],
        check: [
          ["check", "api.json", "--log-level", "all"],
          ["check", "api.json", "--offline", "--json"]
        ],
        plan: [
          ["plan", "api.json", "--log-level", "all"],
          ["plan", "api.json", "--json"]
        ],
        preview: [
          ["preview", "api.json", "rows", "--log-level", "all"],
          ["preview", "api.json", "rows", "--json"],
          ["preview", "api.json", "refuse", "--json"]
        ],
        status: [
          ["status", "--db", "api.db", "--json"],
          ["status", "--db", "api.db", "--log-level", "all"]
        ],
        "state show": [
          ["state", "show", "api.json", "--json"],
          ["state", "show", "--db", "api.db"]
        ],
        "state reset": [["state", "reset", "api.json", "--resource", "bad", "--log-level", "all"]],
        "schema json-schema": [["schema", "json-schema"]],
        "schema types": [["schema", "types", "api.json", "--log-level", "all"]],
        "schema ddl": [["schema", "ddl", "api.json", "--db", "api.db"]],
        "rejects list": [
          ["rejects", "list", "--db", "api.db", "--log-level", "all"],
          ["rejects", "list", "--db", "api.db", "--json"]
        ],
        "rejects replay": [["rejects", "replay", "api.json", "--db", "api.db", "--log-level", "all"]],
        "crash-test": [["crash-test", "api.json", "--resource", "rows", "--trials", "3", "--log-level", "all"]],
        init: [["init", "made"]],
        import: [
          ["import", "leaky.py", "--json"],
          ["import", "leaky.py", "--out", "imported.yaml"]
        ],
        sandbox: [["sandbox", "--port", port]],
        demo: [["demo", "--db", "demo.db", "--log-level", "info"]]
      }
      const names = entries.map(({ guide }) => guide.name)
      assert.deepStrictEqual(
        names.filter((name) => runs[name] === undefined),
        [],
        "commands that nobody looks at"
      )
      for (const args of names.flatMap((name) => runs[name] ?? [])) {
        if (args[0] !== "sandbox") yield* said(cwd, args)
        else {
          const program = yield* startSluice(args, { cwd, env })
          yield* until(() => program.stdout().includes("export "))
          yield* program.kill("SIGINT")
          const { stderr, stdout } = yield* program.ended
          noneIn(needles, stdout + stderr, "sandbox")
        }
      }
      yield* said(cwd, ["--completions", "bash"])
      yield* nothingLeft(cwd)
    })
  )

  it.scopedLive(
    "is shown where nothing answers, where no TLS is spoken, where the file is wrong, or a program throws it",
    () =>
      Effect.gen(function* () {
        const { server, tokens } = yield* servers
        const cwd = yield* folder
        const auth = auths(tokens.url)
        const file = (text: string) => writeFileSync(join(cwd, "api.json"), text)
        for (const base of [
          "http://no-such-host.invalid",
          server.url.replace("http:", "https:"),
          "http://127.0.0.1:1"
        ]) {
          file(configuration(base, { ...auth["query"] }))
          const { code } = yield* said(cwd, ["sync", "api.json", "--resource", "rows", "--log-level", "all"])
          assert.strictEqual(code, 1, base)
        }
        for (const wrong of [
          configuration("${AUTH}", { ...auth["bearer"] }),
          configuration(server.url, { type: "bearer", token: ["${AUTH}"] }),
          configuration(server.url, { type: "${AUTH}", token: "${HEADER_TOKEN}\n", extra: "${BODY_TOKEN}" }),
          `${configuration(server.url, { type: "bearer", token: given.AUTH })}]`
        ]) {
          file(wrong)
          for (const args of [
            ["sync", "api.json", "--json"],
            ["check", "api.json", "--log-level", "all"]
          ]) {
            const { code } = yield* said(cwd, args)
            assert.strictEqual(code, 2, args.join(" "))
          }
        }
        // Thrown where sluice catches it, where nobody does, and as the cause of something else.
        const source = (paginator: string, more = "") =>
          writeFileSync(
            join(cwd, "thrower.mjs"),
            `const secret = process.env.AUTH
const error = new Error("outer " + "y".repeat(500) + secret, { cause: new Error("inner " + secret, { cause: secret }) })
${more}
export default { name: "thrower", api: { baseUrl: "${server.url}", auth: { _tag: "None" }, secrets: [Redacted.make(secret)], headers: { "X-Key": secret }, retry: { maxRetries: 0 } },
  resources: [Resource.make({ name: "rows", path: "/rows?x=1", selector: "items", primaryKey: "id", paginator: { type: "own", options: {}, first: {}, next: () => { ${paginator} } } })] }\n`.replace(
              /^/,
              `import { Redacted } from "${import.meta.resolve("effect")}"\nimport { Resource } from "${new URL("../../dist/index.js", import.meta.url).href}"\n`
            )
          )
        source("throw error")
        for (const args of [
          ["sync", "thrower.mjs", "--log-level", "all"],
          ["check", "thrower.mjs", "--json"],
          ["preview", "thrower.mjs", "rows"]
        ]) {
          const { stderr, stdout } = yield* said(cwd, args)
          assert.include(stdout + stderr, "outer", args.join(" "))
        }
        source("setTimeout(() => { throw error }, 0); return { _tag: 'Stop', reason: 'no_next', complete: true }")
        const { code, stderr } = yield* said(cwd, ["sync", "thrower.mjs", "--db", "late.db"])
        assert.strictEqual(code, 1)
        assert.match(stderr, /this should not happen: [^]*outer[^]*caused by [^]*inner/)
        yield* nothingLeft(cwd)
      })
  )

  it.scopedLive("of the built-in source is in any output or in its database, right tokens or wrong", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const server = yield* sandbox("--fault", "500@2", "--fault", "429@4")
      const right = {
        server: server.env["POSTMARK_SERVER_TOKEN"] ?? "",
        account: server.env["POSTMARK_ACCOUNT_TOKEN"] ?? ""
      }
      const wrong = { server: "wr0ng-server-t0ken-%/+\u00e9", account: "wr0ng-account-t0ken" }
      const own = [...needlesOf(right), ...needlesOf({ "wrong server": wrong.server, "wrong account": wrong.account })]
      const bad: Environment = {
        ...server.env,
        POSTMARK_SERVER_TOKEN: wrong.server,
        POSTMARK_ACCOUNT_TOKEN: wrong.account
      }
      for (const [args, env] of [
        [["sync", "postmark", "--log-level", "trace"], server.env],
        [["sync", "postmark", "--json", "--log-level", "all"], server.env],
        [["sync", "postmark", "--log-level", "trace", "--db", "bad.db"], bad],
        [["check", "postmark", "--log-level", "all"], bad],
        [["plan", "postmark", "--json", "--db", "bad.db"], bad],
        [["preview", "postmark", "servers", "--rows", "3", "--json"], server.env]
      ] as const) {
        const { stderr, stdout } = yield* sluice(args, { cwd, env })
        noneIn(own, stdout + stderr, args.join(" "))
      }
      yield* nothingLeft(cwd, own)
    })
  )
})
