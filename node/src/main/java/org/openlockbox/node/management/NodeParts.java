package org.openlockbox.node.management;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.gateway.LockboxGateway;
import org.openlockbox.server.LockboxServer;

/// The parts of a running node, asked for what they need.
public record NodeParts(Optional<LockboxServer> server, Optional<LockboxGateway> gateway) {
  private static final String SERVER = "server";
  private static final String GATEWAY = "gateway";

  /// What must hold for calls and clients to be sent here.
  List<Requirement> readiness() {
    var needed = new ArrayList<Requirement>();
    server
        .map(LockboxServer::condition)
        .ifPresent(
            it -> {
              needed.add(
                  Requirement.of(
                      SERVER,
                      "database",
                      it.databaseAnswers(),
                      "the control plane's database does not answer"));
              needed.add(new Requirement(SERVER, "signing", it.refusesToSign()));
            });
    gateway
        .map(LockboxGateway::condition)
        .ifPresent(
            it -> {
              needed.add(
                  Requirement.of(
                      GATEWAY,
                      "lease",
                      it.hasLease(),
                      "the control plane does not renew this gateway's lease"));
              needed.add(
                  Requirement.of(
                      GATEWAY,
                      "accepting",
                      !it.isDraining(),
                      "drained: %d sessions are still open".formatted(it.sessions())));
            });
    return needed;
  }

  /// What must hold for the process to be of any use. If it does not, only a new start helps.
  List<Requirement> liveness() {
    var needed = new ArrayList<Requirement>();
    server.ifPresent(it -> needed.add(running(SERVER, it.stoppedWork())));
    gateway.ifPresent(it -> needed.add(running(GATEWAY, it.condition().stoppedWork())));
    needed.add(
        Requirement.of(
            "node",
            "threads",
            ManagementFactory.getThreadMXBean().findDeadlockedThreads() == null,
            "threads wait for each other for ever"));
    return needed;
  }

  private static Requirement running(String part, List<String> stopped) {
    return Requirement.of(
        part, "work", stopped.isEmpty(), "has ended: " + String.join(", ", stopped));
  }
}
