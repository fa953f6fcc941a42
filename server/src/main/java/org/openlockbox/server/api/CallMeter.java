package org.openlockbox.server.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.openlockbox.server.metrics.ServerMeters;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Measures each call by the pattern of its path, so that no path of a caller's choice makes a
/// figure of its own.
final class CallMeter implements HandlerInterceptor {
  private static final String BEGAN = CallMeter.class.getName();

  private final ServerMeters meters;

  CallMeter(ServerMeters meters) {
    this.meters = meters;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    request.setAttribute(BEGAN, System.nanoTime());
    return true;
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    var route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    if (request.getAttribute(BEGAN) instanceof Long began && route != null) {
      meters.called(
          request.getMethod(), route.toString(), response.getStatus(), System.nanoTime() - began);
    }
  }
}
