/**
 * The version of this package, for `--version` and the `User-Agent`. A test holds it to package.json.
 */

/**
 * @since 0.1.0
 * @category defaults
 */
export const version = "0.1.0"
