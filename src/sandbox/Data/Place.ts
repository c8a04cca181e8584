/**
 * Where a message or a bounce is: the index of its stream, and its serial there, 0 for the oldest.
 *
 * Outside a row's path. Pure.
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly stream: number
  readonly serial: number
}

/**
 * The place as one number of 32 bits, 4 for the stream: what identifiers are built from.
 *
 * @since 0.1.0
 * @category accessors
 */
export const number = (stream: number, serial: number): number => ((stream << 28) | serial) >>> 0

/**
 * The inverse of `number`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromNumber = (number: number): Place => ({ stream: number >>> 28, serial: number & 0xfffffff })
