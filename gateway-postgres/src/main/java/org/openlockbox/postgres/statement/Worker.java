package org.openlockbox.postgres.statement;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openlockbox.core.canonical.Bytes;

/// One process that runs `grammar.c`: an empty environment, three pipes, and no way to do anything
/// but read SQL. Used by one thread at a time; only [#kill] may come from another.
final class Worker {
  private static final int LONGEST_ANSWER = 16 << 20;

  private final Process process;
  private final OutputStream questions;
  private final DataInputStream answers;
  private volatile long askedAt;
  private int asked;
  private boolean hasGrown;

  private Worker(Process process) {
    this.process = process;
    this.questions = process.getOutputStream();
    this.answers = new DataInputStream(process.getInputStream());
  }

  /// Starts one and waits for its first word.
  static Worker start(Path program) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(program.toString()).redirectError(Redirect.DISCARD);
    builder.environment().clear();
    Worker worker = new Worker(builder.start());
    try {
      if (worker.answers.readByte() != 'V') {
        throw new IOException("not a grammar");
      }
      worker.body();
      return worker;
    } catch (IOException | RuntimeException e) {
      worker.kill();
      throw e;
    }
  }

  /// Asks and waits. An exception means that this worker is of no use any more.
  Grammar.ParseResult ask(Bytes sql, long nanos) throws IOException {
    askedAt = nanos | 1;
    asked++;
    byte[] text = sql.toArray();
    questions.write(ByteBuffer.allocate(4 + text.length).putInt(text.length).put(text).array());
    questions.flush();
    byte kind = answers.readByte();
    byte[] body = body();
    askedAt = 0;
    return switch (kind) {
      case 'T' -> new Grammar.ParseResult.ParseTrees(Bytes.of(body));
      case 'E' -> new Grammar.ParseResult.SyntaxError(new String(body, StandardCharsets.UTF_8));
      case 'L' -> new Grammar.ParseResult.NotParsed("it is too large to be read");
      default -> throw new IOException("an answer of an unknown kind");
    };
  }

  private byte[] body() throws IOException {
    int length = answers.readInt();
    if (length < 0 || length > LONGEST_ANSWER) {
      throw new IOException("an answer of " + length + " bytes");
    }
    hasGrown |= length > LONGEST_ANSWER / 16;
    byte[] body = answers.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the worker ended");
    }
    return body;
  }

  /// Whether it should give way to a fresh one: much memory or many texts behind it.
  boolean isSpent(int most) {
    return hasGrown || asked >= most;
  }

  /// Whether its question is older than this.
  boolean isLate(long nanos, long limit) {
    long since = askedAt;
    return since != 0 && nanos - since > limit;
  }

  void kill() {
    process.destroyForcibly();
  }

  long pid() {
    return process.pid();
  }

  boolean hasEnded(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }
}
