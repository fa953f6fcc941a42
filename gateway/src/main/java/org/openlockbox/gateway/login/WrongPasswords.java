package org.openlockbox.gateway.login;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.controlplane.ConnectOffer;

/// Tells the operator of wrong passwords for logins that there are. Of each login the first is
/// told, the tenth, the hundredth and so on, and all of it anew each hour; of more than a thousand
/// logins in an hour nothing but that there are so many. So a guess leaves a trace, and a flood of
/// them some lines. Names that nobody has are not told: they open nothing.
public final class WrongPasswords {
  static final int MOST_LOGINS = 1000;
  private static final long REMEMBERED_NANOS = Duration.ofHours(1).toNanos();

  private final Consumer<String> tell;
  private final LongSupplier nanoTime;
  private final Map<String, Long> counts = new HashMap<>();
  private boolean full;
  private long since;

  public WrongPasswords(Consumer<String> tell, LongSupplier nanoTime) {
    this.tell = tell;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /// Somebody at this address tried one for this login.
  public void note(ConnectOffer offer, String user, InetAddress from) {
    long count = count(user);
    if (count == 0) {
      tell.accept("wrong passwords for more than %d logins within an hour".formatted(MOST_LOGINS));
    } else if (isPowerOfTen(count)) {
      tell.accept(
          "wrong password for login %s of %s of %s, from %s; within an hour its number is %d"
              .formatted(user, offer.request(), offer.tenant(), from.getHostAddress(), count));
    }
  }

  /// The how manieth of this login it is; 0 for the first of one login too many, and below 0 for
  /// what follows it.
  private synchronized long count(String user) {
    long now = nanoTime.getAsLong();
    if (now - since > REMEMBERED_NANOS) {
      counts.clear();
      full = false;
      since = now;
    }
    if (counts.size() < MOST_LOGINS || counts.containsKey(user)) {
      return counts.merge(user, 1L, Long::sum);
    }
    boolean told = full;
    full = true;
    return told ? -1 : 0;
  }

  private static boolean isPowerOfTen(long count) {
    long power = 1;
    while (power < count) {
      power *= 10;
    }
    return power == count;
  }
}
