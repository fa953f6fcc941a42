package org.openlockbox.postgres.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Reads untyped start-up packets, exactly their bytes and never one more.
public final class StartupReader {
  private static final int MAX_LENGTH = 10_000;
  private static final int CANCEL = (1234 << 16) | 5678;
  private static final int TLS = (1234 << 16) | 5679;
  private static final int GSS = (1234 << 16) | 5680;

  private StartupReader() {}

  public static StartupPacket read(InputStream in, byte[] firstFour) throws IOException {
    int length = new Slice(firstFour, 0, 4).int32();
    if (length < 8 || length > MAX_LENGTH) {
      throw new WireViolation("a start-up packet of " + length + " bytes");
    }
    byte[] bytes = readFully(in, length - 4);
    Slice body = new Slice(bytes, 0, bytes.length);
    int code = body.int32();
    return switch (code) {
      case TLS -> empty(body, new StartupPacket.TlsRequest());
      case GSS -> empty(body, new StartupPacket.GssRequest());
      case CANCEL -> new StartupPacket.Cancel(CancelKey.rest(body));
      default -> new StartupPacket.LoginPacket(StartupMessage.parse(code, body));
    };
  }

  private static StartupPacket empty(Slice rest, StartupPacket packet) {
    rest.done();
    return packet;
  }

  public static byte[] readFully(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the peer closed the connection");
    }
    return bytes;
  }
}
