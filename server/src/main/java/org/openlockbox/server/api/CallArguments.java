package org.openlockbox.server.api;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.server.problem.Problem;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Gives handlers their [ApiCall]. Bodies are read up to a limit and no further: 1 MiB, or 16 MiB
/// at the gateway door, which sends batches.
final class CallArguments implements HandlerMethodArgumentResolver {
  private static final int MOST = 1 << 20;
  private static final int MOST_OF_GATEWAY = 40 << 20;

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == ApiCall.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binders)
      throws IOException {
    var request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication == null || !(authentication.getPrincipal() instanceof Principal principal)) {
      throw Problem.notSignedIn();
    }
    return new ApiCall(
        principal.caller(),
        request.getMethod(),
        request.getRequestURI(),
        body(request),
        Optional.ofNullable(request.getHeader("Idempotency-Key")),
        Optional.ofNullable(request.getHeader("If-Match")));
  }

  private static Bytes body(HttpServletRequest request) throws IOException {
    int most = request.getRequestURI().startsWith("/gateway/") ? MOST_OF_GATEWAY : MOST;
    var bytes = request.getInputStream().readNBytes(most + 1);
    if (bytes.length > most) {
      throw Problem.tooLarge("the body is longer than %d bytes".formatted(most));
    }
    return Bytes.of(bytes);
  }
}
