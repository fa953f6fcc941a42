package org.openlockbox.core.tenant;

import java.util.Optional;
import java.util.regex.Pattern;

/// Names the epoch log of a host: `<log host>/epochs`, and `<log host>/epochs/2`, then 3, after the
/// provider has lost epochs that were signed. No name is ever used for two histories, so that
/// witnesses, which only ever see a log grow, can go on with the next.
public record EpochLog(String logHost, int generation) {
  private static final Pattern NAME =
      Pattern.compile("(?<host>.+)/epochs(/(?<generation>[2-9]|[1-9][0-9]{1,8}))?");

  public EpochLog {
    if (generation < 1) {
      throw new IllegalArgumentException("generations of an epoch log are counted from 1");
    }
  }

  /// The first one of a host.
  public static EpochLog of(String logHost) {
    return new EpochLog(logHost, 1);
  }

  /// The epoch log with this origin; empty if it is another log's.
  public static Optional<EpochLog> named(String origin) {
    var name = NAME.matcher(origin);
    return name.matches()
        ? Optional.of(
            new EpochLog(
                name.group("host"),
                Optional.ofNullable(name.group("generation")).map(Integer::parseInt).orElse(1)))
        : Optional.empty();
  }

  /// This generation of the same host's.
  public EpochLog at(int wanted) {
    return new EpochLog(logHost, wanted);
  }

  /// The origin of its checkpoints.
  public String origin() {
    return logHost + "/epochs" + (generation == 1 ? "" : "/" + generation);
  }

  @Override
  public String toString() {
    return origin();
  }
}
