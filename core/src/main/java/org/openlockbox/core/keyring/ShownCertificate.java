package org.openlockbox.core.keyring;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.SignatureCheck;

/// What a gateway shows the control plane before its first lease: its certificate, and the name of
/// this boot, signed with the certified key. So a certificate that was copied is of no use.
public record ShownCertificate(Envelope certificate, Envelope proof) {
  private static final String PROOF_TYPE = "application/vnd.lockbox.gateway-boot.v1+json";

  /// Shows this certificate for a boot.
  public static ShownCertificate of(Envelope certificate, String boot, PrivateSigner signer) {
    var read = GatewayCertificate.parse(certificate);
    return new ShownCertificate(certificate, unsigned(read, boot).signedBy(signer));
  }

  public static ShownCertificate parse(Fields fields) {
    var shown =
        new ShownCertificate(
            Envelope.parse(fields.object("envelope")), Envelope.parse(fields.object("proof")));
    fields.done();
    return shown;
  }

  public Json.Object toJson() {
    return Json.object().put("envelope", certificate.toJson()).put("proof", proof.toJson()).build();
  }

  /// Why this does not show that the boot is the certificate's gateway; empty if it does. Whether
  /// the certificate is in force is another question: [GatewayTrust#misfit].
  public Optional<String> fault(GatewayId gateway, String boot) {
    var read = GatewayCertificate.parse(certificate);
    if (!read.gateway().equals(gateway)) {
      return Optional.of("the certificate is another gateway's");
    }
    var expected = unsigned(read, boot);
    boolean proven =
        proof.payloadType().equals(expected.payloadType())
            && proof.payload().equals(expected.payload())
            && !SignatureCheck.valid(List.of(read.key()), proof).isEmpty();
    return proven
        ? Optional.empty()
        : Optional.of("the gateway does not hold the key of its certificate");
  }

  private static Envelope unsigned(GatewayCertificate certificate, String boot) {
    return Envelope.unsigned(
        PROOF_TYPE,
        Json.object()
            .put("v", 1)
            .put("gateway", certificate.gateway().value())
            .put("boot", boot)
            .put("logHost", certificate.logHost().value())
            .build());
  }
}
