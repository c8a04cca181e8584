import { client, endpoint, paginator, resource } from "../fixture.ts"
import { type Case, ok, one } from "./Case.ts"

export const cases: ReadonlyArray<Case> = [
  one(
    "resource a number",
    `${client}\nresources: [5]`,
    "2:13",
    "resources[0]",
    /a name, or an object with a `name`, found 5/
  ),
  one(
    "name missing",
    `${client}\nresources: [{ endpoint: { paginator: single_page } }]`,
    "2:13",
    "resources[0].name",
    /`name` is missing/
  ),
  one("nam", `${client}\nresources: [{ nam: x }]`, "2:15", "resources[0].nam", /unknown key/, /did you mean `name`\?/),
  one(
    "the same name twice",
    `${client}\nresources:\n  - ${ok}\n  - ${ok}`,
    "4:13",
    "resources[1].name",
    /"a" is taken by resources\[0\]/
  ),
  one(
    "path beside endpoint",
    resource("path: /x", "endpoint: { paginator: single_page }"),
    "4:5",
    "resources[0].path",
    /does not belong/,
    /endpoint.path/
  ),
  one(
    "params beside endpoint",
    resource("params: {}", "endpoint: { paginator: single_page }"),
    "4:5",
    "resources[0].params",
    /does not belong/,
    /endpoint.params/
  ),
  one(
    "paginator beside endpoint",
    resource("paginator: single_page"),
    "4:5",
    "resources[0].paginator",
    /does not belong/,
    /endpoint.paginator/
  ),
  one(
    "incremental beside endpoint",
    resource("incremental: {}"),
    "4:5",
    "resources[0].incremental",
    /does not belong here/,
    /endpoint\.incremental/
  ),
  one(
    "incremental_sync",
    resource("incremental_sync: {}"),
    "4:5",
    "resources[0].incremental_sync",
    /unknown key/,
    /`endpoint: \{ incremental: \{ cursor_path/
  ),
  one(
    "include_from_parent without a parent",
    resource("include_from_parent: [id]"),
    "4:26",
    "resources[0].include_from_parent",
    /no parent/,
    /resources\.<parent>/
  ),
  one(
    "processing_steps with a function",
    resource("processing_steps: [{ filter: 'lambda x: x' }]"),
    "4:34",
    "resources[0].processing_steps[0].filter",
    /function, which a configuration cannot hold/,
    /\{ path: status, op: eq/
  ),
  one(
    "parallelized a text",
    resource("parallelized: yes"),
    "4:19",
    "resources[0].parallelized",
    /true or false, found "yes"/
  ),
  one(
    "primary_key a number",
    resource("primary_key: 5"),
    "4:18",
    "resources[0].primary_key",
    /name of a field, or a list of names, found 5/
  ),
  one("primary_key with commas", resource("primary_key: a, b"), "4:18", "resources[0].primary_key", /comma/, /a list/),
  one(
    "upsert",
    resource("write_disposition: upsert"),
    "4:24",
    "resources[0].write_disposition",
    /expected/,
    /did you mean `merge`\?/
  ),
  one(
    "a strategy that is none",
    resource("write_disposition: { disposition: merge, strategy: scd }"),
    "4:56",
    "resources[0].write_disposition.strategy",
    /expected/,
    /did you mean `scd2`\?/
  ),
  one(
    "a type that is none",
    resource("columns: { at: { data_type: datetime } }"),
    "4:33",
    "resources[0].columns.at.data_type",
    /one of dlt's types/,
    /did you mean `timestamp`\?/
  ),
  one(
    "column property",
    resource("columns: { at: { data_type: json, nulable: false } }"),
    "4:39",
    "resources[0].columns.at.nulable",
    /unknown key/,
    /did you mean `nullable`\?/
  ),
  one(
    "column a text",
    resource("columns: { at: json }"),
    "4:20",
    "resources[0].columns.at",
    /\{ data_type: timestamp, nullable: false \}, found "json"/
  ),
  one(
    "column list without name",
    resource("columns: [{ data_type: json }]"),
    "4:15",
    "resources[0].columns[0]",
    /`name` is missing/
  ),
  one(
    "on_bad_row",
    resource("on_bad_row: drop"),
    "4:17",
    "resources[0].on_bad_row",
    /`quarantine` or `fail`, found "drop"/
  ),
  one(
    "nesting negative",
    resource("max_table_nesting: -1"),
    "4:24",
    "resources[0].max_table_nesting",
    /0 or more, found -1/
  ),
  one("selected no", resource("selected: no"), "4:15", "resources[0].selected", /true or false, found "no"/),
  one(
    "upsert without key",
    resource("write_disposition: { disposition: merge, strategy: upsert }"),
    "3:5",
    "resources[0].primary_key",
    /`upsert` needs a primary key/
  ),
  one(
    "GET with a body",
    endpoint("json: { a: 1 }"),
    "6:13",
    "resources[0].endpoint.json",
    /GET request has no body/,
    /method: POST/
  ),
  one(
    "another host",
    endpoint("path: https://evil.example/x"),
    "6:13",
    "resources[0].endpoint.path",
    /credentials must not be sent to/,
    /allowed_hosts/
  ),
  one(
    "offset in the body of a GET",
    paginator("{ type: offset, limit: 5, offset_body_path: o }"),
    "4:5",
    "resources[0].endpoint.method",
    /needs a request with a body/
  )
]
