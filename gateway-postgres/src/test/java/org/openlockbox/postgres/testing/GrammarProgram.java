package org.openlockbox.postgres.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The program that reads statements, compiled from its source once for this JVM.
public final class GrammarProgram {
  private static final Path ONLY = compile();

  private GrammarProgram() {}

  public static Path path() {
    return ONLY;
  }

  private static Path compile() {
    Path home = Path.of(System.getProperty("lockbox.home", "..")).toAbsolutePath().normalize();
    Path program = home.resolve("gateway-postgres/target/grammar-" + ProcessHandle.current().pid());
    try {
      Process compiler =
          new ProcessBuilder(home.resolve("build/grammar.sh").toString(), program.toString())
              .inheritIO()
              .start();
      if (!compiler.waitFor(2, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
        throw new IllegalStateException("build/grammar.sh failed; what is missing is said above");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    program.toFile().deleteOnExit();
    return program;
  }
}
