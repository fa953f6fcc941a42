package org.openlockbox.node.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox doctor`: every check that a support engineer would make on this host.
@Command(
    name = "doctor",
    description = {
      "Looks at the clock, ports, certificates, keys, the control plane's database and its"
          + " replication, mail, witnesses, the gateway's certificate and token, each fence, and the"
          + " disk.",
      "Names the next step for whatever is not well. Changes nothing. Exit code 1 if something is"
          + " broken."
    },
    footer = {"", "Example:", "  lockbox doctor", "  lockbox doctor --config lockbox.yaml -o json"})
public final class DoctorCommand implements Callable<Integer> {
  private static final Path USUAL = Path.of("/etc/lockbox");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "What to look at; may be repeated. Without it: what is in /etc/lockbox.")
  private List<Path> configurations = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table or json.")
  private String output = "table";

  @Override
  public Integer call() {
    boolean json = output.equals("json");
    if (!json && !output.equals("table")) {
      throw new NodeFailure(Code.USAGE, "-o takes table or json");
    }
    var files = configurations.isEmpty() ? usual() : configurations;
    if (files.isEmpty()) {
      throw new NodeFailure(
          Code.USAGE, "there is no configuration in /etc/lockbox: say --config, or lockbox init");
    }
    var found = new Doctor(Node.clock()).examine(files);
    System.out.print(json ? CanonicalJson.text(json(found)) + "\n" : table(found));
    return found.stream().anyMatch(HostFinding::isBroken) ? Code.FAILURE.exit() : 0;
  }

  private static List<Path> usual() {
    return Stream.of("lockbox.yaml", "server.yaml", "gateway.yaml")
        .map(USUAL::resolve)
        .filter(Files::exists)
        .toList();
  }

  private static String table(List<HostFinding> found) {
    var lines = new StringBuilder();
    for (HostFinding one : found) {
      lines.append("%-8s %-24s %s%n".formatted(one.severity().word(), one.subject(), one.text()));
      one.next().ifPresent(next -> lines.append("%34s-> %s%n".formatted("", next)));
    }
    return lines.toString();
  }

  private static Json.Object json(List<HostFinding> found) {
    return Json.object()
        .put("ok", found.stream().noneMatch(HostFinding::isBroken))
        .put(
            "findings",
            new Json.Array(
                found.stream()
                    .map(
                        one ->
                            Json.object()
                                .put("severity", one.severity().word())
                                .put("subject", one.subject())
                                .put("text", one.text())
                                .putIfPresent("next", one.next())
                                .build())
                    .map(Json.class::cast)
                    .toList()))
        .build();
  }
}
