package org.openlockbox.postgres.testing;

import org.junit.jupiter.api.Assumptions;

/// A program of this machine that tests run. Where it is missing they are skipped, and fail where
/// `CI=true`.
public final class Needed {
  private Needed() {}

  /// Goes on if it is here; `packages` say what has to be installed.
  public static void isHere(boolean here, String packages) {
    if (!here && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("missing here: " + packages + "; `./lockbox test` installs it");
    }
    Assumptions.assumeTrue(here, "missing here: " + packages);
  }
}
