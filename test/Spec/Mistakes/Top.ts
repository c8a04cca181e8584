import { auth, client } from "../fixture.ts"
import { type Case, defaults, ok, one, top } from "./Case.ts"

export const cases: ReadonlyArray<Case> = [
  one("client missing", `resources: [${ok}]`, "1:1", "client", /`client` is missing/),
  one("resources missing", client, "1:1", "resources", /`resources` is missing/, /a list of resources/),
  one("resources empty", `${client}\nresources: []`, "2:12", "resources", /empty list/),
  one("resources a text", `${client}\nresources: a`, "2:12", "resources", /expected a list of resources.*found "a"/),
  one("resources nothing", `${client}\nresources:`, "2:11", "resources", /found nothing/),
  one("a list at the top", "- a", "1:1", "", /expected an object with `client` and `resources`, found a list/),
  one("unknown key", top("nmae: x"), "1:1", "nmae", /unknown key `nmae`/, /did you mean `name`\?/),
  one("a key nothing is like", top("wibble: x"), "1:1", "wibble", /unknown key/, /known here: .*`client`/),
  one(
    "base_url at the top",
    top("base_url: x"),
    "1:1",
    "base_url",
    /does not belong here/,
    /belongs to `client.base_url`/
  ),
  one(
    "primary_key at the top",
    top("primary_key: id"),
    "1:1",
    "primary_key",
    /does not belong here/,
    /resource_defaults.primary_key/
  ),
  one("a key every object has", top("constructor: x"), "1:1", "constructor", /unknown key `constructor`/, /known here/),
  one("streams", top("streams: []"), "1:1", "streams", /unknown key/, /did you mean `resources`\?/),
  one("name with a slash", top("name: ../x"), "1:7", "name", /not a plain name/, /database file/),
  one("a key twice", `${client}\nresources: [${ok}]\nclient: {}`, "3:1", "client", /written twice, first in line 1/),
  one(
    "a tag",
    auth("{ type: api_key, api_key: !env KEY }"),
    "3:40",
    "client.auth.api_key",
    /tag that means nothing/,
    /\$\{NAME\}/
  ),
  one(
    "name in the defaults",
    defaults("name: x"),
    "3:3",
    "resource_defaults.name",
    /does not belong here/,
    /`resources`/
  ),
  one(
    "endpoint a text",
    defaults("endpoint: /x"),
    "3:13",
    "resource_defaults.endpoint",
    /is a path, which the defaults have none of/
  ),
  one(
    "overwrite",
    defaults("write_disposition: overwrite"),
    "3:22",
    "resource_defaults.write_disposition",
    /expected `append` or `replace` or `merge` or `skip`/,
    /`replace`/
  )
]
