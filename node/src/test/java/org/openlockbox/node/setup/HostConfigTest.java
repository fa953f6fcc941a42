package org.openlockbox.node.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig;

/// What `init` writes is what the program reads, without databases: PackagesTest has these.
final class HostConfigTest {
  private static final String CATALOGUE =
      """
      resources:
        - id: shop
          name: shop
          postgres: {host: localhost, database: shop, tls: disable}
          tenancy: {column: tenant_id, values: {acme: 1}}
          levels: [metadata, masked]
          tables: {customers: {}}
      """;

  private final HostPlan plan;
  private final HostFiles files = new HostFiles();

  HostConfigTest(@TempDir Path home) {
    plan = plan(home);
  }

  private static HostPlan plan(Path home) {
    Map<SetupQuestion, String> flags = new EnumMap<>(SetupQuestion.class);
    flags.put(SetupQuestion.HOST, "lockbox.example.com");
    flags.put(SetupQuestion.PROVIDER, "O'Neil & Co: \"us\" # @home@");
    flags.put(SetupQuestion.PROTECT, "localhost:5432/shop");
    flags.put(SetupQuestion.TENANTS, "acme=1");
    flags.put(SetupQuestion.MAIL, "smtp.example.com:587");
    flags.put(SetupQuestion.DIRECTORY, home.resolve("etc").toString());
    flags.put(SetupQuestion.STATE, home.resolve("lib").toString());
    return HostPlanReader.read(Answers.of(flags, Optional.empty(), _ -> Optional.empty()));
  }

  private void make() {
    var clock = InstantSource.system();
    var random = new SecureRandom();
    new HostKeys(plan, files, clock, random).make();
    new HostCertificates(plan, files, new CertificateMaker(clock, random)).make();
    var layout = plan.layout();
    files.open(layout.resources(), () -> CATALOGUE);
    for (Path secret :
        new Path[] {
          layout.controlPassword(), layout.gatewayToken(), layout.databasePassword("shop")
        }) {
      files.secret(secret, () -> "secret\n");
    }
    var config = new HostConfig(plan);
    files.open(layout.serverConfig(), config::serverText);
    files.open(layout.gatewayConfig(), config::gatewayText);
  }

  @Test
  void whatIsWrittenIsRead() {
    make();
    NodeConfig server = ConfigReader.read(plan.layout().serverConfig());
    var web = server.server().orElseThrow();
    assertThat(web.provider().name()).isEqualTo("O'Neil & Co: \"us\" # @home@");
    assertThat(web.web().url()).hasToString("https://lockbox.example.com:8443");
    assertThat(web.notifications().mail().orElseThrow().startTls()).isTrue();
    NodeConfig gateway = ConfigReader.read(plan.layout().gatewayConfig());
    assertThat(gateway.gateway().orElseThrow().id()).isEqualTo("gw-1");
  }

  @Test
  void whatIsThereIsKeptAndASecretIsItsOwnersAlone() throws IOException {
    make();
    Path key = plan.layout().logKey();
    String before = Files.readString(key);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    make();
    assertThat(Files.readString(key)).isEqualTo(before);
    assertThat(files.kept()).contains(key, plan.layout().serverConfig());
  }

  /// A kill between the authority's leaf and its own certificate leaves no pair that does not
  /// match.
  @Test
  void halfAnAuthorityIsMadeAnew() throws IOException {
    make();
    var layout = plan.layout();
    Path leaf = HostCertificates.certificate(layout.server());
    String before = Files.readString(leaf);
    Files.delete(layout.ca());
    make();
    assertThat(Files.readString(leaf)).isNotEqualTo(before);
    var profile =
        ClientProfile.of(
            ConfigReader.read(layout.serverConfig()).server().orElseThrow(), "lbx_token");
    assertThat(profile.authority()).contains(layout.ca().toAbsolutePath());
    assertThat(profile.toString()).doesNotContain("lbx_token");
  }
}
