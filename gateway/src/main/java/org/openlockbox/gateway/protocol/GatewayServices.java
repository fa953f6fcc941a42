package org.openlockbox.gateway.protocol;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.admission.Admission;
import org.openlockbox.gateway.admission.AdmissionDecision;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.metrics.GatewayMeters;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.trace.GatewayTraces;
import org.openlockbox.gateway.trace.TracedStep;

/// What a gateway does for its protocols.
///
/// @param controlPlane knows the connect statements of clients that log in
/// @param turns bounds how many logins are decided about at once
/// @param nanoTime the clock that nobody can set
/// @param clock the time of day
/// @param meters counts refused logins
/// @param traces tells a collector how logins went
/// @param random for what nobody may guess
public record GatewayServices(
    ControlPlane controlPlane,
    Admission admission,
    LiveSessions sessions,
    LoginTurns turns,
    LongSupplier nanoTime,
    InstantSource clock,
    GatewayMeters meters,
    GatewayTraces traces,
    SecureRandom random) {
  private static final Deny NO_TURN =
      new Deny(
          Deny.DenyReason.NO_ROOM,
          "too many log in at this gateway at once",
          "Nothing was opened. Connect again in a moment.");

  /// Nobody reads it but the gateway's own log.
  private static final Deny HAS_LEFT =
      new Deny(
          Deny.DenyReason.NO_ROOM,
          "the client had left before its turn came",
          "Nothing was opened. Give it more time to connect.");

  /// What a protocol does with a decision.
  @FunctionalInterface
  public interface DecisionHandler<R, X extends Exception> {
    R handle(AdmissionDecision decision) throws X;
  }

  /// Decides about a client that has proven the credential behind `offer`, as [Admission#decide],
  /// and has the decision handled, both in one of the gateway's turns. May wait for it.
  ///
  /// @param client the two ends of its connection, where it has one for itself: nothing is done for
  ///   it once it has left
  public <R, X extends Exception> R admit(
      ConnectOffer offer,
      Optional<SocketStates.Endpoints> client,
      String user,
      String place,
      DecisionHandler<R, X> handler)
      throws X {
    return switch (turns.take(offer.tenant(), client)) {
      case LoginTurns.NoTurn.TOO_LATE -> handler.handle(NO_TURN);
      case LoginTurns.NoTurn.HAS_LEFT -> handler.handle(HAS_LEFT);
      case LoginTurns.LoginTurn turn -> {
        try (turn) {
          yield handler.handle(decided(offer, user, place));
        }
      }
    };
  }

  private AdmissionDecision decided(ConnectOffer offer, String user, String place) {
    try (TracedStep _ = traces.step("admission", offer.tenant(), offer.request())) {
      return admission.decide(offer, user, place);
    }
  }
}
