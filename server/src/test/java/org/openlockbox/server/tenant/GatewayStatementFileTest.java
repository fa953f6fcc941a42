package org.openlockbox.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.keyring.GatewayRevocation;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.server.tenant.GatewayStatements.NumberedStatement;

final class GatewayStatementFileTest {
  private static final Instant AT = Instant.parse("2026-11-24T09:00:00.123Z");

  @TempDir private Path directory;
  private final SoftwareKey key = SoftwareKey.generate(Scheme.ED25519, new SecureRandom());

  private NumberedStatement revocation(String reason) {
    var envelope =
        new GatewayRevocation(
                new GatewayId("gw-1"), key.key().keyId(), new LogHost("log.example"), reason)
            .unsigned()
            .signedBy(key);
    return new NumberedStatement(0, new KeyringEvent.GatewayRevoked(envelope), AT);
  }

  private Path file() {
    return directory.resolve("gateway-statements");
  }

  @Test
  void whatIsKeptIsThereAfterAStartOnceAndInOrder() {
    var first = revocation("stolen");
    var second = revocation("stolen again");
    var file = GatewayStatementFile.begin(directory);
    assertThat(file.all()).isEmpty();
    file.keep(List.of(first));
    file.keep(List.of(first, second));
    assertThat(file.all()).containsExactly(first, second);
    assertThat(GatewayStatementFile.open(directory).all()).containsExactly(first, second);
  }

  @Test
  void aLineThatACrashCutOffIsWrittenAgain() throws IOException {
    var first = revocation("stolen");
    var second = revocation("stolen again");
    GatewayStatementFile.begin(directory).keep(List.of(first, second));
    byte[] whole = Files.readAllBytes(file());
    for (int cut = 1; cut < whole.length / 3; cut += 7) {
      Files.write(file(), Arrays.copyOf(whole, whole.length - cut));
      var file = GatewayStatementFile.open(directory);
      assertThat(file.all()).containsExactly(first);
      file.keep(List.of(first, second));
      assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    }
  }

  @Test
  void aFileThatCannotBeUnderstoodIsNoEmptyOne() throws IOException {
    GatewayStatementFile.begin(directory).keep(List.of(revocation("stolen")));
    Files.writeString(file(), "{\"kind\":\"genesis\"}\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> GatewayStatementFile.open(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("gateway-statements", "is damaged at");
  }

  @Test
  void whatCannotBeWrittenIsNotTakenForKept() throws IOException {
    var file = GatewayStatementFile.begin(directory);
    Files.delete(file());
    Files.createDirectory(file());
    assertThatThrownBy(() -> file.keep(List.of(revocation("stolen"))))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(file.all()).isEmpty();
    Files.delete(file());
    file.keep(List.of(revocation("stolen")));
    assertThat(GatewayStatementFile.open(directory).all()).hasSize(1);
  }

  @Test
  void aFileThatIsDeletedOrCutShortIsWrittenAnewFromMemory() throws IOException {
    var first = revocation("stolen");
    var second = revocation("stolen again");
    var file = GatewayStatementFile.begin(directory);
    file.keep(List.of(first));
    byte[] whole = Files.readAllBytes(file());
    Files.delete(file());
    assertThat(file.isWhole()).isFalse();
    file.keep(List.of(first));
    assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    Files.write(file(), Arrays.copyOf(whole, 9));
    file.keep(List.of(second));
    assertThat(file.isWhole()).isTrue();
    assertThat(GatewayStatementFile.open(directory).all()).containsExactly(first, second);
  }

  @Test
  void aFileThatIsMissingIsNoEmptyOne() throws IOException {
    GatewayStatementFile.begin(directory).keep(List.of(revocation("stolen")));
    assertThat(GatewayStatementFile.begin(directory).all()).hasSize(1);
    Files.delete(file());
    assertThatThrownBy(() -> GatewayStatementFile.open(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("gateway-statements", "is missing", "lockbox remember");
  }
}
