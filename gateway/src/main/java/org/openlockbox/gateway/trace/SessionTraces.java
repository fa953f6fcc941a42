package org.openlockbox.gateway.trace;

import static org.openlockbox.gateway.trace.TraceAttributes.BYTES;
import static org.openlockbox.gateway.trace.TraceAttributes.KIND;
import static org.openlockbox.gateway.trace.TraceAttributes.NUMBER;
import static org.openlockbox.gateway.trace.TraceAttributes.REFUSED;
import static org.openlockbox.gateway.trace.TraceAttributes.STATUS;
import static org.openlockbox.gateway.trace.TraceAttributes.UNITS;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The traced operations of one session, each from its record to its outcome. Its caller sees to it
/// that one thread at a time calls.
///
/// An operation without an outcome ends with its session, as failed.
public final class SessionTraces {
  /// So many at once are traced; a session that leaves more open is traced no further meanwhile.
  private static final int MOST_OPEN = 64;

  private final Map<Long, Span> open = new HashMap<>();
  private final Supplier<Span> operation;
  private final UnaryOperator<Span> record;

  /// @param operation begins an operation
  /// @param record begins the part of an operation that waits for its record
  SessionTraces(Supplier<Span> operation, UnaryOperator<Span> record) {
    this.operation = operation;
    this.record = record;
  }

  /// Of a session that nobody traces.
  public static SessionTraces none() {
    return new SessionTraces(Span::getInvalid, UnaryOperator.identity());
  }

  /// An operation begins with its record.
  ///
  /// @param kind one of a few words
  /// @param refused why it is not forwarded, in one word
  public RecordTrace begin(long number, String kind, Optional<String> refused) {
    Span span = open.size() < MOST_OPEN ? operation.get() : Span.getInvalid();
    if (!span.isRecording()) {
      return RecordTrace.NONE;
    }
    span.setAttribute(NUMBER, number).setAttribute(KIND, kind);
    refused.ifPresent(why -> span.setAttribute(REFUSED, why));
    open.put(number, span);
    return new RecordTrace(span.getSpanContext(), record.apply(span));
  }

  /// An operation is over.
  public void outcome(long number, String status, long units, long bytes) {
    Span span = open.remove(number);
    if (span != null) {
      span.setAttribute(STATUS, status);
      span.setAttribute(UNITS, units).setAttribute(BYTES, bytes);
      span.end();
    }
  }

  /// The session is over.
  public void over() {
    open.values().forEach(span -> span.setStatus(StatusCode.ERROR).end());
    open.clear();
  }
}
