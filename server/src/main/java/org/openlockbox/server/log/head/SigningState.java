package org.openlockbox.server.log.head;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether this server can sign. It signs nothing that it cannot remember: while its signed heads
/// cannot be written (a full disk), entries that end access are committed without a checkpoint,
/// others are refused, and after a while gateways get no lease, unless another server signs.
///
/// What could not be remembered is owed, and is remembered before anything else is signed.
public final class SigningState implements SignedHeads {
  /// How often a memory that does not answer is tried again: each try may take seconds.
  private static final long TRY_SHARED_AGAIN = Duration.ofSeconds(1).toNanos();

  /// How long a server renews leases while it cannot sign and nobody signs in its place.
  static final Duration UNSIGNED_WITHIN = Duration.ofSeconds(10);

  private static final Duration SAY_AGAIN = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(SigningState.class);

  /// It fails since then, was told of at `told`, and has failed so often after that.
  private record SigningFailure(
      String why, HeadsNotWritable fault, Instant since, Instant told, int times) {
    /// The fault again, for who is not let try.
    HeadsNotWritable of() {
      return fault;
    }
  }

  private final SignedHeads heads;
  private final InstantSource clock;
  private final Map<String, TreeHead> owed = new ConcurrentHashMap<>();
  private volatile Optional<SigningFailure> failing = Optional.empty();
  private long tried;
  private volatile boolean left;

  public SigningState(SignedHeads heads, InstantSource clock) {
    this.heads = heads;
    this.clock = clock;
  }

  /// Why nothing can be signed, while that is so.
  public Optional<String> failure() {
    return failing.map(SigningFailure::why);
  }

  /// Whether this server has been unable to sign for so long that no session may go on, and no
  /// other server has signed what waits.
  public boolean isStuck() {
    var since = failing.map(SigningFailure::since);
    return left
        && since.filter(began -> clock.instant().isAfter(began.plus(UNSIGNED_WITHIN))).isPresent();
  }

  /// Takes note whether entries wait for a signature that waited at the last look already.
  public void left(boolean waits) {
    left = waits;
  }

  /// What is owed was signed as well.
  @Override
  public Optional<TreeHead> last(String origin) {
    var due = Optional.ofNullable(owed.get(origin));
    var kept = heads.last(origin);
    return due.filter(head -> kept.isEmpty() || kept.get().size() < head.size()).or(() -> kept);
  }

  @Override
  public Set<String> origins() {
    return heads.origins();
  }

  @Override
  public boolean isShared() {
    return heads.isShared();
  }

  @Override
  public boolean isReady() {
    return heads.isShared() ? failing.isEmpty() : SignedHeads.super.isReady();
  }

  /// Looks whether it goes on, if it did not.
  public void tryAgain() {
    if (failing.isPresent()) {
      try {
        makeRoom();
      } catch (HeadsNotWritable still) {
        LOG.debug("still nothing is signed", still);
      }
    }
  }

  /// As long as all is well, waits for nobody who remembers something else.
  @Override
  public void makeRoom() {
    if (failing.isPresent()) {
      settle();
      return;
    }
    try {
      heads.makeRoom();
    } catch (HeadsNotWritable e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public void ask(Set<String> origins) {
    if (failing.isPresent()) {
      settle();
    }
    try {
      heads.ask(origins);
    } catch (HeadsNotWritable e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public void refresh(String origin) {
    heads.refresh(origin);
  }

  private synchronized void settle() {
    if (failing.isEmpty()) {
      return;
    }
    if (heads.isShared() && System.nanoTime() - tried < TRY_SHARED_AGAIN) {
      throw failing.orElseThrow().of();
    }
    try {
      keepOwed();
      heads.makeRoom();
      heads.ask(Set.of());
    } catch (HeadsNotWritable e) {
      failed(e);
      throw e;
    }
    over();
  }

  @Override
  public synchronized void advance(Map<String, TreeHead> signed) {
    signed.forEach(this::requireNoOther);
    signed.forEach(
        (origin, head) ->
            owed.merge(origin, head, (one, other) -> one.size() > other.size() ? one : other));
    try {
      keepOwed();
    } catch (HeadsNotWritable e) {
      failed(e);
      throw e;
    }
  }

  /// Another server may have signed something else of a log, which is learned only here.
  private void keepOwed() {
    try {
      heads.advance(owed);
      owed.clear();
    } catch (IllegalStateException contradicted) {
      owed.entrySet().removeIf(due -> isOther(heads.last(due.getKey()), due.getValue()));
      throw contradicted;
    }
  }

  private static boolean isOther(Optional<TreeHead> known, TreeHead head) {
    return known
        .filter(last -> last.size() == head.size() && !last.root().equals(head.root()))
        .isPresent();
  }

  /// Before anything of it is owed: what can never be kept would keep all else from it.
  private void requireNoOther(String origin, TreeHead head) {
    if (isOther(last(origin), head)) {
      throw new IllegalStateException(
          "another root of %s with %d entries was signed".formatted(origin, head.size()));
    }
  }

  @Override
  public synchronized void recover(String origin, TreeHead from, TreeHead to) {
    var due = owed.get(origin);
    if (due != null) {
      heads.advance(Map.of(origin, due));
      owed.remove(origin);
    }
    heads.recover(origin, from, to);
  }

  private synchronized void failed(HeadsNotWritable e) {
    var now = clock.instant();
    var why = String.valueOf(e.getMessage());
    var before = failing;
    tried = System.nanoTime();
    if (before.isEmpty()) {
      LOG.error("NOTHING IS SIGNED: {}. {}.", why, e.nextStep());
      failing = Optional.of(new SigningFailure(why, e, now, now, 0));
      return;
    }
    var known = before.get();
    if (now.isBefore(known.told().plus(SAY_AGAIN))) {
      failing =
          Optional.of(new SigningFailure(why, e, known.since(), known.told(), known.times() + 1));
    } else {
      LOG.error(
          "still nothing is signed: {} ({} times in the last minute)", why, known.times() + 1);
      failing = Optional.of(new SigningFailure(why, e, known.since(), now, 0));
    }
  }

  private void over() {
    failing.ifPresent(
        known ->
            LOG.warn(
                "signing goes on after {} seconds",
                Duration.between(known.since(), clock.instant()).toSeconds()));
    failing = Optional.empty();
  }
}
