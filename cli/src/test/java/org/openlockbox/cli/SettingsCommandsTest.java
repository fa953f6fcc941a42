package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.SigningKeys;

final class SettingsCommandsTest {
  private static final String[] SET = {"settings", "set", "--tenant", "acme"};

  @TempDir private Path home;
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 2, clock);
  private final StubServer server = new StubServer();
  private final LogStub log = new LogStub(acme, server);

  @BeforeEach
  void serve() throws IOException {
    for (var name : List.of("ann", "bob")) {
      PrivateFile.create(home.resolve("cli/keys/" + name + ".key"), KeyFile.format(acme.key(name)));
    }
    for (var name : List.of("w1.example.com", "w2.example.com")) {
      var vkeys =
          SigningKeys.generate(new SecureRandom()).cosigners(name).stream()
              .map(signer -> signer.verifier().vkey())
              .collect(Collectors.joining("\n", "", "\n"));
      Files.writeString(home.resolve(name), vkeys);
    }
    server.on("POST /v1/tenants/acme/settings", this::append);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String append(String body) {
    log.append(body);
    return "{}";
  }

  /// Sets something, with the keys of both approvers that the quorum asks for.
  private Shell.Result run(String... more) {
    var words = new ArrayList<>(List.of(more));
    words.addAll(List.of("--key", "ann.key", "--key", "bob.key"));
    return typed(SET, words.toArray(String[]::new));
  }

  private Shell.Result typed(String[] first, String... more) {
    var words = new ArrayList<>(List.of(first));
    words.addAll(List.of(more));
    return new Shell(home.resolve("cli"), clock).at(server).run(words.toArray(String[]::new));
  }

  private Settings last() {
    var body = LogEntry.parse(acme.log().entry(acme.log().size() - 1)).body();
    var payload = ((KeyringEvent) body).envelope().payloadJson();
    if (KeyringChange.parse(payload).change()
        instanceof KeyringChange.Edit.ReplaceSettings(var settings)) {
      return settings;
    }
    throw new AssertionError(payload.toString());
  }

  @Test
  void whatIsNotNamedStaysAsItWas() {
    var set =
        run(
            "--witness",
            home.resolve("w1.example.com").toString(),
            "--witness",
            home.resolve("w2.example.com").toString(),
            "--witnesses",
            "1",
            "--retention",
            "operation=90d");
    assertThat(set.exit()).as(set.err()).isZero();
    assertThat(set.out())
        .contains("1 of 2 witnesses within PT1M; operation texts are kept PT2160H");
    var first = last();

    var again = run("--max-unwitnessed", "90s");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(last().witness()).isEqualTo(first.witness());
    assertThat(last().maxUnwitnessed()).isEqualTo(Duration.ofSeconds(90));
    assertThat(last().retention()).isEqualTo(Map.of(TextKind.OPERATION, Duration.ofDays(90)));

    var show = typed(new String[] {"settings", "show", "acme"});
    assertThat(show.out())
        .contains("1 of w1.example.com, w2.example.com", "1 min 30 s", "operation 90 d");

    var drop = run("--drop", "witness", "--retention", "operation=forever");
    assertThat(drop.exit()).as(drop.err()).isZero();
    assertThat(last()).isEqualTo(Settings.NONE);
  }

  @Test
  void whatTheLogDoesNotHaveIsNotCalledDone() {
    server.on("POST /v1/tenants/acme/settings", 200, "{}");
    var off = run("--access", "off");
    assertThat(off.exit()).isEqualTo(1);
    assertThat(off.err()).contains("the keyring that it shows is without this change");
    assertThat(off.out()).isEmpty();

    server.on("POST /v1/tenants/acme/settings", this::append);
    server.onBytes("GET /log/acme/tile/0/000.p/2", () -> new byte[64]);
    var unproven = run("--access", "off");
    assertThat(unproven.exit()).isEqualTo(1);
    assertThat(unproven.err()).contains("it is not proven that this is in the log");
    assertThat(unproven.out()).isEmpty();
  }

  /// As while the server cannot write down what it signs: access ends all the same.
  @Test
  void whatTakesAccessAwayIsInForceBeforeItsProof() {
    byte[] before = acme.log().checkpoint().getBytes(StandardCharsets.UTF_8);
    server.onBytes("GET /log/acme/checkpoint", () -> before);
    var off = run("--access", "off");
    assertThat(off.exit()).as(off.err()).isZero();
    assertThat(off.err()).contains("entry 1 is not proven yet", "lockbox log");
    assertThat(off.out()).startsWith("not proven yet, the server says: ");
  }

  @Test
  void whatCannotBeDemandedIsNeverSigned() throws IOException {
    long size = acme.log().size();
    var empty = Files.createFile(home.resolve("empty.vkeys")).toString();
    var witness = home.resolve("w1.example.com").toString();
    for (var wrong :
        List.of(
            List.of("--witness", witness, "--witnesses", "2"),
            List.of("--witness", empty),
            List.of("--own-witness", empty),
            List.of("--witness", witness, "--witness", witness),
            List.of("--witness", witness, "--max-unwitnessed", "5s"),
            List.of("--retention", "operation=1m"),
            List.of("--retention", "mail=90d"),
            List.of("--drop", "everything"))) {
      var result = run(wrong.toArray(String[]::new));
      assertThat(result.exit()).as(wrong + result.err()).isEqualTo(2);
    }
    assertThat(acme.log().size()).isEqualTo(size);
  }
}
