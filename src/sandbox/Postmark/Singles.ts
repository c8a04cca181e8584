/**
 * One thing by its ID: bounces, messages, streams, domains, servers. Only the real API has these; the spec's shape does
 * not.
 *
 * Outside a row's path. Pure. What is not found is 422 or 404 with Postmark's own ErrorCode.
 */
import * as Bounce from "../Data/Bounce.ts"
import * as Domain from "../Data/Domain.ts"
import * as Message from "../Data/Message.ts"
import * as MessageDetails from "../Data/MessageDetails.ts"
import * as Server from "../Data/Server.ts"
import * as Stream from "../Data/Stream.ts"
import * as Http from "../Http.ts"
import type { World } from "../World.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Single = (world: World, id: string) => Http.Response

/**
 * @since 0.1.0
 * @category constructors
 */
export const bounce: Single = (world, id) => {
  const found = Bounce.find(world, id)
  if (found === undefined) return noBounce
  const row = Bounce.bounce(world, found.stream, found.serial)
  return Http.json(200, Http.encode({ ...row, Content: row.DumpAvailable ? report(row) : "" }))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const bounceDump: Single = (world, id) => {
  const found = Bounce.find(world, id)
  if (found === undefined) return noBounce
  const row = Bounce.bounce(world, found.stream, found.serial)
  return Http.json(200, JSON.stringify({ Body: row.DumpAvailable ? report(row) : "" }))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const messageDetails: Single = (world, id) => {
  const found = Message.find(world, id)
  return found === undefined
    ? noMessage
    : Http.json(200, Http.encode(MessageDetails.messageDetails(world, found.stream, found.serial)))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const messageDump: Single = (world, id) => {
  const found = Message.find(world, id)
  return found === undefined
    ? noMessage
    : Http.json(200, JSON.stringify({ Body: MessageDetails.body(Message.message(world, found.stream, found.serial)) }))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const messageStream: Single = (world, id) => {
  const index = Stream.indexOf(world, id)
  return index === -1
    ? Http.problem(422, 1226, "The message stream for the provided 'ID' was not found.")
    : Http.json(200, Http.encode(Stream.stream(world, index)))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const domain: Single = (world, id) => {
  const index = /^\d+$/.test(id) ? Domain.indexOf(world, Number(id)) : -1
  return index === -1
    ? Http.problem(404, 510, "This domain was not found.")
    : Http.json(200, Http.encode(Domain.details(world, index)))
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const server: Single = (world, id) => {
  const index = /^\d+$/.test(id) ? Server.indexOf(world, Number(id)) : -1
  return index === -1
    ? Http.problem(404, 601, "This server was not found.")
    : Http.json(200, Http.encode(Server.server(world, index)))
}

/**
 * The server that the server token belongs to.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ownServer: Single = (world) => Http.json(200, Http.encode(Server.server(world, 0)))

// --- internal ---

const noBounce = Http.problem(422, 1001, "This bounce was not found.")

const noMessage = Http.problem(422, 701, "This message was not found.")

const report = (row: Bounce.Bounce) =>
  `Final-Recipient: rfc822; ${row.Email}\r\nAction: failed\r\nDiagnostic-Code: ${row.Details}\r\n\r\n` +
  `${row.Description}\r\n`
