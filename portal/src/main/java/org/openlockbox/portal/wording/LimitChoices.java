package org.openlockbox.portal.wording;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.server.provider.Resource;

/// What an approver can choose from who allows less than was `asked`.
public record LimitChoices(
    Terms asked,
    List<Level> levels,
    List<Duration> durations,
    List<Long> rows,
    List<Integer> sessions,
    List<Duration> statementTimeouts,
    List<String> tables,
    boolean guarded,
    boolean onTime) {
  private static final List<Duration> USUAL =
      durations("PT15M", "PT30M", "PT1H", "PT2H", "PT4H", "PT8H", "P1D", "P3D", "P7D");
  private static final List<Duration> SHORT = durations("PT5S", "PT30S", "PT2M");
  private static final List<Long> BUDGETS = List.of(10L, 100L, 1_000L, 10_000L, 100_000L);
  private static final List<Integer> FEW = List.of(1, 2, 5);

  public LimitChoices {
    levels = List.copyOf(levels);
    durations = List.copyOf(durations);
    rows = List.copyOf(rows);
    sessions = List.copyOf(sessions);
    statementTimeouts = List.copyOf(statementTimeouts);
    tables = List.copyOf(tables);
  }

  /// Those and what is usual, where that is shorter than what was asked.
  public List<Duration> durationsWith(Optional<Duration> usual) {
    return Stream.concat(durations.stream(), usual.stream())
        .filter(one -> one.compareTo(asked.duration()) < 0)
        .distinct()
        .sorted()
        .toList();
  }

  private static List<Duration> durations(String... iso) {
    return Stream.of(iso).map(Duration::parse).toList();
  }

  public static LimitChoices of(Submission submission, Resource resource) {
    var terms = submission.terms();
    var limits = terms.limits();
    return new LimitChoices(
        terms,
        Arrays.stream(Level.values())
            .filter(resource.levels()::contains)
            .filter(level -> terms.level().isWiderThan(level))
            .toList(),
        USUAL.stream().filter(usual -> usual.compareTo(terms.duration()) < 0).toList(),
        BUDGETS.stream().filter(rows -> rows < limits.rowBudget().rows()).toList(),
        FEW.stream().filter(few -> few < limits.sessions().sessions()).toList(),
        SHORT.stream()
            .filter(time -> limits.statementTimeout().isWiderThan(Timeout.of(time)))
            .toList(),
        limits.tables().isAll()
            ? resource.tables().stream().map(Resource.ResourceTable::name).toList()
            : limits.tables().names(),
        limits.profile() != Profile.GUARDED,
        !limits.softEnd().isNone());
  }
}
