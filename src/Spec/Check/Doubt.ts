/**
 * Warnings: what dlt accepts and then loses without a word, and what is read here but has no effect.
 */
import * as Path from "../../Page/Path.ts"
import * as Either from "effect/Either"
import * as Request from "../Build/Request.ts"
import * as Write from "../Build/Write.ts"
import type { Draft } from "../Draft.ts"
import * as Column from "../Grammar/Column.ts"
import * as Resource from "../Grammar/Resource.ts"
import * as Placeholder from "../Placeholder.ts"
import * as Problem from "../Problem.ts"

/**
 * @since 0.1.0
 * @category combinators
 */
export const check = (draft: Draft): ReadonlyArray<Problem.Problem> => [
  ...paging(draft),
  ...paths(draft),
  ...braces(draft),
  ...writing(draft),
  ...ineffective(draft)
]

// --- internal ---

type Say = (keys: ReadonlyArray<PropertyKey>, message: string, hint?: string) => Problem.Problem

const sayer =
  (draft: Draft): Say =>
  (keys, message, hint) =>
    Problem.warning(draft.at(keys), message, hint)

const paging = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const say = sayer(draft)
  const { origin, paginator } = draft.paginator
  const warnings: Array<Problem.Problem> = []
  const place = origin === "client" ? undefined : ["endpoint", "paginator"]
  const add = (key: string, message: string, hint: string) =>
    void warnings.push(
      place === undefined
        ? Problem.warning(["client", "paginator", key], message, hint)
        : say([...place, key], message, hint)
    )
  if (
    draft.request.isEntity &&
    draft.merged.endpoint.data_selector == null &&
    /\?.*\{[^/]*$/.test(draft.merged.endpoint.path ?? "")
  ) {
    warnings.push(
      say(
        ["endpoint", "path"],
        "a placeholder in the last part of a path makes the answer one entity, in the query too",
        "write the placeholder into `params`, or a `data_selector`"
      )
    )
  } else if (draft.request.isEntity && draft.client.paginator != null) {
    if (origin === "entity") {
      warnings.push(
        say(
          ["endpoint", "path"],
          "a path that ends in a placeholder is one entity: `client.paginator` is not used for it",
          "if it is a list, write its `data_selector` or a `paginator` of its own"
        )
      )
    } else if (origin === "client") {
      warnings.push(
        say(
          ["endpoint", "path"],
          "`client.paginator` is used here; dlt ignores it where a path ends in a placeholder, and reads one page",
          "write `paginator: single_page` if there is only one"
        )
      )
    }
  }
  if ((paginator.type === "offset" || paginator.type === "page_number") && paginator.total_path === undefined) {
    add(
      "total_path",
      `no \`total_path\`: ${paginator.type === "offset" ? "the walk ends with a short or an empty page, or by a total named like one" : "the walk ends with an empty page, or by a number of pages named like one"} (dlt would take \`total\`, and fail without it)`,
      "write the path to it, or `total_path: null`"
    )
  }
  if (paginator.type === "page_number" && paginator.base_page == null && paginator.page == null) {
    add(
      "base_page",
      "no `base_page`: the first page asked for is 0 (dlt would leave out the last page of an API that counts from 1)",
      "write `base_page: 1` if the API counts from 1"
    )
  }
  if (paginator.type === "cursor") {
    const path = paginator.cursor_path
    if (path == null) {
      add(
        "cursor_path",
        "no `cursor_path`: the cursor is looked for at `cursors.next`, and without one there the first page is all",
        "write the path to the cursor in the answer"
      )
    } else if (/^(?:response\.)?headers?\b/i.test(path)) {
      add(
        "cursor_path",
        "leads into the headers, but a cursor is read from the body",
        "write `type: header_link` for a Link header, or `type: header_cursor` with the header as `cursor_key`"
      )
    } else if (/(?:^|[._])(?:url|uri|link|links|href)\b|nextLink|_links/i.test(path)) {
      add(
        "cursor_path",
        "looks like the path to a URL, not to a cursor",
        `write { type: json_link, next_url_path: ${JSON.stringify(path)} }`
      )
    }
  }
  return warnings
}

/** Spellings that dlt reads otherwise, or not at all. */
const paths = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const say = sayer(draft)
  const { endpoint } = draft.merged
  const own = endpoint.paginator != null && typeof endpoint.paginator === "object" ? endpoint.paginator : {}
  const places: ReadonlyArray<readonly [ReadonlyArray<string>, unknown]> = [
    [["endpoint", "data_selector"], endpoint.data_selector],
    [["endpoint", "incremental", "cursor_path"], endpoint.incremental?.cursor_path],
    ...Object.entries(own)
      .filter(([key]) => /^(?:total|has_more|cursor|next_url)_path$/.test(key))
      .map(([key, value]) => [["endpoint", "paginator", key], value] as const)
  ]
  return places.flatMap(([keys, value]) => {
    if (typeof value !== "string" || value === "") return []
    if (/\.\*/.test(value)) {
      return [
        say(
          keys,
          "`.*` matches no list in dlt; here it takes the elements of a list as well",
          `write \`${value.replaceAll(".*", "[*]")}\``
        )
      ]
    }
    const path = Path.compile(value)
    const repaired = Either.isRight(path) ? path.right.repaired : undefined
    if (repaired === undefined || !/@/.test(value)) return []
    return [
      say(keys, `is read as \`${repaired}\`; dlt matches nothing with an unquoted \`@\``, `write \`${repaired}\``)
    ]
  })
}

const braces = (draft: Draft): ReadonlyArray<Problem.Problem> =>
  Request.written(draft.merged.endpoint).flatMap(({ keys, text }) => {
    const say = sayer(draft)
    if (keys[0] !== "json" && Placeholder.isDoubtful(text)) {
      return [
        say(
          ["endpoint", ...keys],
          "doubled braces are sent as single ones; a template of another tool is not filled in",
          'a value from the environment is written "${NAME}"'
        )
      ]
    }
    return Placeholder.isMixed(text)
      ? [
          say(
            ["endpoint", ...keys],
            "has single and doubled braces: it is sent as it is written",
            "double every brace, or none"
          )
        ]
      : []
  })

const writing = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const say = sayer(draft)
  const write = Write.make(draft.merged)
  const keys = Write.primaryKey(draft.merged)
  const warnings: Array<Problem.Problem> = []
  if (
    write.disposition === "merge" &&
    write.strategy !== "scd2" &&
    keys.length === 0 &&
    (write.mergeKey ?? []).length === 0
  ) {
    warnings.push(
      say(
        ["write_disposition"],
        "`merge` without a key appends: every run adds the same rows again",
        "write a `primary_key`, or `write_disposition: replace`"
      )
    )
  }
  if (draft.incremental !== undefined && draft.incremental.endValue === undefined) {
    if (write.disposition === "replace") {
      warnings.push(
        say(
          ["write_disposition"],
          "`replace` with `incremental` starts at `initial_value` in every run: its cursor is not kept",
          "write `write_disposition: merge` with a `primary_key`"
        )
      )
    }
    if (write.strategy === "scd2" && (write.mergeKey ?? []).length === 0) {
      warnings.push(
        say(
          ["write_disposition"],
          "`scd2` with `incremental` retires every row that a run does not bring again",
          "write a `merge_key`: only rows that share one with a new row are retired then"
        )
      )
    }
  }
  const marks = Object.keys(draft.merged.columns).filter((name) => draft.merged.columns[name]?.hard_delete === true)
  for (const name of marks.slice(1)) {
    warnings.push(
      say(
        ["columns", name, "hard_delete"],
        `of several \`hard_delete\` only the first counts, that of \`${marks[0]}\``,
        "write it for one column"
      )
    )
  }
  if (draft.merged.max_table_nesting === 0 && Object.keys(draft.merged.columns).some((name) => name.includes("__"))) {
    warnings.push(say(["columns"], "a nested column is not made: `max_table_nesting: 0` keeps objects as JSON"))
  }
  return warnings
}

const ineffective = (draft: Draft): ReadonlyArray<Problem.Problem> => {
  const say = sayer(draft)
  const { endpoint } = draft.merged
  const nothing = (keys: ReadonlyArray<PropertyKey>) => say(keys, `\`${String(keys.at(-1))}\` has no effect here`)
  return [
    ...Resource.ineffective.flatMap((key) => (draft.merged[key] == null ? [] : [nothing([key])])),
    ...Object.entries(draft.merged.columns).flatMap(([name, column]) =>
      Object.entries(column).flatMap(([key, value]) =>
        value != null && (Column.inert.includes(key) || key.startsWith("x-")) && value !== false
          ? [nothing(["columns", name, key])]
          : []
      )
    ),
    ...(["primary_key", "allow_external_schedulers"] as const).flatMap((key) => {
      const value = endpoint.incremental?.[key]
      return value == null || value === false ? [] : [nothing(["endpoint", "incremental", key])]
    })
  ]
}
