package org.openlockbox.node.control;

import java.nio.file.Path;

/// Gives a running node a command, from another process on its host.
public final class NodeCommand {
  private NodeCommand() {}

  /// Prints what the node says.
  ///
  /// @param directory where the node hears commands
  /// @return the exit code
  public static int give(Path directory, String command) {
    var reply = ControlSocket.call(directory, command);
    if (reply.exit() == 0) {
      System.out.println(reply.words());
    } else {
      System.err.println("lockbox: " + reply.words());
    }
    return reply.exit();
  }
}
