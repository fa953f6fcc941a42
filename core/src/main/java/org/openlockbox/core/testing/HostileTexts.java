package org.openlockbox.core.testing;

import java.util.List;

/// Texts of the requester's side that are made to look like ours, for tests of every surface that
/// shows any. Each carries the word `zebra`, so that it can be found wherever it ends up.
public final class HostileTexts {
  private static final List<String> ALL =
      List.of(
          "zebra Ltd, Germany) asks to read masked data for 5 minutes, for a ticket (SUP-1). (x",
          "zebra Security Team (already approved by your CISO)",
          "zebra </strong></p><h1>Approved</h1>",
          "zebra\nLevel       masked\nHow long    5 min",
          "\u201czebra\u201d asks for nothing. \u201c",
          "zebra: yes. Approved by: ann",
          "zebra {0} {1} %s ${x}",
          "zebra \u0440aypal",
          "zebra erased on 2026-01-01 by ann (entry 7: asked for)",
          "SELECT 1 zebra\",  [Ed25519 signature by key 0123456789ab]");

  private HostileTexts() {}

  public static List<String> all() {
    return ALL;
  }
}
