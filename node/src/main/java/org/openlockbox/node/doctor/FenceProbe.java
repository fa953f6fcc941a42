package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;
import static org.openlockbox.node.doctor.HostFinding.warning;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.node.config.NodeConfig.GatewayPart;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.database.AdminConnections;
import org.openlockbox.postgres.database.GatewayBoot;
import org.openlockbox.postgres.fence.Deviation;
import org.openlockbox.postgres.fence.FenceCheck;
import org.openlockbox.postgres.fence.FenceReport;

/// A protected database, as the gateway's own role sees it: reached, and its fence.
record FenceProbe(GatewayPart gateway, ResourceSpec spec) implements Probe {
  private static final String NO_SESSION = "0".repeat(16);

  @Override
  public List<HostFinding> look() {
    String subject = "fence of " + spec.id();
    var password = Optional.ofNullable(gateway.passwords().get(spec.id().value()));
    if (password.isEmpty()) {
      return List.of(
          broken(subject, "No password is configured.", "Add it to gateway.databasePasswords."));
    }
    var boot = new GatewayBoot(new GatewayId(gateway.id()), NO_SESSION);
    try (var connection = AdminConnections.to(spec.address(), password.get().get(), boot).dial()) {
      return List.of(of(subject, FenceCheck.report(connection, spec)));
    } catch (SQLException e) {
      return List.of(
          broken(
              subject,
              "%s:%d cannot be reached as %s: %s"
                  .formatted(
                      spec.address().host(),
                      spec.address().port(),
                      spec.address().gatewayRole(),
                      e.getMessage()),
              "Look at resources.yaml, the password's file, pg_hba.conf and the network."));
    }
  }

  private static HostFinding of(String subject, FenceReport report) {
    Optional<Deviation> worst = report.deviations().stream().findFirst();
    if (!report.stands()) {
      return broken(
          subject,
          worst.map(Deviation::sentence).orElse("It does not stand."),
          worst.map(Deviation::fix).orElse("lockbox resource check names each deviation."));
    }
    return worst
        .map(found -> warning(subject, "It stands. " + found.sentence(), found.fix()))
        .orElseGet(() -> ok(subject, "It stands."));
  }
}
