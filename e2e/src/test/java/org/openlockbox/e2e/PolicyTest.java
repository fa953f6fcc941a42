package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Typed;

/// What initech's approver has signed beforehand, from the file to psql.
@ExtendWith(SharedDemo.class)
class PolicyTest {
  private static final String KEY = " --tenant initech --key initech-approver.key";

  private static Answer approver(Demo demo, String command) {
    return demo.terminal("initech-approver").types(command);
  }

  private static void apply(Demo demo, String yaml) throws IOException {
    Files.writeString(demo.desk().resolve("policy.yaml"), yaml);
    approver(demo, "lockbox policy apply -f policy.yaml" + KEY).ends(0);
  }

  @AfterEach
  void backToBeingAsked(Demo demo) throws IOException {
    apply(demo, "mode: ask");
    approver(demo, "lockbox settings set --access enabled" + KEY).ends(0);
  }

  @Test
  void aTicketThatTheCustomerSignedOpensTheDoorAtOnceAndIsProven(Demo demo) throws Exception {
    apply(demo, "mode: auto-for-my-tickets");
    assertThat(state(demo, demo.ask("initech", "masked", "--for PT10M"))).isEqualTo("pending");
    approver(demo, "lockbox ticket sign SUP-1 --for 1h" + KEY).ends(0);
    String id = demo.ask("initech", "masked", "--for PT10M");
    assertThat(state(demo, id)).isEqualTo("approved");
    assertThat(
            demo.terminal("engineer")
                .types("lockbox psql " + id + " -- -At -c \"select 'in'\"")
                .ok())
        .contains("in");
    assertThat(state(demo, demo.ask("initech", "read", "--for PT10M"))).isEqualTo("pending");
    proven(demo, id);
  }

  private static void proven(Demo demo, String id) {
    String pin = approver(demo, "lockbox tenant show initech -o json").json().text("pin");
    approver(demo, "lockbox evidence %s --out %s.zip".formatted(id, id)).ends(0);
    assertThat(approver(demo, "lockbox verify %s.zip --pin %s".formatted(id, pin)).ok())
        .contains("approved without asking");
    approver(demo, "lockbox watch initech --no-epochs --pin " + pin).ends(0);
  }

  private static String state(Demo demo, String id) {
    return demo.terminal("engineer")
        .types("lockbox request show " + id + " -o json")
        .json()
        .text("state");
  }

  @Test
  void offCutsTheSessionThatIsOpenAndLetsNobodyIn(Demo demo) throws Exception {
    String id = demo.askAndApprove("initech", "masked", "--for PT10M");
    try (Typed psql =
        demo.terminal("engineer")
            .begins(
                "lockbox psql "
                    + id
                    + " -- -At -v VERBOSITY=verbose -c \"select 'up'\" -c 'select pg_sleep(300)'")) {
      psql.prints("up");
      approver(demo, "lockbox settings set --access off" + KEY).ends(0);
      psql.ends().ends(7).says("57P01");
    }
    Pause.until(
        "the grant is shown as ended",
        Duration.ofSeconds(5),
        () -> state(demo, id).equals("revoked"));
    assertThat(state(demo, demo.ask("initech", "masked", "--for PT10M"))).isEqualTo("denied");
    demo.terminal("engineer").types("lockbox psql " + id + " -- -c 'select 1'").ends(7);
  }

  @Test
  void aPolicyThatIsWrongIsToldByLineBeforeAnythingIsSigned(Demo demo) throws Exception {
    Files.writeString(
        demo.desk().resolve("wrong.yaml"),
        """
        rules:
          - id: x
            says: Wrong.
            when: levle == 'read'
            approve: {}
        """);
    approver(demo, "lockbox policy lint -f wrong.yaml --tenant initech")
        .ends(1)
        .says("line 4, column 5", "levle");
    approver(demo, "lockbox policy apply -f wrong.yaml" + KEY).ends(1).says("is no policy");
  }
}
