package org.openlockbox.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openlockbox.demo.DemoRoles.DemoCustomer;
import org.openlockbox.demo.postgres.ControlPlaneClusters;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// A node in a process of its own, over the databases of a demo that has stopped: it starts as in
/// real use, serves one founding, and is told to stop.
final class NodeRehearsal {
  /// Java writes its cache when the node ends: half a minute of a core, which may be a busy one.
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private static final DemoCustomer FOUNDED =
      new DemoCustomer(
          "rehearsal", "Rehearsal", List.of("globex-approver"), List.of("one@rehearsal.example"));

  private final DemoLayout layout;
  private final InstantSource clock;
  private final SecureRandom random;

  NodeRehearsal(DemoLayout layout, InstantSource clock, SecureRandom random) {
    this.layout = layout;
    this.clock = clock;
    this.random = random;
  }

  void run(List<String> node) throws IOException {
    var config = ConfigReader.read(layout.config());
    if (!(config.server().orElseThrow().database() instanceof DatabaseSettings.Embedded control)) {
      throw new IllegalStateException("the demo's configuration names an external database");
    }
    try (var _ = Demo.withoutNode(layout, clock, random);
        var database = new ControlPlaneClusters().start(control, random)) {
      nameDatabase(database.jdbcUrl(), database.user());
      use(node);
    }
  }

  /// To the node it is a database like any other.
  private void nameDatabase(String url, String user) throws IOException {
    String external =
        "    url: %s\n    user: %s\n    password: {file: data/control/password}"
            .formatted(url, user);
    String text = Files.readString(layout.config());
    Files.writeString(layout.config(), text.replaceFirst("(?m)^    embedded: .*$", external));
  }

  private void use(List<String> node) throws IOException {
    var command = new ArrayList<>(node);
    command.addAll(List.of("up", "--config", layout.config().toString()));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    try (var said = process.inputReader()) {
      String up =
          said.lines()
              .filter(line -> line.startsWith("lockbox is up"))
              .findFirst()
              .orElseThrow(() -> new NodeFailure(Code.FAILURE, "the rehearsed node did not start"));
      System.out.println(up);
      var ports = DemoPorts.keptOr(layout.ports(), DemoPorts.USUAL);
      var server = URI.create("http://127.0.0.1:" + ports.server());
      var files = new DemoFiles(layout, ports, true, clock, random);
      new DemoTenants(server, layout.token("operator").orElseThrow(), files).found(FOUNDED);
      process.destroy();
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
