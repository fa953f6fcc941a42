package org.openlockbox.node.control;

/// What a node says to a command.
///
/// @param exit the exit code of the program that asked
/// @param words one or more sentences
public record ControlReply(int exit, String words) {
  /// As it goes through the socket.
  String line() {
    return exit + " " + words.replaceAll("\\s*\\R\\s*", " ") + "\n";
  }

  static ControlReply parse(String line) {
    int end = line.indexOf(' ');
    return new ControlReply(Integer.parseInt(line.substring(0, end)), line.substring(end + 1));
  }
}
