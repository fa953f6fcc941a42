package org.openlockbox.server;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What an operator reads.
public final class StandardOutput {
  private StandardOutput() {}

  /// What is written to it meanwhile, as well as there.
  public static String of(Runnable work) {
    var before = System.out;
    var said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setOut(before);
      before.print(said.toString(StandardCharsets.UTF_8));
    }
    return said.toString(StandardCharsets.UTF_8);
  }
}
