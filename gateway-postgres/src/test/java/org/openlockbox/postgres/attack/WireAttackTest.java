package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.postgres.GatewayFixture;

/// Each [WireAttack] through the gateway.
class WireAttackTest {
  private static final Target.Gateway GATEWAY = new Target.Gateway();

  static List<WireAttack> attacks() {
    return WireAttack.all();
  }

  @AfterAll
  static void nothingIsLeft() {
    GATEWAY.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void isAnsweredOrEndsTheSession(WireAttack attack) throws SQLException, IOException {
    Connection connection = GATEWAY.connect(attack.level());
    try {
      if (attack.copies()) {
        Target.HELPDESK.openInbox("helpdesk");
      }
      assertThat(attack.answer(connection)).isEqualTo(attack.expected());
    } finally {
      if (attack.copies()) {
        Target.HELPDESK.closeInbox("helpdesk");
      }
      connection.abort(Runnable::run);
    }
  }
}
