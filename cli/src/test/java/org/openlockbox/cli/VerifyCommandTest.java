package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

final class VerifyCommandTest {
  @TempDir private Path home;
  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());

  private Path bundle() throws IOException {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var bundle =
        Bundle.of(
            asked.submission().id(),
            acme.history(asked.submission().id()),
            acme.log().checkpoint(),
            acme.texts());
    return Files.write(home.resolve("a.zip"), bundle.bytes().toArray());
  }

  private Shell.Result verify(Path file, String pin, String... more) {
    var words = new ArrayList<>(List.of("verify", file.toString(), "--pin", pin));
    words.addAll(List.of(more));
    return new Shell(home, new SettableClock()).run(words.toArray(String[]::new));
  }

  @Test
  void aTrueBundleTellsItsStoryWithoutServerAndProfile() throws IOException {
    var result = verify(bundle(), acme.pin().hex());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("of acme: approved", "Eve", "ann");
  }

  @Test
  void oneChangedByteIsFoundAndNamed() throws IOException {
    Path file = bundle();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    var result = verify(file, acme.pin().hex(), "-o", "json");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("\"verified\":false", "\"where\":");
    assertThat(result.err()).contains("NOT VERIFIED");
  }

  @Test
  void anotherPinIsRefused() throws IOException {
    assertThat(verify(bundle(), "0".repeat(64)).exit()).isEqualTo(1);
  }

  @Test
  void aMissingFileIsNoVerdict() {
    assertThat(verify(home.resolve("no.zip"), "0".repeat(64)).exit()).isEqualTo(3);
  }
}
