/**
 * Table and column names: dlt's snake_case, rule for rule, so that queries written for dlt's tables still run.
 *
 * Stage Row, pure. The rules are those of dlt 1.26 (`snake_case` naming); names are not shortened, SQLite needs no limit.
 */

/**
 * One identifier: `MessageID` → `message_id`, `DKIMVerified` → `dkim_verified`. An empty one is `_empty`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const snake = (identifier: string): string => {
  const plain = identifier
    .trim()
    .replace(/[+*]/g, "x")
    .replaceAll("-", "_")
    .replaceAll("@", "a")
    .replaceAll("|", "l")
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/([^_])([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/^(?=\d)/, "_")
    // From the first of them only: a key may be a million underscores and a letter.
    .replace(/(?<!_)_+$/, (underscores) => "x".repeat(underscores.length))
    .replace(/__+/g, "_")
  return plain === "" ? "_empty" : plain
}

/**
 * A key that may already be a path: `user__Name` → `user__name`. Blank parts disappear.
 *
 * @since 0.1.0
 * @category combinators
 */
export const path = (key: string): string => {
  const parts = key.split("__").filter((part) => part.trim() !== "")
  return parts.length === 0 ? "_empty" : parts.map(snake).join("__")
}
