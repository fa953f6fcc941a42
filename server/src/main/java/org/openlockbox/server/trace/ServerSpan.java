package org.openlockbox.server.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;

/// A piece of a server's work that is traced while it runs on this thread; it ends with [#close],
/// on the same thread.
public final class ServerSpan implements AutoCloseable {
  /// One that nobody traces.
  static final ServerSpan NONE = new ServerSpan(Span.getInvalid(), Scope.noop());

  private static final AttributeKey<String> TENANT = AttributeKey.stringKey("lockbox.tenant");
  private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("lockbox.request");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final int SERVER_ERROR = 500;

  private final Span span;
  private final Scope scope;

  private ServerSpan(Span span, Scope scope) {
    this.span = span;
    this.scope = scope;
  }

  /// Whether it is sampled or not, its parts are like it.
  @SuppressWarnings("MustBeClosedChecker") // #close does
  static ServerSpan of(Span span) {
    return span.getSpanContext().isValid() ? new ServerSpan(span, span.makeCurrent()) : NONE;
  }

  /// Whether anybody reads what is said about it.
  public boolean isRead() {
    return span.isRecording();
  }

  /// It was for this tenant.
  public void of(TenantId tenant) {
    span.setAttribute(TENANT, tenant.value());
  }

  /// It was for this request.
  public void of(RequestId request) {
    span.setAttribute(REQUEST, request.value());
  }

  /// A call was answered so.
  public void answered(int status) {
    span.setAttribute(STATUS, (long) status);
    if (status >= SERVER_ERROR) {
      failed();
    }
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
