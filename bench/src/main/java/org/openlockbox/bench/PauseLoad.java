package org.openlockbox.bench;

import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// One program of [PauseBench]: it holds as much as it is told in small objects, makes garbage, and
/// replaces what it holds a little at a time. It prints for how many milliseconds a thread stood
/// still at the worst that wakes in each.
final class PauseLoad {
  private static final int PAGE = 8_192;
  private static final int GARBAGE = 10_000;

  /// What was made last, so that no compiler finds it needless.
  private static byte[] garbage = {};

  private PauseLoad() {}

  /// Runs it.
  ///
  /// @param arguments how many pages of about 0.85 MB live, and for how many seconds it runs
  public static void main(String[] arguments) throws InterruptedException {
    List<Object[]> alive = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      alive.add(page());
    }
    Thread.ofPlatform().daemon().start(() -> churn(alive));
    long worst = worst(Duration.ofSeconds(Long.parseLong(arguments[1]))).toMillis();
    System.out.println(worst + (garbage.length == 0 ? " (idle)" : ""));
  }

  private static Duration worst(Duration length) throws InterruptedException {
    long start = System.nanoTime();
    long last = start;
    long worst = 0;
    while (last - start < length.toNanos()) {
      Thread.sleep(1);
      long now = System.nanoTime();
      worst = Math.max(worst, now - last);
      last = now;
    }
    return Duration.ofNanos(worst);
  }

  private static void churn(List<Object[]> alive) {
    var random = new Random(1);
    while (!Thread.currentThread().isInterrupted()) {
      for (int i = 0; i < GARBAGE; i++) {
        garbage = new byte[1_000];
      }
      alive.set(random.nextInt(alive.size()), page());
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Object[] page() {
    var page = new Object[PAGE];
    Arrays.setAll(page, _ -> new SimpleEntry<>(new byte[64], page));
    return page;
  }
}
