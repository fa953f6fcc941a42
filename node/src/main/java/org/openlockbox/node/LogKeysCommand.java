package org.openlockbox.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import org.openlockbox.server.Maintenance;
import org.openlockbox.server.log.entry.LogKeyFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox log-keys`: replaces the two keys that sign every log of this server.
@Command(
    name = "log-keys",
    description = {
      "Replaces the two keys that sign the logs of all tenants and the epoch log, while servers run.",
      "new makes the next keys, rotate hands every log over to them, retire stops using the old",
      "ones. Killed anywhere, the same command goes on."
    },
    subcommands = {
      LogKeysCommand.New.class,
      LogKeysCommand.RotateLogKeys.class,
      LogKeysCommand.Retire.class,
      LogKeysCommand.Show.class
    },
    footer = {"", "Example:", "  lockbox log-keys rotate --config lockbox.yaml"})
final class LogKeysCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(500);

  @Override
  public Integer call() {
    throw new NodeFailure(Code.USAGE, "which step? new, rotate, retire or show");
  }

  /// What every step begins with.
  abstract static sealed class LogKeysStep implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE")
    private Path config = Path.of("");

    @Override
    public Integer call() {
      try (var task = Node.maintenance(ConfigReader.read(config))) {
        run(task.maintenance());
      } catch (IllegalStateException e) {
        throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
      }
      return 0;
    }

    abstract void run(Maintenance maintenance);

    static void say(String text) {
      System.err.println("lockbox: " + text);
    }

    static Path where(LogKeyFiles files) {
      return files.isRotating() ? files.next() : files.prepared();
    }

    /// What witnesses of the epoch log have to know, on stdout.
    static void print(Maintenance maintenance) {
      maintenance.epochKeys().forEach(System.out::println);
    }
  }

  @Command(
      name = "new",
      description = {
        "Makes the next log keys beside the ones in use, in FILE.new. Nothing is signed as a log by",
        "them alone yet. Prints the keys of the epoch log, the old ones first: give them to its",
        "witnesses. Copy FILE.new to every other server before you rotate."
      },
      footer = {"", "Example:", "  lockbox log-keys new --config lockbox.yaml"})
  static final class New extends LogKeysStep {
    @Override
    void run(Maintenance maintenance) {
      var files = maintenance.logKeyFiles();
      say(
          maintenance.prepareLogKeys()
              ? "the next log keys are in %s; copy that file to every other server"
                  .formatted(files.prepared())
              : "there are next log keys already: " + where(files));
      print(maintenance);
    }
  }

  @Command(
      name = "rotate",
      description = {
        "Hands the log of every tenant over to the next keys, which it makes if there are none, and",
        "waits until the running servers have done so. An entry of each log, signed by the old keys",
        "and the new ones, says it. Until you retire the old keys, they go on signing beside the new",
        "ones for witnesses that do not know these yet."
      },
      footer = {"", "Example:", "  lockbox log-keys rotate --config lockbox.yaml"})
  static final class RotateLogKeys extends LogKeysStep {
    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int wait;

    @Override
    void run(Maintenance maintenance) {
      var files = maintenance.logKeyFiles();
      if (maintenance.prepareLogKeys()) {
        say("the next log keys were made");
      }
      files.begin();
      long end = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
      long left = maintenance.logsToRotate();
      while (left > 0 && System.nanoTime() - end < 0) {
        pause();
        left = maintenance.logsToRotate();
      }
      print(maintenance);
      if (left > 0) {
        throw new IllegalStateException(
            "%d logs are not handed over yet; a server that runs with %s does it, so does the next start"
                .formatted(left, files.next()));
      }
      say("every log is signed by the next log keys; lockbox log-keys retire stops the old ones");
    }

    private static void pause() {
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted; the servers go on", e);
      }
    }
  }

  @Command(
      name = "retire",
      description = {
        "Stops using the old log keys, on this server: run it on each. Refused while a log is still",
        "signed by them. The old file is kept as FILE.retired; destroy it."
      },
      footer = {"", "Example:", "  lockbox log-keys retire --config lockbox.yaml"})
  static final class Retire extends LogKeysStep {
    @Override
    void run(Maintenance maintenance) {
      var files = maintenance.logKeyFiles();
      if (!files.hasNext()) {
        throw new IllegalStateException("there are no next log keys to put in their place");
      }
      long left = maintenance.logsToRotate();
      if (left > 0) {
        throw new IllegalStateException(
            "%d logs are still signed by the old log keys: lockbox log-keys rotate"
                .formatted(left));
      }
      files.retire();
      say("the old log keys are out of use; destroy " + files.retired());
      print(maintenance);
    }
  }

  @Command(
      name = "show",
      description = {
        "Prints the keys of the epoch log, the old ones first, and says how far a rotation is."
      },
      footer = {"", "Example:", "  lockbox log-keys show --config lockbox.yaml"})
  static final class Show extends LogKeysStep {
    @Override
    void run(Maintenance maintenance) {
      var files = maintenance.logKeyFiles();
      if (files.hasNext()) {
        say(
            "there are next log keys (%s); %d logs are not signed by them yet"
                .formatted(where(files), maintenance.logsToRotate()));
      } else {
        say("no rotation is under way");
      }
      print(maintenance);
    }
  }
}
