/**
 * The environment variables of the built-in source, apart from it: help and errors name them without the source being loaded.
 */

/**
 * @since 0.1.0
 * @category defaults
 */
export const variables = {
  serverToken: "POSTMARK_SERVER_TOKEN",
  accountToken: "POSTMARK_ACCOUNT_TOKEN",
  apiKey: "POSTMARK_API_KEY",
  baseUrl: "POSTMARK_BASE_URL"
} as const
