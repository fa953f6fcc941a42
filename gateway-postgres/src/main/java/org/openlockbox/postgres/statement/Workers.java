package org.openlockbox.postgres.statement;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.gateway.thread.LastingRounds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A few [Worker]s and a clock over them. A worker that crashes, answers too late or has grown is
/// replaced, and only the statement that it was reading is not understood.
final class Workers implements Grammar {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int SPENT_AFTER = 100_000;

  /// How often the clock looks while a text may be read. Each look wakes a processor, whether or
  /// not anything is read.
  private static final int LOOKS = 20;

  private final Path program;
  private final Duration limit;
  private final LongSupplier nanoTime;

  /// The workers that nobody uses; a seat whose worker is gone holds none until it is needed.
  private final BlockingQueue<WorkerSlot> free;

  private final Set<Worker> alive = ConcurrentHashMap.newKeySet();
  private final Thread clock;
  private volatile boolean closing;

  /// A place for a worker.
  private static final class WorkerSlot {
    private @Nullable Worker worker;
  }

  /// `limit` is how long a text may be read.
  private Workers(Path program, int count, Duration limit, LongSupplier nanoTime) {
    this.program = program;
    this.limit = limit;
    this.nanoTime = nanoTime;
    this.free = new ArrayBlockingQueue<>(count);
    for (int i = 0; i < count; i++) {
      free.add(new WorkerSlot());
    }
    this.clock = Thread.ofPlatform().name("grammar-clock").daemon().unstarted(this::watch);
  }

  /// Starts them; fails if the program cannot be run here.
  static Workers start(Path program, int count, Duration limit, LongSupplier nanoTime)
      throws IOException {
    Workers workers = new Workers(program, count, limit, nanoTime);
    for (WorkerSlot seat : workers.free) {
      workers.fill(seat);
    }
    workers.clock.start();
    return workers;
  }

  @Override
  public boolean isThere() {
    return true;
  }

  @Override
  public ParseResult read(Bytes sql) {
    WorkerSlot seat;
    try {
      seat = free.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ParseResult.NotParsed("the gateway stops");
    }
    if (seat == null) {
      return new ParseResult.NotParsed("too many statements wait to be read");
    }
    try {
      return ask(seat, sql);
    } finally {
      free.add(seat);
    }
  }

  private ParseResult ask(WorkerSlot seat, Bytes sql) {
    try {
      Worker worker = fill(seat);
      ParseResult answer = worker.ask(sql, nanoTime.getAsLong());
      if (worker.isSpent(SPENT_AFTER)) {
        empty(seat);
      }
      return answer;
    } catch (IOException e) {
      empty(seat);
      LOG.warn("a statement of {} bytes ended its reader: {}", sql.size(), e.getMessage());
      return new ParseResult.NotParsed("it is too deep or too long to be read");
    }
  }

  private Worker fill(WorkerSlot seat) throws IOException {
    Worker worker = seat.worker;
    if (worker == null) {
      if (closing) {
        throw new IOException("the gateway stops");
      }
      worker = Worker.start(program);
      alive.add(worker);
      seat.worker = worker;
    }
    return worker;
  }

  private void empty(WorkerSlot seat) {
    Worker worker = seat.worker;
    if (worker != null) {
      worker.kill();
      alive.remove(worker);
    }
    seat.worker = null;
  }

  private void watch() {
    LastingRounds rounds = new LastingRounds(LOG, "the look at readers of statements");
    try {
      while (!closing) {
        LockSupport.parkNanos(this, limit.toNanos() / LOOKS);
        rounds.run(this::killLate);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void killLate() {
    long now = nanoTime.getAsLong();
    alive.stream().filter(worker -> worker.isLate(now, limit.toNanos())).forEach(Worker::kill);
  }

  /// The processes, for those who look after them.
  List<Long> pids() {
    return alive.stream().map(Worker::pid).sorted().toList();
  }

  @Override
  public void close() {
    closing = true;
    alive.forEach(Worker::kill);
  }
}
