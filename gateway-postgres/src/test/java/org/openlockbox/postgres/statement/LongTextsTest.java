package org.openlockbox.postgres.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;

class LongTextsTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");

  private static RequestId request(int number) {
    return new RequestId("R-000000000" + number);
  }

  /// One thread stays free for others, however many accesses of a tenant want one.
  @Test
  void theTextsOfOneTenantNeverHaveAllTheThreads() throws InterruptedException {
    var begun = new Semaphore(0);
    var goOn = new Semaphore(0);
    try (var texts = new LongTexts(2)) {
      for (int i = 0; i < 9; i++) {
        texts
            .of(ACME, request(i))
            .execute(
                () -> {
                  begun.release();
                  goOn.acquireUninterruptibly();
                });
      }
      begun.acquireUninterruptibly();
      var read = new Semaphore(0);
      texts.of(GLOBEX, request(0)).execute(read::release);
      assertThat(read.tryAcquire(10, TimeUnit.SECONDS)).as("a thread is free").isTrue();
      goOn.release(9);
      begun.acquireUninterruptibly(8);
    }
  }
}
