package org.openlockbox.e2e.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Everybody at work at once, each on a thread of their own, until the end.
final class Load {
  private final String name;
  private final List<SqlClient> clients;
  private final Desk desk;
  private final List<Thread> threads = new ArrayList<>();

  Load(String name, List<SqlClient> clients, Desk desk) {
    this.name = name;
    this.clients = clients;
    this.desk = desk;
  }

  Load begin() {
    desk.begin();
    for (SqlClient client : clients) {
      client.begin();
      threads.add(Thread.ofPlatform().name(name + "-sql").daemon().start(client::run));
    }
    threads.add(Thread.ofPlatform().name(name + "-desk").daemon().start(desk::run));
    return this;
  }

  /// Waits until nobody works any more; the program is dead, so that is soon.
  void end() throws InterruptedException {
    clients.forEach(SqlClient::stop);
    desk.stop();
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofSeconds(40))) {
        throw new AssertionError(thread.getName() + " does not end");
      }
    }
  }
}
