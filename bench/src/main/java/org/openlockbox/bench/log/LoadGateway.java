package org.openlockbox.bench.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayEntry;
import org.openlockbox.gateway.controlplane.HttpControlPlane;

/// One gateway's part of an open-loop load: takes what has arrived, appends it with one call, and
/// takes what has arrived meanwhile, as the gateway's recorder does.
final class LoadGateway implements AutoCloseable {
  private static final int MOST_AT_ONCE = 1_000;

  /// An entry that is due at this moment, whatever the server does.
  record Arrival(int tenant, long at, boolean measured, boolean watched) {}

  private final HttpControlPlane controlPlane;
  private final Statements statements;
  private final long[] counters;
  private final Latencies durable;
  private final SignedSamples samples;
  private final ConcurrentLinkedQueue<Arrival> arrived = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean ended;
  private final AtomicLong done = new AtomicLong();

  /// @param counters of every tenant; a tenant belongs to one gateway
  LoadGateway(
      HttpControlPlane controlPlane,
      long seed,
      long[] counters,
      Latencies durable,
      SignedSamples samples) {
    this.controlPlane = controlPlane;
    this.statements = new Statements(new Random(seed));
    this.counters = counters;
    this.durable = durable;
    this.samples = samples;
    this.thread = Thread.ofPlatform().daemon().name("load").unstarted(this::run);
  }

  LoadGateway start() {
    thread.start();
    return this;
  }

  void arrive(Arrival arrival) {
    arrived.add(arrival);
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!ended || !arrived.isEmpty()) {
      var batch = new ArrayList<Arrival>();
      for (Arrival next; batch.size() < MOST_AT_ONCE && (next = arrived.poll()) != null; ) {
        batch.add(next);
      }
      if (batch.isEmpty()) {
        LockSupport.parkNanos(this, 1_000_000);
      } else {
        append(batch);
      }
    }
  }

  private void append(List<Arrival> batch) {
    var entries = batch.stream().map(arrival -> entry(arrival.tenant)).toList();
    send(entries);
    long now = System.nanoTime();
    done.addAndGet(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      var arrival = batch.get(i);
      if (arrival.measured) {
        durable.add(now - arrival.at);
      }
      if (arrival.watched) {
        samples.watch(arrival, entries.get(i).counter());
      }
    }
  }

  /// Sends the same again while there is no answer, as a gateway does.
  private void send(List<GatewayEntry> entries) {
    while (true) {
      try {
        controlPlane.append(entries);
        return;
      } catch (ControlPlane.NoReply e) {
        System.err.println("sent again: " + e.getMessage());
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private GatewayEntry entry(int tenant) {
    return statements.entry(tenant, counters[tenant]++);
  }

  /// Appends one full batch of these tenants after another.
  void saturate(int batch, Pick pick, int gateways, int index, long until) {
    var random = new Random(index);
    while (System.nanoTime() < until) {
      var entries = new ArrayList<GatewayEntry>();
      while (entries.size() < batch) {
        int tenant = pick.tenant(random);
        int own = tenant - tenant % gateways + index;
        if (own < counters.length) {
          entries.add(entry(own));
        }
      }
      send(entries);
      done.addAndGet(batch);
    }
  }

  long done() {
    return done.get();
  }

  /// Appends what has arrived, then stops.
  void finish() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended = true;
    controlPlane.close();
  }
}
