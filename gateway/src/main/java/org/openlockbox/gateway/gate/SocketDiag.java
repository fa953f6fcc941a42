package org.openlockbox.gateway.gate;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/// Asks Linux about single TCP connections of this network namespace (sock_diag(7), over
/// netlink(7)): a few microseconds each, without a privilege and however many there are. The answer
/// is there when the call that asks returns, so nothing here waits.
///
/// The JDK knows neither that nor a socket's file descriptor, so the C library is called.
final class SocketDiag implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int NETLINK_SOCK_DIAG = 4;
  private static final int MSG_DONTWAIT = 0x40;

  private static final short SOCK_DIAG_BY_FAMILY = 20;
  private static final short NLM_F_REQUEST = 1;
  private static final byte AF_INET = 2;
  private static final byte AF_INET6 = 10;
  private static final byte IPPROTO_TCP = 6;
  private static final int ALL = -1;

  /// `struct nlmsghdr` and `struct inet_diag_req_v2`.
  private static final int REQUEST_BYTES = 16 + 56;

  private static final short NLMSG_ERROR = 2;
  private static final int NO_SUCH_CONNECTION = -2; // -ENOENT
  private static final byte TCP_ESTABLISHED = 1;

  private static final int TYPE_AT = 4;
  private static final int SEQUENCE_AT = 8;

  /// In `struct nlmsgerr` behind the header.
  private static final int ERROR_AT = 16;

  /// In `struct inet_diag_msg` behind the header.
  private static final int STATE_AT = 16 + 1;

  private static final int PORTS_AT = 16 + 4;

  private static final int WQUEUE_AT = 16 + 60;
  private static final int ANSWER_BYTES = 16 + 72;
  private static final int ROOM = 4096;

  private final CLibrary library;
  private final int socket;
  private final MemorySegment buffer = Arena.ofAuto().allocate(ROOM);
  private final ByteBuffer bytes = buffer.asByteBuffer().order(ByteOrder.nativeOrder());
  private int sequence;
  private boolean closed;

  private SocketDiag(CLibrary library, int socket) {
    this.library = library;
    this.socket = socket;
  }

  /// @throws IOException if this system has none
  static SocketDiag open() throws IOException {
    if (!System.getProperty("os.name").equals("Linux")) {
      throw new IOException("only Linux has sock_diag");
    }
    CLibrary library = CLibrary.find();
    int socket = library.socket(AF_NETLINK, SOCK_DGRAM_CLOEXEC, NETLINK_SOCK_DIAG);
    if (socket < 0) {
      throw new IOException("no netlink socket can be made");
    }
    return new SocketDiag(library, socket);
  }

  /// How many bytes the peer's system has not acknowledged; empty where the kernel does not say,
  /// also because there is no such connection any more.
  synchronized OptionalLong unacknowledged(InetSocketAddress here, InetSocketAddress there) {
    return ask(here, there) >= ANSWER_BYTES && isOf(here, there)
        ? OptionalLong.of(Integer.toUnsignedLong(bytes.getInt(WQUEUE_AT)))
        : OptionalLong.empty();
  }

  /// What the kernel says of a connection.
  enum ConnectionState {
    /// Both ends are open.
    ESTABLISHED,
    /// The peer has closed its end, or there is no such connection.
    GONE,
    /// It says nothing.
    UNKNOWN
  }

  synchronized ConnectionState state(InetSocketAddress here, InetSocketAddress there) {
    long received = ask(here, there);
    if (received >= ERROR_AT + Integer.BYTES
        && bytes.getShort(TYPE_AT) == NLMSG_ERROR
        && bytes.getInt(ERROR_AT) == NO_SUCH_CONNECTION) {
      return ConnectionState.GONE;
    }
    if (received < ANSWER_BYTES || bytes.getShort(TYPE_AT) != SOCK_DIAG_BY_FAMILY) {
      return ConnectionState.UNKNOWN;
    }
    return isOf(here, there) && bytes.get(STATE_AT) == TCP_ESTABLISHED
        ? ConnectionState.ESTABLISHED
        : ConnectionState.GONE;
  }

  /// How many bytes of an answer are in the buffer; less than a header's if there is none.
  private long ask(InetSocketAddress here, InetSocketAddress there) {
    if (closed) {
      return 0;
    }
    sequence++;
    putRequest(here, there);
    if (library.send(socket, buffer, REQUEST_BYTES, MSG_DONTWAIT) != REQUEST_BYTES) {
      return 0;
    }
    long received = library.receive(socket, buffer, ROOM, MSG_DONTWAIT);
    while (received >= SEQUENCE_AT + Integer.BYTES && bytes.getInt(SEQUENCE_AT) != sequence) {
      received = library.receive(socket, buffer, ROOM, MSG_DONTWAIT); // of an earlier question
    }
    return received;
  }

  private void putRequest(InetSocketAddress here, InetSocketAddress there) {
    InetAddress local = here.getAddress();
    bytes.clear().putInt(REQUEST_BYTES).putShort(SOCK_DIAG_BY_FAMILY).putShort(NLM_F_REQUEST);
    bytes.putInt(sequence).putInt(0);
    bytes.put(local instanceof Inet6Address ? AF_INET6 : AF_INET).put(IPPROTO_TCP);
    bytes.putShort((short) 0).putInt(ALL);
    putPort(bytes.position(), here.getPort());
    putPort(bytes.position() + Short.BYTES, there.getPort());
    bytes.position(bytes.position() + 2 * Short.BYTES);
    putAddress(local);
    putAddress(there.getAddress());
    int scope = scope(there.getAddress());
    bytes.putInt(scope == 0 ? scope(local) : scope);
    bytes.putInt(ALL).putInt(ALL); // INET_DIAG_NOCOOKIE
  }

  /// An address of one link ties the socket to that, also where the other one is of all.
  private static int scope(InetAddress address) {
    return address instanceof Inet6Address one ? one.getScopeId() : 0;
  }

  private void putAddress(InetAddress address) {
    byte[] sixteen = new byte[16];
    byte[] own = address.getAddress();
    System.arraycopy(own, 0, sixteen, 0, own.length);
    bytes.put(sixteen);
  }

  /// In the order of the network.
  private void putPort(int at, int port) {
    bytes.put(at, (byte) (port >> Byte.SIZE)).put(at + 1, (byte) port);
  }

  /// A socket that listens there is shown where the connection is gone: it has no peer.
  private boolean isOf(InetSocketAddress here, InetSocketAddress there) {
    return bytes.getShort(TYPE_AT) == SOCK_DIAG_BY_FAMILY
        && port(PORTS_AT) == here.getPort()
        && port(PORTS_AT + Short.BYTES) == there.getPort();
  }

  private int port(int at) {
    return Byte.toUnsignedInt(bytes.get(at)) << Byte.SIZE | Byte.toUnsignedInt(bytes.get(at + 1));
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      library.close(socket);
    }
  }

  /// Four functions of it. They answer less than 0 if they fail.
  private record CLibrary(
      MethodHandle socket, MethodHandle send, MethodHandle recv, MethodHandle close) {
    @SuppressWarnings("restricted") // to call the C library is what it is for
    static CLibrary find() throws IOException {
      var number = ValueLayout.JAVA_INT;
      var size = ValueLayout.JAVA_LONG;
      try {
        Linker linker = Linker.nativeLinker();
        var names = linker.defaultLookup();
        var transfer = FunctionDescriptor.of(size, number, ValueLayout.ADDRESS, size, number);
        return new CLibrary(
            linker.downcallHandle(
                names.findOrThrow("socket"), FunctionDescriptor.of(number, number, number, number)),
            linker.downcallHandle(names.findOrThrow("send"), transfer),
            linker.downcallHandle(names.findOrThrow("recv"), transfer),
            linker.downcallHandle(
                names.findOrThrow("close"), FunctionDescriptor.of(number, number)));
      } catch (RuntimeException | Error e) {
        throw new IOException("the C library cannot be called", e);
      }
    }

    int socket(int domain, int type, int protocol) {
      try {
        return (int) socket.invokeExact(domain, type, protocol);
      } catch (Throwable e) {
        throw new IllegalStateException("socket", e);
      }
    }

    long send(int socket, MemorySegment from, long count, int flags) {
      try {
        return (long) send.invokeExact(socket, from, count, flags);
      } catch (Throwable e) {
        throw new IllegalStateException("send", e);
      }
    }

    long receive(int socket, MemorySegment into, long count, int flags) {
      try {
        return (long) recv.invokeExact(socket, into, count, flags);
      } catch (Throwable e) {
        throw new IllegalStateException("recv", e);
      }
    }

    void close(int socket) {
      try {
        int _ = (int) close.invokeExact(socket);
      } catch (Throwable e) {
        throw new IllegalStateException("close", e);
      }
    }
  }
}
