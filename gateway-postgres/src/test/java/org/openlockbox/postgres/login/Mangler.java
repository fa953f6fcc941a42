package org.openlockbox.postgres.login;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.openlockbox.postgres.wire.PgError;
import org.openlockbox.postgres.wire.ServerMessages;

/// Makes streams of well-formed protocol messages and breaks them, all from one seed.
public final class Mangler {
  private static final int[] EDGES = {
    0, 1, 3, 4, 5, 127, 255, 1024, 65_535, 1 << 20, 16 << 20, Integer.MAX_VALUE, -1, 1 << 31
  };
  private static final String[] TEXTS = {
    "", "s", "portal", "select 1", "select * from customers where name = $1", "ü€😀", "a,b=c"
  };

  private final RandomGenerator random;

  public Mangler(RandomGenerator random) {
    this.random = random;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /// One whole message: type, length, body.
  static byte[] message(char type, byte[] body) {
    return ServerMessages.message(type, body);
  }

  /// Between one and thirty messages of these types.
  byte[] stream(String types) {
    var out = new ByteArrayOutputStream();
    for (int i = 1 + below(30); i > 0; i--) {
      char type = types.charAt(below(types.length()));
      out.writeBytes(message(type, body(type)));
    }
    return out.toByteArray();
  }

  private byte[] body(char type) {
    var out = new ByteArrayOutputStream();
    switch (type) {
      case 'Q', 'E' -> text(out);
      case 'P' -> {
        text(out);
        text(out);
        int16(out, 2);
        int32(out, 23);
        int32(out, 25);
        return out.toByteArray();
      }
      case 'B' -> bind(out);
      case 'D', 'C' -> {
        out.write(random.nextBoolean() ? 'S' : 'P');
        text(out);
      }
      case 'f' -> text(out);
      case 'd' -> noise(out, below(3000));
      default -> {}
    }
    if (type == 'E') {
      int32(out, below(100));
    }
    return out.toByteArray();
  }

  private void bind(ByteArrayOutputStream out) {
    text(out);
    text(out);
    int count = below(4);
    int16(out, 1);
    int16(out, random.nextBoolean() ? 1 : 0);
    int16(out, count);
    for (int i = 0; i < count; i++) {
      int length = below(50) - 1;
      int32(out, length);
      noise(out, Math.max(0, length));
    }
    int16(out, 0);
  }

  /// What a database sends: rows, completions, errors, settings, noise of other types.
  byte[] answers() {
    var out = new ByteArrayOutputStream();
    for (int i = 1 + below(30); i > 0; i--) {
      out.writeBytes(answer());
    }
    return out.toByteArray();
  }

  private byte[] answer() {
    var body = new ByteArrayOutputStream();
    return switch (below(7)) {
      case 0 -> message('Z', new byte[] {(byte) "ITE".charAt(below(3))});
      case 1 -> {
        text(body);
        yield message('C', body.toByteArray());
      }
      case 2 -> ServerMessages.error(PgError.error("22P02", TEXTS[below(TEXTS.length)], "hint"));
      case 3 -> ServerMessages.notice(TEXTS[below(TEXTS.length)], "");
      case 4 -> {
        text(body);
        text(body);
        yield message('S', body.toByteArray());
      }
      case 5 -> message("T123nstIHGWA".charAt(below(12)), new byte[below(40)]);
      default -> {
        noise(body, below(random.nextInt(20) == 0 ? 60_000 : 300));
        yield message('D', body.toByteArray());
      }
    };
  }

  byte[] startup() {
    var out = new ByteArrayOutputStream();
    String[] names = {"user", "database", "application_name", "DateStyle", "options", "_pq_.x"};
    for (int i = below(names.length + 1); i > 0; i--) {
      ServerMessages.text(out, names[below(names.length)]);
      text(out);
    }
    out.write(0);
    int[] codes = {196_608, 196_610, 80_877_102, 80_877_103, 80_877_104, below(1 << 30)};
    return ByteBuffer.allocate(8 + out.size())
        .putInt(8 + out.size())
        .putInt(codes[below(random.nextInt(3) == 0 ? codes.length : 1)])
        .put(out.toByteArray())
        .array();
  }

  /// One to eight random injuries: flipped bits, edge values over four bytes, cuts, copies, noise.
  public byte[] broken(byte[] whole) {
    byte[] bytes = whole;
    for (int i = 1 + below(8); i > 0 && bytes.length > 8; i--) {
      int at = below(bytes.length - 4);
      switch (below(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << below(8));
        case 1 -> ByteBuffer.wrap(bytes).putInt(at, EDGES[below(EDGES.length)]);
        case 2 -> bytes[at] = (byte) below(256);
        case 3 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 4 -> bytes = spliced(bytes, at, Arrays.copyOfRange(bytes, at, at + 4));
        default -> {
          var noise = new ByteArrayOutputStream();
          noise(noise, below(12));
          bytes = spliced(bytes, at, noise.toByteArray());
        }
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] more) {
    byte[] result = new byte[bytes.length + more.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(more, 0, result, at, more.length);
    System.arraycopy(bytes, at, result, at + more.length, bytes.length - at);
    return result;
  }

  /// The bytes as a socket would give them: in pieces of any size.
  InputStream inPieces(byte[] bytes) {
    return new InputStream() {
      private int at;

      @Override
      public int read() {
        throw new UnsupportedOperationException("pieces only");
      }

      @Override
      public int read(byte[] into, int from, int most) {
        if (at == bytes.length) {
          return -1;
        }
        int count = Math.min(Math.min(1 + below(4000), most), bytes.length - at);
        System.arraycopy(bytes, at, into, from, count);
        at += count;
        return count;
      }
    };
  }

  private void text(ByteArrayOutputStream out) {
    ServerMessages.text(out, TEXTS[below(TEXTS.length)]);
  }

  private void noise(ByteArrayOutputStream out, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    out.writeBytes(bytes);
  }

  private static void int16(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private static void int32(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
  }
}
