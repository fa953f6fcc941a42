package org.openlockbox.cli.version;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which build of the product runs: its version, the commit of its sources, and the time that the
/// build wrote into its files. That time is the commit's own in a release, so that the same commit
/// gives the same bytes.
///
/// The build writes all three (`version.properties`, from the root `pom.xml`). What it did not
/// write is `unknown`.
///
/// @param number such as `0.1.0`
/// @param commit the full name of a Git commit
/// @param built a UTC time
public record ProductVersion(String number, String commit, String built) {
  private static final String UNKNOWN = "unknown";

  /// The one of this program.
  public static ProductVersion running() {
    var written = new Properties();
    try (InputStream text = ProductVersion.class.getResourceAsStream("version.properties")) {
      if (text != null) {
        written.load(text);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return of(written);
  }

  static ProductVersion of(Properties written) {
    return new ProductVersion(
        value(written, "version"), value(written, "commit"), value(written, "built"));
  }

  /// A value that nothing was put in place of names a property of Maven.
  private static String value(Properties written, String key) {
    String value = written.getProperty(key, UNKNOWN);
    return value.startsWith("${") ? UNKNOWN : value;
  }

  @Override
  public String toString() {
    return "lockbox %s (commit %s, built %s)".formatted(number, commit, built);
  }
}
