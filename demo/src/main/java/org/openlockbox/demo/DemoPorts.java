package org.openlockbox.demo;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.openlockbox.node.process.Ports;

/// The six loopback ports of a demo; chosen once, kept until `--reset`.
record DemoPorts(int server, int gateway, int control, int helpdesk, int mail, int mailPage) {
  static final DemoPorts USUAL = new DemoPorts(8420, 8432, 8433, 8434, 8425, 8426);

  static DemoPorts free() {
    var ports = Ports.free(6);
    return new DemoPorts(
        ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), ports.get(5));
  }

  /// Those of an earlier start, else `fresh`, which is written down.
  static DemoPorts keptOr(Path file, DemoPorts fresh) throws IOException {
    if (!Files.exists(file)) {
      Files.writeString(
          file,
          "server=%d\ngateway=%d\ncontrol=%d\nhelpdesk=%d\nmail=%d\nmailPage=%d\n"
              .formatted(
                  fresh.server,
                  fresh.gateway,
                  fresh.control,
                  fresh.helpdesk,
                  fresh.mail,
                  fresh.mailPage));
      return fresh;
    }
    var kept = new Properties();
    kept.load(new StringReader(Files.readString(file)));
    return new DemoPorts(
        number(kept, "server"),
        number(kept, "gateway"),
        number(kept, "control"),
        number(kept, "helpdesk"),
        number(kept, "mail"),
        number(kept, "mailPage"));
  }

  private static int number(Properties kept, String name) {
    return Integer.parseInt(kept.getProperty(name, "").strip());
  }
}
