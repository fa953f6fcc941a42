package org.openlockbox.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Sessions of one access that send as much as they can, thousands of messages at once, until this
/// is closed.
public final class MessageFlood implements AutoCloseable {
  private static final int AT_ONCE = 5_000;

  /// What is sent.
  public enum Kind {
    NONE("none", 0),

    /// Makes work, and nothing to be recorded.
    SYNC("Sync", AT_ONCE),
    PARSE("Parse", 1),
    EXECUTE("Execute", 1),
    QUERY("simple Query", AT_ONCE);

    private final String words;
    private final int ready;

    Kind(String words, int ready) {
      this.words = words;
      this.ready = ready;
    }

    public String words() {
      return words;
    }
  }

  private final Kind kind;
  private final List<RawSession> sessions = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private volatile boolean closed;

  public MessageFlood(Kind kind, int count, Map<String, String> environment) throws IOException {
    this.kind = kind;
    byte[] messages = messages(kind);
    for (int i = 0; i < (kind == Kind.NONE ? 0 : count); i++) {
      var session = new RawSession(environment);
      sessions.add(session);
      threads.add(Thread.ofPlatform().daemon().start(() -> flood(session, messages)));
    }
  }

  private void flood(RawSession session, byte[] messages) {
    try {
      while (!closed) {
        session.send(messages, kind.ready);
        sent.addAndGet(AT_ONCE);
      }
    } catch (IOException e) {
      if (!closed) {
        System.err.println("the flood has ended: " + e.getMessage());
      }
    }
  }

  /// How many messages have been answered so far.
  public long sent() {
    return sent.get();
  }

  private static byte[] messages(Kind kind) {
    var all = new ByteArrayOutputStream();
    byte[] sync = message('S', new byte[0]);
    byte[] parse = message('P', "\0select 1\0\0\0".getBytes(US_ASCII));
    byte[] bind = message('B', new byte[8]);
    byte[] execute = message('E', new byte[5]);
    if (kind == Kind.EXECUTE) {
      all.writeBytes(parse);
    }
    for (int i = 0; i < AT_ONCE; i++) {
      switch (kind) {
        case NONE -> {}
        case SYNC -> all.writeBytes(sync);
        case PARSE -> all.writeBytes(parse);
        case EXECUTE -> {
          all.writeBytes(bind);
          all.writeBytes(execute);
        }
        case QUERY -> all.writeBytes(message('Q', "select 1\0".getBytes(US_ASCII)));
      }
    }
    if (kind == Kind.PARSE || kind == Kind.EXECUTE) {
      all.writeBytes(sync);
    }
    return all.toByteArray();
  }

  public static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  @Override
  public void close() {
    closed = true;
    sessions.forEach(RawSession::close);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
