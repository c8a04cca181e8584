/**
 * The API of a sweep, on this machine: every trial has a path of its own, so that what it asks for is counted apart.
 */
import { createServer } from "node:http"

/**
 * `mount(name, answer)` gives the base URL of a trial; `asked(name)` is the list of its requests, `path?query`, in order; whoever
 * awaits `nth(name, n)` is told of the nth.
 */
export const serve = async () => {
  const trials = new Map()
  const server = createServer((message, response) => {
    message.resume()
    const url = new URL(message.url, `http://${message.headers.host}`)
    const [, name, rest = "/"] = /^\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? []
    const trial = trials.get(name)
    if (trial === undefined) return response.writeHead(404).end("{}")
    trial.asked.push(rest + url.search)
    trial.waiting.filter(({ n }) => n === trial.asked.length).forEach(({ tell }) => tell())
    const given = trial.answer({
      path: rest,
      query: Object.fromEntries(url.searchParams),
      base: `${url.origin}/${name}`
    })
    const { body, headers, status } = typeof given?.status === "number" ? given : { body: given, status: 200 }
    response.writeHead(status, { "content-type": "application/json", ...headers })
    response.end(JSON.stringify(body))
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    mount: (name, answer) => {
      trials.set(name, { answer, asked: [], waiting: [] })
      return `http://127.0.0.1:${server.address().port}/${name}`
    },
    asked: (name) => trials.get(name).asked,
    nth: (name, n) => new Promise((tell) => trials.get(name).waiting.push({ n, tell })),
    unmount: (name) => trials.delete(name),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }
  }
}
