package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Signals;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;

/// How access ends while it is in use.
@ExtendWith(SharedDemo.class)
class EndingsTest {
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  /// The answer to a revocation passes through a client that still checks the proof and stops its
  /// JVM: what is measured here may be earlier than the answer, never much later.
  @Test
  void revocationEndsEveryConnectionWithinASecond(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M");
    String connected = "lockbox psql " + id + " -- -At -v VERBOSITY=verbose ";
    Terminal engineer = demo.terminal("engineer");
    Files.writeString(
        demo.desk().resolve("load.sql"),
        "select 'up' || 1; select count(*) from tickets \\watch i=0.05\n");
    var running = new ArrayList<Typed>();
    try {
      for (int i = 0; i < 3; i++) {
        running.add(engineer.begins(connected + "-f load.sql"));
      }
      running.add(engineer.begins(connected + "-c \"select 'up' || 1\" -c 'select pg_sleep(300)'"));
      running.forEach(psql -> psql.prints("up1"));
      assertThat(sessionRoles(demo)).isNotEmpty();
      demo.terminal("acme-approver")
          .types("lockbox revoke " + id + " --key acme-approver.key")
          .ends(0);
      Instant answered = Instant.now();
      allGone(demo, answered);
      for (Typed psql : running) {
        psql.ends().ends(7).says("57P01", "revoked by acme");
      }
    } finally {
      running.forEach(Typed::close);
    }
  }

  private static void allGone(Demo demo, Instant answered) throws SQLException {
    Pause.until(
        "no session role and no backend of one is left",
        A_SECOND,
        () -> sessionRoles(demo).isEmpty());
    assertThat(Duration.between(answered, Instant.now())).isLessThan(A_SECOND.multipliedBy(2));
  }

  @Test
  void aShortGrantIsCutOnTime(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "masked", "--for PT15S");
    Terminal engineer = demo.terminal("engineer");
    String shown = "lockbox request show " + id + " -o json";
    Instant end = Instant.parse(engineer.types(shown).json().text("expireTime"));
    try (Typed psql =
        engineer.begins(
            "lockbox psql "
                + id
                + " -- -At -v VERBOSITY=verbose -c \"select 'up'\" -c 'select pg_sleep(300)'")) {
      psql.prints("up");
      Answer cut = psql.ends();
      cut.ends(6).says("57P01", "the time that was granted is over", "expired");
      // psql's client asks the server afterwards why it ended; that takes a moment
      assertThat(psql.ended()).isBetween(end, end.plusSeconds(5));
    }
    Pause.until("its role is gone", A_SECOND, () -> sessionRoles(demo).isEmpty());
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(6).says("has expired");
  }

  @Test
  void ctrlCCancelsAStatementAndNothingElse(Demo demo) {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M");
    try (Typed psql = demo.terminal("engineer").begins("lockbox psql " + id + " -- -At")) {
      psql.types("select 'up';").prints("up").types("select pg_sleep(300);");
      Pause.until(
          "the statement runs",
          Duration.ofSeconds(10),
          () ->
              !asked(demo, "select pid from pg_stat_activity where query ~ '^select pg_sleep'")
                  .isEmpty());
      Signals.send("INT", psql.child("psql"));
      psql.says("canceling statement due to user request");
    }
  }

  private static List<String> sessionRoles(Demo demo) throws SQLException {
    return asked(demo, "select rolname from pg_roles where rolname like 'lb\\_s\\_%'");
  }

  private static List<String> asked(Demo demo, String sql) throws SQLException {
    try (var helpdesk = demo.helpdesk();
        var statement = helpdesk.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
