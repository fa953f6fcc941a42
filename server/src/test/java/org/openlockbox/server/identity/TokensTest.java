package org.openlockbox.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.identity.Tokens.NewToken;
import org.openlockbox.server.identity.Tokens.TokenHolder;

/// How long bearer tokens live.
class TokensTest {
  private static final TestServer SERVER = new TestServer();
  private static final Duration OVER = Duration.ofSeconds(1);

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static NewToken issued(Role role, Optional<Duration> validFor) {
    return tokens()
        .issue(
            new TokenHolder(
                new SubjectId("olga"), "Olga", Set.of(role), Optional.empty(), validFor));
  }

  private static Tokens tokens() {
    return SERVER.server(0).tokens();
  }

  private static boolean works(NewToken token) {
    return tokens().caller(token.token()).isPresent();
  }

  @Test
  void anOperatorsTokenEndsByItselfAndAGatewaysDoesNot() {
    var operator = issued(Role.OPERATOR, Optional.empty());
    var gateway = issued(Role.GATEWAY, Optional.empty());
    SERVER.pass(Tokens.OPERATORS.minusSeconds(2));
    assertThat(works(operator)).isTrue();
    SERVER.pass(Duration.ofSeconds(2).plus(OVER));
    assertThat(works(operator)).isFalse();
    assertThat(works(gateway)).isTrue();
  }

  /// A token that was revoked was ended by somebody; one that nobody issued never worked.
  @Test
  void onlyATokenWhoseTimeIsOverHasExpired() {
    var hour = issued(Role.OPERATOR, Optional.of(Duration.ofHours(1)));
    var revoked = issued(Role.OPERATOR, Optional.of(Duration.ofHours(1)));
    var endless = issued(Role.GATEWAY, Optional.empty());
    assertThat(tokens().revoke(revoked.id())).isTrue();
    assertThat(tokens().hasExpired(hour.token())).isFalse();
    assertThat(tokens().hasExpired(revoked.token())).isFalse();
    SERVER.pass(Duration.ofHours(1).plus(OVER));
    assertThat(tokens().hasExpired(hour.token())).isTrue();
    assertThat(tokens().hasExpired(revoked.token())).isFalse();
    assertThat(tokens().hasExpired(endless.token())).isFalse();
    assertThat(tokens().hasExpired("lbx_" + "A".repeat(43))).isFalse();
    assertThat(tokens().hasExpired("")).isFalse();
  }

  @Test
  void nobodyAsksForLongerAndEverybodyForLess() {
    assertThatThrownBy(() -> issued(Role.OPERATOR, Optional.of(Tokens.OPERATORS.plusSeconds(1))))
        .hasMessage("an operator's token lives for 90 days at most");
    assertThatThrownBy(() -> issued(Role.ENGINEER, Optional.of(Duration.ZERO)))
        .hasMessage("a token lives for some time, such as P30D");
    var hour = issued(Role.OPERATOR, Optional.of(Duration.ofHours(1)));
    assertThat(works(hour)).isTrue();
    SERVER.pass(Duration.ofHours(1).plus(OVER));
    assertThat(works(hour)).isFalse();
  }

  @Test
  void aTokenIsNotPrinted() {
    var token = issued(Role.ENGINEER, Optional.empty());
    assertThat(token).hasToString(token.id());
    assertThat(token.token()).startsWith("lbx_").doesNotContain(token.id());
  }
}
