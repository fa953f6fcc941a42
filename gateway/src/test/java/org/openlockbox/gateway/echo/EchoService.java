package org.openlockbox.gateway.echo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// A protected service: it says back each line, to whoever knows a login that exists.
final class EchoService implements AutoCloseable {
  private final ServerSocket listening;
  private final Set<String> logins = ConcurrentHashMap.newKeySet();
  private final Map<String, List<Socket>> open = new ConcurrentHashMap<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger stumbles = new AtomicInteger();
  private final AtomicReference<Runnable> asked = new AtomicReference<>(() -> {});

  EchoService() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // it was closed
    }
  }

  private void serve(Socket socket) {
    try (socket;
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      String login = in.readLine();
      if (login == null || !logins.contains(login)) {
        return;
      }
      open.computeIfAbsent(login, _ -> new CopyOnWriteArrayList<>()).add(socket);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        heard.add(line);
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // its client has gone
    }
  }

  /// A connection with this login.
  Socket connect(String login) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    socket.getOutputStream().write((login + "\n").getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  void add(String login) {
    logins.add(login);
  }

  /// Ends a login and its connections.
  void remove(String login) {
    logins.remove(login);
    for (Socket each : open.getOrDefault(login, List.of())) {
      try {
        each.close();
      } catch (IOException e) {
        // a socket that fails to close is closed
      }
    }
  }

  /// The next so many steps that end a session find no memory.
  void lacksMemory(int times) {
    stumbles.set(times);
  }

  /// A step that ends a session.
  void step() {
    if (stumbles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new OutOfMemoryError("thrown by a test");
    }
  }

  /// Happens once, when it is asked next what is under way.
  void whenAsked(Runnable happens) {
    asked.set(happens);
  }

  void asked() {
    asked.getAndSet(() -> {}).run();
  }

  /// The logins that exist.
  Set<String> logins() {
    return Set.copyOf(logins);
  }

  /// What has reached it.
  List<String> heard() {
    return new ArrayList<>(heard);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
