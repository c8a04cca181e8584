/**
 * `response_actions`: what answers of a certain status or content mean.
 */
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import * as Value from "./Value.ts"

/**
 * @since 0.1.0
 * @category models
 */
export const Action = Schema.Struct({
  status_code: Value.key(
    Schema.Number.pipe(
      Schema.filter((status) => Number.isInteger(status) && status >= 100 && status <= 599, {
        jsonSchema: { type: "integer", minimum: 100, maximum: 599 },
        ...Lore.lore({
          expected: "an HTTP status such as 404",
          say: (found) =>
            typeof found === "string" && /^\d{3}$/.test(found)
              ? { message: "is a text, which no status is equal to", hint: `write ${found} without quotes` }
              : undefined
        })
      })
    ),
    { description: "The answer's status.", example: "404" }
  ),
  content: Value.key(Value.NonEmptyText, {
    description: "A part of the body's text. With status_code both must hold.",
    example: "not found"
  }),
  action: Value.required(
    Schema.Literal("ignore", "retry", "fail", "stop").annotations(
      Lore.lore({
        expected: "`ignore`, `retry`, `fail` or `stop`",
        instead: {
          skip: "ignore",
          success: "ignore",
          pass: "ignore",
          raise: "fail",
          error: "fail",
          abort: "fail",
          break: "stop",
          end: "stop",
          wait: "retry",
          backoff: "retry",
          rate_limited: "retry"
        },
        say: (found) =>
          typeof found === "string" && /lambda|\(|=>/.test(found)
            ? {
                message: "is a function, which a configuration cannot hold",
                hint: "write `ignore`, `retry`, `fail` or `stop`"
              }
            : undefined
      })
    ),
    {
      description:
        "ignore: the rows end here, quietly. stop: the same, and the receipt says they may be incomplete. retry: ask again. fail: the resource fails.",
      example: "ignore"
    }
  ),
  delay: Value.key(Value.Time, {
    description: "With retry: time to wait; that of the retry policy if left out.",
    example: "30s",
    own: true
  }),
  max_retries: Value.key(Value.Whole(0), {
    description: "With retry: further attempts; those of the retry policy if left out.",
    example: "5",
    own: true
  }),
  message: Value.key(Value.NonEmptyText, {
    description: "With fail: what the error says.",
    example: "the export is not ready",
    own: true
  })
})
  .annotations({
    identifier: "ResponseAction",
    ...Lore.lore({
      expected: "an object such as { status_code: 404, action: ignore }",
      instead: {
        status: "status_code",
        code: "status_code",
        http_code: "status_code",
        http_codes: "did you mean `status_code`? It is one status; several are several actions",
        status_codes: "did you mean `status_code`? It is one status; several are several actions",
        body: "content",
        text: "content",
        error_message_contains: "content",
        retries: "max_retries",
        wait: "delay",
        error_message: "message"
      },
      say: (found) =>
        typeof found === "string"
          ? {
              message: "is a function or its name, which a configuration cannot hold",
              hint: "write an object such as { status_code: 404, action: ignore }"
            }
          : undefined
    })
  })
  .pipe(
    Schema.filter((action) => [
      ...(action.status_code == null && action.content == null
        ? [{ path: [], message: "would be taken for every answer\nadd a `status_code` or a `content`" }]
        : []),
      ...(["delay", "max_retries"] as const).flatMap((key) =>
        action[key] != null && action.action !== "retry"
          ? [{ path: [key], message: `only goes with \`action: retry\`` }]
          : []
      ),
      ...(action.message != null && action.action !== "fail"
        ? [{ path: ["message"], message: "only goes with `action: fail`" }]
        : [])
    ])
  )

/**
 * @since 0.1.0
 * @category models
 */
export type Action = typeof Action.Type
