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
  /// How long a server renews leases while it cannot sign and nobody signs in its place.
  static final Duration UNSIGNED_WITHIN = Duration.ofSeconds(10);

  private static final Duration SAY_AGAIN = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(SigningState.class);

  /// It fails since then, was told of at `told`, and has failed so often after that.
  private record SigningFailure(String why, Instant since, Instant told, int times) {}

  private final SignedHeads heads;
  private final InstantSource clock;
  private final Map<String, TreeHead> owed = new ConcurrentHashMap<>();
  private volatile Optional<SigningFailure> failing = Optional.empty();
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

  private synchronized void settle() {
    try {
      heads.advance(owed);
      owed.clear();
      heads.makeRoom();
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
      heads.advance(owed);
    } catch (HeadsNotWritable e) {
      failed(e);
      throw e;
    }
    owed.clear();
  }

  /// Before anything of it is owed: what can never be kept would keep all else from it.
  private void requireNoOther(String origin, TreeHead head) {
    var known = last(origin).filter(last -> last.size() == head.size());
    if (known.filter(last -> !last.root().equals(head.root())).isPresent()) {
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
    if (before.isEmpty()) {
      LOG.error("NOTHING IS SIGNED: {}. Free space there, or let the server write there.", why);
      failing = Optional.of(new SigningFailure(why, now, now, 0));
      return;
    }
    var known = before.get();
    if (now.isBefore(known.told().plus(SAY_AGAIN))) {
      failing =
          Optional.of(new SigningFailure(why, known.since(), known.told(), known.times() + 1));
    } else {
      LOG.error(
          "still nothing is signed: {} ({} times in the last minute)", why, known.times() + 1);
      failing = Optional.of(new SigningFailure(why, known.since(), now, 0));
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
