package org.openlockbox.demo;

import java.nio.file.Path;

/// Where log lines of the demo go: a file, so that the terminal shows only what the person needs.
final class Logs {
  private Logs() {}

  /// Must run before the server starts, which sets logging up.
  static void intoFile(Path file) {
    System.setProperty("lockbox.log.file", file.toString());
    System.setProperty("logging.config", "classpath:logback-file.xml");
  }
}
