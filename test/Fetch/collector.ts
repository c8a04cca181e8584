/** What the leak tests look through: everything that could be printed, in every way it could be printed. */
import { Cause, Exit, Inspectable, Layer, Logger, LogLevel, Tracer } from "effect"

export const collector = () => {
  const out: Array<string> = []
  const spans: Array<Tracer.Span> = []
  const put = (value: unknown) => {
    out.push(
      String(value),
      Inspectable.toStringUnknown(value),
      Inspectable.stringifyCircular(Inspectable.toJSON(value))
    )
  }
  const logger = Logger.make((entry) => {
    out.push(
      Logger.stringLogger.log(entry),
      JSON.stringify(Logger.structuredLogger.log(entry)),
      Logger.jsonLogger.log(entry)
    )
  })
  const tracer = Tracer.make({
    span: (name, parent, context, links, startTime, kind) => {
      const attributes = new Map<string, unknown>()
      const span: Tracer.Span = {
        _tag: "Span",
        name,
        spanId: `${spans.length}`,
        traceId: "trace",
        parent,
        context,
        links,
        kind,
        attributes,
        sampled: true,
        status: { _tag: "Started", startTime },
        attribute: (key, value) => {
          attributes.set(key, value)
        },
        event: (...event) => out.push(event.map((part) => Inspectable.toStringUnknown(part)).join(" ")),
        addLinks: () => {},
        end: (_, exit) => {
          put(name)
          put([...attributes])
          if (Exit.isFailure(exit)) out.push(Cause.pretty(exit.cause, { renderErrorCause: true }))
        }
      }
      spans.push(span)
      return span
    },
    context: (f) => f()
  })
  return {
    out,
    spans,
    put,
    layer: Layer.mergeAll(
      Logger.replace(Logger.defaultLogger, logger),
      Layer.setTracer(tracer),
      Logger.minimumLogLevel(LogLevel.All)
    )
  }
}

export const around = (text: string, part: string) =>
  text.slice(Math.max(0, text.indexOf(part) - 200), text.indexOf(part) + 100)
