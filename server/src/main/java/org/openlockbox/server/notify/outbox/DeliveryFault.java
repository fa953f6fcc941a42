package org.openlockbox.server.notify.outbox;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// Why something could not be delivered, in words for the people who run the other end: no names of
/// classes.
public final class DeliveryFault {
  private DeliveryFault() {}

  public static String words(Throwable fault) {
    var root = fault;
    while (root.getCause() != null && !(root instanceof SSLException)) {
      root = root.getCause();
    }
    return switch (root) {
      case UnknownHostException _ -> "the host name is not known" + detail(root);
      case ConnectException _ -> "the connection was refused" + detail(root);
      case NoRouteToHostException _ -> "there is no route to the host" + detail(root);
      case InterruptedIOException _ -> "no answer came in time";
      case SSLException _ -> "no secure connection" + detail(root);
      case SocketException _ -> "the connection broke" + detail(root);
      default -> line(root).orElse("the connection failed");
    };
  }

  private static String detail(Throwable root) {
    return line(root).map(text -> ": " + text).orElse("");
  }

  /// What it says of itself in one line, unless that is the name of a class.
  private static Optional<String> line(Throwable root) {
    return Optional.ofNullable(root.getMessage())
        .map(text -> text.strip().replaceAll("\\s+", " "))
        .map(text -> text.replaceAll("\\b(?:[a-z]\\w*\\.){2,}\\w+(?:Exception|Error): ?", ""))
        .filter(text -> !text.isEmpty() && !text.matches("(?:[\\w$]+\\.)+[A-Z][\\w$]*"));
  }
}
