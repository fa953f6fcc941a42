package org.openlockbox.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.transaction.support.TransactionOperations;

final class TenantTurnsTest {
  private static final List<TenantId> ALL =
      IntStream.range(0, 2 * TenantTurns.PAGE + 1)
          .mapToObj("t%04d"::formatted)
          .map(TenantId::new)
          .toList();

  @Test
  void eachHasATurnAlsoBehindAPageOfThoseThatFail() {
    var had = new ArrayList<TenantId>();
    new TenantTurns(TransactionOperations.withoutTransaction())
        .each(
            "something",
            TenantTurnsTest::after,
            tenant -> {
              had.add(tenant);
              if (had.size() <= TenantTurns.PAGE) {
                throw new IllegalStateException("not this one");
              }
            });
    assertThat(had).isEqualTo(ALL);
  }

  private static List<TenantId> after(String last) {
    return ALL.stream()
        .filter(tenant -> tenant.value().compareTo(last) > 0)
        .limit(TenantTurns.PAGE)
        .toList();
  }
}
