package org.openlockbox.postgres;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.login.AddressBlock;

/// Bounds the guessing of cancel keys: a cancel request carries nothing else that proves anything.
/// After [#OF_ADDRESS] wrong keys in a minute from one address, [#OF_NETWORK] from its network or
/// [#OF_ALL] from everywhere, keys from there are compared with those of sessions from the same
/// address alone, until the minute is over.
final class WrongCancelKeys {
  static final int OF_ADDRESS = 10;
  static final int OF_NETWORK = 50;
  static final int OF_ALL = 1_000;
  private static final long REMEMBERED_NANOS = Duration.ofMinutes(1).toNanos();

  private final Consumer<String> tell;
  private final LongSupplier nanoTime;
  private final Map<AddressBlock, Integer> hosts = new HashMap<>();
  private final Map<AddressBlock, Integer> networks = new HashMap<>();
  private int all;
  private boolean told;
  private long since;

  WrongCancelKeys(Consumer<String> tell, LongSupplier nanoTime) {
    this.tell = tell;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /// Whether a key from this address is to be compared with those of all sessions.
  synchronized boolean mayTry(InetAddress from) {
    forgetOld();
    return all < OF_ALL
        && hosts.getOrDefault(AddressBlock.host(from), 0) < OF_ADDRESS
        && networks.getOrDefault(AddressBlock.network(from), 0) < OF_NETWORK;
  }

  /// One from this address was wrong.
  synchronized void note(InetAddress from) {
    if (mayTry(from)) {
      all++;
      hosts.merge(AddressBlock.host(from), 1, Integer::sum);
      networks.merge(AddressBlock.network(from), 1, Integer::sum);
      if (!told && !mayTry(from)) {
        told = true;
        tell.accept(
            "many wrong cancel keys, the last from %s; for a minute they are compared with those"
                    .formatted(from.getHostAddress())
                + " of sessions from the same address alone");
      }
    }
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    if (now - since > REMEMBERED_NANOS) {
      hosts.clear();
      networks.clear();
      all = 0;
      told = false;
      since = now;
    }
  }
}
