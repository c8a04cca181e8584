/**
 * The `single_page` paginator: one request, the whole answer.
 *
 * Stage Page, pure. Does not page, but notices when the body says that there was more to page through.
 */
import type { Paginator } from "../Page.ts"
import * as Read from "./Read.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Paginator => ({
  type: "single_page",
  options: {},
  first: {},
  next: (page) => {
    const found = page.single === true ? undefined : Read.detectTotal(page.body)
    const more = found !== undefined && found.total > page.rows
    const said = Read.saysMore(page.body)
    return {
      _tag: "Stop",
      reason: "single_page",
      complete: !said && !(more && found.certain),
      total: found?.certain === true ? found.total : undefined,
      notice: more
        ? `the body reports a total of ${found.total} but held ${page.rows} rows: if the endpoint is paged, declare its paginator`
        : said
          ? "the body says that more rows follow: if the endpoint is paged, declare its paginator"
          : undefined
    }
  }
})
