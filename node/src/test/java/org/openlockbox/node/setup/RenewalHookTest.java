package org.openlockbox.node.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script that an ACME client runs, where a service or the client itself does no good: AcmeTest
/// has the rest.
final class RenewalHookTest {
  private static final String KEY =
      "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted("a2V5");
  private static final String CHAIN =
      "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n";

  private final Path from;
  private final HostLayout layout;

  RenewalHookTest(@TempDir Path home) {
    from = home.resolve("live");
    layout = new HostLayout(home.resolve("etc"), home.resolve("lib"), HostRole.WHOLE);
  }

  @BeforeEach
  void write() throws IOException {
    for (Path directory : List.of(from, layout.server(), layout.gateway())) {
      Files.createDirectories(directory);
    }
    renewed(KEY, CHAIN);
    new RenewalHook(from, List.of(layout.server(), layout.gateway()))
        .write(layout, new HostFiles());
  }

  private void renewed(String key, String chain) throws IOException {
    Files.writeString(from.resolve("privkey.pem"), key);
    Files.writeString(from.resolve("fullchain.pem"), chain);
  }

  private int run() throws IOException, InterruptedException {
    return run(from);
  }

  /// As certbot does after it has renewed what lies there.
  private int run(Path lineage) throws IOException, InterruptedException {
    var hook =
        new ProcessBuilder(RenewalHook.file(layout).toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    hook.environment().put("RENEWED_LINEAGE", lineage.toString());
    return hook.start().waitFor();
  }

  @Test
  void eachPartGetsACopy() throws IOException, InterruptedException {
    assertThat(run()).isZero();
    for (Path part : List.of(layout.server(), layout.gateway())) {
      assertThat(HostCertificates.key(part)).hasContent(KEY);
      assertThat(HostCertificates.certificate(part)).hasContent(CHAIN);
    }
  }

  @Test
  void whatWasRenewedIsKnownByItsPlaceHoweverItIsWritten()
      throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(layout.etc().resolve("link"), from);
    assertThat(run(from.resolveSibling("other"))).isZero();
    assertThat(HostCertificates.key(layout.server())).doesNotExist();
    assertThat(run(link)).isZero();
    assertThat(HostCertificates.key(layout.server())).hasContent(KEY);
  }

  @Test
  void whatOneServicePlantsKeepsNothingFromTheOther() throws IOException, InterruptedException {
    Files.createDirectories(HostCertificates.key(layout.server()).resolve("planted"));
    assertThat(run()).isNotZero();
    assertThat(HostCertificates.key(layout.gateway())).hasContent(KEY);
    assertThat(HostCertificates.certificate(layout.gateway())).hasContent(CHAIN);
    try (var left = Files.list(layout.etc())) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("server", "gateway", "take-certificate");
    }
  }

  @Test
  void whatAClientLeftHalfDoneIsNotTaken() throws IOException, InterruptedException {
    assertThat(run()).isZero();
    var half = List.of("", KEY.substring(0, 30));
    for (String key : half) {
      renewed(key, CHAIN + CHAIN);
      assertThat(run()).isNotZero();
    }
    renewed(KEY.replace("a2V5", "bmV3"), "");
    assertThat(run()).isNotZero();
    assertThat(HostCertificates.key(layout.server())).hasContent(KEY);
    assertThat(HostCertificates.certificate(layout.gateway())).hasContent(CHAIN);
  }
}
