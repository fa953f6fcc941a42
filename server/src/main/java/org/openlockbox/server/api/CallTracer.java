package org.openlockbox.server.api;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.trace.ServerSpan;
import org.openlockbox.server.trace.ServerTraces;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Traces each call by the pattern of its path. Gateways say which of their traces a call belongs
/// to (W3C Trace Context), and what they do not trace is not traced here. Of anybody else that
/// header counts for nothing. Ids are told of calls that succeeded, so they are ids that exist.
final class CallTracer implements HandlerInterceptor {
  private static final String SPAN = CallTracer.class.getName();
  private static final int REDIRECT = 300;
  private static final TextMapGetter<HttpServletRequest> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpServletRequest request) {
          return Collections.list(request.getHeaderNames());
        }

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String name) {
          return Objects.requireNonNull(request).getHeader(name);
        }
      };

  private final ServerTraces traces;

  CallTracer(ServerTraces traces) {
    this.traces = traces;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    var route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    if (route != null) {
      request.setAttribute(SPAN, begun(request, route.toString()));
    }
    return true;
  }

  private ServerSpan begun(HttpServletRequest request, String route) {
    return isOfGateway()
        ? traces.callOf(parent(request), request.getMethod(), route)
        : traces.call(request.getMethod(), route);
  }

  private static boolean isOfGateway() {
    var signedIn = SecurityContextHolder.getContext().getAuthentication();
    return signedIn != null
        && signedIn.getPrincipal() instanceof Principal(var caller)
        && caller.is(Role.GATEWAY);
  }

  private static SpanContext parent(HttpServletRequest request) {
    var named = W3CTraceContextPropagator.getInstance().extract(Context.root(), request, HEADERS);
    return Span.fromContext(named).getSpanContext();
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    if (request.getAttribute(SPAN) instanceof ServerSpan span) {
      try (span) {
        span.answered(response.getStatus());
        if (span.isRead() && response.getStatus() < REDIRECT) {
          tell(request, "t", TenantId::new, span::of);
          tell(request, "r", RequestId::new, span::of);
        }
      }
    }
  }

  /// Tells the id in a part of the path, if it is one.
  private static <T> void tell(
      HttpServletRequest request, String part, Function<String, T> reading, Consumer<T> telling) {
    if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
        instanceof Map<?, ?> parts) {
      parsed(parts.get(part), reading).ifPresent(telling);
    }
  }

  private static <T> Optional<T> parsed(@Nullable Object text, Function<String, T> reading) {
    try {
      return Optional.ofNullable(text).map(Object::toString).map(reading);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
