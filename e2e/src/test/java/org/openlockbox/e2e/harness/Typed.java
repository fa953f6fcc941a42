package org.openlockbox.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A command that runs: what it has printed so far, its input, its end.
public final class Typed implements AutoCloseable {
  /// Far more than a quiet machine needs: a busy one is no failure.
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final String line;
  private final Process process;
  private final Collected out;
  private final Collected err;
  private final Writer in;
  private final Thread noting;
  private volatile Instant ended = Instant.MAX;

  private Typed(String line, Process process) {
    this.line = line;
    this.process = process;
    this.out = new Collected(process.getInputStream());
    this.err = new Collected(process.getErrorStream());
    this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.noting = Thread.ofVirtual().start(this::noteTheEnd);
  }

  private void noteTheEnd() {
    try {
      process.waitFor();
      ended = Instant.now();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Typed start(List<String> command, Map<String, String> environment, Path directory) {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(Typed::wouldDisturb);
    builder.environment().putAll(environment);
    try {
      return new Typed(command.getLast(), builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean wouldDisturb(String variable) {
    return variable.startsWith("LOCKBOX_") || variable.startsWith("PG");
  }

  public long pid() {
    return process.pid();
  }

  public boolean runs() {
    return process.isAlive();
  }

  /// When it ended; [Instant#MAX] while it runs.
  public Instant ended() {
    return ended;
  }

  public String out() {
    return out.text();
  }

  public String err() {
    return err.text();
  }

  /// Types one more line into it.
  public Typed types(String text) {
    return presses(text + "\n");
  }

  /// Presses these keys and no other.
  public Typed presses(String keys) {
    try {
      in.write(keys);
      in.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(this + " no longer reads", e);
    }
  }

  /// Waits until it has printed these words.
  public Typed prints(String words) {
    return until(() -> out().contains(words), "print " + words);
  }

  /// Waits until it has said these words on stderr.
  public Typed says(String words) {
    return until(() -> err().contains(words), "say " + words);
  }

  private Typed until(BooleanSupplier done, String what) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!done.getAsBoolean()) {
      boolean over = !process.isAlive();
      if (over) {
        ends();
      }
      assertThat(done.getAsBoolean() || (!over && Instant.now().isBefore(deadline)))
          .as(() -> this + "\ndid not " + what)
          .isTrue();
      Pause.briefly();
    }
    return this;
  }

  /// Sends a signal, by the name that `kill` knows: `INT`, `TERM`, `KILL`, `STOP`, `CONT`.
  public void signal(String name) {
    Signals.send(name, process.pid());
  }

  /// Ctrl-C at its terminal, as the programs that it started see it.
  public void interrupt() {
    process.descendants().forEach(child -> Signals.send("INT", child.pid()));
  }

  /// Ctrl-C, and again while nothing happens: on a busy machine one look at the processes can miss
  /// some that are there.
  public void interruptToTheEnd() {
    Instant deadline = Instant.now().plus(PATIENCE);
    do {
      interrupt();
    } while (!isOverWithin(Duration.ofSeconds(20)) && Instant.now().isBefore(deadline));
    ends();
  }

  private boolean isOverWithin(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /// The process of this program that it, or a child of it, started.
  public long child(String program) {
    return process
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("/" + program))
        .mapToLong(ProcessHandle::pid)
        .findFirst()
        .orElseThrow(() -> new AssertionError(this + "\nhas no child " + program));
  }

  /// Waits for its end.
  public Answer ends() {
    return ends(PATIENCE);
  }

  public Answer ends(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        String soFar = toString();
        close();
        throw new AssertionError(soFar + "\ndid not end within " + patience);
      }
      out.join();
      err.join();
      noting.join();
      return new Answer(line, process.exitValue(), out(), err());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Ends it and what it started, whatever it is doing.
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return "$ " + line + "\n" + out() + err();
  }

  /// Everything that came out of a stream so far. Reading a pipe holds the thread that does it, so
  /// it is none of the few that carry virtual ones.
  private static final class Collected {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Collected(InputStream from) {
      this.thread = Thread.ofPlatform().daemon().start(() -> copy(from));
    }

    private void copy(InputStream from) {
      try (from) {
        from.transferTo(bytes);
      } catch (IOException closed) {
        // the process is gone; what it said before that is here
      }
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    void join() throws InterruptedException {
      thread.join(Duration.ofSeconds(5));
    }
  }
}
