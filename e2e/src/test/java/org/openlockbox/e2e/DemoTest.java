package org.openlockbox.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.e2e.harness.Demo;

/// A demo that is kept for months, and one that was used and begins anew.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoTest {
  private final Demo demo = Demo.start("kept");

  @AfterAll
  void close() {
    demo.close();
  }

  @Test
  @Order(1)
  void anOperatorsTokenThatHasEndedIsIssuedAnewAtTheNextStart() throws Exception {
    var operator = demo.terminal("operator");
    operator.types("lockbox tenant ls").ends(0);
    String ended = demo.token("operator");
    String engineers = demo.token("engineer");
    try (var control = demo.control();
        var statement = control.createStatement()) {
      int rows =
          statement.executeUpdate(
              "update token set expires_at = now() - interval '1 minute' where subject = 'operator'");
      assertThat(rows).isOne();
    }

    startAgain();

    operator.types("lockbox tenant ls").ends(0);
    assertThat(answered(ended)).isEqualTo("401");
    assertThat(answered(demo.token("operator"))).isEqualTo("200");
    assertThat(demo.token("operator")).isNotEqualTo(ended);
    assertThat(demo.token("engineer")).isEqualTo(engineers);
  }

  private void startAgain() {
    demo.stop();
    demo.restart();
    demo.awaitUp();
  }

  private String answered(String token) {
    String whoami = "http://127.0.0.1:%d/v1/whoami".formatted(demo.port("server"));
    return demo.terminal("operator")
        .types(
            "curl -s -o /dev/null -w '%%{http_code}' -H 'Authorization: Bearer %s' %s"
                .formatted(token, whoami))
        .ok();
  }

  @Test
  @Order(2)
  void anOperatorWhoLostTheirProfileGetsATokenAtTheNextStart() throws Exception {
    String lost = demo.token("operator");
    Files.delete(demo.state().resolve("cli/profiles/operator.properties"));

    startAgain();

    demo.terminal("operator").types("lockbox tenant ls").ends(0);
    assertThat(demo.token("operator")).isNotEqualTo(lost);
  }

  @Test
  @Order(3)
  void anOperatorsTokenThatWasRevokedStaysRevoked() throws Exception {
    String revoked = demo.token("operator");
    try (var control = demo.control();
        var statement = control.createStatement()) {
      int rows =
          statement.executeUpdate(
              "update token set revoked_at = now() where subject = 'operator' and revoked_at is null");
      assertThat(rows).isPositive();
    }

    startAgain();

    assertThat(demo.token("operator")).isEqualTo(revoked);
    assertThat(answered(revoked)).isEqualTo("401");
  }

  @Test
  @Order(4)
  void resetForgetsEverythingAndTheDemoWorksAgain() throws Exception {
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
