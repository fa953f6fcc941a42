package org.openlockbox.server.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;

/// The spans of one server. Nobody writes them until [#writeBy] names a writer, and until then they
/// cost next to nothing. Safe for many threads; never waits.
///
/// A span says which tenant and request the work was for, how long it took and how it ended. It
/// never carries what somebody wrote: no reason, no name, no address, no token.
public final class ServerTraces {
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  static final AttributeKey<Long> ENTRIES = AttributeKey.longKey("lockbox.append.entries");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("lockbox.mail.attempt");

  private volatile Tracer tracer = TracerProvider.noop().get("");

  /// Has this tracer write all spans that begin from now on.
  public void writeBy(Tracer writer) {
    tracer = writer;
  }

  /// A call whose trace begins here, whatever its caller says: who asks from outside decides
  /// neither what is sampled nor to which trace it belongs.
  ///
  /// @param route the pattern of its path, such as `/v1/requests/{id}`
  public ServerSpan call(String method, String route) {
    return call(method, route, Context.root());
  }

  /// A call of a gateway that traces what it asks for; nothing if it does not.
  public ServerSpan callOf(SpanContext gateway, String method, String route) {
    if (!gateway.isSampled()) {
      return ServerSpan.NONE;
    }
    var parent =
        SpanContext.createFromRemoteParent(
            gateway.getTraceId(),
            gateway.getSpanId(),
            gateway.getTraceFlags(),
            TraceState.getDefault());
    return call(method, route, Context.root().with(Span.wrap(parent)));
  }

  private ServerSpan call(String method, String route, Context parent) {
    return ServerSpan.of(
        tracer
            .spanBuilder(method + " " + route)
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(METHOD, method)
            .setAttribute(ROUTE, route)
            .startSpan());
  }

  /// From a gateway's entries until they are durable, if the gateway traces them.
  public ServerSpan commit(int entries) {
    return Span.current().getSpanContext().isSampled()
        ? ServerSpan.of(
            tracer.spanBuilder("commit").setAttribute(ENTRIES, (long) entries).startSpan())
        : ServerSpan.NONE;
  }

  /// One try to hand a mail to the mail server.
  public ServerSpan mail(int attempt) {
    return ServerSpan.of(
        tracer
            .spanBuilder("mail")
            .setNoParent()
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(ATTEMPT, (long) attempt)
            .startSpan());
  }
}
