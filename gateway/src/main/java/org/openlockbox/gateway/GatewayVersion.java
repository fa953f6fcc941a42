package org.openlockbox.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of this gateway's program. The build writes it (`version.properties`, from the root
/// `pom.xml`); what it did not write is `unknown`.
final class GatewayVersion {
  private static final String UNKNOWN = "unknown";

  private GatewayVersion() {}

  static String running() {
    var written = new Properties();
    try (InputStream text = GatewayVersion.class.getResourceAsStream("version.properties")) {
      if (text != null) {
        written.load(text);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    String version = written.getProperty("version", UNKNOWN);
    return version.startsWith("${") ? UNKNOWN : version;
  }
}
