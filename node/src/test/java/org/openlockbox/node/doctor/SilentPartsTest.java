package org.openlockbox.node.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.node.config.ConfigSecret;
import org.openlockbox.node.config.NodeConfig.ControlPlaneSettings;
import org.openlockbox.node.config.NodeConfig.MailSettings;

/// What doctor says where nobody answers: a sentence, and not the name of an exception.
final class SilentPartsTest {
  @Test
  void aServerThatIsGoneIsNamedInASentence() throws Exception {
    var settings =
        new ControlPlaneSettings(
            URI.create("https://127.0.0.1:1"),
            new ConfigSecret.InsecureInline("token"),
            Optional.empty(),
            Optional.empty());
    var found = new ControlPlaneProbe(settings, InstantSource.system()).look().getFirst();
    assertThat(found.isBroken()).isTrue();
    assertThat(found.text())
        .isEqualTo("https://127.0.0.1:1 cannot be reached: nobody answers there.");
    assertThat(found.next()).isPresent();
  }

  @Test
  void aMailServerThatIsGoneIsNamedInASentence() {
    var mail =
        new MailSettings("127.0.0.1", 1, false, Optional.empty(), Optional.empty(), "a@b.example");
    var found = new MailProbe(mail).look().getFirst();
    assertThat(found.isBroken()).isTrue();
    assertThat(found.text()).startsWith("127.0.0.1:1 does not take our mail: ");
    assertThat(found.next()).isPresent();
  }
}
