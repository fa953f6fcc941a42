package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;

@ExtendWith(SharedDemo.class)
class HarnessTest {
  @Test
  void everybodyIsWhoTheirProfileSays(Demo demo) {
    for (String person : new String[] {"engineer", "reviewer", "operator", "acme-auditor"}) {
      assertThat(demo.terminal(person).types("lockbox whoami").ok()).contains(person);
    }
  }

  @Test
  void bothDatabasesOpenForTheSuperuser(Demo demo) throws Exception {
    try (var control = demo.control();
        var helpdesk = demo.helpdesk()) {
      assertThat(control.isValid(1)).isTrue();
      assertThat(helpdesk.isValid(1)).isTrue();
    }
  }
}
