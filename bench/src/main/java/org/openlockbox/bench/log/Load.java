package org.openlockbox.bench.log;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// A load of statements over all tenants of a site, for a while.
final class Load implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(60);

  /// One entry in so many is watched until it is under a checkpoint.
  private static final int WATCHED = 100;

  private final LogSite site;
  private final long seed;
  private final Latencies durable = new Latencies();
  private final SignedSamples samples;
  private final List<LoadGateway> gateways = new ArrayList<>();

  Load(LogSite site, long[] counters, long seed) {
    this.site = site;
    this.seed = seed;
    this.samples = new SignedSamples(site.connection()).start();
    for (int n = 0; n < site.gateways(); n++) {
      gateways.add(new LoadGateway(site.controlPlane(n), seed + n, counters, durable, samples));
    }
  }

  /// What was seen.
  ///
  /// @param perSecond entries that became durable, a second
  /// @param unsigned watched entries that were under no checkpoint a minute after the end
  record Result(double perSecond, Latencies durable, Latencies signed, int unsigned, double load) {}

  /// Entries arrive at random moments, on average so many a second, whether the server keeps up or
  /// not; each is measured from the moment it was due. What arrives while the load warms up is not
  /// measured.
  Result arriving(double perSecond, Pick pick, Duration warmUp, Duration measured) {
    gateways.forEach(LoadGateway::start);
    var random = new Random(seed);
    long start = System.nanoTime();
    long from = start + warmUp.toNanos();
    long until = from + measured.toNanos();
    double due = start;
    while (due < until) {
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(500_000);
      }
      int tenant = pick.tenant(random);
      boolean counts = due >= from;
      gateways
          .get(site.gatewayOf(tenant))
          .arrive(
              new LoadGateway.Arrival(
                  tenant, (long) due, counts, counts && random.nextInt(WATCHED) == 0));
      due -= Math.log(1 - random.nextDouble()) * 1e9 / perSecond;
    }
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    gateways.forEach(LoadGateway::finish);
    double seconds = (System.nanoTime() - from) / 1e9;
    awaitSignatures();
    return new Result(durable.count() / seconds, durable, samples.signed(), samples.left(), load);
  }

  private void awaitSignatures() {
    long until = System.nanoTime() + DRAIN.toNanos();
    while (samples.left() > 0 && System.nanoTime() < until) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  /// @param perSecond entries that became durable, a second
  /// @param cpu seconds for 100,000 of them
  record Ceiling(double perSecond, CpuTime cpu) {}

  /// Every gateway always has a full batch ready: what can be appended at most, a second.
  Ceiling saturated(int batch, Pick pick, Duration warmUp, Duration measured) {
    long start = System.nanoTime();
    long from = start + warmUp.toNanos();
    long until = from + measured.toNanos();
    var threads = new ArrayList<Thread>();
    for (int n = 0; n < gateways.size(); n++) {
      var gateway = gateways.get(n);
      int index = n;
      threads.add(
          Thread.ofPlatform()
              .start(() -> gateway.saturate(batch, pick, gateways.size(), index, until)));
    }
    while (System.nanoTime() < from) {
      LockSupport.parkNanos(1_000_000);
    }
    long before = gateways.stream().mapToLong(LoadGateway::done).sum();
    var cpuBefore = site.cpuTime();
    long began = System.nanoTime();
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(1_000_000);
    }
    long done = gateways.stream().mapToLong(LoadGateway::done).sum() - before;
    double seconds = (System.nanoTime() - began) / 1e9;
    var cpu = site.cpuTime().minus(cpuBefore).perHundredThousand(Math.max(1, done));
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new Ceiling(done / seconds, cpu);
  }

  @Override
  public void close() {
    gateways.forEach(LoadGateway::close);
    samples.close();
  }
}
