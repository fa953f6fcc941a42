package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;

/// Limits from the engineer's command line over the approver's signature to psql and the evidence.
@ExtendWith(SharedDemo.class)
class SignedLimitsTest {
  private static final String EXPERT =
      "EXPERT: statements are not judged; only the rights in the database limit them";

  @Test
  void onlyTheStatementThatTheApproverSawRuns(Demo demo) throws IOException {
    var file = demo.desk().resolve("approved.sql");
    Files.writeString(file, "select count(*) from customers\n");
    String id = demo.ask("acme", "read", "--for PT10M --statement " + file);
    demo.terminal("acme-approver")
        .types("lockbox approve " + id + " --key acme-approver.key")
        .ends(0)
        .says("select count(*) from customers", "only 1 texts, word for word");
    var engineer = demo.terminal("engineer");
    String psql = "lockbox psql " + id + " -- -At -v VERBOSITY=verbose -c ";
    engineer.types(psql + "\"$(cat " + file + ")\"").ends(0);
    engineer
        .types(psql + "'select count(*) from tickets'")
        .says("42501", "not one of those that were approved word for word");
    var auditor = demo.terminal("acme-auditor");
    String pin = auditor.types("lockbox tenant show acme -o json | jq -r .pin").ok().strip();
    auditor.types("lockbox evidence " + id + " --out limits.zip").ends(0);
    assertThat(auditor.types("lockbox verify limits.zip --pin " + pin).ok())
        .contains("to send only: \u201cselect count(*) from customers\u201d");
  }

  @Test
  void anExpertsAccessIsNamedAsSuchWhereItIsShownAndSigned(Demo demo) {
    String id = demo.ask("acme", "masked", "--for PT10M --expert");
    var approver = demo.terminal("acme-approver");
    assertThat(approver.types("lockbox request show " + id).ok()).contains(EXPERT);
    approver.types("lockbox approve " + id + " --key acme-approver.key").ends(0).says(EXPERT);
    assertThat(demo.terminal("engineer").types("lockbox request show " + id).ok()).contains(EXPERT);
  }

  @Test
  void approversNarrowTimeoutsSessionsAndHours(Demo demo) {
    String id =
        demo.ask(
            "acme",
            "read",
            "--for PT10M --statement-timeout 1m --bytes 1000000 --sessions 2 --expert");
    var approver = demo.terminal("acme-approver");
    String approve = "lockbox approve " + id + " --key acme-approver.key ";
    approver.types(approve + "--sessions 3").ends(2).says("more sessions at once");
    approver
        .types(
            approve
                + "--guarded --statement-timeout 1s --hours 'mon-sun 00:00-00:00 Europe/Berlin'")
        .ends(0)
        .says("each operation at most PT1S", "mon-sun 00:00-00:00 Europe/Berlin")
        .doesNotSay("EXPERT");
    var engineer = demo.terminal("engineer");
    engineer
        .types(
            "lockbox psql "
                + id
                + " -- -v VERBOSITY=verbose -c "
                + "'select count(*) from customers a, customers b, customers c, customers d'")
        .says("57014");
    assertThat(engineer.types("lockbox request show " + id).ok())
        .contains("each operation at most PT1S", "at most 1000000", "at most 2");
  }
}
