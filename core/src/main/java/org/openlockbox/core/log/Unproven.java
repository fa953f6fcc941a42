package org.openlockbox.core.log;

import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.NewerVersion;

/// Something in the evidence does not hold. Thrown and caught only inside this package: the public
/// functions turn it into their `Invalid`.
public final class Unproven extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String where;
  private final String why;
  private final boolean newer;

  public Unproven(String where, String why) {
    this(where, why, false);
  }

  private Unproven(String where, String why, boolean newer) {
    super(where + ": " + why);
    this.where = where;
    this.why = why;
    this.newer = newer;
  }

  /// What is there cannot be read.
  public static Unproven read(String where, MalformedJson e) {
    return new Unproven(where, String.valueOf(e.getMessage()), e instanceof NewerVersion);
  }

  public static Unproven at(long seq, String why) {
    return new Unproven("entry " + seq, why);
  }

  public String where() {
    return where;
  }

  public String why() {
    return why;
  }

  /// Whether it is of a version that this release does not know, and so neither true nor false.
  public boolean isNewer() {
    return newer;
  }
}
