package org.openlockbox.server.notify.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// The mail about a change of the keyring.
final class KeyringNoticesTest {
  @Test
  void theSubjectHasTheNameOfTheTenant() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      server.execute("update tenant set name = 'Acme Corporation' where id = 'acme'");
      acme.change(new KeyringChange.Edit.ReplacePolicy(Policy.of(Mode.NEVER)));
      assertThat(server.rows("select subject from outbox where kind = 'keyring.changed'"))
          .isNotEmpty()
          .containsOnly("[Lockbox] Policy changed: Acme Corporation");
    }
  }

  @Test
  void aKeyThatIsRemovedIsNamedAsItWasWhenItWasAdded() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      var bob = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
      var spare = new ApproverKey(new SubjectId("acme-bob"), "Spare laptop", bob.key());
      acme.change(new KeyringChange.Edit.AddKey(spare), bob);
      acme.change(new KeyringChange.Edit.RemoveKey(spare.key().keyId()));
      assertThat(
              server.rows(
                  "select text_part from outbox where kind = 'keyring.changed' order by id"))
          .hasSizeGreaterThanOrEqualTo(2)
          .allSatisfy(mail -> assertThat(mail).contains("acme-bob, Spare laptop"));
    }
  }
}
