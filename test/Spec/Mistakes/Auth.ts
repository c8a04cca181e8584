import { auth } from "../fixture.ts"
import { type Case, one } from "./Case.ts"

export const cases: ReadonlyArray<Case> = [
  one(
    "auth apikey",
    auth("{ type: apikey, api_key: x }"),
    "3:17",
    "client.auth.type",
    /expected `bearer` or `api_key` .*found "apikey"/,
    /did you mean `api_key`\?/
  ),
  one(
    "bearer with a location",
    auth("{ type: bearer, token: x, location: header }"),
    "3:35",
    "client.auth.location",
    /unknown key/,
    /leave it out: a bearer token goes into the Authorization header/
  ),
  one(
    "auth basic",
    auth("{ type: basic, username: u, password: p }"),
    "3:17",
    "client.auth.type",
    /expected/,
    /did you mean `http_basic`\?/
  ),
  one(
    "auth oauth2",
    auth("{ type: oauth2 }"),
    "3:17",
    "client.auth.type",
    /expected/,
    /did you mean `oauth2_client_credentials`\?/
  ),
  one("auth none", auth("{ type: none }"), "3:17", "client.auth.type", /expected/, /leave `auth` out/),
  one("auth a text that is no type", auth("beare"), "3:9", "client.auth", /expected/, /did you mean `bearer`\?/),
  one(
    "auth without type, with a password",
    auth("{ username: x, password: y }"),
    "3:9",
    "client.auth",
    /`type` is missing/,
    /http_basic/
  ),
  one(
    "api_key without type",
    auth("{ api_key: x, name: y }"),
    "3:9",
    "client.auth",
    /`type` is missing/,
    /type: api_key/
  ),
  one(
    "key for api_key",
    auth("{ type: api_key, key: x }"),
    "3:26",
    "client.auth.key",
    /unknown key `key`/,
    /did you mean `api_key`\?/
  ),
  one(
    "token for api_key",
    auth("{ type: api_key, token: x }"),
    "3:26",
    "client.auth.token",
    /unknown key `token`/,
    /did you mean `api_key`\?/
  ),
  one(
    "value for api_key",
    auth("{ type: api_key, value: x }"),
    "3:26",
    "client.auth.value",
    /unknown key `value`/,
    /did you mean `api_key`\?/
  ),
  one(
    "in for location",
    auth("{ type: api_key, api_key: x, in: header }"),
    "3:38",
    "client.auth.in",
    /unknown key/,
    /did you mean `location`\?/
  ),
  one(
    "location body",
    auth("{ type: api_key, api_key: x, location: body }"),
    "3:48",
    "client.auth.location",
    /expected `header` or `query` or `param` or `cookie`/,
    /endpoint\.json/
  ),
  one(
    "a cookie without a name for one",
    auth("{ type: api_key, api_key: x, name: a b, location: cookie }"),
    "3:44",
    "client.auth.name",
    /not a name for a cookie/
  ),
  one(
    "api_key a list",
    auth("{ type: api_key, api_key: [x] }"),
    "3:35",
    "client.auth.api_key",
    /expected a text, found a list/
  ),
  one("api_key empty", auth('{ type: api_key, api_key: "" }'), "3:35", "client.auth.api_key", /empty text/),
  one(
    "api_key of several lines",
    auth('{ type: api_key, api_key: "a\\nb" }'),
    "3:35",
    "client.auth.api_key",
    /no header may hold/
  ),
  one(
    "name with a space",
    auth("{ type: api_key, name: a b, api_key: x }"),
    "3:32",
    "client.auth.name",
    /not a name for a header/
  ),
  one(
    "$API_KEY",
    auth("{ type: api_key, api_key: $API_KEY }"),
    "3:35",
    "client.auth.api_key",
    /variable without braces/,
    /"\$\{NAME\}"/
  ),
  one(
    "dlt.secrets",
    auth("{ type: api_key, api_key: 'dlt.secrets[\"api_key\"]' }"),
    "3:35",
    "client.auth.api_key",
    /Python expression/,
    /"\$\{API_KEY\}"/
  ),
  one(
    "os.environ",
    auth("{ type: api_key, api_key: 'os.environ[\"PM_TOKEN\"]' }"),
    "3:35",
    "client.auth.api_key",
    /Python expression/,
    /"\$\{PM_TOKEN\}"/
  ),
  one(
    "{{ }} as a secret",
    auth("{ type: api_key, api_key: \"{{ config['k'] }}\" }"),
    "3:35",
    "client.auth.api_key",
    /template of another tool/,
    /"\$\{K\}"/
  ),
  one(
    "a default in a reference",
    auth('{ type: api_key, api_key: "${K:-x}" }'),
    "3:35",
    "client.auth.api_key",
    /default inside/
  ),
  one(
    "a reference not closed",
    auth('{ type: api_key, api_key: "${K" }'),
    "3:35",
    "client.auth.api_key",
    /not followed by the name/
  ),
  one("$env of nothing", auth("{ type: api_key, api_key: { $env: 5 } }"), "3:35", "client.auth.api_key", /`\$env`/)
]
