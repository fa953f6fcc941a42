package org.openlockbox.gateway.protocol;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.admission.Admission;
import org.openlockbox.gateway.admission.AdmissionDecision;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.metrics.GatewayMeters;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.trace.GatewayTraces;
import org.openlockbox.gateway.trace.TracedStep;

/// What a gateway does for its protocols.
///
/// @param controlPlane knows the connect statements of clients that log in
/// @param nanoTime the clock that nobody can set
/// @param clock the time of day
/// @param meters counts refused logins
/// @param traces tells a collector how logins went
/// @param random for what nobody may guess
public record GatewayServices(
    ControlPlane controlPlane,
    Admission admission,
    LiveSessions sessions,
    LongSupplier nanoTime,
    InstantSource clock,
    GatewayMeters meters,
    GatewayTraces traces,
    SecureRandom random) {
  /// Decides about a client that has proven the credential behind `offer`, as [Admission#decide].
  public AdmissionDecision decide(ConnectOffer offer, String user, String place) {
    try (TracedStep _ = traces.step("admission", offer.tenant(), offer.request())) {
      return admission.decide(offer, user, place);
    }
  }
}
