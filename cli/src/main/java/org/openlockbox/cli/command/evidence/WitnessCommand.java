package org.openlockbox.cli.command.evidence;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.command.LockboxCommand;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.witness.WitnessFiles;
import org.openlockbox.cli.witness.WitnessServer;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.tlog.Ed25519Verifier;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.NoteSigner;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SigningKeys;
import org.openlockbox.tlog.witness.Witness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "witness",
    description = {
      "Run a witness: cosign the checkpoints of logs that only ever grow.",
      "Its keys are made in DIR at the first start. Keep DIR: a witness that forgot is none.",
      "Prints its two keys, which a tenant's policy and the server's configuration name."
    },
    footer = {
      "",
      "Example:",
      "  lockbox witness --name witness.example.com --log epochs.vkeys --dir /var/lib/witness"
    })
public final class WitnessCommand extends LockboxCommand {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "Its name for ever, like an address without https://.")
  private String name = "";

  @Option(
      names = "--log",
      paramLabel = "FILE",
      required = true,
      description = {
        "The vkeys of a log, one a line. May be repeated.",
        "Of a log whose keys are replaced: each pair, the oldest first."
      })
  private List<Path> logs = List.of();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "Where it keeps its keys and what it cosigned.")
  private Path directory = Path.of("");

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7380",
      description = "Where it listens (default: ${DEFAULT-VALUE}).")
  private String listen = "";

  public WitnessCommand(CommandContext surroundings) {
    super(surroundings);
  }

  @Override
  protected ExitCode run() {
    Path keyFile = directory.resolve("witness.key");
    if (!Files.exists(keyFile)) {
      PrivateFile.create(keyFile, SigningKeys.generate(call.surroundings().random()).format());
    }
    List<NoteSigner> cosigners =
        SigningKeys.parse(PrivateFile.read(keyFile, "witness key")).cosigners(name);
    try (WitnessFiles files = WitnessFiles.open(directory);
        WitnessServer server =
            WitnessServer.start(
                address(),
                new Witness(cosigners, known(), files, call.surroundings().clock()),
                terminal()::mention)) {
      cosigners.forEach(signer -> terminal().print(signer.verifier().vkey()));
      terminal().mention("listening on port " + server.port() + ": POST /add-checkpoint");
      new CountDownLatch(1).await();
      return ExitCode.OK;
    } catch (IOException unable) {
      throw new Failure(
          ExitCode.FAILURE, "cannot listen on " + listen + ": " + unable.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return ExitCode.OK;
    }
  }

  private InetSocketAddress address() {
    int colon = listen.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          listen.substring(0, Math.max(0, colon)), Integer.parseInt(listen.substring(colon + 1)));
    } catch (IllegalArgumentException malformed) {
      throw Failure.usage("'" + listen + "' is not HOST:PORT", "");
    }
  }

  /// The logs that the files name; the keys of one log may stand in any of them.
  private List<LogVerifier> known() {
    try {
      return oneGeneration(
          logs.stream()
              .flatMap(file -> PrivateFile.readPublic(file, "file of log keys").lines())
              .filter(line -> !line.isBlank())
              .map(NoteVerifier::parse)
              .collect(
                  Collectors.groupingBy(
                      NoteVerifier::name, LinkedHashMap::new, Collectors.toList()))
              .values()
              .stream()
              .flatMap(keys -> pairs(keys).stream())
              .toList());
    } catch (MalformedNote malformed) {
      throw Failure.usage("a file of log keys is no list of vkeys: " + malformed.getMessage(), "");
    }
  }

  /// The keys of one log; of one whose keys are replaced two pairs or more, the oldest first.
  private static List<LogVerifier> pairs(List<NoteVerifier> keys) {
    if (keys.stream().filter(Ed25519Verifier.class::isInstance).count() < 2) {
      return List.of(new LogVerifier(keys));
    }
    List<LogVerifier> pairs = new ArrayList<>();
    for (int i = 0; i < keys.size(); i += 2) {
      LogVerifier pair = new LogVerifier(keys.subList(i, Math.min(keys.size(), i + 2)));
      if (!pair.isDual()) {
        throw Failure.usage(
            "the keys of %s are not in pairs of Ed25519 and ML-DSA-44".formatted(pair.origin()),
            "write each pair one below the other, the oldest first");
      }
      pairs.add(pair);
    }
    return pairs;
  }

  /// An epoch log that lost epochs goes on under another name. Who cosigned both could be shown two
  /// histories.
  private static List<LogVerifier> oneGeneration(List<LogVerifier> known) {
    Map<String, EpochLog> named = new HashMap<>();
    for (LogVerifier log : known) {
      EpochLog.named(log.origin())
          .ifPresent(
              epochs -> {
                EpochLog other = named.put(epochs.logHost(), epochs);
                if (other != null && !other.equals(epochs)) {
                  throw Failure.usage(
                      "%s and %s are one epoch log under two names".formatted(other, epochs),
                      "leave out the keys of the older one, for ever");
                }
              });
    }
    return known;
  }
}
