package org.openlockbox.postgres.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.Wire.query;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.testing.TamperedLine;

/// A COPY into a table is over with its error, not only when the database is ready for the next.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailedCopyTest {
  private static final int READY = 6;

  private final TamperedLine line = new TamperedLine(Target.HELPDESK.port());
  private final Target.Gateway gateway =
      new Target.Gateway(
          new GatewayFixture(
              LiveSessions.SessionLimits.STANDARD,
              InstantSource.system(),
              Target.HELPDESK.catalogue("helpdesk", line.port())));

  FailedCopyTest() throws IOException {}

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    line.close();
  }

  /// Between the two, which come with other packets here, a client may say what comes next.
  @Test
  void whatComesBehindItsErrorRuns() throws Exception {
    Target.HELPDESK.openInbox("helpdesk");
    try (Talk talk = new Talk(gateway.connect(Level.WRITE))) {
      holdReadyBack();
      talk.send(
          query("copy information_schema.letters from stdin"), Talk.copyData("two\tcolumns\n"));
      assertThat(talk.next()).contains("G");
      assertThat(talk.next()).contains("E22P04");
      assertThat(talk.answer(query("select 'later'"), Talk.sync()))
          .isEqualTo("Z T D:later C Z Z alive");
      assertThat(gateway.fixture().controlPlane.statements()).contains("select 'later'");
    } finally {
      Target.HELPDESK.closeInbox("helpdesk");
    }
  }

  /// The ReadyForQuery behind the error comes with the database's next answer. On a busy machine it
  /// does so by itself: then it begins what comes next, and nothing is held back.
  private void holdReadyBack() {
    var failed = new AtomicBoolean();
    line.tamper(
        chunk -> {
          boolean behind = failed.get();
          if (!behind && !new String(chunk, ISO_8859_1).contains("C22P04")) {
            return chunk;
          }
          failed.set(true);
          int ready = chunk.length - READY;
          if (behind && ready > 0) {
            line.tamper(UnaryOperator.identity());
          } else if (ready >= 0 && chunk[ready] == 'Z') {
            line.tamper(next -> Talk.joined(Arrays.copyOfRange(chunk, ready, chunk.length), next));
            return Arrays.copyOf(chunk, ready);
          }
          return chunk;
        });
  }
}
