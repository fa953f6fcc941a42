package org.openlockbox.demo;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.process.Ports;

/// The nine loopback ports of a demo; chosen once, kept until `--reset`.
///
/// @param helpdesk the protected database
/// @param api the protected API
/// @param gateway for PostgreSQL
/// @param http the gateway for HTTP
/// @param checks the gateway for services that ask
record DemoPorts(
    int server,
    int gateway,
    int http,
    int checks,
    int control,
    int helpdesk,
    int api,
    int mail,
    int mailPage) {
  static final DemoPorts USUAL =
      new DemoPorts(8420, 8432, 8443, 8444, 8433, 8434, 8435, 8425, 8426);

  private static final List<String> NAMES =
      List.of(
          "server", "gateway", "http", "checks", "control", "helpdesk", "api", "mail", "mailPage");

  static DemoPorts free() {
    Iterator<Integer> ports = Ports.free(NAMES.size()).iterator();
    return of(_ -> ports.next());
  }

  private static DemoPorts of(ToIntFunction<String> ports) {
    int[] all = NAMES.stream().mapToInt(ports).toArray();
    return new DemoPorts(all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7], all[8]);
  }

  private List<Integer> all() {
    return List.of(server, gateway, http, checks, control, helpdesk, api, mail, mailPage);
  }

  /// Those of an earlier start, else `fresh`, which is written down.
  static DemoPorts keptOr(Path file, DemoPorts fresh) throws IOException {
    if (!Files.exists(file)) {
      Iterator<Integer> ports = fresh.all().iterator();
      Files.writeString(
          file,
          NAMES.stream()
              .map(name -> name + "=" + ports.next() + "\n")
              .collect(Collectors.joining()));
      return fresh;
    }
    var kept = new Properties();
    kept.load(new StringReader(Files.readString(file)));
    return of(name -> number(file, kept, name));
  }

  private static int number(Path file, Properties kept, String name) {
    try {
      return Integer.parseInt(kept.getProperty(name, "").strip());
    } catch (NumberFormatException e) {
      throw new NodeFailure(
          Code.FAILURE, "%s names no port of %s; use --reset".formatted(file, name), e);
    }
  }
}
