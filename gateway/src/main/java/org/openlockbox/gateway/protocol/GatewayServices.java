package org.openlockbox.gateway.protocol;

import java.util.function.LongSupplier;
import org.openlockbox.gateway.admission.Admission;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.metrics.GatewayMeters;
import org.openlockbox.gateway.session.LiveSessions;

/// What a gateway does for its protocols.
///
/// @param controlPlane knows the connect statements of clients that log in
/// @param nanoTime the clock that nobody can set
/// @param meters counts refused logins
public record GatewayServices(
    ControlPlane controlPlane,
    Admission admission,
    LiveSessions sessions,
    LongSupplier nanoTime,
    GatewayMeters meters) {}
