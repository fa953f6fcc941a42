package org.openlockbox.postgres.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// sqlsmith, a program that reads the catalogs and then says random, well-typed SQL made of what it
/// has found there: tables, columns, operators, functions.
final class Sqlsmith implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/sqlsmith");

  private final Process process;

  private Sqlsmith(Process process) {
    this.process = process;
  }

  static boolean isHere() {
    return Files.isExecutable(PROGRAM);
  }

  /// Who it logs in as, and where.
  record Login(int port, String database, String user, String password) {}

  static Sqlsmith start(Login login, long seed, int queries, Path says) throws IOException {
    String target =
        "host=127.0.0.1 port=%d dbname=%s user=%s sslmode=require gssencmode=disable channel_binding=disable"
            .formatted(login.port(), login.database(), login.user());
    List<String> words = new ArrayList<>(List.of(PROGRAM.toString(), "--target=" + target));
    words.addAll(List.of("--seed=" + seed, "--max-queries=" + queries));
    if (seed % 2 == 0) {
      words.add("--exclude-catalog");
    }
    Files.createDirectories(says.getParent());
    var command = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(says.toFile());
    command.environment().put("PGPASSWORD", login.password());
    return new Sqlsmith(command.start());
  }

  /// Whether it has said everything within this time.
  boolean ends(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
