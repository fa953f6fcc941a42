package org.openlockbox.portal.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openlockbox.server.problem.Problem;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Gives handlers the signed-in [Visitor]; a handler that takes one is not reached without.
final class VisitorArguments implements HandlerMethodArgumentResolver {
  private final PageContexts frames;

  VisitorArguments(PageContexts frames) {
    this.frames = frames;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Visitor.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binders) {
    var request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    var visitor = frames.visitor(request).orElseThrow(Problem::notSignedIn);
    if (visitor.frame().shell().done().isPresent()) {
      frames.confirmed(Objects.requireNonNull(web.getNativeResponse(HttpServletResponse.class)));
    }
    return visitor;
  }
}
