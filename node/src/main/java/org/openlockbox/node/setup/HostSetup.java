package org.openlockbox.node.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.process.Ports;
import org.openlockbox.node.service.ServerSettings;

/// Makes what one host needs, in an order in which each step needs only those before: directories,
/// keys, certificates, database roles, configuration, tokens. Each step keeps what is there, so
/// killed anywhere, the same command goes on.
final class HostSetup {
  private final HostPlan plan;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<String, String> environment;
  private final HostFiles files = new HostFiles();

  HostSetup(
      HostPlan plan, InstantSource clock, SecureRandom random, Map<String, String> environment) {
    this.plan = plan;
    this.clock = clock;
    this.random = random;
    this.environment = environment;
  }

  /// Answers the files that were made and those that were there.
  HostFiles make() throws SQLException {
    requirePorts();
    if (plan.role() == HostRole.GATEWAY) {
      takeWhatWasHanded();
    } else {
      var layout = plan.layout();
      List.of(layout.server(), layout.authority(), layout.serverState()).forEach(files::directory);
      if (!layout.isHandedOver()) {
        files.directory(layout.gateway());
      }
    }
    new HostKeys(plan, files, clock, random).make();
    new HostCertificates(plan, files, new CertificateMaker(clock, random)).make();
    new HostDatabases(plan, files, new AdminSql(plan.admin(), random), random).make();
    configure();
    own();
    return files;
  }

  private void requirePorts() {
    var layout = plan.layout();
    if (plan.server().isPresent() && !Files.exists(layout.serverConfig())) {
      Ports.check("0.0.0.0", plan.server().get().port(), "the server");
    }
    if (plan.guarded().isPresent() && !Files.exists(layout.gatewayConfig())) {
      Ports.check("0.0.0.0", plan.gateway().port(), "the gateway");
    }
  }

  /// The server's host made keys, certificates and a token for this gateway.
  private void takeWhatWasHanded() {
    var layout = plan.layout();
    var part = layout.gateway();
    var needed =
        new ArrayList<>(
            List.of(
                layout.handedCa(),
                layout.gatewayKey(),
                layout.gatewayCertificate(),
                layout.gatewayToken(),
                HostCertificates.clientCertificate(layout),
                HostCertificates.clientKey(layout)));
    if (plan.certificate().isEmpty()) {
      needed.addAll(List.of(HostCertificates.certificate(part), HostCertificates.key(part)));
    }
    for (Path file : needed) {
      if (!Files.exists(file)) {
        throw new NodeFailure(
            Code.USAGE,
            "%s is missing. lockbox init --server makes a directory for this gateway on the server's host: copy it here as %s"
                .formatted(file, part));
      }
    }
    files.open(layout.ca(), () -> ServerSettings.text(layout.handedCa()));
  }

  private void configure() {
    var layout = plan.layout();
    var config = new HostConfig(plan);
    if (plan.server().isPresent()) {
      files.open(layout.serverConfig(), config::serverText);
      new FirstPeople(plan, files, environment)
          .make(ConfigReader.read(layout.serverConfig()), plan.server().get().people());
    }
    if (plan.guarded().isPresent()) {
      files.open(layout.gatewayConfig(), config::gatewayText);
      ConfigReader.read(layout.gatewayConfig());
    } else if (!layout.isHandedOver()) {
      files.open(layout.handedCa(), () -> ServerSettings.text(layout.ca()));
      files.open(layout.handedAnswers(), config::handedAnswers);
    }
  }

  /// Each part's files to its service. Configuration and certificates of authorities stay root's.
  private void own() {
    var layout = plan.layout();
    if (plan.role().hasServer()) {
      files.give(layout.server(), HostServices.SERVER);
      files.give(layout.serverState(), HostServices.SERVER);
      files.readableBy(layout.serverConfig(), HostServices.SERVER);
    }
    if (plan.role().hasGateway()) {
      files.give(layout.gateway(), HostServices.GATEWAY);
      files.readableBy(layout.gatewayConfig(), HostServices.GATEWAY);
    }
  }

  /// Refuses before anything is written what would fail in the middle.
  static void refuseWithoutPsql() {
    try {
      new ProcessBuilder("psql", "--version").start().destroy();
    } catch (IOException e) {
      throw new NodeFailure(
          Code.TOOL_MISSING, "psql is needed; install the package postgresql-client", e);
    }
  }
}
