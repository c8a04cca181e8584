/**
 * Names of environment variables for what an imported configuration takes from outside, each name for one source only.
 *
 * Knows nothing of values but how a literal one that is a secret looks.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Variables {
  /**
   * The name for a source such as `dlt.secrets["github.token"]`; the same source gets the same name. `wish` may hold dots: the
   * last part is the name where it is free and says something.
   */
  readonly name: (source: string, wish: string) => string
  /** Every name given so far, with its source. */
  readonly all: () => ReadonlyArray<readonly [name: string, source: string]>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Variables => {
  const bySource = new Map<string, string>()
  const byName = new Map<string, string>()
  return {
    name: (source, wish) => {
      const there = bySource.get(source)
      if (there !== undefined) return there
      const parts = wish.split(".").filter((part) => part !== "" && part !== "value")
      let name = ""
      for (let count = 1; count <= Math.max(1, parts.length); count++) {
        name = upper(parts.slice(-count).join("_"))
        if (!byName.has(name) && !taken.has(name)) break
      }
      const ofSystem = taken.has(name) && !source.startsWith("os.environ ")
      const plain = ofSystem ? `SOURCE_${name}` : name
      name = plain
      for (let count = 2; byName.has(name); count++) name = `${plain}_${count}`
      bySource.set(source, name)
      byName.set(name, source)
      return name
    },
    all: () => [...byName]
  }
}

/**
 * `api-key` → `API_KEY`, `accessToken` → `ACCESS_TOKEN`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const upper = (words: string): string => {
  const name = words
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toUpperCase()
  return name === "" ? "VALUE" : /^\d/.test(name) ? `_${name}` : name
}

/**
 * Whether a text stands for a value that somebody is to put in: `YOUR_API_KEY`, `<token>`, `FILL_ME_IN`.
 *
 * @since 0.1.0
 * @category accessors
 */
export const isPlaceholder = (text: string): boolean =>
  /^<[^<>]+>$|^\[[A-Za-z][^[\]]*\]$|^(?:x{3,}|\*{3,}|\.{3}|-)$/i.test(text.trim()) ||
  /^[\s"']*(?:my|your|the|insert|enter|replace|fill|put|change|add|set|some|dummy|example|sample|test|todo|tbd)(?:[_\-\s]|me\b)/i.test(
    text
  ) ||
  /fill_?me_?in|replace_?me|change_?me|[_\-\s]here\b|placeholder|\bTODO\b/i.test(text)

/**
 * Whether a literal text looks like a credential wherever it stands.
 *
 * @since 0.1.0
 * @category accessors
 */
export const looksSecret = (text: string): boolean => {
  if (/(?<!\$)\$\{/.test(text) || isPlaceholder(text)) return false
  if (known.test(text)) return true
  // Long, one word, letters and digits mixed: no word of any language, no path, no date.
  const word = text.replace(/^(?:Bearer|Basic|Token|token|Key)\s+/, "")
  return (
    /^[A-Za-z0-9_\-+=.]{28,}$/.test(word) &&
    /\d/.test(word) &&
    /[A-Za-z]/.test(word) &&
    !/^[a-z]+(?:[._-][a-z]+)+\d*$/.test(word) &&
    !/\d{4}-\d\d-\d\d/.test(word)
  )
}

// --- internal ---

/** Set on every machine, to something else than what is meant. */
const taken: ReadonlySet<string> = new Set(
  "PATH HOME USER LOGNAME SHELL PWD OLDPWD LANG TERM TZ TMP TEMP TMPDIR HOSTNAME".split(" ")
)

/** Prefixes by which services mark their tokens. */
const known =
  /\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{12,}|\bxox[abeoprs]-[\w-]{8,}|\bA(?:KIA|SIA)[A-Z0-9]{12,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.|\bAIza[\w-]{20,}|\bya29\.[\w-]{10,}|\bsk-[\w-]{16,}|\bSG\.[\w-]{10,}\.|\bshpat_\w{12,}|\bpat[\w]{10,}\.\w{16,}/
