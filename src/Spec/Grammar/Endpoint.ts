/**
 * `endpoint`: the request of one resource, and where in the answer its rows are.
 */
import * as Schema from "effect/Schema"
import * as Lore from "../Lore.ts"
import { Auth } from "./Auth.ts"
import { Retry } from "./Client.ts"
import * as Paginator from "./Paginator.ts"
import * as Value from "./Value.ts"

/**
 * A query parameter: `null` is not sent, a list repeats the name.
 *
 * @since 0.1.0
 * @category models
 */
export const Param = Schema.Union(
  Value.Text,
  Schema.Number,
  Schema.BigIntFromSelf.annotations({ jsonSchema: { type: "integer" } }),
  Schema.Boolean,
  Schema.Null,
  Schema.Array(
    Schema.Union(
      Value.Text,
      Schema.Number,
      Schema.BigIntFromSelf.annotations({ jsonSchema: { type: "integer" } }),
      Schema.Boolean,
      Schema.Null
    ).annotations(Lore.lore({ expected: "a text, a number, true or false" }))
  )
).annotations(
  Lore.lore({
    expected: "a text, a number, true or false, null, or a list of these",
    say: (found) => {
      const type = typeof found === "object" && found !== null && "type" in found ? found.type : undefined
      return type === "incremental" || type === "resolve"
        ? { message: `a parameter of type \`${type}\` is not supported yet`, hint: "write the value itself" }
        : undefined
    }
  })
)

/**
 * @since 0.1.0
 * @category models
 */
export const Endpoint = Schema.Struct({
  path: Schema.optional(Schema.NullOr(Value.Text)).annotations({
    description:
      "Joined to client.base_url; the resource's name if left out. An absolute URL needs its host in client.allowed_hosts."
  }),
  method: Schema.optional(
    Schema.NullOr(Schema.Literal("GET", "POST", "get", "post").annotations(Lore.lore({ expected: "`GET` or `POST`" })))
  ).annotations({ description: "HTTP method.", default: "GET" }),
  params: Schema.optional(Schema.NullOr(Schema.Record({ key: Schema.String, value: Param }))).annotations({
    description: "Query parameters; added to those of resource_defaults."
  }),
  headers: Schema.optional(Schema.NullOr(Value.Headers)).annotations({
    description: "Headers beside those of the client."
  }),
  json: Schema.optional(
    Schema.NullOr(
      Schema.Record({ key: Schema.String, value: Schema.Unknown }).annotations({ jsonSchema: { type: "object" } })
    )
  ).annotations({ description: "JSON body of a POST; its top-level keys are added to those of resource_defaults." }),
  data_selector: Schema.optional(Schema.NullOr(Value.DottedPath)).annotations({
    description: "Dotted path to the rows in the answer; `$` when the answer itself is the row or the list of rows."
  }),
  data_selector_required: Schema.optional(Schema.Boolean).annotations({
    description: "Whether an answer without the selected key is an error.",
    default: true
  }),
  paginator: Schema.optional(Schema.NullOr(Paginator.Paginator)).annotations({
    description: "How the rows come in pages; that of the client if left out."
  }),
  auth: Schema.optional(Schema.NullOr(Auth)).annotations({
    description: "Credentials instead of those of the client."
  }),
  retry: Schema.optional(Schema.NullOr(Retry)).annotations({ description: "Over the values of client.retry." })
}).annotations({
  identifier: "Endpoint",
  ...Lore.lore({
    expected: "a path, or an object such as { path: /v1/bounces, data_selector: Bounces }",
    notYet: ["incremental", "response_actions", "data"],
    instead: {
      url: "path",
      uri: "path",
      route: "path",
      endpoint: "path",
      verb: "method",
      http_method: "method",
      query: "params",
      query_params: "params",
      parameters: "params",
      request_parameters: "params",
      body: "json",
      request_body: "json",
      body_json: "json",
      selector: "data_selector",
      data_path: "data_selector",
      data_key: "data_selector",
      record_selector: "data_selector",
      records_path: "data_selector",
      pagination: "paginator",
      pager: "paginator",
      error_handler: "retry",
      incremental_sync: "incremental"
    },
    elsewhere: {
      ...Lore.under("endpoint.paginator", Paginator.keys),
      ...Lore.under("resources[…]", [
        "name",
        "table_name",
        "primary_key",
        "write_disposition",
        "columns",
        "max_table_nesting",
        "selected",
        "on_bad_row"
      ])
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export type Endpoint = typeof Endpoint.Type
