/**
 * `processing_steps` and `response_actions` of a configuration → what `Resource` declares.
 */
import type * as FetchAction from "../../Fetch/Action.ts"
import type * as Process from "../../Resource/Process.ts"
import type { Action } from "../Grammar/Action.ts"
import type * as Grammar from "../Grammar/Step.ts"

/**
 * @since 0.1.0
 * @category constructors
 */
export const step = (value: Grammar.Step): Process.Step => {
  if ("filter" in value) return { filter: predicate(value.filter) }
  if ("explode" in value) return { explode: value.explode }
  const { cast, drop, hash, hash_salt, keep, redact, rename, set } = value.map
  return {
    map: {
      ...(rename == null ? {} : { rename }),
      ...(drop == null ? {} : { drop }),
      ...(keep == null ? {} : { keep }),
      ...(set == null ? {} : { set }),
      ...(cast == null ? {} : { cast }),
      ...(hash == null ? {} : { hash }),
      ...(hash_salt == null ? {} : { hashSalt: hash_salt }),
      ...(redact == null ? {} : { redact })
    }
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const action = (value: Action): FetchAction.Action => ({
  statusCode: value.status_code ?? undefined,
  content: value.content ?? undefined,
  action:
    value.action === "retry"
      ? { kind: "retry", delay: value.delay ?? undefined, maxRetries: value.max_retries ?? undefined }
      : value.action === "fail"
        ? { kind: "fail", message: value.message ?? undefined }
        : { kind: value.action }
})

// --- internal ---

const predicate = (value: Grammar.Predicate): Process.Predicate => {
  if ("all" in value) return { all: value.all.map(predicate) }
  if ("any" in value) return { any: value.any.map(predicate) }
  if ("not" in value) return { not: predicate(value.not) }
  return { path: value.path, op: value.op ?? "eq", ...("value" in value ? { value: value.value } : {}) }
}
