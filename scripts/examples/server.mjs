/**
 * A small HTTP server on this machine for the examples: routes are functions from a request to an answer, in a plain object.
 */
import { createServer } from "node:http"

/**
 * `routes`: by method and path, `GET /issues`; given the request, they return `{ status, headers, body }`, a body alone, or
 * `undefined` for 404. `requests` is everything that was asked.
 */
export const serve = async (routes) => {
  const requests = []
  const server = createServer((message, response) => {
    const chunks = []
    message.on("data", (chunk) => chunks.push(chunk))
    message.on("end", () => {
      const url = new URL(message.url, `http://${message.headers.host}`)
      const text = Buffer.concat(chunks).toString("utf8")
      const request = {
        method: message.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: message.headers,
        body: text.startsWith("{") ? JSON.parse(text) : text,
        origin: url.origin
      }
      requests.push(request)
      const answer = routes[`${request.method} ${request.path}`]?.(request)
      const { body, headers, status } = answer?.status === undefined ? { body: answer, status: 200 } : answer
      response.writeHead(answer === undefined ? 404 : status, { "content-type": "application/json", ...headers })
      response.end(answer === undefined ? '{"message":"no such path"}' : JSON.stringify(body ?? null))
    })
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }
  }
}
