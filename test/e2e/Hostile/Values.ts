/** Names and values that are more than they seem. */
import type { Case } from "./Case.ts"

const json = { "content-type": "application/json" }
const wide = (count: number, from = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${from + i}`, i]))

export const cases: ReadonlyArray<Case> = [
  {
    name: "names_that_are_sql",
    answer: ({ json }) =>
      json([
        {
          id: 1,
          '"; DROP TABLE names_that_are_sql; --': 1,
          "a'b": 2,
          select: 3,
          "[x]": 4,
          "`y`": 5,
          "c\nd": 6,
          "?": 7,
          ":p": 8,
          $1: 9,
          "%s": 10
        }
      ]),
    status: "complete",
    rows: { inserted: 1 },
    holds: ['SELECT "select", _1 FROM names_that_are_sql', [{ select: 3, _1: 9 }]]
  },
  {
    name: "names_of_sqlite",
    answer: ({ json }) =>
      json([
        { id: 1, rowid: 2, oid: 3, _rowid_: 4, sqlite_master: 5, sqlite_x: [1], order: [{ group: 1 }] },
        { id: 2, rowid: 1 }
      ]),
    status: "complete",
    rows: { inserted: 2 },
    holds: [
      "SELECT rowid, oid, _rowidx FROM names_of_sqlite ORDER BY id",
      [
        { rowid: 2, oid: 3, _rowidx: 4 },
        { rowid: 1, oid: null, _rowidx: null }
      ]
    ]
  },
  {
    name: "names_of_objects",
    answer: ({ text }) =>
      text(
        '[{"id":1,"__proto__":{"x":1},"constructor":2,"toString":"s","hasOwnProperty":3,"l":[{"__proto__":5}]}]',
        json
      ),
    status: "complete",
    holds: [
      "SELECT constructor, to_string, has_own_property FROM names_of_objects",
      [{ constructor: 2, to_string: "s", has_own_property: 3 }]
    ]
  },
  {
    name: "names_of_ours",
    answer: ({ json }) =>
      json([
        { id: 1, v: 1 },
        { id: 2, _sluice_run: "x" },
        { id: 3, _sluice_hash: 1 },
        { id: 4, l: [{ _idx: 1, _parent_id: 2 }] }
      ]),
    status: "partial",
    rows: { inserted: 1, rejected: 3 },
    holds: ["SELECT count(*) n FROM names_of_ours", [{ n: 1 }]]
  },
  {
    name: "names_that_meet",
    answer: ({ json }) =>
      json([
        { id: 1, a: 1 },
        { id: 2, a: 1, A: 2 },
        { id: 3, é: 1, "e\u0301x": 2 },
        { id: 4, ﬁ: 1, é: 2 }
      ]),
    status: "partial",
    rows: { fetched: 4, inserted: 2, rejected: 2 },
    says: /two of the keys/
  },
  {
    name: "lists_that_meet",
    answer: ({ json }) =>
      json([
        { id: 1, a: [1] },
        { id: 2, A: [1], a: [2] },
        { id: 3, a: [3] }
      ]),
    status: "partial",
    rows: { inserted: 2, rejected: 1 },
    says: /both become the table/
  },
  {
    name: "names_odd",
    answer: ({ json }) =>
      json([
        { id: 1, "": 1, " ": 2, "\u0000": 3 },
        { id: 2, "\uD800": 1 },
        { id: 3, "😀": 1 },
        { id: 4, "\u202Eabc": 1 },
        { id: 5, ___: 1 }
      ]),
    status: "partial",
    rows: { inserted: 4, rejected: 1 }
  },
  {
    name: "names_long",
    answer: ({ json }) =>
      json([
        { id: 1, ["k".repeat(10_000)]: 1 },
        { id: 2, [`${"-".repeat(400_000)}a`]: 1 },
        { id: 3, ["k".repeat(400_000)]: [1] },
        { id: 4, ["k".repeat(3_000)]: 1 }
      ]),
    status: "partial",
    rows: { inserted: 1, rejected: 3 },
    says: /characters/
  },
  {
    name: "names_too_many",
    answer: ({ json }) =>
      json([
        { id: 0, k0: 1 },
        { id: 1, ...wide(3_000) },
        { id: 2, k1: 1 }
      ]),
    status: "partial",
    rows: { inserted: 2, rejected: 1 },
    says: /columns/
  },
  {
    name: "names_too_many_in_turn",
    answer: ({ json }) => json(Array.from({ length: 3_000 }, (_, i) => ({ id: i, [`k${i}`]: i }))),
    status: "partial",
    says: /columns/
  },
  {
    name: "names_too_many_in_a_list",
    answer: ({ json }) =>
      json([
        { id: 1, l: [wide(3_000)] },
        { id: 2, l: [wide(3)] }
      ]),
    status: "partial",
    rows: { inserted: 1, rejected: 1 },
    says: /columns/
  },
  {
    name: "lists_too_many",
    answer: ({ json }) =>
      json([
        { id: 1, ...Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`l${i}`, [i]])) },
        { id: 2, l1: [1] }
      ]),
    status: "partial",
    rows: { inserted: 1, rejected: 1 },
    says: /tables/
  },
  {
    name: "numbers",
    answer: ({ text }) =>
      text(
        '[{"id":1,"n":18446744073709551616},{"id":2,"n":-9223372036854775808},{"id":3,"n":-0},{"id":4,"n":9007199254740993}]',
        json
      ),
    status: "complete",
    holds: [
      "SELECT n FROM numbers ORDER BY id",
      [{ n: "18446744073709551616" }, { n: "-9223372036854775808" }, { n: "0" }, { n: "9007199254740993" }]
    ]
  },
  {
    name: "numbers_beyond",
    answer: ({ text }) =>
      text(
        '[{"id":1,"x":0.1},{"id":2,"x":1e400},{"id":3,"x":-1e400},{"id":4,"x":-0.0},{"id":5,"x":0.1000000000000000055}]',
        json
      ),
    status: "partial",
    rows: { inserted: 3, rejected: 2 },
    holds: ["SELECT x FROM numbers_beyond ORDER BY id", [{ x: 0.1 }, { x: 0 }, { x: 0.1 }]]
  },
  {
    name: "keys_that_are_numbers",
    answer: ({ text }) => text('[{"id":1},{"id":1.0},{"id":"1"},{"id":18446744073709551616},{"id":1e20}]', json),
    status: "complete",
    rows: { inserted: 3, unchanged: 2 }
  },
  {
    name: "texts_odd",
    answer: ({ text }) =>
      text(
        '[{"id":"a\\u0000b","v":1},{"id":"a\\u0000c","v":2},{"id":"a","v":3},{"id":"\\ud83d\\ude00","v":4},{"id":"b","t":"\\u0000"}]',
        json
      ),
    status: "complete",
    rows: { inserted: 5 },
    holds: [
      "SELECT v, length(CAST(t AS BLOB)) t FROM texts_odd ORDER BY v",
      [
        { v: null, t: 1 },
        { v: 1, t: null },
        { v: 2, t: null },
        { v: 3, t: null },
        { v: 4, t: null }
      ]
    ]
  },
  {
    name: "keys_of_half_a_pair",
    answer: ({ text }) =>
      text('[{"id":"\\ud800","v":1},{"id":"\\ud801","v":2},{"id":"\\ufffd","v":3},{"id":"x","t":"\\ud800"}]', json),
    status: "partial",
    rows: { inserted: 2, rejected: 2 }
  },
  {
    name: "keys_of_two_forms",
    answer: ({ json }) => json([{ id: "é" }, { id: "e\u0301" }, { id: "É" }, { id: " é" }]),
    status: "complete",
    rows: { inserted: 4 }
  }
]
