/**
 * The public test kit: programs built on sluice are tested with the real stages and a scripted network.
 *
 * `api([page(…), status(429, { retryAfter: 1 }), …])` stands in for the API. Nothing here is for production.
 */
export * from "./testing/Compare.ts"
export * from "./testing/Crash.ts"
export * from "./testing/MemoryTable.ts"
export * from "./testing/Reply.ts"
export * from "./testing/Script.ts"
