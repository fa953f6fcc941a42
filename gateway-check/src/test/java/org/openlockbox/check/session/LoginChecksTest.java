package org.openlockbox.check.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.openlockbox.check.session.LoginChecks.OfferedLogin;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.AdmissionDecision;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.testing.Await;

/// Whoever makes a gateway prove logins makes it prove few.
class LoginChecksTest {
  private static final Deny NO = new Deny(Deny.DenyReason.NOT_APPROVED, "no", "none");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger proofs = new AtomicInteger();
  private final LoginChecks checks = new LoginChecks(nanos::get);

  private static OfferedLogin offered(String tenant, String statement) {
    return new OfferedLogin(
        new TenantId(tenant), new RequestId("R-FY7V3ZEAH8"), Bytes.ofUtf8(statement).sha256());
  }

  private AdmissionDecision proof() {
    proofs.incrementAndGet();
    return NO;
  }

  @Test
  void aDenialIsNotProvenAgainForASecond() {
    OfferedLogin login = offered("acme", "one");
    assertThat(checks.of(login, this::proof)).isEqualTo(NO);
    nanos.addAndGet(Duration.ofMillis(999).toNanos());
    assertThat(checks.of(login, this::proof)).isEqualTo(NO);
    assertThat(proofs).hasValue(1);
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(checks.of(login, this::proof)).isEqualTo(NO);
    assertThat(proofs).hasValue(2);
  }

  /// What a control plane offers under a wrong name denies nobody the right one.
  @Test
  void aDenialIsOfOneStatementAsOneTenants() {
    checks.of(offered("globex", "one"), this::proof);
    checks.of(offered("acme", "one"), this::proof);
    checks.of(offered("acme", "two"), this::proof);
    assertThat(proofs).hasValue(3);
  }

  @Test
  void fewAreProvenAtOnce() {
    var go = new CountDownLatch(1);
    var done = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3 * LoginChecks.AT_ONCE; i++) {
        OfferedLogin login = offered("acme", "statement " + i);
        threads.execute(
            () -> {
              var _ =
                  checks.of(
                      login,
                      () -> {
                        proofs.incrementAndGet();
                        Await.until(() -> go.getCount() == 0);
                        return NO;
                      });
              done.incrementAndGet();
            });
      }
      Await.until(() -> proofs.get() == LoginChecks.AT_ONCE);
      assertThat(done).hasValue(0);
      go.countDown();
    }
    assertThat(done).hasValue(3 * LoginChecks.AT_ONCE);
    assertThat(proofs).hasValue(3 * LoginChecks.AT_ONCE);
  }
}
