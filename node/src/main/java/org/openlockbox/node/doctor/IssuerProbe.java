package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.openlockbox.node.config.NodeConfig.IssuerSettings;
import org.openlockbox.node.service.ServerSettings;
import org.openlockbox.server.identity.oidc.Issuers;

/// An issuer answers at its address, and names itself as the configuration does. Nobody signs in.
record IssuerProbe(IssuerSettings settings, InstantSource clock) implements Probe {
  @Override
  public List<HostFinding> look() {
    String subject = subject(settings);
    try {
      Issuers.ask(ServerSettings.issuer(settings), clock);
      return List.of(ok(subject, settings.url() + " answers."));
    } catch (IOException e) {
      return List.of(
          broken(
              subject,
              "%s does not answer as an issuer: %s".formatted(settings.url(), e.getMessage()),
              "Look at server.issuers, and ask who runs it. Its people cannot sign in."));
    }
  }

  static String subject(IssuerSettings settings) {
    return "issuer " + settings.name();
  }
}
