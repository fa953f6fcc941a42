package org.openlockbox.gateway.session;

import java.io.IOException;
import java.util.Optional;
import org.openlockbox.gateway.budget.Budgets;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;

/// What a protocol does for one [Session]: it makes a login of the session's own at the protected
/// service, carries bytes between that and the client, and takes the login away again.
///
/// ```text
///   adopt ─▶ dial ─▶ begin ─▶ leave ─▶ remove, until nothing remains ─▶ hangUp ─▶ forgotten
/// ```
///
/// [#leave] may come at any moment after [#adopt], also while [#dial] waits. Nothing but [#dial],
/// [#remove] and [#awaitQuiet] may wait.
public interface Traffic {
  /// Takes the client's connection over from the thread that logged it in.
  void adopt();

  /// Makes the login at the protected service and connects with it. The opening is on record. What
  /// was made and cannot be used is left to [#remove].
  ///
  /// @throws CannotOpen with what the client is told
  void dial() throws IOException, CannotOpen;

  /// Lets the client in; from now on bytes pass.
  ///
  /// @param meter what is released costs
  void begin(Budgets.Meter meter);

  /// When what happened last.
  Activity activity();

  /// Tells the client something, as soon as it can be told.
  void tell(String message, String hint);

  /// Stops what runs, if anything does.
  void cancel();

  /// The session has ended: nothing more reaches the protected service, and nothing that is on its
  /// way to it may have an effect.
  void cut();

  /// Ends the client's connection. From now on nothing is read for the session, and nothing
  /// recorded but what had been passed on by then.
  ///
  /// @param words what the client is told; empty if it has left
  /// @param hungUp to be called when the connection is closed
  void leave(EndReason reason, Optional<ClientNotice> words, Runnable hungUp);

  /// Waits until nothing more of the session is recorded.
  void awaitQuiet() throws InterruptedException;

  /// Tries once to take the session's login and whatever runs by it out of the protected service.
  ///
  /// @return what is still there
  Optional<RemovalFailure> remove();

  /// Closes the connection to the protected service.
  void hangUp();

  /// Whether nothing is on its way that the end of the lease has to stop. Asked when the lease is
  /// over.
  boolean isSettled(SocketStates states);

  /// Throws away what the client has not fetched, and its connection with it.
  void discard();

  /// The session is over and nobody asks for it any more.
  void forgotten();
}
