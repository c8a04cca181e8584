/**
 * Credentials stay on their origin: two live servers, one of which records everything it is sent and should be sent nothing.
 * All the ways of a link to another host, at once: one resource each, with a credential in every place that a request has one.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type * as Receipt from "../../src/Receipt.ts"
import * as Certificate from "./Certificate.ts"
import { type Answer, type Recorder, serve } from "./Recorder.ts"
import { type Environment, folder, resourceOf, sluice, sync } from "./support.ts"

const secrets = {
  BEARER: "b3arer-5ecret-0f-api",
  HEADER_KEY: "h3ader-5ecret-0f-api",
  QUERY_KEY: "qu3ry-5ecret-0f-api",
  COOKIE: "c00kie-5ecret-0f-api",
  BODY_KEY: "b0dy-5ecret-0f-api"
}

/** `elsewhere`: refused. `own`: it is the API's own host, however it is written, and may be followed. */
type Verdict = "elsewhere" | "own"

/** Links to `evil`, from an API at `own`, both on this machine. */
const links = (
  own: Recorder,
  evil: Recorder
): ReadonlyArray<readonly [what: string, link: string, verdict: Verdict]> => {
  const host = "127.0.0.1"
  const encoded = Array.from(host, (char) => `%${char.charCodeAt(0).toString(16)}`).join("")
  return [
    ["another port", `${evil.url}/x`, "elsewhere"],
    ["in capitals", `HTTP://${evil.host}/x`, "elsewhere"],
    ["without a scheme", `//${evil.host}/x`, "elsewhere"],
    ["with backslashes", `\\\\${evil.host}\\x`, "elsewhere"],
    ["with a slash and a backslash", `/\\${evil.host}/x`, "elsewhere"],
    ["with a backslash and a slash", `\\/${evil.host}/x`, "elsewhere"],
    ["with three slashes", `///${evil.host}/x`, "elsewhere"],
    ["with one slash too many", `http:///${evil.host}/x`, "elsewhere"],
    ["with backslashes behind the scheme", `http:\\\\${evil.host}\\x`, "elsewhere"],
    ["with blanks around", `  ${evil.url}/x  `, "elsewhere"],
    ["with a tab in it", `ht\ttp://${host}:\t${evil.port}/x`, "elsewhere"],
    ["with a newline in it", `http:/\n/${evil.host}/x`, "elsewhere"],
    ["a host percent-encoded", `http://${encoded}:${evil.port}/x`, "elsewhere"],
    ["in wide letters", `http://１２７。０。０。１:${evil.port}/x`, "elsewhere"],
    ["as a number", `http://2130706433:${evil.port}/x`, "elsewhere"],
    ["the API as user name", `http://${own.host}@${evil.host}/x`, "elsewhere"],
    ["the API as user and password", `http://${host}:${own.port}@${evil.host}/x`, "elsewhere"],
    ["a backslash before the @", `http://${evil.host}\\@${own.host}/x`, "elsewhere"],
    ["a fragment before the @", `http://${evil.host}#@${own.host}/x`, "elsewhere"],
    ["a query before the @", `http://${evil.host}?@${own.host}/x`, "elsewhere"],
    ["the API with a password", `http://user:pw@${own.host}/x`, "elsewhere"],
    ["the API by another name", `http://localhost:${own.port}/x`, "elsewhere"],
    ["the API by IPv6", `http://[::1]:${own.port}/x`, "elsewhere"],
    ["the API mapped into IPv6", `http://[::ffff:127.0.0.1]:${own.port}/x`, "elsewhere"],
    ["the API by any address", `http://0.0.0.0:${own.port}/x`, "elsewhere"],
    ["the API on the default port", `http://${host}/x`, "elsewhere"],
    ["the API by https", `https://${own.host}/x`, "elsewhere"],
    ["a subdomain of a like name", `http://${host}.evil.invalid:${own.port}/x`, "elsewhere"],
    ["a file", "file:///etc/passwd", "elsewhere"],
    ["ftp", `ftp://${own.host}/x`, "elsewhere"],
    ["a script", "javascript:alert(1)", "elsewhere"],
    ["data", "data:application/json,[]", "elsewhere"],
    ["a trailing dot", `http://${host}.:${own.port}/landed`, "own"],
    ["shortened", `http://127.1:${own.port}/landed`, "own"],
    ["in hex", `http://0x7f000001:${own.port}/landed`, "own"],
    ["a path", "/landed", "own"],
    ["a path with @", `/@${evil.host}/landed`, "own"],
    ["a path with dots", `/a/../../landed`, "own"],
    ["a query with a URL", `/landed?u=${evil.url}`, "own"]
  ]
}

const ways = ["json", "header", "301", "302", "303", "307", "308", "post307", "post308", "child", "part"] as const
type Way = (typeof ways)[number]

/** What a header can hold; and a part of a path is encoded, so that it leads nowhere. */
const fits = (way: Way, link: string) =>
  way === "json" || way === "child" || way === "part" || /^[\x21-\x7e]+$/.test(link)

interface Case {
  readonly name: string
  readonly way: Way
  readonly what: string
  readonly link: string
  readonly verdict: Verdict
}

const casesOf = (own: Recorder, evil: Recorder): ReadonlyArray<Case> =>
  links(own, evil).flatMap(([what, link, verdict], i) =>
    ways
      .filter((way) => fits(way, link) && (i < 4 || !/301|303|308/.test(way)))
      .map((way) => ({ name: `c${i}_${way}`, way, what: `${what}, ${way}`, link, verdict }))
  )

/** The API: leads wherever the case says, once; whatever else is asked is the last page. */
const api =
  (cases: () => ReadonlyArray<Case>): Answer =>
  ({ url }) => {
    const at = /^\/v1\/(c\d+_\w+?)(?:\?|$)/.exec(url)?.[1]
    const found = cases().find(({ name }) => name === at)
    if (found === undefined) return { body: { items: [{ id: 2 }] } }
    const { link, way } = found
    if (way === "json") return { body: { items: [{ id: 1 }], next: link } }
    if (way === "header") return { body: { items: [{ id: 1 }] }, headers: { link: `<${link}>; rel="next"` } }
    if (way === "child" || way === "part") return { body: { items: [{ id: 1, link }] } }
    return { status: Number(way.slice(-3)), headers: { location: link }, body: "[]" }
  }

const resourcesOf = ({ name, way }: Case) => {
  const params = { api_key: "${QUERY_KEY}" }
  const endpoint = {
    path: name,
    data_selector: "items",
    params,
    paginator:
      way === "json" ? { type: "json_link", next_url_path: "next" } : way === "header" ? "header_link" : "single_page",
    ...(way.startsWith("post") ? { method: "POST", json: { api_key: "${BODY_KEY}" } } : {})
  }
  const one = { name, primary_key: "id", endpoint }
  if (way !== "child" && way !== "part") return [one]
  const path = way === "child" ? `{resources.${name}.link}` : `sub/{resources.${name}.link}`
  return [
    { ...one, endpoint },
    { name: `${name}_of`, endpoint: { path, params, data_selector: "items", paginator: "single_page" } }
  ]
}

const configuration = (base: string, resources: ReadonlyArray<unknown>, client: object = {}) =>
  JSON.stringify({
    client: {
      base_url: `${base}/v1`,
      auth: { type: "bearer", token: "${BEARER}" },
      headers: { "X-Key": "${HEADER_KEY}", Cookie: "session=${COOKIE}" },
      retry: { max_retries: 0 },
      limits: { timeout: "5s" },
      ...client
    },
    resources
  })

const carries = (heard: Recorder["heard"]) =>
  Object.entries(secrets).flatMap(([name, secret]) => (JSON.stringify(heard).includes(secret) ? [name] : []))

const run = (cwd: string, text: string, env: Environment = {}) => {
  writeFileSync(join(cwd, "api.json"), text)
  return sync(["api.json"], { cwd, env: { ...secrets, ...env } })
}

const refusals =
  /is not the API's own|user name or password|is not http or https|not a valid URL|is not a URL|is not a link to follow/

const errorOf = (receipt: Receipt.Receipt, name: string) => resourceOf(receipt, name).error

describe("credentials", { timeout: 120_000 }, () => {
  it.scopedLive("go to no other origin, however a link or redirect is written", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      let cases: ReadonlyArray<Case> = []
      const own = yield* serve(api(() => cases))
      const evil = yield* serve(() => ({ body: { items: [] } }))
      // The same port by IPv6, where this machine has that: another server altogether.
      const six = yield* Effect.option(serve(() => ({ body: { items: [] } }), { host: "::1", port: own.port }))
      cases = casesOf(own, evil)
      const { receipt, stderr, stdout } = yield* run(cwd, configuration(own.url, cases.flatMap(resourcesOf)))
      for (const server of [evil, ...(six._tag === "Some" ? [six.value] : [])]) {
        assert.deepStrictEqual(server.heard, [])
        assert.strictEqual(server.connections(), 0, "not even a connection")
      }
      for (const { name, verdict, way, what, link } of cases) {
        const error = errorOf(receipt, way === "child" || way === "part" ? `${name}_of` : name)
        const followed = own.heard.filter(({ headers }) => headers.host !== own.host)
        assert.deepStrictEqual(followed, [], what)
        // A part of a path is encoded, and so leads nowhere else: it is asked of the API itself, or is none.
        if (way === "part" || way.startsWith("post")) {
          if (way.startsWith("post")) assert.strictEqual(error?.reason, "Origin", what)
          continue
        }
        // What is no absolute URL is a path of the API, when a row holds it: nothing of it is a host.
        const isPath = way === "child" && !/^\s*https?:\/\//i.test(link)
        if (verdict === "own" || isPath) {
          if (verdict === "own") assert.isNull(error, `${what}: ${error?.message}`)
          continue
        }
        // A link that is none at all ends the walk, and the receipt says that it is not everything.
        const { notices, status } = resourceOf(receipt, way === "child" ? `${name}_of` : name)
        assert.notStrictEqual(status, "complete", what)
        assert.match(error?.message ?? notices.join(), refusals, what)
      }
      assert.isAbove(own.heard.filter(({ url }) => url.includes("landed")).length, 10)
      // The request as it was meant carries them all, so that the test would see them.
      assert.sameMembers(carries(own.heard), Object.keys(secrets))
      for (const secret of Object.values(secrets)) assert.notInclude(stdout + stderr, secret)
    })
  )

  it.scopedLive(
    "go along to a host that is allowed, and back; not to one behind it, and not by http where the API is https",
    () =>
      Effect.gen(function* () {
        const cwd = yield* folder
        const tls = Certificate.make()
        writeFileSync(join(cwd, "ca.pem"), tls.cert)
        const evil = yield* serve(() => ({ body: [] }))
        let home = ""
        const friend: Recorder = yield* serve(({ url }) =>
          url.includes("back")
            ? { status: 302, headers: { location: `${home}/v1/end` } }
            : { status: 302, headers: { location: `${evil.url}/stolen` } }
        )
        const open = yield* serve(({ url }) =>
          /via_(\w+)/.test(url)
            ? { status: 307, headers: { location: `${friend.url}/${/via_(\w+)/.exec(url)![1]}` } }
            : { body: [{ id: 1 }] }
        )
        home = open.url
        const plain = (name: string) => ({
          name,
          primary_key: "id",
          endpoint: { path: name, paginator: "single_page", params: { api_key: "${QUERY_KEY}" } }
        })
        const there = yield* run(
          cwd,
          configuration(open.url, ["via_back", "via_beyond"].map(plain), { allowed_hosts: [friend.host] })
        )
        assert.isNull(errorOf(there.receipt, "via_back"))
        assert.strictEqual(errorOf(there.receipt, "via_beyond")?.reason, "Origin")
        assert.deepStrictEqual(evil.heard, [])
        // Auth and headers go along; the query is that of the redirect.
        assert.sameMembers(carries(friend.heard), ["BEARER", "HEADER_KEY", "COOKIE"])
        assert.sameMembers(carries(open.heard.filter(({ url }) => url === "/v1/end")), [
          "BEARER",
          "HEADER_KEY",
          "COOKIE"
        ])
        const secure = yield* serve(
          ({ url }) =>
            url.includes("down")
              ? { status: 302, headers: { location: `http://localhost:${open.port}/stolen` } }
              : url.includes("link")
                ? { body: { items: [{ id: 1 }], next: `http://localhost:${open.port}/stolen` } }
                : { body: [{ id: 1 }] },
          { tls }
        )
        const before = open.heard.length
        const named = [
          plain("down"),
          {
            name: "link",
            primary_key: "id",
            endpoint: { path: "link", data_selector: "items", paginator: { type: "json_link", next_url_path: "next" } }
          },
          plain("fine")
        ]
        for (const allowed_hosts of [[], [`localhost:${open.port}`, "localhost", `127.0.0.1:${open.port}`]]) {
          const { receipt } = yield* run(
            cwd,
            configuration(`https://localhost:${secure.port}`, named, { allowed_hosts }),
            { NODE_EXTRA_CA_CERTS: join(cwd, "ca.pem") }
          )
          assert.isNull(errorOf(receipt, "fine"), errorOf(receipt, "fine")?.message)
          for (const name of ["down", "link"])
            assert.match(errorOf(receipt, name)?.message ?? "", /is asked over http, but the base URL is https/)
        }
        assert.strictEqual(open.heard.length, before)
        // Without its authority the certificate is worth nothing, and nothing is sent.
        const heard = secure.heard.length
        const { receipt } = yield* run(cwd, configuration(`https://localhost:${secure.port}`, [plain("fine")]))
        assert.match(errorOf(receipt, "fine")?.message ?? "", /certificate is not accepted/)
        assert.strictEqual(secure.heard.length, heard)
      })
  )

  it.scopedLive("of a client go to its token URL alone, and no redirect from there is followed", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const own = yield* serve(() => ({ body: [{ id: 1 }] }))
      const evil = yield* serve(() => ({ body: { access_token: "ev1l-t0ken", token_type: "bearer" } }))
      const issuer: Recorder = yield* serve(({ url }) =>
        url === "/token"
          ? { body: { access_token: "r1ght-t0ken", token_type: "bearer", expires_in: 60 } }
          : { status: Number(url.slice(1)), headers: { location: `${evil.url}/token` } }
      )
      const client = (path: string) => ({
        type: "oauth2_client_credentials",
        access_token_url: `${issuer.url}/${path}`,
        client_id: "cl13nt",
        client_secret: "${BEARER}"
      })
      const names = ["token", "301", "302", "303", "307", "308"]
      const resources = names.map((path) => ({
        name: `r${path}`,
        primary_key: "id",
        endpoint: { path: `r${path}`, paginator: "single_page", auth: client(path) }
      }))
      const { receipt } = yield* run(cwd, configuration(own.url, resources, { auth: null, allowed_hosts: [evil.host] }))
      assert.isNull(errorOf(receipt, "rtoken"))
      for (const path of names.slice(1))
        assert.match(errorOf(receipt, `r${path}`)?.message ?? "", /a request for a token is never redirected/)
      assert.deepStrictEqual(evil.heard, [])
      assert.deepStrictEqual(
        own.heard.map(({ headers, url }) => [url, headers.authorization]),
        [["/v1/rtoken", "Bearer r1ght-t0ken"]]
      )
      // The issuer gets the client's secret, and nothing that is meant for the API.
      assert.deepStrictEqual(carries(issuer.heard), ["BEARER"])
      assert.deepStrictEqual(carries(own.heard), ["HEADER_KEY", "COOKIE"])
    })
  )

  it.scopedLive("in a configuration that names another host for a resource are refused before anything is sent", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const own = yield* serve(() => ({ body: [{ id: 1 }] }))
      const evil = yield* serve(() => ({ body: [{ id: 1 }] }))
      for (const path of [`${evil.url}/x`, `http://${own.host}@${evil.host}/x`, `https://${own.host}/x`]) {
        writeFileSync(
          join(cwd, "api.json"),
          configuration(own.url, [{ name: "a", primary_key: "id", endpoint: { path, paginator: "single_page" } }])
        )
        const { code } = yield* sluice(["sync", "api.json"], { cwd, env: secrets })
        assert.strictEqual(code, 2, path)
      }
      assert.deepStrictEqual([own.heard, evil.heard], [[], []])
    })
  )
})
