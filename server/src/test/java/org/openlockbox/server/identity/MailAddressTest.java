package org.openlockbox.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.server.notify.contact.Audience;
import org.openlockbox.server.notify.contact.Contact;

/// An address that no mail program could write to is refused where a person types it.
class MailAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann",
        "@acme.example",
        "ann@",
        "ann@acme.example, bob@acme.example",
        "ann@acme@example",
        ".ann@acme.example",
        "ann.@acme.example",
        "ann..b@acme.example",
        "ann@acme..example",
        "ann@.example",
        "ann@acme.example.",
        "an n@acme.example",
        "Ann <ann@acme.example>",
        "\"ann\"@acme.example",
        "ann@[192.0.2.1]",
        "ann\u00e9@acme.example"
      })
  void whatCannotBeWrittenToIsRefused(String address) {
    assertThatThrownBy(() -> new MailAddress(address)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Contact.usual(address, Audience.APPROVERS, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ann@acme.example", "o'hara+x_{y}@a-b.example", "a@localhost", "a.b@c.d.e"})
  void whatMailProgramsWriteToPasses(String address) {
    assertThat(new MailAddress(address).value()).isEqualTo(address);
    assertThat(Contact.usual(address, Audience.APPROVERS, ZoneOffset.UTC).address())
        .isEqualTo(address);
  }
}
