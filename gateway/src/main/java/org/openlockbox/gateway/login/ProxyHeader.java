package org.openlockbox.gateway.login;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/// The line or block with which a load balancer begins a connection (the PROXY protocol, versions 1
/// and 2, sections 2.1 and 2.2): who its client is. Reads that and not a byte more.
final class ProxyHeader {
  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final int LONGEST_LINE = 107;
  private static final int LONGEST_BLOCK = 2048;
  private static final int VERSION_2_LOCAL = 0x20;
  private static final int VERSION_2_PROXY = 0x21;
  private static final int TCP_4 = 0x11;
  private static final int TCP_6 = 0x21;
  private static final int IPV4 = 4;
  private static final int IPV6 = 16;

  private ProxyHeader() {}

  /// The client's address; empty where the proxy calls for itself, as to see whether we are there.
  ///
  /// @throws IOException if this is no such header
  static Optional<InetAddress> read(InputStream in) throws IOException {
    byte[] begun = in.readNBytes(SIGNATURE.length);
    if (begun.length == 0) {
      return Optional.empty();
    }
    if (Arrays.equals(begun, SIGNATURE)) {
      return block(in);
    }
    return line(new String(begun, US_ASCII) + restOfLine(in, begun.length));
  }

  private static String restOfLine(InputStream in, int read) throws IOException {
    var line = new StringBuilder();
    while (read + line.length() < LONGEST_LINE) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the PROXY header ends early");
      }
      line.append((char) next);
      if (next == '\n') {
        return line.toString();
      }
    }
    throw noHeader();
  }

  private static Optional<InetAddress> line(String line) throws IOException {
    if (line.startsWith("PROXY UNKNOWN") && line.endsWith("\r\n")) {
      return Optional.empty();
    }
    String[] words = line.strip().split(" ", -1);
    boolean isOne =
        line.endsWith("\r\n")
            && words.length == 6
            && words[0].equals("PROXY")
            && (words[1].equals("TCP4") || words[1].equals("TCP6"));
    if (!isOne) {
      throw noHeader();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(words[2]));
    } catch (IllegalArgumentException e) {
      throw noHeader();
    }
  }

  private static Optional<InetAddress> block(InputStream in) throws IOException {
    int command = in.read();
    int family = in.read();
    int length = in.read() << 8 | in.read();
    if (length < 0 || length > LONGEST_BLOCK) {
      throw noHeader();
    }
    byte[] addresses = in.readNBytes(length);
    if (addresses.length < length) {
      throw new EOFException("the PROXY header ends early");
    }
    return switch (command) {
      case VERSION_2_LOCAL -> Optional.empty();
      case VERSION_2_PROXY -> Optional.of(source(family, addresses));
      default -> throw noHeader();
    };
  }

  private static InetAddress source(int family, byte[] addresses) throws IOException {
    int size =
        switch (family) {
          case TCP_4 -> IPV4;
          case TCP_6 -> IPV6;
          default -> throw noHeader();
        };
    if (addresses.length < size) {
      throw noHeader();
    }
    return InetAddress.getByAddress(Arrays.copyOf(addresses, size));
  }

  private static IOException noHeader() {
    return new IOException("a trusted proxy began without a PROXY header");
  }
}
