package org.openlockbox.gateway.login;

import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The connections that have not logged in yet, within [LoginLimits]. Where there is no room for
/// one more, the longest silent one goes: of the network, or of the address in it, that has most of
/// them. Among equals only who has been silent for [#PATIENCE] goes, so that honest clients who
/// come at the same time do not push each other out.
///
/// Each step is one: no number of simultaneous arrivals gets past a limit.
public final class PendingLogins {
  static final long PATIENCE = 1_000_000_000L;

  private final LoginLimits limits;
  private final LongSupplier nanoTime;

  /// Who was heard of longest ago comes first.
  private final Set<PendingLogin> all = new LinkedHashSet<>();

  private final Map<AddressBlock, Integer> hosts = new HashMap<>();
  private final Map<AddressBlock, Integer> networks = new HashMap<>();

  public PendingLogins(LoginLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /// One connection that has not logged in.
  public final class PendingLogin implements LoginProgress {
    private final InetAddress address;
    private final AddressBlock host;
    private final AddressBlock network;
    private final Runnable close;
    private long heardAt;
    private boolean served;

    private PendingLogin(InetAddress from, Runnable close) {
      this.address = from;
      this.host = AddressBlock.host(from);
      this.network = AddressBlock.network(from);
      this.close = close;
    }

    @Override
    public InetAddress address() {
      return address;
    }

    @Override
    public void heard() {
      synchronized (PendingLogins.this) {
        served = false;
        heardAt = nanoTime.getAsLong();
        if (all.remove(this)) {
          all.add(this);
        }
      }
    }

    @Override
    public void served() {
      synchronized (PendingLogins.this) {
        served = true;
      }
    }

    @Override
    public void over() {
      remove(this);
    }
  }

  /// Lets one more in; empty if there is no room.
  ///
  /// @param close closes its connection, from any thread, when it has to go for another
  public Optional<PendingLogin> enter(InetAddress from, Runnable close) {
    var newcomer = new PendingLogin(from, close);
    Optional<PendingLogin> displaced;
    synchronized (this) {
      if (!hasRoom(newcomer)) {
        displaced = displaced(newcomer);
        if (displaced.isEmpty()) {
          return Optional.empty();
        }
        remove(displaced.get());
      } else {
        displaced = Optional.empty();
      }
      newcomer.heardAt = nanoTime.getAsLong();
      all.add(newcomer);
      hosts.merge(newcomer.host, 1, Integer::sum);
      networks.merge(newcomer.network, 1, Integer::sum);
    }
    displaced.ifPresent(pending -> pending.close.run());
    return Optional.of(newcomer);
  }

  private boolean hasRoom(PendingLogin newcomer) {
    return all.size() < limits.all() && isRoomAt(newcomer);
  }

  private boolean isRoomAt(PendingLogin newcomer) {
    return networks.getOrDefault(newcomer.network, 0) < limits.fromNetwork()
        && hosts.getOrDefault(newcomer.host, 0) < limits.fromAddress();
  }

  /// Who has to go. Where the newcomer's own address or network is full it is one of those.
  private Optional<PendingLogin> displaced(PendingLogin newcomer) {
    if (hosts.getOrDefault(newcomer.host, 0) >= limits.fromAddress()) {
      return silent(pending -> pending.host.equals(newcomer.host));
    }
    if (networks.getOrDefault(newcomer.network, 0) >= limits.fromNetwork()) {
      return ofLargest(
          pending -> pending.network.equals(newcomer.network), it -> it.host, newcomer);
    }
    return ofLargest(_ -> true, it -> it.network, newcomer);
  }

  private Optional<PendingLogin> silent(Predicate<PendingLogin> who) {
    long now = nanoTime.getAsLong();
    return all.stream()
        .filter(pending -> !pending.served && now - pending.heardAt >= PATIENCE)
        .filter(who)
        .findFirst();
  }

  private Optional<PendingLogin> ofLargest(
      Predicate<PendingLogin> who,
      Function<PendingLogin, AddressBlock> block,
      PendingLogin newcomer) {
    Map<AddressBlock, Long> counts =
        all.stream().filter(who).collect(Collectors.groupingBy(block, Collectors.counting()));
    var largest = Collections.max(counts.entrySet(), Map.Entry.comparingByValue());
    if (largest.getValue() <= counts.getOrDefault(block.apply(newcomer), 0L) + 1) {
      return silent(who);
    }
    return all.stream()
        .filter(pending -> !pending.served && block.apply(pending).equals(largest.getKey()))
        .findFirst();
  }

  private synchronized void remove(PendingLogin pending) {
    if (all.remove(pending)) {
      hosts.computeIfPresent(pending.host, (_, n) -> n > 1 ? n - 1 : null);
      networks.computeIfPresent(pending.network, (_, n) -> n > 1 ? n - 1 : null);
    }
  }

  synchronized int count() {
    return all.size();
  }
}
