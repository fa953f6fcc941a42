package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.openlockbox.e2e.harness.Demo;

/// A demo that was used, and begins anew.
class DemoTest {
  @Test
  void resetForgetsEverythingAndTheDemoWorksAgain() throws Exception {
    try (Demo demo = Demo.start("reset")) {
      String before = demo.ask("acme", "read", "--for 1h");
      demo.stop();
      Files.writeString(demo.state().resolve("of-the-user"), "kept");

      demo.startOver();
      demo.awaitUp();

      assertThat(demo.terminal("engineer").types("lockbox request show " + before).exit())
          .isNotZero();
      String after = demo.askAndApprove("acme", "read", "--for 1h");
      assertThat(demo.terminal("engineer").types("lockbox request show " + after).ok())
          .containsPattern("state +approved");
      assertThat(demo.state().resolve("of-the-user")).hasContent("kept");
    }
  }
}
