package org.openlockbox.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.testing.SshTestKey;

/// An ssh-agent (draft-ietf-sshm-ssh-agent) that holds one security key in software, whose user
/// does what the flags say. `ssh-keygen` talks to it as it would to one with a device.
final class SshAgent implements AutoCloseable {
  private static final int FAILURE = 5;
  private static final int REQUEST_IDENTITIES = 11;
  private static final int IDENTITIES = 12;
  private static final int SIGN = 13;
  private static final int SIGNED = 14;

  private final ServerSocketChannel socket;
  private final SshTestKey key;
  private final int flags;

  SshAgent(Path path, SshTestKey key, int flags) {
    this.key = key;
    this.flags = flags;
    try {
      socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      socket.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException taken) {
      throw new UncheckedIOException(taken);
    }
    Thread.ofVirtual().start(this::listen);
  }

  private void listen() {
    while (socket.isOpen()) {
      try (SocketChannel client = socket.accept();
          DataInputStream in = new DataInputStream(Channels.newInputStream(client));
          DataOutputStream out = new DataOutputStream(Channels.newOutputStream(client))) {
        for (byte[] asked = read(in); asked.length > 0; asked = read(in)) {
          out.write(SshTestKey.string(answer(asked)).toArray());
          out.flush();
        }
      } catch (IOException gone) {
        // The client has what it wanted, or the test is over.
      }
    }
  }

  private static byte[] read(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }

  private Bytes answer(byte[] asked) {
    return switch (asked[0]) {
      case REQUEST_IDENTITIES ->
          kind(IDENTITIES)
              .plus(Bytes.ofHex("00000001"))
              .plus(SshTestKey.string(key.wire()))
              .plus(SshTestKey.string(Bytes.ofUtf8("a security key")));
      case SIGN -> {
        Bytes message = Bytes.of(asked);
        int data = 1 + 4 + key.wire().size() + 4;
        Bytes signed = message.slice(data, message.size() - 4);
        yield kind(SIGNED).plus(SshTestKey.string(key.inner(signed, flags)));
      }
      default -> kind(FAILURE);
    };
  }

  private static Bytes kind(int number) {
    return Bytes.of(new byte[] {(byte) number});
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
