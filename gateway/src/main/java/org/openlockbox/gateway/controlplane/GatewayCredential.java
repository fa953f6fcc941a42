package org.openlockbox.gateway.controlplane;

import java.util.function.Supplier;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.ShownCertificate;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;

/// What a gateway signs and vouches for itself with.
///
/// @param id its name, which its certificate bears
/// @param signer its Ed25519 key
/// @param certificate the newest certificate for that key; may be another one after a renewal
public record GatewayCredential(
    GatewayId id, PrivateSigner signer, Supplier<Envelope> certificate) {
  /// What the control plane is shown before the first lease of a boot.
  ShownCertificate shown(Envelope newest, String boot) {
    return ShownCertificate.of(newest, boot, signer);
  }
}
