package org.openlockbox.gateway.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;

/// The wait for one operation's record.
public final class RecordTrace {
  /// Of an operation that nobody traces.
  static final RecordTrace NONE = new RecordTrace(SpanContext.getInvalid(), Span.getInvalid());

  private final SpanContext operation;
  private final Span waiting;

  RecordTrace(SpanContext operation, Span waiting) {
    this.operation = operation;
    this.waiting = waiting;
  }

  /// What the record is a part of.
  public SpanContext operation() {
    return operation;
  }

  /// The wait is over when this is called; then what is meant to happen does.
  public Runnable over(Runnable then) {
    return waiting.isRecording()
        ? () -> {
          waiting.end();
          then.run();
        }
        : then;
  }
}
