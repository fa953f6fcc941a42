package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;

/// What else may happen to a request than a plain yes.
@ExtendWith(SharedDemo.class)
class ChoicesTest {
  @Test
  void aDeniedRequestOpensNothing(Demo demo) {
    String id = demo.ask("acme", "masked", "--for PT10M");
    demo.terminal("acme-approver")
        .types("lockbox deny " + id + " --key acme-approver.key --comment 'No ticket of ours'")
        .ends(0);
    demo.terminal("engineer")
        .types("lockbox psql " + id + " -- -c 'select 1'")
        .ends(5)
        .says("denied by acme: \u201cNo ticket of ours\u201d");
  }

  @Test
  void aWithdrawnRequestIsOver(Demo demo) {
    String id = demo.ask("acme", "masked", "--for PT10M");
    var engineer = demo.terminal("engineer");
    engineer.types("lockbox request withdraw " + id).ends(0);
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(5).says("withdrawn");
  }

  @Test
  void aCompletedRequestIsOverAndLeavesNoRole(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "masked", "--for PT10M");
    var engineer = demo.terminal("engineer");
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(0);
    engineer.types("lockbox complete " + id).ends(0);
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(6).says("completed");
    assertThat(state(demo, id)).isEqualTo("completed");
  }

  @Test
  void anApproverGivesLessThanWasAsked(Demo demo) {
    String id = demo.ask("acme", "read", "--for PT30M");
    demo.terminal("acme-approver")
        .types(
            "lockbox approve "
                + id
                + " --key acme-approver.key --level masked --for 5m --rows 7 --tables customers")
        .ends(0);
    Fields grant = shown(demo, id).object("grant");
    assertThat(grant.text("level")).isEqualTo("masked");
    assertThat(grant.number("rowBudget")).isEqualTo(7);
    var engineer = demo.terminal("engineer");
    String psql = "lockbox psql " + id + " -- -At -v VERBOSITY=verbose -c ";
    assertThat(engineer.types(psql + "'select email from customers limit 1'").ok())
        .contains("***@");
    engineer.types(psql + "'select id from tickets limit 1'").ends(1);
    engineer.types(psql + "'select id from customers limit 10'").ends(1).says("53400");
  }

  @Test
  void anExtensionBeginsWhereTheOldAccessEndsAndNeedsItsOwnApproval(Demo demo) {
    String first = demo.askAndApprove("acme", "masked", "--for PT10M");
    String firstEnd = shown(demo, first).object("grant").text("notAfter");
    var engineer = demo.terminal("engineer");
    Fields second = engineer.types("lockbox request extend " + first + " --for 20m -o json").json();
    String id = second.text("id");
    assertThat(second.text("extends")).isEqualTo(first);
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(5).says("waiting for acme");
    demo.terminal("acme-approver-2")
        .types("lockbox approve " + id + " --key acme-approver-2.key")
        .ends(0);
    engineer
        .types("lockbox psql " + id + " -- -c 'select 1'")
        .ends(5)
        .says("starts only at " + firstEnd);
  }

  @Test
  void anExtensionOfWhatIsOverBeginsWithItsApproval(Demo demo) {
    String first = demo.askAndApprove("acme", "masked", "--for PT10M");
    var engineer = demo.terminal("engineer");
    engineer.types("lockbox complete " + first).ends(0);
    String id =
        engineer.types("lockbox request extend " + first + " --for 20m -o json").json().text("id");
    demo.terminal("acme-approver-2")
        .types("lockbox approve " + id + " --key acme-approver-2.key")
        .ends(0);
    engineer.types("lockbox psql " + id + " -- -c 'select 1'").ends(0);
  }

  private static Fields shown(Demo demo, String id) {
    return demo.terminal("engineer").types("lockbox request show " + id + " -o json").json();
  }

  private static String state(Demo demo, String id) {
    return shown(demo, id).text("state");
  }
}
