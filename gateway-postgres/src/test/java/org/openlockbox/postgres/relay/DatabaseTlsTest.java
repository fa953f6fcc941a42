package org.openlockbox.postgres.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.catalogue.DatabaseAddress.ClientCertificate;
import org.openlockbox.postgres.catalogue.DatabaseAddress.TlsMode;

/// What is kept of a database's TLS between logins is what its files say at each.
class DatabaseTlsTest {
  private static final TestCertificate ONE = TestCertificate.make();
  private static final TestCertificate OTHER = TestCertificate.make();

  @TempDir private Path directory;

  private final DatabaseTls tls = new DatabaseTls();

  private DatabaseAddress address(TlsMode mode, @Nullable ClientCertificate shown) {
    Path authority = mode == TlsMode.VERIFY_FULL ? directory.resolve("ca.pem") : null;
    return new DatabaseAddress("db", 5432, "shop", mode, authority, shown, "gateway", null);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  @Test
  void anAuthorityIsReadAgainWhenItChanges() throws IOException {
    write("ca.pem", ONE.certificatePem());
    DatabaseAddress address = address(TlsMode.VERIFY_FULL, null);
    SSLContext first = tls.context(address);
    assertThat(tls.context(address)).isSameAs(first);
    write("ca.pem", OTHER.certificatePem());
    assertThat(tls.context(address)).isNotSameAs(first);
    Files.delete(directory.resolve("ca.pem"));
    assertThatThrownBy(() -> tls.context(address)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whatTheGatewayShowsIsReadAgainWhenItChanges() throws IOException {
    write("gw.pem", ONE.certificatePem());
    write("gw.key", ONE.keyPem());
    var shown = new ClientCertificate(directory.resolve("gw.pem"), directory.resolve("gw.key"));
    DatabaseAddress address = address(TlsMode.REQUIRE, shown);
    SSLContext first = tls.context(address);
    assertThat(tls.context(address)).isSameAs(first);
    write("gw.pem", OTHER.certificatePem());
    write("gw.key", OTHER.keyPem());
    assertThat(tls.context(address)).isNotSameAs(first);
  }

  @Test
  void whoIsTrustedOfOneDatabaseIsNotOfAnother() throws IOException {
    write("ca.pem", ONE.certificatePem());
    assertThat(tls.context(address(TlsMode.VERIFY_FULL, null)))
        .isNotSameAs(tls.context(address(TlsMode.REQUIRE, null)));
  }
}
