package org.openlockbox.core.keyring;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openlockbox.core.access.Region;

/// What a gateway says of itself with each call to the server, in the header `User-Agent` (RFC
/// 9110, section 10.1.5): its version, and where it runs if its operator has said so. It is for
/// people to read. Nothing is decided by it, since nobody signed it.
///
/// ```text
///   lockbox-gateway/0.1.0 (eu-central-1)
/// ```
public record GatewayAgent(String version, Optional<Region> region) {
  public static final String HEADER = "User-Agent";

  private static final String PRODUCT = "lockbox-gateway";
  private static final String VERSION = "[0-9A-Za-z][0-9A-Za-z.+-]{0,39}";
  private static final Pattern WRITTEN =
      Pattern.compile(PRODUCT + "/(" + VERSION + ")(?: \\((" + Region.PATTERN + ")\\))?");

  public GatewayAgent {
    if (!version.matches(VERSION)) {
      throw new IllegalArgumentException("not a version: " + version);
    }
  }

  /// What a call says of its gateway; empty if it says nothing that a gateway would.
  public static Optional<GatewayAgent> of(Optional<String> header) {
    return header
        .map(WRITTEN::matcher)
        .filter(Matcher::matches)
        .map(
            found ->
                new GatewayAgent(
                    found.group(1), Optional.ofNullable(found.group(2)).map(Region::new)));
  }

  /// As it is sent.
  public String header() {
    return PRODUCT + "/" + version + region.map(" (%s)"::formatted).orElse("");
  }
}
