package org.openlockbox.gateway.trace;

import static org.openlockbox.gateway.trace.TraceAttributes.REFUSED;
import static org.openlockbox.gateway.trace.TraceAttributes.SESSION;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import org.openlockbox.core.access.SessionId;

/// A step that is traced while it runs on this thread; it ends with [#close], on the same thread.
public final class TracedStep implements AutoCloseable {
  /// One that nobody traces.
  public static final TracedStep NONE = new TracedStep(Span.getInvalid(), Scope.noop());

  private final Span span;
  private final Scope scope;

  private TracedStep(Span span, Scope scope) {
    this.span = span;
    this.scope = scope;
  }

  /// Whether it is sampled or not, its parts are like it.
  @SuppressWarnings("MustBeClosedChecker") // #close does
  static TracedStep of(Span span) {
    return span.getSpanContext().isValid() ? new TracedStep(span, span.makeCurrent()) : NONE;
  }

  /// It led to this session.
  public void opens(SessionId session) {
    span.setAttribute(SESSION, session.value());
  }

  /// It was refused.
  ///
  /// @param why one of a few words
  public void refused(String why) {
    span.setAttribute(REFUSED, why);
  }

  /// It failed. Why is in the log alone.
  public void failed() {
    span.setStatus(StatusCode.ERROR);
  }

  @Override
  public void close() {
    scope.close();
    span.end();
  }
}
