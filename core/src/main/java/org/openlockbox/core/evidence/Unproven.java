package org.openlockbox.core.evidence;

/// Something in the evidence does not hold. Thrown and caught only inside this package: the public
/// functions turn it into their `Broken`.
final class Unproven extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String where;
  private final String why;

  Unproven(String where, String why) {
    super(where + ": " + why);
    this.where = where;
    this.why = why;
  }

  static Unproven at(long seq, String why) {
    return new Unproven("entry " + seq, why);
  }

  String where() {
    return where;
  }

  String why() {
    return why;
  }
}
