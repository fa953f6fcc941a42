package org.openlockbox.bench.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.catalogue.ResourceSpec.Filter;

/// The benchmark of the fence at its smallest.
final class FenceBenchTest {
  @Test
  void everyQueryIsTimedWithBothFilters() throws Exception {
    var out = new ByteArrayOutputStream();
    var print = new PrintStream(out, true, StandardCharsets.UTF_8);
    new FenceBench(2, 40, 1, List.of(Filter.POLICIES, Filter.VIEWS), print).run();
    var text = out.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("filter: policies", "filter: views").doesNotContain("NaN");
    for (RealmQuery query : RealmQuery.values()) {
      assertThat(text.lines().filter(line -> line.startsWith("| " + query.title() + " |")))
          .as(query.title())
          .hasSize(2);
    }
  }

  /// What is timed is the same question: both get the same rows of the tenant.
  @Test
  void bothWaysAskTheSame() {
    assertThat(RealmQuery.NEWEST_EVENTS.direct("realm0", 1)).contains("where realm_id = 'realm0'");
    for (RealmQuery query : RealmQuery.values()) {
      assertThat(query.fenced(1)).doesNotContain("realm", "${");
      assertThat(query.direct("realm0", 1)).doesNotContain("${");
    }
  }
}
