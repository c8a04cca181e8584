/** Names as public APIs have them: the rule is only as good as this list. */
import { assert, describe, it } from "@effect/vitest"
import * as Credential from "../../src/Row/Credential.ts"

const words = (text: string) => text.trim().split(/\s+/)

/** Postmark, Stripe, GitHub, GitLab, Slack, Twilio, Shopify, Okta, Azure, AWS, Google, Atlassian, Heroku, Mailgun, Zendesk and others. */
const secrets = words(`
  Password password passwd user_password UserPassword userPassword smtp_password http_auth_password PWD new_password
  password_hash passwordHash PasswordSalt encrypted_password password_digest passphrase sharePasscode passcode
  secret client_secret clientSecret ClientSecret webhook_secret signingSecret signing_secret secrets app_secret api_secret
  apiSecret shared_secret otp_secret totp_secret mfaSecret consumer_secret SecretAccessKey secret_access_key secretKey
  secret_key private_key privateKey private_key_pem PrivateKey ssh_private_key api_key apiKey ApiKey APIKey apikey
  API-Key X-Api-Key x-api-key api_key_2 api_keys apiKeys access_key accessKey auth_key encryption_key master_key
  consumer_key subscriptionKey Ocp-Apim-Subscription-Key integration_key credentials credential aws_credentials
  connection_string connectionString backup_codes recoveryCodes otp clientsecret apiToken_secret webhook_signing_key
  Proxy-Authorization
`)

const tokens = words(`
  token Token ApiTokens api_token apiToken API_TOKEN access_token accessToken AccessToken refresh_token refreshToken
  id_token idToken auth_token authToken session_token sessionToken bot_token bot_access_token user_access_token
  personal_access_token oauth_token verification_token password_reset_token reset_password_token csrf_token csrfToken
  bearer_token runners_token feed_token incoming_email_token storefront_access_token delegate_access_token accesstoken
  authtoken refreshtoken X-Auth-Token X-Shopify-Access-Token PRIVATE-TOKEN SecurityToken securityToken invite_token
  token_value tokenValue hashed_token tokens device_token jwt cookie Cookie Set-Cookie set_cookie session_cookie
`)

const harmless = words(`
  next_token nextToken NextToken page_token pageToken next_page_token nextPageToken nextpagetoken NextContinuationToken
  ContinuationToken continuation_token prev_page_token startingToken resumption_token resumptionToken syncToken
  nextSyncToken sync_token delta_token deltaToken skipToken cursor_token idempotency_token idempotencyToken
  cancellation_token lock_token version_token concurrencyToken startPageToken changeToken
  token_count tokenCount tokens_used token_type tokenType token_id tokenId cancellation_token_id token_endpoint
  token_expires_at token_name token_last_four token_prefix token_uri access_token_url accessTokenExpiresAt
  total_tokens prompt_tokens completion_tokens input_tokens output_tokens max_tokens cached_tokens reasoning_tokens
  stop_tokens totalTokens base_token quoteToken reward_token tokenized tokenization_method
  has_password hasPassword is_secret isSecret requires_password use_password password_updated_at passwordChanged
  password_policy password_expires_in PasswordLastChanged secret_name secretName secret_arn secret_version
  access_key_id AccessKeyId api_key_id apiKeyId key keys public_key publicKey publishable_key primary_key idempotency_key
  sort_key partitionKey object_key keyword keywords keyboard monkey turkey foreign_key object_key_prefix
  session_id sessionId client_id clientId account_id auth auth_type authMethod oauth_app_id author authors authority
  signature signatures hash_id checksum secretary cookies_accepted passport passport_number pass passed bypass
  credential_id credentials_url credential_type certificate fingerprint one_time authenticated authentication
  MessageID ServerToken_ID Recipient To Subject DKIMVerified ReturnPathDomain WeakDKIM status name value description
`)

describe("Credential", () => {
  it("names of credentials, of some 80 public APIs' fields", () => {
    assert.deepStrictEqual(
      secrets.filter((name) => Credential.kind(name) !== "secret"),
      []
    )
    assert.deepStrictEqual(
      tokens.filter((name) => Credential.kind(name) !== "token"),
      []
    )
    for (const name of ["Authorization", "authorization", "AUTHORIZATION", "authorization_header"])
      assert.strictEqual(Credential.kind(name), "scheme", name)
  })

  it("names that only hold such a word", () => {
    assert.deepStrictEqual(
      harmless.filter((name) => Credential.kind(name) !== undefined),
      []
    )
  })

  it("says the same again, and of a key of any length", () => {
    for (const name of ["ApiTokens", "next_token", "ApiTokens", "next_token"])
      assert.strictEqual(Credential.kind(name), name === "ApiTokens" ? "token" : undefined)
    assert.isUndefined(Credential.kind(`${"a".repeat(1000)}_token`))
    assert.isUndefined(Credential.kind(""))
    assert.isUndefined(Credential.kind("__proto__"))
  })

  it("fields of URLs", () => {
    for (const name of words(
      "Url url BounceHookUrl html_url callbackURL redirect_uris href dsn webhook hookurl links endpoint"
    ))
      assert.isTrue(Credential.isUrl(name), name)
    for (const name of words("hooked linked_in curling From Email Description dsn_count"))
      assert.isFalse(Credential.isUrl(name), name)
  })

  it("fields of headers", () => {
    for (const name of ["headers", "HttpHeaders", "requestHeaders", "Header"]) assert.isTrue(Credential.isHeaders(name))
    for (const name of ["headersize", "HeaderCount", "subheading"]) assert.isFalse(Credential.isHeaders(name))
  })
})
