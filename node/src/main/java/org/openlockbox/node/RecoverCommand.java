package org.openlockbox.node;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import org.openlockbox.server.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox recover`: after a restore that lost entries for good, lets a log go on.
@Command(
    name = "recover",
    description = {
      "Lets a log go on that is behind what was signed, when there is no newer backup.",
      "Writes an entry that says what was lost, which everybody who verifies the log sees for ever.",
      "The log of all epochs goes on under a new name, which each witness has to be told by hand;",
      "first the tenants' logs that are behind, then this one.",
      "Gateways go on refusing the log if a change of keys or an end is lost; auditors, if they saw",
      "more. Every contact of the tenant is mailed.",
      "For a tenant's log run it once, on one server, while the others run: each accepts it by itself.",
      "For the log of all epochs stop the servers first."
    })
final class RecoverCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("");

  @Option(names = "--log", required = true, paramLabel = "ORIGIN")
  private String log = "";

  @Option(names = "--reason", required = true, paramLabel = "TEXT")
  private String reason = "";

  @Override
  public Integer call() {
    try (var task = Node.maintenance(ConfigReader.read(config))) {
      var maintenance = task.maintenance();
      var recovery =
          isEpochLog(maintenance.epochs())
              ? maintenance.recoverEpochs(reason)
              : maintenance.recover(origin(), reason);
      System.err.printf(
          "lockbox: %s goes on; %s%n",
          log,
          switch (recovery) {
            case RecoveryEvent.EntriesLost lost ->
                "its entry says that %d entries with root %s were signed and lost"
                    .formatted(lost.lostSize(), lost.lostRoot().hex());
            case RecoveryEvent.EpochsLost lost ->
                ("as %s; an entry of every tenant's log says that %d epochs with root %s were signed"
                        + " and lost. Each witness has to be given the new keys, /epochs/vkeys, in"
                        + " place of the old ones")
                    .formatted(maintenance.epochs(), lost.lostSize(), lost.lostRoot().hex());
          });
    } catch (IllegalStateException | Problem e) {
      throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
    }
    return 0;
  }

  /// Whichever of its names it is called by.
  private boolean isEpochLog(EpochLog now) {
    return EpochLog.named(log).filter(named -> named.logHost().equals(now.logHost())).isPresent();
  }

  private LogOrigin origin() {
    try {
      return new LogOrigin(log);
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
