package org.openlockbox.server.log.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.openlockbox.server.log.head.SignedHeads.HeadsNotWritable;
import org.openlockbox.server.log.head.SignedHeads.TreeHead;
import org.openlockbox.server.log.memory.BucketObjects.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A memory in a bucket: objects `step/<n>`, numbered from 1 without a gap, each created only if it
/// is not there yet (`If-None-Match: *`). So all servers agree on one order of steps, and whoever
/// writes one has read all before it. A step that was written although its answer was lost is read
/// by the next try.
///
/// After each [#SNAPSHOT] steps, what they amount to is written as `state/<n>`. Steps that two such
/// objects cover and that are older than [#KEPT] are deleted. A server that has not looked for
/// [#FRESH] begins with the newest state again, so it never takes a deleted step for one that is
/// still to be written. What it writes after a pause is signed with the time before the pause, and
/// the store refuses what was signed a quarter of an hour ago.
public final class MemoryBucket implements SharedMemory {
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);
  private static final Duration READS_WITHIN = Duration.ofSeconds(30);

  /// How long a step of this server may take, the steps of others before it included.
  private static final Duration STEP_WITHIN = Duration.ofSeconds(4);

  private static final int SNAPSHOT = 500;
  private static final Duration KEPT = Duration.ofHours(1);
  private static final Duration FRESH = Duration.ofMinutes(10);

  private static final String STEPS = "step/";
  private static final String STATES = "state/";
  private static final String PROBE = "probe";

  private static final Logger LOG = LoggerFactory.getLogger(MemoryBucket.class);

  private final SigningMemory.ObjectBucket place;
  private final InstantSource clock;
  private final BucketObjects prompt;
  private final BucketObjects patient;
  private final ExecutorService tidying =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
  private final int snapshot;
  private MemoryState state = new MemoryState();

  /// The last step that this server has taken.
  private long step;

  private Instant looked = Instant.MIN;

  private MemoryBucket(SigningMemory.ObjectBucket place, InstantSource clock, int snapshot) {
    this.place = place;
    this.clock = clock;
    this.snapshot = snapshot;
    this.prompt = new BucketObjects(place, clock, ANSWERS_WITHIN);
    this.patient = new BucketObjects(place, clock, READS_WITHIN);
  }

  /// Reads what is there. Throws [HeadsNotWritable] if that cannot be read.
  public static MemoryBucket open(SigningMemory.ObjectBucket place, InstantSource clock) {
    return open(place, clock, SNAPSHOT);
  }

  static MemoryBucket open(SigningMemory.ObjectBucket place, InstantSource clock, int snapshot) {
    var memory = new MemoryBucket(place, clock, snapshot);
    try {
      memory.read();
      return memory;
    } catch (RuntimeException unusable) {
      memory.close();
      throw unusable;
    }
  }

  /// Refuses a store that would write over an object that is there. A bucket is no PostgreSQL.
  @Override
  public void prepare(JdbcClient controlPlane) {
    patient.create(PROBE, "", clock.instant());
    if (patient.create(PROBE, "", clock.instant())) {
      throw new IllegalStateException(
          "the store of %s writes over objects although If-None-Match is said: use another one"
              .formatted(place));
    }
  }

  private static String key(String kind, long n) {
    return kind + "%019d".formatted(n);
  }

  private static long number(StoredObject object) {
    return Long.parseLong(object.key().substring(object.key().indexOf('/') + 1));
  }

  /// Begins with the newest state, and goes on with the steps after it. Where one of these was
  /// deleted meanwhile, there is a newer state.
  private synchronized void read() {
    do {
      var newest = newestState();
      var fresh = new MemoryState();
      newest.flatMap(n -> patient.read(key(STATES, n))).ifPresent(fresh::take);
      state = fresh;
      step = newest.orElse(0L);
      follow(patient);
    } while (newestState().orElse(0L) > step);
    looked = clock.instant();
  }

  private Optional<Long> newestState() {
    return patient.list(STATES).stream().map(MemoryBucket::number).max(Long::compare);
  }

  /// Takes the steps that were written since.
  private void follow(BucketObjects objects) {
    for (var next = objects.read(key(STEPS, step + 1));
        next.isPresent();
        next = objects.read(key(STEPS, step + 1))) {
      state.take(next.get());
      step++;
    }
  }

  private void freshen() {
    if (looked.plus(FRESH).isBefore(clock.instant())) {
      read();
    }
  }

  private synchronized MemoryState current() {
    freshen();
    var now = clock.instant();
    follow(prompt);
    looked = now;
    return state;
  }

  /// Writes the step that this makes of the state as it is, if any.
  private synchronized void write(Function<MemoryState, Optional<String>> making) {
    freshen();
    var until = clock.instant().plus(STEP_WITHIN);
    var next = making.apply(state);
    while (next.isPresent()) {
      var now = clock.instant();
      if (now.isAfter(until)) {
        throw new HeadsNotWritable(
            place.toString(), new IllegalStateException("others write without a pause"));
      }
      if (prompt.create(key(STEPS, step + 1), next.get(), now)) {
        state.take(next.get());
        step++;
        tidyIfDue();
      } else {
        follow(prompt);
      }
      looked = now;
      next = making.apply(state);
    }
  }

  private void tidyIfDue() {
    if (step % snapshot == 0) {
      long at = step;
      var whole = state.whole();
      tidying.execute(() -> tidy(at, whole));
    }
  }

  /// What fails here is done by the next one.
  private void tidy(long at, String whole) {
    try {
      patient.create(key(STATES, at), whole, clock.instant());
      var states = patient.list(STATES).stream().map(MemoryBucket::number).sorted().toList();
      if (states.size() > 1) {
        long covered = states.get(states.size() - 2);
        states.stream().filter(n -> n < covered).forEach(n -> patient.delete(key(STATES, n)));
        var old = clock.instant().minus(KEPT);
        patient.list(STEPS).stream()
            .filter(object -> number(object) <= covered && object.written().isBefore(old))
            .forEach(object -> patient.delete(object.key()));
      }
    } catch (HeadsNotWritable e) {
      LOG.debug("{} is tidied later", place, e);
    }
  }

  @Override
  public synchronized Map<String, TreeHead> heads() {
    return current().heads();
  }

  @Override
  public synchronized Map<String, TreeHead> heads(Set<String> origins) {
    return current().heads(origins);
  }

  @Override
  public synchronized Map<String, TreeHead> advance(Map<String, TreeHead> signed) {
    write(
        known -> {
          ContradictedHead.refuse(known.heads(signed.keySet()), signed);
          return known.advancing(signed);
        });
    return state.heads(signed.keySet());
  }

  @Override
  public void replace(String origin, TreeHead from, TreeHead to) {
    write(known -> known.replacing(origin, from, to));
  }

  @Override
  public synchronized Optional<List<String>> statements() {
    return current().statements();
  }

  @Override
  public void keep(Collection<String> statements) {
    write(known -> known.keeping(statements));
  }

  @Override
  public void close() {
    tidying.shutdownNow();
    prompt.close();
    patient.close();
  }
}
