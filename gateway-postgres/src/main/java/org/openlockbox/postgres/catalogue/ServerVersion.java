package org.openlockbox.postgres.catalogue;

import java.util.Optional;
import java.util.regex.Pattern;

/// A PostgreSQL release such as 17.12.
public record ServerVersion(int major, int minor) implements Comparable<ServerVersion> {
  private static final Pattern SHAPE = Pattern.compile("[0-9]{2}\\.[0-9]{1,3}");

  static Optional<ServerVersion> parse(String text) {
    if (!SHAPE.matcher(text).matches()) {
      return Optional.empty();
    }
    String[] parts = text.split("\\.", -1);
    return Optional.of(new ServerVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
  }

  /// From `server_version_num`, for example 170012.
  public static ServerVersion ofNumber(int number) {
    return new ServerVersion(number / 10_000, number % 10_000);
  }

  /// The oldest release of the same major version whose privilege checks the fence trusts; empty
  /// for majors that no longer get repairs. A newer major than we know counts from its first
  /// release.
  public Optional<ServerVersion> floor() {
    return switch (major) {
      case 15 -> Optional.of(new ServerVersion(15, 20));
      case 16 -> Optional.of(new ServerVersion(16, 16));
      case 17 -> Optional.of(new ServerVersion(17, 12));
      case 18 -> Optional.of(new ServerVersion(18, 7));
      default -> major > 18 ? Optional.of(new ServerVersion(major, 0)) : Optional.empty();
    };
  }

  @Override
  public int compareTo(ServerVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
