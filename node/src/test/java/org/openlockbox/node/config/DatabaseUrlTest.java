package org.openlockbox.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.postgres.catalogue.DatabaseAddress.TlsMode;

final class DatabaseUrlTest {
  @Test
  void aUrlNamesHostPortDatabaseAndRole() {
    var url = DatabaseUrl.parse("postgresql://dba@db.example.com:5433/shop?sslrootcert=ca.pem");
    assertThat(url.role()).contains("dba");
    assertThat(url.address().host()).isEqualTo("db.example.com");
    assertThat(url.address().port()).isEqualTo(5433);
    assertThat(url.address().database()).isEqualTo("shop");
    assertThat(url.address().tls()).isEqualTo(TlsMode.VERIFY_FULL);
    assertThat(url.address().authority()).contains(Path.of("ca.pem"));
  }

  @Test
  void onlyThisMachineNeedsNoTls() {
    assertThat(DatabaseUrl.parse("postgresql://localhost/shop").address().tls())
        .isEqualTo(TlsMode.DISABLE);
    assertThat(DatabaseUrl.parse("postgresql://10.0.0.1/shop").address().tls())
        .isEqualTo(TlsMode.VERIFY_FULL);
    assertThat(DatabaseUrl.parse("postgresql://10.0.0.1/shop?sslmode=require").address().tls())
        .isEqualTo(TlsMode.REQUIRE);
  }

  /// Nothing of what was typed is repeated: it may hold a password.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://dba:canary@localhost/shop",
        "postgresql://dba:canary@local host/shop",
        "postgresql://dba:can^ary@localhost/shop",
        "postgresql://localhost/shop?password=canary",
        "jdbc:postgresql://localhost/canary",
        "canary",
        "postgresql://localhost",
        "postgresql://localhost/shop?sslmode=canary",
        "postgresql:///canary",
      })
  void whatItDoesNotKnowIsRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> DatabaseUrl.parse(text))
        .isInstanceOfSatisfying(
            NodeFailure.class,
            failure -> assertThat(failure.code()).isEqualTo(NodeFailure.Code.USAGE))
        .hasMessageNotContaining("canary")
        .hasNoCause();
  }
}
