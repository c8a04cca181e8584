/**
 * The lists of what is set up: templates, webhooks, sender signatures, inbound rules. Only the real API has these.
 *
 * Outside a row's path. Pure. A bad query is 422 with the resource's own ErrorCode.
 */
import * as Either from "effect/Either"
import * as Domain from "../Data/Domain.ts"
import * as Inventory from "../Data/Inventory.ts"
import * as Stream from "../Data/Stream.ts"
import * as Http from "../Http.ts"
import * as Filter from "./Filter.ts"
import type { List } from "./Lists.ts"
import * as Paging from "./Paging.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const templates: List = (world, query) =>
  Either.merge(
    Either.gen(function* () {
      const slice = yield* Paging.read(world, query, { code: 1100, windowed: false })
      const type = yield* Filter.oneOf(query, "templatetype", ["all", "standard", "layout"], 1100)
      const layout = query.get("layouttemplate") ?? ""
      const all = rows(Inventory.counts.templates, (index) => Inventory.template(world, index)).filter(
        ({ LayoutTemplate, TemplateType }) =>
          (type === undefined || type === "all" || TemplateType.toLowerCase() === type) &&
          (layout === "" || LayoutTemplate === layout)
      )
      return page("Templates", all, slice)
    })
  )

/**
 * Not paged, and without a total.
 *
 * @since 0.1.0
 * @category constructors
 */
export const webhooks: List = (world, query) => {
  const stream = query.get("messagestream") ?? ""
  if (stream !== "" && Stream.indexOf(world, stream) === -1)
    return Http.problem(422, 1226, "The message stream for the provided 'ID' was not found.")
  const all = Inventory.webhooks(world).filter(
    ({ MessageStream }) => stream === "" || MessageStream === stream.toLowerCase()
  )
  return Http.json(200, `{"Webhooks":[${all.map(Http.encode).join(",")}]}`)
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const signatures: List = (world, query) =>
  Either.merge(
    Either.map(Paging.read(world, query, { code: 500, windowed: false }), (slice) =>
      page(
        "SenderSignatures",
        rows(Domain.count(world), (index) => Inventory.signature(world, index)),
        slice
      )
    )
  )

/**
 * @since 0.1.0
 * @category constructors
 */
export const inboundRules: List = (world, query) =>
  Either.merge(
    Either.map(Paging.read(world, query, { code: 800, windowed: false }), (slice) =>
      page(
        "InboundRules",
        rows(Inventory.counts.inboundRules, (index) => Inventory.inboundRule(world, index)),
        slice
      )
    )
  )

// --- internal ---

const rows = <A>(length: number, row: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length }, (_, n) => row(n))

const page = (field: string, all: ReadonlyArray<object>, { count, offset }: Paging.Slice): Http.Response => {
  const wanted = all.slice(offset, offset + count)
  return Http.json(200, `{"TotalCount":${all.length},"${field}":[${wanted.map(Http.encode).join(",")}]}`)
}
