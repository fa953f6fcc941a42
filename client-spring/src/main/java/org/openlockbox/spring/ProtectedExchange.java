package org.openlockbox.spring;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.client.session.AccessSession;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.client.session.ReleaseRefused;
import org.openlockbox.core.canonical.MalformedJson;

/// One request and its answer, from the filter to the end of both. Until a method is protected,
/// everything passes; from then on the answer passes through the action's own stream.
///
/// | from | by | to |
/// |---|---|---|
/// | plain | [#protect] | protected |
/// | plain, protected | [#end] | over |
final class ProtectedExchange {
  private static final String ATTRIBUTE = ProtectedExchange.class.getName();

  /// What a protected method works with.
  record ProtectedCall(AccessSession session, RecordedAction action) {}

  /// What was recorded: this method, called at this address.
  record ProtectedTarget(Method method, String address) {}

  private final HeldRequest request;
  private final HeldResponse response;
  private @Nullable ProtectedCall call;
  private @Nullable ProtectedTarget target;

  ProtectedExchange(HttpServletRequest request, HttpServletResponse response) {
    this.request = new HeldRequest(request, this);
    this.response = new HeldResponse(response);
    request.setAttribute(ATTRIBUTE, this);
  }

  /// That of a request; empty if the filter has not seen it.
  static Optional<ProtectedExchange> of(HttpServletRequest request) {
    return Optional.ofNullable((ProtectedExchange) request.getAttribute(ATTRIBUTE));
  }

  HeldRequest request() {
    return request;
  }

  HeldResponse response() {
    return response;
  }

  Optional<ProtectedCall> call() {
    return Optional.ofNullable(call);
  }

  /// Whether this is what was recorded.
  boolean isOf(ProtectedTarget called) {
    return called.equals(target);
  }

  /// @throws IllegalStateException if what is written there would not pass through this exchange
  void requireHeld(ServletResponse answer) {
    boolean isHeld =
        answer == response
            || (answer instanceof ServletResponseWrapper outer && outer.isWrapperFor(response));
    if (!isHeld) {
      throw new IllegalStateException("nothing holds the answer back");
    }
  }

  /// From now on the answer is that of this action.
  ///
  /// @throws IOException if something has been written before
  void protect(ProtectedCall recorded, ProtectedTarget begun) throws IOException {
    response.hold(recorded.action());
    call = recorded;
    target = begun;
  }

  /// Ends an answer that another thread has written; false if a part of it has left and the rest
  /// may not, so that the connection has to break.
  boolean isEndedWhole() {
    try {
      end(true);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Why the connection has to break, if it has to.
  Optional<ReleaseRefused> brokenBy() {
    return response.refused().filter(_ -> response.isCommitted());
  }

  /// The answer is complete, or will not be.
  ///
  /// @param whole whether the application has written all of it
  /// @return whether the caller was told a refusal instead of it
  /// @throws ReleaseRefused if only a part of it has left: the connection has to break
  boolean end(boolean whole) throws IOException {
    ProtectedCall ending = call;
    if (ending == null) {
      return false;
    }
    try (RecordedAction action = ending.action()) {
      if (whole) {
        action.went(status());
        response.finish();
      }
    } catch (ReleaseRefused e) {
      // the response knows it, also where somebody else has caught it
    }
    Optional<ReleaseRefused> refused = response.refused();
    if (refused.isEmpty()) {
      return false;
    }
    if (!response.isRefusedWith(refused.get().why())) {
      throw refused.get();
    }
    return true;
  }

  private int status() {
    int status = response.getStatus();
    if (status < 100 || status > 599) {
      throw new MalformedJson("not a status of HTTP: " + status);
    }
    return status;
  }
}
