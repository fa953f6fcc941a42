package org.openlockbox.postgres.statement;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.catalogue.ResourceSpec.Catalogs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives each session of a gateway its [StatementFilter]. They share the workers that read and the
/// memory of what was read.
///
/// Short texts have workers of their own, as many as there are loops that may ask, so that a loop
/// never waits for somebody's long text. Those take turns ([LongTexts]).
public final class StatementFilters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatementFilters.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int LONG_TEXTS_AT_ONCE = 2;

  private final Grammar quick;
  private final Grammar slow;
  private final StatementReader reader;
  private final Guard guard = new Guard();
  private final LongTexts longTexts = new LongTexts(LONG_TEXTS_AT_ONCE);

  private StatementFilters(Grammar quick, Grammar slow) {
    this.quick = quick;
    this.slow = slow;
    this.reader = new StatementReader(quick, slow);
  }

  /// With the program that `build/grammar.sh` makes, or without: then no guarded session opens.
  public static StatementFilters start(Optional<Path> program, int loops, LongSupplier nanoTime) {
    if (program.isPresent()) {
      try {
        Grammar quick = Workers.start(program.get(), loops, LIMIT, nanoTime);
        Grammar slow = Workers.start(program.get(), LONG_TEXTS_AT_ONCE, LIMIT, nanoTime);
        return new StatementFilters(quick, slow);
      } catch (IOException e) {
        LOG.warn("the program that reads statements cannot be started: {}", e.getMessage());
      }
    }
    LOG.warn(
        "this gateway cannot read statements, so it opens no guarded sessions; install the packages"
            + " gcc, libc6-dev and libpg-query-dev, build again, and start it anew");
    return new StatementFilters(Grammar.missing(), Grammar.missing());
  }

  /// Whether a session with this profile can be held to it.
  public boolean canJudge(Profile profile) {
    return switch (profile) {
      case GUARDED -> quick.isThere();
      case EXPERT -> true;
    };
  }

  /// The filter of one session.
  ///
  /// @param tables the names of the tables in the resource's catalogue
  /// @param lookups the functions of the resource's fence that the level may call
  public StatementFilter of(
      Profile profile, Level level, Set<String> tables, Set<String> lookups, Catalogs catalogs) {
    return new StatementFilter(reader, guard.with(lookups), profile, level, tables, catalogs);
  }

  /// Where long texts of an access are read.
  public Executor longTexts(TenantId tenant, RequestId access) {
    return longTexts.of(tenant, access);
  }

  @Override
  public void close() {
    longTexts.close();
    quick.close();
    slow.close();
  }
}
