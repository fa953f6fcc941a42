package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

final class ApproveCommandTest {
  @TempDir private Path home;
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);
  private final TenantFixture.RequestEntry asked = acme.ask(1);
  private final StubServer server = new StubServer();
  private final TenantStub stub = new TenantStub(acme, asked, server);
  private final String id = asked.submission().id().value();

  @BeforeEach
  void annHasHerKey() {
    PrivateFile.create(home.resolve("keys/ann.key"), KeyFile.format(acme.key("ann")));
    PrivateFile.create(home.resolve("keys/mallory.key"), KeyFile.format(acme.key("mallory")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell shell() {
    return new Shell(home.resolve("cli"), clock).at(server);
  }

  @Test
  void anApprovalIsSignedLoggedAndProven() {
    var result = shell().run("approve", id, "--key", "ann.key");
    assertThat(result.err()).contains("ann's key", "eve", "masked", "30 min", "Cannot log in");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .contains(id + " approved until", "logged as entry 2, proof and checkpoint");
    assertThat(server.header("If-match")).isEqualTo("\"7\"");
    assertThat(acme.check(asked)).isInstanceOf(HistoryCheck.Valid.class);
  }

  @Test
  void jsonOnStdoutIsTheServersAnswerWithItsProof() {
    var result = shell().run("approve", id, "--key", "ann.key", "-o", "json");
    var members =
        ((Json.Object) Json.read(result.out().getBytes(StandardCharsets.UTF_8))).members();
    assertThat(members).containsKeys("id", "state", "tenant", "level", "expireTime", "proof");
    assertThat(result.out().lines()).hasSize(1);
  }

  @Test
  void narrowingIsWhatIsSigned() {
    shell()
        .run(
            "approve",
            id,
            "--key",
            "ann.key",
            "--level",
            "metadata",
            "--for",
            "10m",
            "--rows",
            "5");
    var body = LogEntry.parse(acme.log().entry(2)).body();
    assertThat(body).isInstanceOf(RequestEvent.Decided.class);
    String payload = CanonicalJson.text(((RequestEvent.Decided) body).claimed().toJson());
    assertThat(payload)
        .contains(
            "\"level\":\"metadata\"", "\"rowBudget\":5", "\"notAfter\":\"2026-01-05T09:10:00Z\"");
  }

  @Test
  void wideningIsAUsageErrorAndNothingIsSent() {
    var result = shell().run("approve", id, "--key", "ann.key", "--level", "write");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("only allow less");
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void aServerThatTellsOtherTermsThanTheEntryIsRefused() {
    for (String member : new String[] {"level", "duration", "ticket", "resource", "purpose"}) {
      server.on(
          "GET /v1/requests/" + id, 200, stub.request("pending").saying(member, "read").text());
      var result = shell().run("approve", id, "--key", "ann.key");
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("disagree about " + member, "nothing was signed");
    }
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void anotherRequestThanTheOneThatWasNamedIsSignedForInNoWay() {
    var other = acme.ask(1);
    var told = new TenantStub(acme, other, server).request("pending").text();
    server.on("GET /v1/requests/" + id, 200, told);
    for (var verb : new String[] {"approve", "deny", "revoke"}) {
      var result = shell().run(verb, id, "--key", "ann.key");
      assertThat(result.exit()).as(verb).isEqualTo(1);
      assertThat(result.err()).contains("asked about " + id, other.submission().id().value());
    }
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void wordsThatMixAlphabetsAreNamedBeforeAnybodySigns() {
    var reason = "Reset p\u0430ypal";
    var other = acme.ask(acme.submission(acme.terms(), 1), reason);
    var told = new TenantStub(acme, other, server).request("pending").saying("reason", reason);
    String named = other.submission().id().value();
    server.on("GET /v1/requests/" + named, 200, told.text());
    var shown = shell().run("request", "show", named);
    assertThat(shown.out()).contains("may only look like others: \u201cp\u0430ypal\u201d");
    var signed = shell().run("approve", named, "--key", "ann.key");
    assertThat(signed.err()).contains("may only look like others: \u201cp\u0430ypal\u201d");
  }

  @Test
  void aReasonThatTheEntryDoesNotCommitToIsRefused() {
    var other = stub.request("pending").saying("reason", "Wants to look around");
    server.on("GET /v1/requests/" + id, 200, other.text());
    var result = shell().run("approve", id, "--key", "ann.key");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("disagree about reason", "nothing was signed");
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void aReasonThatTheServerDoesNotProveCanBeDeniedAndNotApproved() {
    var unproven = stub.request("pending").withholding("reasonSalt");
    server.on("GET /v1/requests/" + id, 200, unproven.text());
    var result = shell().run("approve", id, "--key", "ann.key");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("does not prove", "nothing was signed");
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));

    server.on("POST " + stub.path() + ":deny", body -> stub.decide(body, false));
    assertThat(shell().run("deny", id, "--key", "ann.key").err()).contains("the server's word");
    assertThat(server.asked()).anyMatch(line -> line.startsWith("POST"));
  }

  @Test
  void anEntryThatIsNotTheOneNamedIsRefused() {
    String other = acme.pin().hex();
    server.on(
        "GET /v1/requests/" + id,
        200,
        stub.request("pending").saying("requestSha256", other).text());
    assertThat(shell().run("approve", id, "--key", "ann.key").err())
        .contains("disagree about requestSha256");
  }

  @Test
  void aFalseProofIsNotCalledLogged() {
    server.on("POST " + stub.path() + ":approve", body -> stub.decide(body, true));
    var result = shell().run("approve", id, "--key", "ann.key");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("not proven", "inclusion proof");
    assertThat(result.out()).doesNotContain("logged");
  }

  @Test
  void aKeyOutsideTheKeyringIsDeniedBeforeAnythingIsSent() {
    var result = shell().run("approve", id, "--key", "mallory.key");
    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("not in the keyring of acme");
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void anotherGenesisThanTheOneRememberedIsRefused() {
    PrivateFile.replace(home.resolve("cli/pins/acme"), "0".repeat(64));
    var result = shell().run("approve", id, "--key", "ann.key");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("another genesis");
  }

  @Test
  void aPersonIsAskedAndMaySayNo() {
    var no = shell().typing("n\n").run("approve", id, "--key", "ann.key");
    assertThat(no.exit()).isEqualTo(2);
    assertThat(no.err()).contains("Approve this? [y/N]", "nothing was signed");
    assertThat(shell().typing("y\n").run("approve", id, "--key", "ann.key").exit()).isZero();
  }

  @Test
  void whatIsOverIsNotDecidedAgain() {
    for (var state :
        Map.of("lapsed", 6, "withdrawn", 5, "denied", 5, "revoked", 7, "approved", 1).entrySet()) {
      server.on("GET /v1/requests/" + id, 200, stub.request(state.getKey()).text());
      assertThat(shell().run("approve", id, "--key", "ann.key").exit())
          .as(state.getKey())
          .isEqualTo(state.getValue());
    }
  }
}
