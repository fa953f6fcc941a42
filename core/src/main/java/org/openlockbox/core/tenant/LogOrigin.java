package org.openlockbox.core.tenant;

import java.util.regex.Pattern;

/// Names one tenant's log, as C2SP checkpoints do: `<log host>/t/<tenant id>`, without a scheme.
///
/// Comparing it exactly is what keeps one tenant's entries, decisions and checkpoints from being
/// used for another.
public record LogOrigin(String value) {
  private static final Pattern SHAPE =
      Pattern.compile("[a-z0-9]([a-z0-9.:-]{0,98}[a-z0-9])?/t/([a-z][a-z0-9-]{1,39})");

  public LogOrigin {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a log origin: " + value);
    }
  }

  public static LogOrigin of(String logHost, TenantId tenant) {
    return new LogOrigin(logHost + "/t/" + tenant);
  }

  /// The first epoch log of the same host.
  public EpochLog epochs() {
    return EpochLog.of(host().value());
  }

  public LogHost host() {
    return new LogHost(value.substring(0, value.lastIndexOf("/t/")));
  }

  public TenantId tenant() {
    return new TenantId(value.substring(value.lastIndexOf('/') + 1));
  }

  @Override
  public String toString() {
    return value;
  }
}
