/**
 * How hard one upstream may be asked: concurrency, rate, time and size. Typed values with documented defaults.
 *
 * Stage Api. Fetch enforces them; nothing here waits or counts.
 */
import * as Duration from "effect/Duration"

/**
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** Requests under way at once, over all resources of the API. */
  readonly concurrency: number
  /** Requests started per second, over all resources; `undefined` is unlimited. */
  readonly rate: number | undefined
  /** Time for one attempt, from connect to the last byte of the body. */
  readonly timeout: Duration.Duration
  /** Largest response body, in bytes after decompression. */
  readonly maxBodyBytes: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly concurrency?: number | undefined
  readonly rate?: number | undefined
  readonly timeout?: Duration.DurationInput | undefined
  readonly maxBodyBytes?: number | undefined
}

/**
 * @since 0.1.0
 * @category defaults
 */
export const defaults: Limits = {
  concurrency: 8,
  rate: undefined,
  timeout: Duration.seconds(60),
  maxBodyBytes: 64 * 1024 * 1024
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Limits => ({
  concurrency: options.concurrency ?? defaults.concurrency,
  rate: options.rate ?? defaults.rate,
  timeout: options.timeout === undefined ? defaults.timeout : Duration.decode(options.timeout),
  maxBodyBytes: options.maxBodyBytes ?? defaults.maxBodyBytes
})
