package org.openlockbox.server.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.server.tenant.GatewayStatements.NumberedStatement;

/// What the gateway authority signed, a second time: in the file `gateway-statements` beside what a
/// server signed last, where a restore of the database does not reach. A line for each, in the
/// order in which this server heard of it. Only grows.
///
/// A line that a crash cut off is in the database; the next look writes it again. A file that was
/// deleted or cut short while the server runs is written anew from memory.
public final class GatewayStatementFile implements GatewayStatementCopy {
  private static final String NAME = "gateway-statements";

  private final Path directory;
  private final Map<Envelope, NumberedStatement> kept;

  /// Where the next line goes.
  private long end;

  private GatewayStatementFile(Path directory, Map<Envelope, NumberedStatement> kept, long end) {
    this.directory = directory;
    this.kept = kept;
    this.end = end;
  }

  /// Reads what is there. Throws [IllegalStateException] if the file is missing or cannot be
  /// understood: what was revoked must not be forgotten by accident.
  public static GatewayStatementFile open(Path directory) {
    var file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "%s is missing, and signed heads are there. Bring it back from a copy. Without one: lockbox"
                  .formatted(file)
              + " remember, then revoke again what was revoked since the backup of the database");
    }
    var kept = new LinkedHashMap<Envelope, NumberedStatement>();
    try {
      var text = Files.readString(file);
      var whole = text.substring(0, text.lastIndexOf('\n') + 1);
      for (var line : whole.lines().toList()) {
        var signed = StatementLine.parse(file.toString(), line);
        kept.putIfAbsent(signed.event().envelope(), signed);
      }
      return new GatewayStatementFile(directory, kept, whole.getBytes(UTF_8).length);
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }

  /// The same in a directory that may have no such file yet, because nothing was signed there.
  public static GatewayStatementFile begin(Path directory) {
    if (Files.exists(directory.resolve(NAME))) {
      return open(directory);
    }
    var file = new GatewayStatementFile(directory, new LinkedHashMap<>(), 0);
    try {
      file.replace(new byte[0]);
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(directory.resolve(NAME) + " cannot be written", e);
    }
  }

  private static String line(NumberedStatement signed) {
    return StatementLine.format(signed) + "\n";
  }

  /// Everything that is remembered, the oldest first.
  @Override
  public synchronized List<NumberedStatement> all() {
    return List.copyOf(kept.values());
  }

  /// Whether the file holds all of it still: somebody may have deleted it, or cut it short.
  @Override
  public synchronized boolean isWhole() {
    try {
      return Files.size(directory.resolve(NAME)) >= end;
    } catch (IOException e) {
      return false;
    }
  }

  /// Remembers those that it does not have yet; durable on return. Throws [UncheckedIOException],
  /// and remembers none of them, if they cannot be written.
  @Override
  public synchronized void keep(Collection<NumberedStatement> signed) {
    var news = new ArrayList<NumberedStatement>();
    var before = new StringBuilder();
    var lines = new StringBuilder();
    for (var each : signed) {
      if (!kept.containsKey(each.event().envelope())) {
        news.add(each);
        lines.append(line(each));
      }
    }
    boolean isWhole = isWhole();
    if (news.isEmpty() && isWhole) {
      return;
    }
    try {
      if (isWhole) {
        append(lines.toString().getBytes(UTF_8));
      } else {
        kept.values().stream().map(GatewayStatementFile::line).forEach(before::append);
        replace(before.append(lines).toString().getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory.resolve(NAME) + " cannot be written", e);
    }
    news.forEach(each -> kept.put(each.event().envelope(), each));
  }

  private void append(byte[] lines) throws IOException {
    try (var channel = FileChannel.open(directory.resolve(NAME), StandardOpenOption.WRITE)) {
      channel.truncate(end); // half a line of before
      write(channel, lines, end);
    }
    end += lines.length;
  }

  /// Puts a whole file in the place of what is there.
  private void replace(byte[] lines) throws IOException {
    var fresh = directory.resolve(NAME + ".new");
    try (var channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      write(channel, lines, 0);
    }
    Files.move(fresh, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    try (var parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      parent.force(true);
    }
    end = lines.length;
  }

  private static void write(FileChannel channel, byte[] lines, long at) throws IOException {
    var bytes = ByteBuffer.wrap(lines);
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
    channel.force(true);
  }
}
