package org.openlockbox.gateway.trace;

import static org.openlockbox.gateway.trace.TraceAttributes.ENTRIES;
import static org.openlockbox.gateway.trace.TraceAttributes.REQUEST;
import static org.openlockbox.gateway.trace.TraceAttributes.SESSION;
import static org.openlockbox.gateway.trace.TraceAttributes.TENANT;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import java.util.List;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.tenant.TenantId;

/// The spans of one gateway. Nobody writes them until [#writeBy] names a writer, and until then
/// they cost next to nothing. Safe for many threads; never waits.
///
/// A span says which tenant, request and session the work was for, how long it took and how it
/// ended. It never carries what somebody wrote: no text of an operation, no name, no credential.
public final class GatewayTraces {
  private static final int MOST_LINKS = 32;

  private volatile Tracer tracer = TracerProvider.noop().get("");

  /// Has this tracer write all spans that begin from now on.
  public void writeBy(Tracer writer) {
    tracer = writer;
  }

  /// The login of a client that has proven its credential, until it is let in or refused. The other
  /// steps on the same thread are parts of it.
  public TracedStep login(TenantId tenant, RequestId request) {
    return TracedStep.of(
        tracer
            .spanBuilder("login")
            .setNoParent()
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(TENANT, tenant.value())
            .setAttribute(REQUEST, request.value())
            .startSpan());
  }

  /// A step of what this thread is doing for a request; a trace of its own if it does nothing else.
  public TracedStep step(String name, TenantId tenant, RequestId request) {
    return TracedStep.of(
        tracer
            .spanBuilder(name)
            .setAttribute(TENANT, tenant.value())
            .setAttribute(REQUEST, request.value())
            .startSpan());
  }

  /// A step of what this thread is doing, if that is traced.
  public TracedStep step(String name) {
    return Span.current().getSpanContext().isSampled()
        ? TracedStep.of(tracer.spanBuilder(name).startSpan())
        : TracedStep.NONE;
  }

  /// The operations of a session.
  public SessionTraces session(TenantId tenant, RequestId request, SessionId session) {
    return new SessionTraces(
        () ->
            tracer
                .spanBuilder("operation")
                .setNoParent()
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(TENANT, tenant.value())
                .setAttribute(REQUEST, request.value())
                .setAttribute(SESSION, session.value())
                .startSpan(),
        span -> tracer.spanBuilder("record").setParent(Context.root().with(span)).startSpan());
  }

  /// Entries that go to the log together: a part of the first of these, linked to the others.
  ///
  /// @param traced what the entries are parts of; only what is sampled counts
  public TracedStep append(List<SpanContext> traced) {
    if (traced.isEmpty()) {
      return TracedStep.NONE;
    }
    var span =
        tracer
            .spanBuilder("append")
            .setParent(Context.root().with(Span.wrap(traced.getFirst())))
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(ENTRIES, (long) traced.size());
    traced.stream().skip(1).limit(MOST_LINKS).forEach(span::addLink);
    return TracedStep.of(span.startSpan());
  }
}
