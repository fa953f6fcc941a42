package org.openlockbox.server.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/// A mail server that can be told to fail, at the moment that matters: when a mail is handed over.
final class MailReceiver implements AutoCloseable {
  /// What becomes of a mail.
  enum Mood {
    WELL,
    /// Refused for now, and not taken.
    REFUSES,
    /// Taken, and then it hangs up without an answer.
    FORGETS_TO_ANSWER
  }

  private final ServerSocket door;
  private final AtomicReference<Mood> mood = new AtomicReference<>(Mood.WELL);
  private final List<String> taken = new CopyOnWriteArrayList<>();

  MailReceiver() {
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::answer);
  }

  int port() {
    return door.getLocalPort();
  }

  void be(Mood next) {
    mood.set(next);
  }

  /// The Message-IDs of what it has taken about this, in the order it came.
  List<String> taken(String about) {
    return taken.stream().filter(id -> id.contains(about)).toList();
  }

  private void answer() {
    while (!door.isClosed()) {
      try {
        var caller = door.accept();
        Thread.ofVirtual().start(() -> serve(caller));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket caller) {
    try (caller;
        var in =
            new BufferedReader(
                new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8));
        var out = new OutputStreamWriter(caller.getOutputStream(), StandardCharsets.UTF_8)) {
      say(out, "220 ready");
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.equals("DATA")) {
          say(out, line.startsWith("QUIT") ? "221 bye" : "250 ok");
        } else if (!take(in, out)) {
          return;
        }
      }
    } catch (IOException e) {
      // The other side hung up: that is its answer.
    }
  }

  /// Whether the caller was answered.
  private boolean take(BufferedReader in, Writer out) throws IOException {
    var now = mood.get();
    if (now == Mood.REFUSES) {
      say(out, "451 not now\0"); // the database takes no NUL
      return true;
    }
    say(out, "354 go on");
    var lines = new ArrayList<String>();
    for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      lines.add(line);
    }
    lines.stream().filter(line -> line.startsWith("Message-ID:")).forEach(taken::add);
    if (now == Mood.FORGETS_TO_ANSWER) {
      return false;
    }
    say(out, "250 taken");
    return true;
  }

  private static void say(Writer out, String line) throws IOException {
    out.write(line + "\r\n");
    out.flush();
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
