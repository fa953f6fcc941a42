package org.openlockbox.node.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A socket in the node's own directory, through which its owner and root give it commands: one
/// line each way. Who may open the file may do so; nobody else reaches it.
///
/// A crash leaves the file, and the next start replaces it.
public final class ControlSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
  private static final String NAME = "control";
  private static final int LONGEST = 200;

  private final ServerSocketChannel listening;
  private final Path file;
  private final Function<String, ControlReply> commands;

  private ControlSocket(
      ServerSocketChannel listening, Path file, Function<String, ControlReply> commands) {
    this.listening = listening;
    this.file = file;
    this.commands = commands;
  }

  /// Begins to listen. Empty, with a line in the log, where the directory's name is too long for a
  /// socket: the node works all the same.
  ///
  /// @param commands carries out one command; throws nothing
  public static Optional<ControlSocket> listen(
      Path directory, Function<String, ControlReply> commands) {
    Path file = directory.resolve(NAME);
    try {
      Files.deleteIfExists(file);
      var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listening.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      var socket = new ControlSocket(listening, file, commands);
      Thread.ofPlatform().name("control").daemon().start(socket::accept);
      return Optional.of(socket);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("no commands can be given to this node, {} is no socket: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private void accept() {
    while (listening.isOpen()) {
      try (var caller = listening.accept()) {
        answer(caller);
      } catch (IOException | RuntimeException e) {
        if (listening.isOpen()) {
          LOG.debug("a command was not answered: {}", e.toString());
        }
      }
    }
  }

  private void answer(SocketChannel caller) throws IOException {
    String line = new BufferedReader(Channels.newReader(caller, UTF_8), LONGEST).readLine();
    if (line != null && line.length() <= LONGEST) {
      write(caller, commands.apply(line).line());
    }
  }

  private static void write(SocketChannel to, String line) throws IOException {
    var bytes = ByteBuffer.wrap(line.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  /// Gives a command to the node whose directory this is, and waits for its reply.
  static ControlReply call(Path directory, String command) {
    try (var node = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(NAME)))) {
      write(node, command + "\n");
      String line = new BufferedReader(Channels.newReader(node, UTF_8)).readLine();
      if (line == null) {
        throw new NodeFailure(Code.FAILURE, "the node ended before it answered");
      }
      return ControlReply.parse(line);
    } catch (IOException e) {
      throw new NodeFailure(
          Code.FAILURE,
          "no node answers in %s: %s; is it running, and are you its user or root?"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("the control socket stays: {}", e.toString());
    }
  }
}
