package org.openlockbox.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.spring.ProtectedExchange.ProtectedCall;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Gives a protected method the proof that its call is on record, and the session of it.
final class ProtectedArguments implements HandlerMethodArgumentResolver {
  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == RecordedAction.class
        || parameter.getParameterType() == AccessSession.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    ProtectedCall call =
        Optional.ofNullable(request.getNativeRequest(HttpServletRequest.class))
            .flatMap(ProtectedExchange::of)
            .flatMap(ProtectedExchange::call)
            .orElseThrow(() -> new IllegalStateException("this method is not @LockboxProtected"));
    return parameter.getParameterType() == RecordedAction.class ? call.action() : call.session();
  }
}
