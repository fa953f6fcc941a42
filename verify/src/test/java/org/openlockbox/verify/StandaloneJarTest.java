package org.openlockbox.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

/// `lockbox-verify.jar` alone: plain `java`, an empty directory, no class path, no environment.
class StandaloneJarTest {
  private static final Path JAR = Path.of("target", "lockbox-verify.jar").toAbsolutePath();

  @TempDir private Path empty;
  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());

  private record Ended(int exit, String out, String err) {}

  private byte[] bundle() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var id = asked.submission().id();
    return Bundle.of(id, acme.history(id), acme.log().checkpoint(), acme.texts()).bytes().toArray();
  }

  private Ended run(String... words) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var all = new ArrayList<>(List.of(java, "-Xshare:auto", "-jar", JAR.toString()));
    all.addAll(List.of(words));
    var out = Files.createTempFile("verify", ".out");
    var err = Files.createTempFile("verify", ".err");
    var builder = new ProcessBuilder(all).directory(empty.toFile());
    builder.environment().clear();
    var process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    var ended = new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    return ended;
  }

  @Test
  void aTrueBundleTellsItsStory() throws Exception {
    Files.write(empty.resolve("a.zip"), bundle());
    var told = run("a.zip", "--pin", acme.pin().hex());
    assertThat(told.exit()).as(told.err()).isZero();
    assertThat(told.out()).contains("of acme: approved", "Eve Adams", "ann  approved masked");
    assertThat(told.err()).isEqualTo("verified: a.zip holds in every byte\n");
    var explained = run("--pin", acme.pin().hex(), "--explain", "a.zip");
    assertThat(explained.out()).startsWith(told.out()).contains("How this is known");
    var json = run("a.zip", "-o", "json", "--pin", acme.pin().hex());
    assertThat(json.out()).contains("\"verified\":true", "\"pinned\":true").hasLineCount(1);
  }

  @Test
  void aChangedByteAndAnotherPinAreFound() throws Exception {
    var zip = bundle();
    Files.write(empty.resolve("a.zip"), zip);
    var other = run("a.zip", "--pin", "0".repeat(64));
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.out()).isEmpty();
    assertThat(other.err()).startsWith("NOT VERIFIED: pin: ");
    zip[zip.length / 2] ^= 1;
    Files.write(empty.resolve("a.zip"), zip);
    var changed = run("a.zip", "--pin", acme.pin().hex(), "-o", "json");
    assertThat(changed.exit()).isEqualTo(1);
    assertThat(changed.out()).contains("\"verified\":false", "\"where\":\"");
  }

  @Test
  void whatCannotBeCheckedIsNoVerdict() throws Exception {
    assertThat(run("missing.zip", "--pin", acme.pin().hex()).exit()).isEqualTo(3);
    assertThat(run("a.zip").exit()).isEqualTo(2);
    assertThat(run("a.zip", "--pin", "12").err()).contains("64 hexadecimal digits");
    assertThat(run("--help").out()).contains("Exit codes: 0 everything holds");
  }

  @Test
  void anOlderJavaCanReadWhatItIsTold() throws IOException {
    try (var jar = new JarFile(JAR.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS))
          .isEqualTo(Start.class.getName());
      var start = jar.getEntry(Start.class.getName().replace('.', '/') + ".class");
      var bytes = new DataInputStream(jar.getInputStream(start));
      bytes.readInt();
      assertThat(bytes.readInt()).as("class file of Java 8").isEqualTo(52);
    }
    assertThat(List.of("1.8", "11", "17", "21", "24")).noneMatch(Start::suffices);
    assertThat(List.of("25", "26", "100")).allMatch(Start::suffices);
  }

  @Test
  void itIsSmallAndHoldsOnlyTheVerifier() throws IOException {
    assertThat(Files.size(JAR)).isLessThan(645_000);
    try (var jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(Object::toString))
          .allMatch(
              name ->
                  name.equals("META-INF/MANIFEST.MF")
                      || name.matches("org/openlockbox/(tlog|core|verify)/.*"))
          .noneMatch(name -> name.contains("/testing/"));
    }
  }

  /// What was left out to keep it small, nothing in it asks for.
  @Test
  void nothingIsMissingInIt() {
    var said = new StringWriter();
    var out = new PrintWriter(said);
    var jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    int exit = jdeps.run(out, out, "--missing-deps", "--multi-release", "25", JAR.toString());
    assertThat(exit).as(said.toString()).isZero();
    assertThat(said.toString().lines().filter(line -> line.contains(" -> ")))
        .as("annotations, which a JVM does without")
        .allMatch(line -> line.contains("-> not found") || line.contains("-> org.jspecify."));
  }
}
