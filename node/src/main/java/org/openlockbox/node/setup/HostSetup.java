package org.openlockbox.node.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.process.Ports;

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
    var layout = plan.layout();
    if (!Files.exists(layout.serverConfig())) {
      Ports.check("0.0.0.0", plan.port(), "the server");
      Ports.check("0.0.0.0", plan.gatewayPort(), "the gateway");
    }
    List.of(layout.server(), layout.gateway(), layout.authority(), layout.serverState())
        .forEach(files::directory);
    new HostKeys(plan, files, clock, random).make();
    new HostCertificates(plan, files, new CertificateMaker(clock, random)).make();
    new HostDatabases(plan, files, new AdminSql(plan.databases().admin(), random), random).make();
    var config = new HostConfig(plan);
    files.open(layout.serverConfig(), config::serverText);
    files.open(layout.gatewayConfig(), config::gatewayText);
    new FirstPeople(plan, files, environment).make(ConfigReader.read(layout.serverConfig()));
    ConfigReader.read(layout.gatewayConfig());
    own();
    return files;
  }

  /// Each part's files to its service. Configuration and certificates of authorities stay root's.
  private void own() {
    var layout = plan.layout();
    files.give(layout.server(), HostServices.SERVER);
    files.give(layout.serverState(), HostServices.SERVER);
    files.give(layout.gateway(), HostServices.GATEWAY);
    files.readableBy(layout.serverConfig(), HostServices.SERVER);
    files.readableBy(layout.gatewayConfig(), HostServices.GATEWAY);
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
