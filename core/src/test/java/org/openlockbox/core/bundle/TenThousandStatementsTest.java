package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.session.SessionChain;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

/// A large bundle, left in `target/ten-thousand.zip` with its pin beside it, so that programs can
/// be measured with it.
class TenThousandStatementsTest {
  private static final int STATEMENTS = 10_000;
  private static final int SESSIONS = 4;

  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());

  @Test
  void aBundleOfTenThousandStatementsVerifies() throws IOException {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    for (int i = 0; i < SESSIONS; i++) {
      visit(asked, STATEMENTS / SESSIONS);
    }
    acme.revoke(asked, "bob");
    var bundle =
        Bundle.of(
            asked.submission().id(),
            acme.log().proven(entry -> true),
            acme.log().checkpoint(),
            acme.texts());
    var zip = bundle.bytes().toArray();
    Files.write(Path.of("target", "ten-thousand.zip"), zip);
    Files.writeString(Path.of("target", "ten-thousand.pin"), acme.pin() + "\n");
    assertThat(BundleCheck.verify(zip, Optional.of(acme.pin())))
        .isInstanceOfSatisfying(
            BundleCheck.Valid.class,
            verified -> assertThat(verified.story().operations()).isEqualTo(STATEMENTS));
  }

  private void visit(TenantFixture.RequestEntry asked, int statements) {
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    var chain = SessionChain.of(session);
    for (int n = 0; n < statements; n++) {
      var text = acme.commit("select id, name, email from customers where id = " + n);
      var statement =
          new SessionEvent.Operation(
              session, n, text, Optional.empty(), "query", SqlFacts.of("select"));
      var outcome =
          new SessionEvent.Outcome(session, n, OutcomeStatus.SQL_DONE, 0, 40, 0, Optional.empty());
      acme.fromGateway(statement);
      acme.fromGateway(outcome);
      chain = chain.with(statement).with(outcome);
    }
    acme.fromGateway(
        new SessionEvent.Closed(
            session, "ended", statements, 0, 40L * statements, chain.head(), true));
  }
}
