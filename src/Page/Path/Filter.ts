/**
 * Maps filters as they are written for jsonpath-ng onto RFC 9535: `=` for `==`, `&` for `&&`, `or` for `||`, a bare field
 * for `@.field`.
 *
 * Stage Page, pure. Leaves texts in quotes alone, and a filter that is right already as it is.
 */

/**
 * `filter` begins with its `?`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repair = (filter: string): string => {
  const parts = filter.split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/s)
  return parts.map((part, i) => (i % 2 === 1 ? part : operators(part))).join("")
}

// --- internal ---

const operators = (text: string): string =>
  text
    .replaceAll(/(?<![=!<>])=(?![=~])/g, "==")
    .replaceAll(/(?<!&)&(?!&)|\band\b/g, "&&")
    .replaceAll(/(?<!\|)\|(?!\|)|\bor\b/g, "||")
    .replaceAll(/(?<=(?:^\?|\(|&&|\|\||!)\s*)(?!(?:true|false|null)\b)([A-Za-z_][\w.]*)(?=\s*(?:[=!<>&|)]|$))/g, "@.$1")
