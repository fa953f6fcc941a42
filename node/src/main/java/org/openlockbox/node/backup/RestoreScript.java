package org.openlockbox.node.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// The script that `pg_restore` writes of a dump, on its way into the database: `psql` types it in
/// one transaction, which is committed at the end of the script alone. Whatever goes wrong before
/// that kills `psql`, and nothing was restored.
///
/// From version 17 on the script begins with a setting that older databases do not know. It is left
/// out for them; there it has the value that the script wants, because there it is not at all.
final class RestoreScript {
  /// The version of PostgreSQL with which `transaction_timeout` came.
  static final int KNOWS_TRANSACTION_TIMEOUT = 17;

  private static final String TIMEOUT = "SET transaction_timeout = 0;";

  /// The settings at the head of a script, before anything that comes from the database.
  private static final int HEAD_LINES = 30;

  private static final Duration PATIENCE = Duration.ofDays(2);

  /// For how long `psql`, which takes nothing more, may say why.
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final ProcessBuilder script;
  private final ProcessBuilder filling;
  private final boolean knows;

  /// @param script writes it to its output
  /// @param filling types its input into the database
  /// @param knows whether the database knows `transaction_timeout`
  RestoreScript(ProcessBuilder script, ProcessBuilder filling, boolean knows) {
    this.script = script;
    this.filling = filling.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    this.knows = knows;
  }

  void type() {
    Process writer = begin(script, "pg_restore");
    Process reader = null;
    try {
      reader = begin(filling, "psql");
      pass(writer, reader);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeFailure(Code.FAILURE, "the restore was interrupted", e);
    } finally {
      writer.destroyForcibly();
      if (reader != null) {
        reader.destroyForcibly();
      }
    }
  }

  private static Process begin(ProcessBuilder program, String name) {
    try {
      return program.start();
    } catch (IOException e) {
      throw PostgresTools.missing(name, e);
    }
  }

  /// The input of `psql` ends only when `pg_restore` has ended well: its end is the commit.
  private void pass(Process writer, Process reader) throws InterruptedException {
    var written = said(writer.getErrorStream());
    var read = said(reader.getErrorStream());
    try {
      copy(writer.getInputStream(), reader.getOutputStream());
      requireWell(writer, "pg_restore", written, PATIENCE);
      reader.getOutputStream().close();
      requireWell(reader, "psql", read, PATIENCE);
    } catch (IOException e) {
      requireWell(reader, "psql", read, LAST_WORDS);
      throw new NodeFailure(Code.FAILURE, "psql did not take the whole dump", e);
    }
  }

  private static void requireWell(
      Process process, String program, CompletableFuture<String> said, Duration within)
      throws InterruptedException {
    if (!process.waitFor(within)) {
      process.destroyForcibly();
      throw new NodeFailure(Code.FAILURE, program + " does not end");
    }
    if (process.exitValue() != 0) {
      throw new NodeFailure(Code.FAILURE, "%s says: %s".formatted(program, said.join().strip()));
    }
  }

  private static CompletableFuture<String> said(InputStream errors) {
    var said = new CompletableFuture<String>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (errors) {
                said.complete(new String(errors.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                said.complete("nothing that could be read: " + e.getMessage());
              }
            });
    return said;
  }

  /// Line by line while it is the head, then as it comes.
  void copy(InputStream from, OutputStream to) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int n = 0; n < HEAD_LINES && !knows; n++) {
      int next = from.read();
      for (; next >= 0 && next != '\n'; next = from.read()) {
        line.write(next);
      }
      if (!line.toString(StandardCharsets.UTF_8).equals(TIMEOUT)) {
        line.writeTo(to);
        if (next >= 0) {
          to.write(next);
        }
      }
      line.reset();
    }
    from.transferTo(to);
    to.flush();
  }
}
