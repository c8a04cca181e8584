/** What must be found nowhere: every way to write a secret, made here without sluice's own code; and all that a run leaves. */
import { assert } from "@effect/vitest"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"

export interface Needle {
  readonly secret: string
  readonly form: string
  readonly text: string
}

const base64Parts = (secret: string, encoding: "base64" | "base64url") =>
  ["", "u", "us"].map((before) => {
    const from = Math.ceil((before.length * 8) / 6)
    const to = Math.floor(((before.length + Buffer.byteLength(secret)) * 8) / 6)
    return Buffer.from(before + secret)
      .toString(encoding)
      .slice(from, to)
  })

/** Of a text of several lines each line counts for itself, and of any its beginning. */
export const needlesOf = (secrets: Readonly<Record<string, string>>): ReadonlyArray<Needle> =>
  Object.entries(secrets).flatMap(([name, whole]) =>
    whole
      .split("\n")
      .filter((line) => line.length > 8 && !line.startsWith("-----"))
      .flatMap((secret) => {
        const forms: Readonly<Record<string, ReadonlyArray<string>>> = {
          "as it is": [secret, secret.slice(0, 10)],
          "URL-encoded": [
            encodeURIComponent(secret),
            encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
            encodeURIComponent(encodeURIComponent(secret)),
            new URLSearchParams({ k: secret }).toString().slice(2)
          ],
          base64: base64Parts(secret, "base64"),
          base64url: base64Parts(secret, "base64url"),
          JSON: [JSON.stringify(secret).slice(1, -1)],
          HTML: [secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")]
        }
        return Object.entries(forms).flatMap(([form, texts]) =>
          [...new Set(texts)].map((text) => ({ secret: name, form, text }))
        )
      })
  )

export const noneIn = (needles: ReadonlyArray<Needle>, text: string, where: string): void => {
  for (const { form, secret, text: needle } of needles) {
    const at = text.indexOf(needle)
    if (at >= 0)
      assert.fail(`${where} shows ${secret} ${form}: …${JSON.stringify(text.slice(Math.max(0, at - 150), at + 60))}…`)
  }
}

/** What sluice may not have written: the files that were there before. */
export const filesIn = (folder: string, but: ReadonlyArray<string>): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => !but.includes(name) && statSync(join(folder, name)).isFile()
  )

/** Every byte, as text of both kinds; and what is compressed among them, wherever it begins. */
export const textsOf = (file: string): ReadonlyArray<string> => {
  const bytes = readFileSync(file)
  return [bytes.toString("latin1"), bytes.toString("utf8")]
}

export const inflated = (body: Uint8Array): string => gunzipSync(body).toString("utf8")
