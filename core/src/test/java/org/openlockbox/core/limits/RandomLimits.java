package org.openlockbox.core.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.tree.Hash;

/// Limits drawn from few values of each kind, so that two of them are often related.
public final class RandomLimits {
  private static final List<String> NAMES = List.of("customers", "messages", "tickets");
  private static final List<String> SHIFTS =
      List.of(
          "mon-fri 08:00-18:00 Europe/Berlin",
          "mon-fri 09:00-17:00 Europe/Berlin",
          "tue,thu 10:00-12:00 Europe/Berlin",
          "mon-sun 22:00-06:00 Europe/Berlin",
          "fri-sun 23:00-05:00 Europe/Berlin",
          "mon-fri 00:00-00:00 UTC",
          "wed 06:30-20:15 America/New_York");

  private final Random random;

  private RandomLimits(Random random) {
    this.random = random;
  }

  public static Limits limits(Random random) {
    return new RandomLimits(random).limits();
  }

  private Limits limits() {
    return new Limits(
        maybe(() -> new RowBudget(1 + random.nextInt(5)), RowBudget.UNLIMITED),
        maybe(() -> new ByteBudget(1 + random.nextInt(5)), ByteBudget.UNLIMITED),
        maybe(() -> Tables.of(some(NAMES)), Tables.ALL),
        maybe(() -> Timeout.of(Duration.ofSeconds(1 + random.nextInt(5))), Timeout.NONE),
        maybe(() -> Timeout.of(Duration.ofSeconds(1 + random.nextInt(5))), Timeout.NONE),
        maybe(() -> new Concurrency(1 + random.nextInt(5)), Concurrency.UNLIMITED),
        maybe(() -> new Hours(some(SHIFTS).stream().map(Shift::parse).toList()), Hours.ALWAYS),
        random.nextBoolean() ? Profile.GUARDED : Profile.EXPERT,
        maybe(
            () -> ExactStatements.of(some(NAMES).stream().map(RandomLimits::hash).toList()),
            ExactStatements.ANY),
        new SoftEnd(Duration.ofSeconds(10L * random.nextInt(4))));
  }

  private <T> T maybe(Supplier<T> some, T none) {
    return random.nextInt(3) == 0 ? none : some.get();
  }

  /// At least one of them, in their order.
  private <T> List<T> some(List<T> all) {
    var some = new ArrayList<T>();
    while (some.isEmpty()) {
      all.stream().filter(each -> random.nextBoolean()).forEach(some::add);
    }
    return some;
  }

  private static Hash hash(String text) {
    return Bytes.ofUtf8(text).sha256();
  }
}
