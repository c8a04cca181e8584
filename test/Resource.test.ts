import * as Contract from "../src/Resource/Contract.ts"
import * as Write from "../src/Resource/Write.ts"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Auth, Offset, Resource, SinglePage } from "sluice"
import * as Windows from "../src/Resource/Windows.ts"

const paginator = SinglePage.make()
const make = (options: Partial<Resource.Options> = {}) =>
  Resource.make({ name: "things", path: "/things", paginator, ...options })

describe("Resource.make", () => {
  it("fills in what was not said", () => {
    assert.deepStrictEqual(make(), {
      name: "things",
      table: "things",
      method: "GET",
      path: "/things",
      query: [],
      headers: {},
      body: undefined,
      auth: undefined,
      retry: undefined,
      paginator,
      selector: undefined,
      selectorRequired: true,
      windows: undefined,
      primaryKey: { fields: [], origin: "declared" },
      write: Write.make(),
      actions: [],
      processing: [],
      incremental: undefined,
      includeFromParent: [],
      parallelized: false,
      selected: true,
      columns: [],
      contract: Contract.make(),
      data: undefined,
      schema: undefined,
      json: [],
      mask: [],
      unmask: [],
      maxTableNesting: 1000,
      onBadRow: undefined,
      maxRejectRatio: undefined,
      deletes: { mode: "ignore", agedBy: undefined, maxRatio: 0.2 },
      resumeWithin: 86_400_000,
      unavailable: undefined
    })
  })

  it("keeps what was", () => {
    const options: Resource.Options = {
      name: "n",
      table: "t",
      path: "/p",
      method: "post",
      query: [
        ["a", "1"],
        ["a", "2"]
      ],
      headers: { x: "y" },
      body: { q: null },
      auth: Auth.none,
      paginator: Offset.make({ limit: 5 }),
      selector: "data.items",
      selectorRequired: false,
      primaryKey: ["a", "b"],
      writeDisposition: "append",
      schema: Schema.Struct({ a: Schema.String }),
      json: ["j"],
      mask: ["m"],
      unmask: ["u"],
      maxRejectRatio: 0.5,
      maxTableNesting: 0,
      onBadRow: "fail",
      windows: { fromParam: "from", toParam: "to", cap: 5 },
      unavailable: "no token"
    }
    const { writeDisposition: _, ...rest } = options
    assert.deepStrictEqual(Resource.make(options), {
      ...rest,
      windows: Windows.make(options.windows!),
      deletes: { mode: "ignore", agedBy: undefined, maxRatio: 0.2 },
      resumeWithin: 86_400_000,
      write: Write.make({ disposition: "append" }),
      actions: [],
      processing: [],
      incremental: undefined,
      includeFromParent: [],
      parallelized: false,
      selected: true,
      columns: [],
      contract: Contract.make(),
      data: undefined,
      method: "POST",
      retry: undefined,
      primaryKey: { fields: ["a", "b"], origin: "declared" }
    } as Resource.Resource)
  })

  it("takes a key as a name, as names, or with where it came from", () => {
    const key = (primaryKey: Resource.Options["primaryKey"]) => make({ primaryKey }).primaryKey
    assert.deepStrictEqual(key("id"), { fields: ["id"], origin: "declared" })
    assert.deepStrictEqual(key(["a", "b"]), { fields: ["a", "b"], origin: "declared" })
    assert.deepStrictEqual(key([]), { fields: [], origin: "declared" })
    assert.deepStrictEqual(key({ fields: ["id"], origin: "default" }), { fields: ["id"], origin: "default" })
  })
})
