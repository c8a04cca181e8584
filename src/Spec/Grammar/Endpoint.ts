/**
 * `endpoint`: the request of one resource, and where in the answer its rows are.
 */
import * as Schema from "effect/Schema"
import * as Header from "../../Api/Header.ts"
import * as Lore from "../Lore.ts"
import * as Placeholder from "../Placeholder.ts"
import * as Action from "./Action.ts"
import { Auth } from "./Auth.ts"
import { Retry } from "./Client.ts"
import * as Incremental from "./Incremental.ts"
import * as Paginator from "./Paginator.ts"
import * as Value from "./Value.ts"
import * as Windows from "./Windows.ts"

/**
 * A value of the parent's row as a parameter: dlt's older form of `{resources.<parent>.<field>}`.
 *
 * @since 0.1.0
 * @category models
 */
export const Resolve = Schema.Struct({
  type: Value.required(Schema.Literal("resolve"), {
    description: "The parameter is a value of the parent's row.",
    example: "resolve"
  }),
  resource: Value.required(Value.NonEmptyText, { description: "The parent's name.", example: "posts" }),
  field: Value.required(Value.JsonPath, { description: "Path to the value in the parent's row.", example: "id" })
}).annotations({
  identifier: "ResolveParam",
  ...Lore.lore({ instead: { parent: "resource", source: "resource", path: "field", key: "field", column: "field" } })
})

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
  Schema.Array(Schema.NullOr(Value.Scalar).annotations(Lore.lore({ expected: "a text, a number, true or false" }))),
  Resolve,
  Incremental.Param
).annotations({
  identifier: "Param",
  ...Lore.lore({
    expected: "a text, a number, true or false, null, or a list of these",
    say: (found) => {
      if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined
      const type = "type" in found ? found.type : undefined
      if (type === "incremental" || type === "resolve") return undefined
      return {
        message: "an object is no query parameter, unless its `type` is `resolve` or `incremental`",
        hint: "write its parts as parameters of their own, such as `filter[name]: x`, or the whole as a text"
      }
    }
  })
})

const HeaderValue = Schema.NullOr(Value.Scalar)

/**
 * A form by name, or as pairs, or a text that is sent as it is.
 *
 * @since 0.1.0
 * @category models
 */
export const Data = Schema.Union(
  Value.Text,
  Schema.Record({
    key: Schema.String,
    value: Schema.NullOr(Schema.Union(Value.Scalar, Schema.Array(Schema.NullOr(Value.Scalar))))
  }),
  Schema.Array(Schema.Tuple(Value.Text, Schema.NullOr(Value.Scalar)))
).annotations({
  identifier: "Data",
  ...Lore.lore({ expected: "a text, an object of form fields, or a list of [name, value]" })
})

/**
 * @since 0.1.0
 * @category models
 */
export const Endpoint = Schema.Struct({
  path: Value.key(Value.Text, {
    description:
      "Joined to client.base_url; the resource's name if left out. An absolute URL needs its host in client.allowed_hosts. May hold `{resources.<parent>.<field>}`, `{incremental.start_value}` and `{name}` of a parameter.",
    example: "/v1/posts/{resources.posts.id}/comments"
  }),
  method: Value.key(
    Schema.String.pipe(
      Schema.filter((method) => /^(get|post)$/i.test(method), {
        jsonSchema: {
          anyOf: [{ enum: ["GET", "POST"] }, { type: "string", pattern: "^([Gg][Ee][Tt]|[Pp][Oo][Ss][Tt])$" }]
        },
        ...Lore.lore({
          expected: "`GET` or `POST`",
          say: (found) =>
            typeof found === "string" && /^(put|patch|delete|head|options)$/i.test(found)
              ? {
                  message: `expected \`GET\` or \`POST\`, found ${JSON.stringify(found)}`,
                  hint: "only requests that read are sent"
                }
              : undefined
        })
      })
    ),
    { description: "HTTP method, in any case.", default: "GET", example: "POST" }
  ),
  params: Value.key(Schema.Record({ key: Schema.String, value: Param }), {
    description: "Query parameters; added to those of resource_defaults.",
    example: "{ per_page: 100, status: [open, closed] }"
  }),
  headers: Value.key(
    Schema.Record({ key: Schema.String, value: HeaderValue }).pipe(
      Schema.filter((headers) =>
        Object.entries(headers).flatMap(([name, value]) => {
          const problem = Header.problem(name, value === null ? "" : Placeholder.plain(String(value)))
          return problem === undefined ? [] : [{ path: [name], message: problem }]
        })
      )
    ),
    { description: "Headers beside those of the client; null is not sent.", example: "{ Accept: application/json }" }
  ),
  json: Value.key(
    Schema.Record({ key: Schema.String, value: Value.Anything }).annotations({
      jsonSchema: { type: "object" },
      ...Lore.lore({ expected: "an object" })
    }),
    {
      description: "JSON body of a POST; its top-level keys are added to those of resource_defaults.",
      example: "{ filter: { status: open } }"
    }
  ),
  data: Value.key(Data, {
    description: "Body of a POST instead of json: an object or a list of pairs is sent as a form, a text as it is.",
    example: "{ grant: all }"
  }),
  data_selector: Value.key(Value.JsonPath, {
    description:
      "Path to the rows in the answer; `$` when the answer itself is the row or the list of rows. Left out: found in the first answer.",
    example: "data.items"
  }),
  data_selector_required: Value.key(Schema.Boolean, {
    description: "Whether an answer without the selected key is an error.",
    default: true,
    example: "false",
    own: true
  }),
  paginator: Value.key(Paginator.Paginator, {
    description:
      "How the rows come in pages; that of the client if left out, and found in the first answer without one.",
    example: "{ type: page_number, base_page: 1 }"
  }),
  incremental: Value.key(Incremental.Incremental, {
    description: "A cursor in the rows: a run asks only for what is new.",
    example: '{ cursor_path: updated_at, initial_value: "2024-01-01", start_param: since }'
  }),
  windows: Value.key(Windows.Windows, {
    description: "The list is asked for in windows of time, where the API pages no further than a cap.",
    example: "{ from_param: fromdate, to_param: todate, start: 45d }",
    own: true
  }),
  response_actions: Value.key(
    Schema.Array(Action.Action).annotations(
      Lore.lore({ expected: "a list of objects such as { status_code: 404, action: ignore }" })
    ),
    {
      description: "What answers of a certain status or content mean; the first that holds counts.",
      example: "[{ status_code: 404, action: ignore }]"
    }
  ),
  auth: Value.key(Auth, {
    description: "Credentials instead of those of the client; null: none.",
    example: '{ type: bearer, token: "${TOKEN}" }'
  }),
  retry: Value.key(Retry, {
    description: "Over the values of client.retry.",
    example: "{ max_retries: 5 }",
    own: true
  })
}).annotations({
  identifier: "Endpoint",
  ...Lore.lore({
    expected: "a path, or an object such as { path: /v1/bounces, data_selector: Bounces }",
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
      request_body_json: "json",
      body_json: "json",
      request_body_data: "data",
      form: "data",
      selector: "data_selector",
      data_path: "data_selector",
      data_key: "data_selector",
      record_selector: "data_selector",
      records_path: "data_selector",
      field_path: "data_selector",
      pagination: "paginator",
      pager: "paginator",
      error_handler:
        "statuses to try again are `retry: { statuses: [429, 503] }`, statuses to let pass are `response_actions: [{ status_code: 404, action: ignore }]`",
      incremental_sync: "did you mean `incremental`? It is { cursor_path, initial_value, start_param }",
      partition_router:
        "a request for every row of another resource is written `path: /x/{resources.<parent>.<field>}`",
      record_filter: "rows are left out by the resource's `processing_steps: [{ filter: { path, op, value } }]`",
      feature_extractor: "rows are changed by the resource's `processing_steps`",
      convert: "it belongs to `incremental.convert`"
    },
    elsewhere: {
      ...Lore.under("endpoint.paginator", Paginator.keys),
      ...Lore.under("endpoint.incremental", ["cursor_path", "initial_value", "end_value", "start_param", "end_param"]),
      ...Lore.under("resources[…]", [
        "name",
        "table_name",
        "primary_key",
        "merge_key",
        "write_disposition",
        "columns",
        "schema_contract",
        "processing_steps",
        "include_from_parent",
        "max_table_nesting",
        "parallelized",
        "selected",
        "on_bad_row",
        "max_reject_ratio",
        "deletes",
        "max_delete_ratio",
        "resume_within"
      ])
    }
  })
})

/**
 * @since 0.1.0
 * @category models
 */
export type Endpoint = typeof Endpoint.Type
