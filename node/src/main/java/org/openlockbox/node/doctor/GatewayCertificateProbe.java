package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;

import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.GatewayPart;
import org.openlockbox.postgres.catalogue.ResourceSpec;

/// The certificate by the gateway authority: of this gateway, for its key, for every resource of
/// the catalogue, and for how many days more.
record GatewayCertificateProbe(NodeConfig config, GatewayPart gateway, InstantSource clock)
    implements Probe {
  private static final String SUBJECT = "gateway certificate";

  @Override
  public List<HostFinding> look() throws IOException {
    var file = gateway.certificate();
    GatewayCertificate certificate;
    try {
      var text = Files.readString(file).strip();
      certificate =
          GatewayCertificate.parse(Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(text))));
    } catch (MalformedJson e) {
      return List.of(
          broken(
              SUBJECT, file + " is none: " + e.getMessage(), "lockbox gateway enroll makes one."));
    }
    var key = KeyFile.parse(Files.readString(gateway.key())).key();
    if (!certificate.gateway().value().equals(gateway.id()) || !certificate.key().equals(key)) {
      return List.of(
          broken(
              SUBJECT,
              file + " is of another gateway or another key.",
              "Name the files that belong together in gateway.key and gateway.certificate."));
    }
    var missing = resources().filter(id -> !certificate.resources().contains(id)).findFirst();
    if (missing.isPresent()) {
      return List.of(
          broken(
              SUBJECT,
              "It names no resource " + missing.get() + ", so no session opens on it.",
              "lockbox gateway renew, with --resource " + missing.get()));
    }
    return List.of(
        CertificateProbe.validity(
            SUBJECT,
            file,
            certificate.validity().notAfter(),
            "lockbox gateway renew, with the authority's key.",
            clock));
  }

  private Stream<ResourceId> resources() {
    return Stream.concat(
        config.catalogue().resources().stream().map(ResourceSpec::id),
        Stream.concat(
            config.services().stream().map(service -> service.spec().id()),
            config.checks().stream().map(check -> check.spec().id())));
  }
}
