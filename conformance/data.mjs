/**
 * The rows behind server.mjs: fixed, and small enough to be read in a golden result.
 */

export const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const day = (n) => `2024-01-${String(n).padStart(2, "0")}T00:00:00Z`

export const posts = range(1, 12).map((id) => ({ id, title: `Post ${id}`, author: { name: `Author ${(id % 3) + 1}` } }))
export const comments = (post) =>
  range(1, 3).map((n) => ({ id: post * 10 + n, post_id: post, body: `Comment ${n} of ${post}` }))
export const reactions = (post, comment) =>
  range(1, 2).map((n) => ({ id: comment * 10 + n, comment_id: comment, kind: n === 1 ? "like" : "star" }))

/** Rows with a time in text and one in numbers; the second generation has more of them, and may have changed the newest of the first. */
export const events = (generation, changed = false) => [
  ...range(1, 5).map(event),
  { ...event(6), ...(changed && generation === 2 ? { name: "Event 6, changed" } : {}) },
  ...(generation === 2 ? range(7, 9).map(event) : [])
]

const event = (n) => ({ id: n, seq: n * 10, updated_at: day(n), name: `Event ${n}` })

export const users = (generation) =>
  generation === 1
    ? [
        { id: 1, name: "Ada", city: "London", tags: ["a", "b"] },
        { id: 2, name: "Bob", city: "Paris", tags: ["c"] },
        { id: 3, name: "Cyd", city: "Rome", tags: [] }
      ]
    : [
        { id: 1, name: "Ada", city: "Oxford", tags: ["b"] },
        { id: 3, name: "Cyd", city: "Rome", tags: [] },
        { id: 4, name: "Dan", city: "Bern", tags: ["d", "e"] }
      ]

/** A body per name under /fixed: `[first generation, second generation]`, or one for both. */
export const fixed = {
  // shapes of bodies
  array: [{ id: 1 }, { id: 2 }],
  object: { id: 7, name: "one row", size: 3 },
  unknown_key: { "many-results": [{ id: 1 }, { id: 2 }], count: 2 },
  several_lists: { errors: [{ code: 1 }], data: [{ id: 1 }, { id: 2 }] },
  empty_list_first: { errors: [], rows_of_mine: [{ id: 1 }, { id: 2 }] },
  deep: { response: { payload_of: { inner: [{ id: 1 }, { id: 2 }] } } },
  known_deep: { meta: { tags: ["x"] }, response: { items: [{ id: 1 }, { id: 2 }] } },
  groups: {
    groups: [
      { name: "a", items: [{ id: 1 }, { id: 2 }] },
      { name: "b", items: [{ id: 3 }] }
    ]
  },
  dotted: { "rows.all": [{ id: 1 }, { id: 2 }], "tour-guides": [{ id: 3 }] },
  scalar: { TotalCount: 41, Items: ["x", "y"] },
  null_rows: { data: null, note: "none today" },
  empty: { data: [], total: 0 },
  first_of: {
    data: [
      { id: 1, kind: "a" },
      { id: 2, kind: "b" },
      { id: 3, kind: "a" }
    ]
  },

  by_key: { data: { one: { id: 1, v: "a" }, two: { id: 2, v: "b" } } },
  wrapped: {
    results: [
      { item: { id: 1 }, score: 5 },
      { item: { id: 2 }, score: 6 }
    ]
  },
  tagged_once: { items: [{ id: 1, tags: [{ t: "a" }, { t: "b" }] }] },
  with_null_rows: { data: [null, { id: 1 }, { id: 2 }] },
  nothing: [],
  parent_kinds: {
    data: [
      { id: 1, flag: true, part: 1.5, none: null, big: 9007199254740993n, text: "" },
      { id: 2, flag: false, part: 2.25, none: null, big: 5, text: "x" }
    ]
  },
  hrefs: {
    data: [
      { id: 1, href: "posts/1/all_comments", code: "a b" },
      { id: 2, href: "posts/2/all_comments", code: "c" }
    ]
  },

  // types
  unicode: { data: [{ id: 1, v: "naïve 日本 🙂", größe: 5, 日本: "x", quote: 'it\'s "so"', line: "a\nb\tc\u0000d" }] },
  odd_numbers: { data: [{ id: 1, a: 0.1, b: -0.5, c: 1e-7, d: 1.7976931348623157e308, e: 123456.789012 }] },
  bool_then_text: {
    data: [
      { id: 1, v: true },
      { id: 2, v: "yes" },
      { id: 3, v: 0 }
    ]
  },
  float_then_digits: {
    data: [
      { id: 1, v: 1.5 },
      { id: 2, v: "2.25" },
      { id: 3, v: "7" }
    ]
  },
  timestamp_then_text: {
    data: [
      { id: 1, v: "2024-01-02T03:04:05Z" },
      { id: 2, v: "soon" }
    ]
  },
  text_then_timestamp: {
    data: [
      { id: 1, v: "soon" },
      { id: 2, v: "2024-01-02T03:04:05Z" }
    ]
  },
  timestamp_then_epoch: {
    data: [
      { id: 1, v: "2024-01-02T03:04:05Z" },
      { id: 2, v: 1704164645 }
    ]
  },
  text_then_float: {
    data: [
      { id: 1, v: "a" },
      { id: 2, v: 1.5 },
      { id: 3, v: 1e21 },
      { id: 4, v: 100 }
    ]
  },
  text_then_small: {
    data: [
      { id: 1, v: "a" },
      { id: 2, v: 0.00001 }
    ]
  },
  list_then_scalar: {
    data: [
      { id: 1, v: ["a"] },
      { id: 2, v: "b" }
    ]
  },
  object_then_scalar: {
    data: [
      { id: 1, v: { w: 1 } },
      { id: 2, v: "b" }
    ]
  },
  late_columns: { data: [{ id: 1 }, { id: 2, b: "x" }, { id: 3, c: 1.5, b: null }] },
  prices: { data: [{ id: 1, price: "12.50", day: "2024-01-02", at: "03:04:05", raw: "aGVsbG8=", seen: 1704164645 }] },

  // nesting
  list_kinds: {
    data: [
      {
        id: 1,
        bools: [true, false],
        times: ["2024-01-02T03:04:05Z"],
        numbers: [1, 2],
        nulls: [null, 1],
        objects: [{}, { a: 1 }],
        texts: ["", "x"]
      }
    ]
  },
  deep_lists: {
    data: [
      { id: 1, a: { b: { list: [{ c: { d: 1, inner: ["p", "q"] } }, { c: { d: 2, inner: [] } }] } } },
      { id: 2, a: { b: { list: [] } } }
    ]
  },
  nulls_inside: {
    data: [
      { id: 1, o: null, l: null, p: { q: null, r: 1 } },
      { id: 2, o: { x: 1 }, l: [1], p: null }
    ]
  },
  list_names: { data: [{ ID: 1, LineItems: [{ SKU: "x", UnitPrice: 1.5, TaxLines: [{ Rate: 0.2 }] }] }] },
  scalars: {
    data: [{ id: 1, text: "a", int: 5, float: 1.5, yes: true, no: false, empty: "", zero: 0, neg: -3, exp: 1e21 }]
  },
  timestamps: {
    data: [
      { id: 1, at: "2024-01-02T03:04:05Z", day: "2024-01-02", clock: "03:04:05", year: "2024" },
      { id: 2, at: "2024-01-02T03:04:05+02:00", day: "2024-01-03", clock: "04:05:06", year: "2025" },
      { id: 3, at: "2024-01-02 03:04:05", day: "2024-01-04", clock: "05:06:07", year: "2026" },
      { id: 4, at: "2024-01-02T03:04:05.123456Z", day: "2024-01-05", clock: "06:07:08", year: "2027" }
    ]
  },
  timestamp_forms: {
    data: [
      {
        id: 1,
        a: "2024-01-02T03:04:05.1Z",
        b: "2024-01-02T03:04:05-05",
        c: "2024-01-02T03:04:05+0200",
        d: "2024-01-02T03:04"
      },
      {
        id: 2,
        a: "2024-02-02T03:04:05.25Z",
        b: "2024-02-02T03:04:05-05",
        c: "2024-02-02T03:04:05+0200",
        d: "2024-02-02T03:04"
      }
    ]
  },
  not_timestamps: {
    data: [
      {
        id: 1,
        a: "2024-001",
        b: "P1D",
        c: "01/02/2024",
        d: "1704164645",
        e: " 2024-01-02T03:04:05Z",
        f: "2024-01-02t03:04:05z",
        g: "2024-13-45T03:04:05Z"
      }
    ]
  },
  widening: {
    data: [
      { id: 1, a: 1, b: 2, c: 3 },
      { id: 2, a: 2, b: 2, c: 4 }
    ]
  },
  int_then_float: {
    data: [
      { id: 1, v: 1 },
      { id: 2, v: 1.5 }
    ]
  },
  float_then_int: {
    data: [
      { id: 1, v: 1.5 },
      { id: 2, v: 2 },
      { id: 3, v: 3.25 }
    ]
  },
  int_then_digits: {
    data: [
      { id: 1, v: 1 },
      { id: 2, v: "12" },
      { id: 3, v: 3 }
    ]
  },
  int_then_text: {
    data: [
      { id: 1, v: 1 },
      { id: 2, v: "abc" },
      { id: 3, v: 3 }
    ]
  },
  int_then_bool: {
    data: [
      { id: 1, v: 1 },
      { id: 2, v: true }
    ]
  },
  text_then_int: {
    data: [
      { id: 1, v: "a" },
      { id: 2, v: 5 }
    ]
  },
  text_then_bool: {
    data: [
      { id: 1, v: "a" },
      { id: 2, v: true }
    ]
  },
  scalar_then_object: {
    data: [
      { id: 1, v: "a" },
      { id: 2, v: { w: 2 } }
    ]
  },
  scalar_then_list: {
    data: [
      { id: 1, v: "a" },
      { id: 2, v: ["b", "c"] }
    ]
  },
  nulls: {
    data: [
      { id: 1, never: null, later: null, ever: "x" },
      { id: 2, never: null, later: 5, ever: null }
    ]
  },
  big: {
    data: [
      { id: 1, n: 9007199254740993n },
      { id: 2, n: 9223372036854775807n }
    ]
  },
  too_big: { data: [{ id: 1, n: 9223372036854775808n }] },

  // nesting
  nested: {
    data: [
      { id: 1, address: { city: "Rome", geo: { lat: 41.9, lon: 12.5 } }, empty: {}, tags: ["a", "b"], none: [] },
      { id: 2, address: { city: "Oslo", geo: { lat: 59.9, lon: 10.75 }, zip: "0150" }, empty: {}, tags: [], none: [] }
    ]
  },
  lists: {
    data: [
      {
        id: 1,
        lines: [
          { sku: "x", qty: 1, notes: ["n1", "n2"] },
          { sku: "y", qty: 2, notes: [] }
        ],
        grid: [[1, 2], [3]]
      },
      { id: 2, lines: [{ sku: "z", qty: 3, notes: ["n3"] }], grid: [] }
    ]
  },
  list_in_object: { data: [{ id: 1, o: { l: [{ p: 1 }, { p: 2 }], q: 1 } }] },
  mixed_list: { data: [{ id: 1, l: [1, "a", { k: 1 }] }] },
  free_keys: {
    data: [
      { id: 1, metadata: { color: "red", size: 4 } },
      { id: 2, metadata: { weight: [1, 2] } }
    ]
  },

  // names
  naming: {
    data: [
      {
        ID: 1,
        MessageID: "m",
        DKIMVerified: true,
        EnableSmtpApiErrorHooks: false,
        "kebab-case": 1,
        "dotted.name": 2,
        "with space": 3,
        getHTTPResponseCode: 4,
        "2FA": 5,
        trailing_: 6,
        _private: 7,
        "100%": 8,
        "a+b": 9,
        From: "x",
        User__Name: "y",
        iPhone: 1
      }
    ]
  },
  collision: { data: [{ id: 1, Plan: "a", plan: "b" }] },

  // keys
  compound: {
    1: {
      data: [
        { order: 1, line: 1, qty: 5 },
        { order: 1, line: 2, qty: 6 },
        { order: 2, line: 1, qty: 7 }
      ]
    },
    2: {
      data: [
        { order: 1, line: 2, qty: 60 },
        { order: 2, line: 2, qty: 8 }
      ]
    }
  },
  duplicates: {
    data: [
      { id: 1, v: "first" },
      { id: 2, v: "only" },
      { id: 1, v: "last" }
    ]
  },
  sorted_duplicates: {
    data: [
      { id: 1, v: "low", rank: 1 },
      { id: 1, v: "high", rank: 9 },
      { id: 1, v: "mid", rank: 5 },
      { id: 2, v: "only", rank: 1 }
    ]
  },
  no_key_in_some: { data: [{ id: 1, v: "a" }, { v: "b" }, { id: 3, v: "c" }] },
  other_key: {
    data: [
      { ID: 1, Name: "a" },
      { ID: 2, Name: "b" }
    ]
  },
  deletable: {
    1: {
      data: [
        { id: 1, v: "a", deleted: false },
        { id: 2, v: "b", deleted: false },
        { id: 3, v: "c", deleted: false }
      ]
    },
    2: {
      data: [
        { id: 2, v: "b", deleted: true },
        { id: 3, v: "cc", deleted: false },
        { id: 4, v: "d", deleted: true }
      ]
    }
  },
  deletable_at: {
    1: {
      data: [
        { id: 1, v: "a", tags: ["x"], deleted_at: null },
        { id: 2, v: "b", tags: ["y", "z"], deleted_at: null }
      ]
    },
    2: { data: [{ id: 2, v: "b", tags: [], deleted_at: "2024-05-01T00:00:00Z" }] }
  },
  versions: {
    1: {
      data: [
        { id: 1, v: "a", version: "r1" },
        { id: 2, v: "b", version: "r2" }
      ]
    },
    2: {
      data: [
        { id: 1, v: "a, unnoticed", version: "r1" },
        { id: 2, v: "bb", version: "r3" }
      ]
    }
  },
  by_day: {
    1: {
      data: [
        { id: 1, day: "mon", v: 1 },
        { id: 2, day: "mon", v: 2 },
        { id: 3, day: "tue", v: 3 }
      ]
    },
    2: {
      data: [
        { id: 4, day: "mon", v: 4 },
        { id: 5, day: "wed", v: 5 }
      ]
    }
  },

  narrower: {
    1: { data: [{ id: 1, a: "x", b: 5, o: { p: 1, q: 2 }, l: [1, 2] }] },
    2: { data: [{ id: 1, a: "y", o: { q: 3 } }] }
  },
  nested_key: {
    1: {
      data: [
        { meta: { id: 1 }, v: "a" },
        { meta: { id: 2 }, v: "b" }
      ]
    },
    2: { data: [{ meta: { id: 2 }, v: "bb" }] }
  },
  key_kinds: {
    1: {
      data: [
        { big: 9007199254740993n, at: "2024-01-01T00:00:00Z", v: 1 },
        { big: 9007199254740995n, at: "2024-01-02T00:00:00Z", v: 2 }
      ]
    },
    2: { data: [{ big: 9007199254740993n, at: "2024-01-01T00:00:00+00:00", v: 10 }] }
  },
  ranked: {
    1: {
      data: [
        { id: 1, at: "2024-01-01T00:00:00Z", gone: null, v: "a" },
        { id: 1, at: "2024-01-03T00:00:00Z", gone: null, v: "c" },
        { id: 2, at: "2024-01-01T00:00:00Z", gone: null, v: "d" }
      ]
    },
    2: {
      data: [
        { id: 1, at: "2024-01-05T00:00:00Z", gone: true, v: "x" },
        { id: 1, at: "2024-01-04T00:00:00Z", gone: null, v: "w" },
        { id: 2, at: "2024-01-06T00:00:00Z", gone: null, v: "e" }
      ]
    }
  },

  // drift between two loads
  new_child_column: {
    1: { data: [{ id: 1, kids: [{ k: 1 }] }] },
    2: { data: [{ id: 2, kids: [{ k: 2, extra: "x" }, { k: 3 }] }] }
  },
  new_child_type: {
    1: { data: [{ id: 1, kids: [{ k: 1 }] }] },
    2: { data: [{ id: 2, kids: [{ k: "two" }, { k: 3 }] }] }
  },
  new_object: { 1: { data: [{ id: 1 }] }, 2: { data: [{ id: 2, o: { a: 1, b: { c: 2 } } }] } },
  new_column: {
    1: { data: [{ id: 1, a: "x" }] },
    2: {
      data: [
        { id: 1, a: "y" },
        { id: 2, a: "z", b: "new" }
      ]
    }
  },
  new_table: { 1: { data: [{ id: 1, a: "x" }] }, 2: { data: [{ id: 2, a: "z", kids: [{ k: 1 }, { k: 2 }] }] } },
  new_type: {
    1: { data: [{ id: 1, v: 1 }] },
    2: {
      data: [
        { id: 2, v: "text" },
        { id: 3, v: 3 }
      ]
    }
  },
  emptied: {
    1: {
      data: [
        { id: 1, tags: ["x"] },
        { id: 2, tags: ["y"] }
      ]
    },
    2: { data: [] }
  },
  float_cursor: {
    1: {
      data: [
        { id: 1, at: 0.5 },
        { id: 2, at: 3.5 }
      ]
    },
    2: {
      data: [
        { id: 2, at: 3.5 },
        { id: 3, at: 5.5 }
      ]
    }
  },
  camel_cursor: {
    1: {
      data: [
        { id: 1, meta: { updatedAt: "2024-01-01" } },
        { id: 2, meta: { updatedAt: "2024-01-03" } }
      ]
    },
    2: {
      data: [
        { id: 2, meta: { updatedAt: "2024-01-03" } },
        { id: 3, meta: { updatedAt: "2024-01-05" } }
      ]
    }
  },
  offset_cursor: {
    data: [
      { id: 1, at: "2024-01-01T10:00:00+02:00" },
      { id: 2, at: "2024-01-02T10:00:00+02:00" }
    ]
  },
  cursors_missing: {
    data: [{ id: 1, updated_at: day(1) }, { id: 2 }, { id: 3, updated_at: null }, { id: 4, updated_at: day(4) }]
  },
  odd_ids: { data: [{ id: "x/y?z=1 #" }, { id: "ü" }] },
  parents_with_gaps: { data: [{ id: 1, code: "one" }, { id: 2 }, { id: 3, code: "three" }] },
  nested_parents: {
    data: [
      { id: 1, ref: { code: "a1" }, tags: ["p", "q"] },
      { id: 2, ref: { code: "b2" }, tags: ["r"] }
    ]
  },
  odata_single: { value: [{ id: 1 }, { id: 2 }] }
}
