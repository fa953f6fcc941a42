package org.openlockbox.cli.command.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.limits.Timeout;
import picocli.CommandLine.Option;

/// The limits that the asking and the deciding side can both put on an access.
public final class LimitFlags {
  @Option(names = "--rows", paramLabel = "N", description = "At most so many rows in all.")
  private @Nullable Long rows;

  @Option(names = "--bytes", paramLabel = "N", description = "At most so many bytes of rows.")
  private @Nullable Long bytes;

  @Option(
      names = "--tables",
      split = ",",
      paramLabel = "NAME",
      description = "Only these tables, separated by commas.")
  private List<String> tables = List.of();

  @Option(
      names = "--statement-timeout",
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "A statement that takes longer is cancelled.")
  private @Nullable Duration statementTimeout;

  @Option(
      names = "--idle-timeout",
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "A session without a statement for so long ends.")
  private @Nullable Duration idleTimeout;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description =
          "At most so many sessions at once, 1000 at most (a request without it: "
              + Concurrency.USUAL
              + ").")
  private @Nullable Integer sessions;

  @Option(
      names = "--hours",
      paramLabel = "HOURS",
      description = "Only in these hours: \"mon-fri 08:00-18:00 Europe/Berlin\"; all, if repeated.")
  private List<Shift> hours = new ArrayList<>();

  @Option(
      names = "--soft-end",
      paramLabel = "D",
      converter = Durations.DurationConverter.class,
      description = "A statement that runs when the time is over may go on so long.")
  private @Nullable Duration softEnd;

  /// `base` with what was given.
  public Limits over(Limits base) {
    try {
      var limits = base;
      limits = given(limits, rows, (all, n) -> all.withRowBudget(new RowBudget(n)));
      limits = given(limits, bytes, (all, n) -> all.withByteBudget(new ByteBudget(n)));
      limits = tables.isEmpty() ? limits : limits.withTables(Tables.of(tables));
      limits = given(limits, statementTimeout, (all, d) -> all.withStatementTimeout(Timeout.of(d)));
      limits = given(limits, idleTimeout, (all, d) -> all.withIdleTimeout(Timeout.of(d)));
      limits = given(limits, sessions, (all, n) -> all.withSessions(new Concurrency(n)));
      limits = hours.isEmpty() ? limits : limits.withHours(new Hours(hours));
      return given(limits, softEnd, (all, d) -> all.withSoftEnd(new SoftEnd(d)));
    } catch (IllegalArgumentException unusable) {
      throw Failure.usage(String.valueOf(unusable.getMessage()), "lockbox request create --help");
    }
  }

  private static <T> Limits given(
      Limits limits, @Nullable T value, BiFunction<Limits, T, Limits> change) {
    return value == null ? limits : change.apply(limits, value);
  }
}
