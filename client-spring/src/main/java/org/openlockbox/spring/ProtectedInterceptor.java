package org.openlockbox.spring;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.openlockbox.client.LockboxClient;
import org.openlockbox.client.session.AccessOpening;
import org.openlockbox.client.session.AccessRefusal;
import org.openlockbox.client.session.AccessRefusal.RefusalKind;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.ActionCall;
import org.openlockbox.client.session.CallOrigin;
import org.openlockbox.client.session.RecordResult;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.application.ApplicationAction;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.spring.ProtectedExchange.ProtectedCall;
import org.openlockbox.spring.ProtectedExchange.ProtectedTarget;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Lets a protected method begin only when its call is on record:
///
/// ```text
///   token ─▶ session ─▶ whose data, by the path ─▶ body read ─▶ on record, durable
///     ─▶ the answer is held ─▶ method
/// ```
///
/// Anything else is a refusal, and the method does not run. Of a call without a session nothing is
/// read but its token.
final class ProtectedInterceptor implements HandlerInterceptor {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final LockboxClient lockbox;

  ProtectedInterceptor(LockboxClient lockbox) {
    this.lockbox = lockbox;
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (!(handler instanceof HandlerMethod method)) {
      return true;
    }
    LockboxProtected wanted = method.getMethodAnnotation(LockboxProtected.class);
    if (wanted == null) {
      return true;
    }
    ProtectedExchange exchange =
        ProtectedExchange.of(request)
            .orElseThrow(() -> new IllegalStateException("nothing holds the answer back"));
    exchange.requireHeld(response);
    var target = new ProtectedTarget(method.getMethod(), request.getRequestURI());
    if (exchange.call().isPresent()) {
      return goesOn(exchange, request, target);
    }
    return switch (begun(exchange.request(), request, wanted)) {
      case CallStart.CallBegun(ProtectedCall call) -> {
        hold(exchange, call, target);
        yield true;
      }
      case CallStart.CallRefused(AccessRefusal why) -> {
        new RefusalAnswer(why).writeTo(response);
        yield false;
      }
    };
  }

  /// An action whose answer cannot be held is over.
  private static void hold(ProtectedExchange exchange, ProtectedCall call, ProtectedTarget target)
      throws IOException {
    try {
      exchange.protect(call, target);
    } catch (IOException | RuntimeException e) {
      call.action().close();
      throw e;
    }
  }

  /// The result of another thread comes back as a dispatch of the same request to the same method.
  private static boolean goesOn(
      ProtectedExchange exchange, HttpServletRequest request, ProtectedTarget target) {
    if (request.getDispatcherType() != DispatcherType.ASYNC || !exchange.isOf(target)) {
      throw new IllegalStateException("one request calls two protected methods");
    }
    return true;
  }

  /// What became of a call.
  private sealed interface CallStart {
    record CallBegun(ProtectedCall call) implements CallStart {}

    record CallRefused(AccessRefusal why) implements CallStart {}
  }

  private CallStart begun(HeldRequest held, HttpServletRequest request, LockboxProtected wanted)
      throws IOException {
    Optional<BearerToken> token =
        Optional.ofNullable(request.getHeader("Authorization")).flatMap(BearerToken::parse);
    if (token.isEmpty()) {
      return refused(
          RefusalKind.NOT_SIGNED_IN,
          "token",
          "this call shows no token",
          "Run `lockbox connect`, and send its header.");
    }
    ResourceId resource = new ResourceId(wanted.resource());
    return switch (lockbox.open(token.get(), resource, origin(request))) {
      case AccessOpening.RefusedAccess(AccessRefusal why) -> new CallStart.CallRefused(why);
      case AccessOpening.OpenedAccess(AccessSession session) ->
          begun(session, held, request, wanted);
    };
  }

  private CallStart begun(
      AccessSession session, HeldRequest held, HttpServletRequest request, LockboxProtected wanted)
      throws IOException {
    ApplicationAction action = new ApplicationAction(wanted.action());
    String text = text(held, request);
    Optional<TenantId> tenant = tenant(request, wanted);
    if (tenant.isEmpty()) {
      session.recordRefusal(action, text, "tenant");
      return refused(
          RefusalKind.FORBIDDEN, "tenant", "this is no customer", "Look at the address.");
    }
    Optional<Bytes> input = input(held, request);
    if (input.isEmpty()) {
      session.recordRefusal(action, text, "body");
      return refused(
          RefusalKind.FORBIDDEN,
          "body",
          "the body cannot be recorded: it has parts or more than 64 KiB, or a filter has read it",
          "Send less at once.");
    }
    return switch (session.record(new ActionCall(action, tenant.get(), text, input.get()))) {
      case RecordResult.NotRecorded(AccessRefusal why) -> new CallStart.CallRefused(why);
      case RecordedAction recorded -> new CallStart.CallBegun(new ProtectedCall(session, recorded));
    };
  }

  private static CallStart refused(RefusalKind kind, String code, String why, String next) {
    return new CallStart.CallRefused(new AccessRefusal(kind, code, why, next));
  }

  /// Whose data the path is about. Nothing else that a caller sends says so.
  private Optional<TenantId> tenant(HttpServletRequest request, LockboxProtected wanted) {
    return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> variables
        ? Optional.ofNullable(variables.get(wanted.tenant()))
            .flatMap(value -> spec(wanted).tenantOf(value.toString()))
        : Optional.empty();
  }

  private ApplicationSpec spec(LockboxProtected wanted) {
    return ProtectedMethods.spec(lockbox, wanted);
  }

  /// The method as the application takes it, and the address as it was sent: filters let callers
  /// change what the application takes for its own address.
  private static String text(HeldRequest held, HttpServletRequest request) {
    boolean isForwarded = request.getDispatcherType() == DispatcherType.FORWARD;
    HttpServletRequest sent = isForwarded ? request : held;
    String query = sent.getQueryString();
    return request.getMethod() + " " + sent.getRequestURI() + (query == null ? "" : "?" + query);
  }

  /// What is sent along: the fields of a form, or the body. Empty if it cannot be recorded.
  private static Optional<Bytes> input(HeldRequest held, HttpServletRequest request)
      throws IOException {
    String type = Optional.ofNullable(held.getContentType()).orElse("");
    String media = type.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
    if (media.startsWith("multipart/")) {
      return Optional.empty();
    }
    boolean isParsed = held.getMethod().equals("POST") != held.isTaken();
    return media.equals(FORM) && isParsed
        ? Optional.of(fields(request)).filter(all -> all.size() <= ActionCall.MOST_INPUT)
        : held.body(ActionCall.MOST_INPUT);
  }

  /// The container parses the form of a POST, and a filter of Spring's takes any other.
  private static Bytes fields(HttpServletRequest request) {
    StringBuilder fields = new StringBuilder();
    new TreeMap<>(request.getParameterMap())
        .forEach(
            (name, values) -> {
              for (String value : values) {
                String called = escaped(name).replace("=", "%3D");
                fields.append(called).append('=').append(escaped(value)).append('\n');
              }
            });
    return Bytes.ofUtf8(fields.toString());
  }

  /// No field can look like two.
  private static String escaped(String text) {
    return text.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D");
  }

  private static CallOrigin origin(HttpServletRequest request) throws IOException {
    String program = Optional.ofNullable(request.getHeader("User-Agent")).orElse("");
    return new CallOrigin(InetAddress.ofLiteral(request.getRemoteAddr()), program);
  }
}
