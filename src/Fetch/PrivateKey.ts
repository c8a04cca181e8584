/**
 * Reads a private key from PEM, for signing with RS256.
 *
 * Stage Fetch, internal to it. WebCrypto reads plain PKCS#8 only; PKCS#1 and encrypted keys are for `node:crypto`, which
 * Bun and Deno have too, and which is loaded only then. Says nothing of what it read.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { importPKCS8 } from "jose"
import * as Jwt from "../Api/Auth/Jwt.ts"

/**
 * Fails with a reason that holds nothing of the key or the passphrase.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (auth: Jwt.Jwt): Effect.Effect<CryptoKey, string> => {
  const pem = Jwt.pem(auth)
  return Effect.tryPromise({
    try: () =>
      pem.includes("-----BEGIN PRIVATE KEY-----") ? importPKCS8(pem, "RS256") : converted(pem, auth.passphrase),
    catch: () =>
      auth.passphrase === undefined
        ? "the private key cannot be read as an RSA key in PEM form"
        : "the private key cannot be read as an RSA key in PEM form, or the passphrase is not its own"
  })
}

// --- internal ---

const converted = async (pem: string, passphrase: Redacted.Redacted<string> | undefined) => {
  const { createPrivateKey } = await import("node:crypto")
  const key = createPrivateKey({
    key: pem,
    format: "pem",
    passphrase: passphrase === undefined ? undefined : Redacted.value(passphrase)
  })
  return importPKCS8(key.export({ type: "pkcs8", format: "pem" }).toString(), "RS256")
}
