package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

/// What an approver erases of one request must not be what another one left, whatever the server
/// says that it is.
final class EraseCommandTest {
  @TempDir private Path home;
  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());
  private final StubServer server = new StubServer();
  private final TenantFixture.RequestEntry asked = acme.ask(1);
  private final SessionId own = acme.session();
  private final SessionId other = acme.session();
  private final List<Bytes> left = new ArrayList<>();
  private LogEntry ofOther = LogEntry.parse(acme.log().entry(0));
  private String erased = "";

  @BeforeEach
  void twoSessions() {
    new LogStub(acme, server);
    PrivateFile.create(home.resolve("keys/ann.key"), KeyFile.format(acme.key("ann")));
    left.add(acme.log().entry(asked.ref().index()));
    left.add(acme.fromGateway(acme.opened(asked, own)).bytes());
    acme.fromGateway(acme.opened(acme.ask(1), other));
    left.add(acme.fromGateway(operation(own)).bytes());
    ofOther = acme.fromGateway(operation(other));
    server.on("GET /v1/tenants/acme/log", body -> shown());
    server.on("POST /v1/tenants/acme/erasures", this::erases);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SessionEvent.Operation operation(SessionId session) {
    return new SessionEvent.Operation(
        session, 0, acme.commit("select 1"), Optional.empty(), "query", SqlFacts.of("select"));
  }

  private String shown() {
    var entries = left.stream().map(LogStub::shown).toList();
    return CanonicalJson.text(Json.object().put("entries", entries).build());
  }

  private String erases(String body) {
    erased = Erasure.parse(LogStub.envelope(body).payloadJson()).scope().toString();
    return "{}";
  }

  private Shell.Result erases() {
    return new Shell(home.resolve("cli"), acme.clock())
        .at(server)
        .run(
            "erase",
            asked.submission().id().value(),
            "--tenant",
            "acme",
            "--key",
            "ann.key",
            "--reason",
            "Carl asked for it");
  }

  @Test
  void whatTheRequestLeftIsSignedFor() {
    assertThat(erases().err()).contains("the server's answer has no proof");
    assertThat(erased).contains("[1, 5]");
  }

  @Test
  void anEntryOfAnotherRequestIsNot() {
    left.add(ofOther.bytes());
    refused("entry 6 as one of");
  }

  @Test
  void anEntryThatIsNotInTheLogIsNot() {
    var false_ =
        new LogEntry(
            acme.log().origin(), ofOther.seq(), ofOther.time(), operation(own), ofOther.gateway());
    left.add(false_.bytes());
    refused("entry 6 is not in the log");
  }

  private void refused(String why) {
    var result = erases();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains(why);
    assertThat(server.asked()).noneMatch(line -> line.startsWith("POST"));
  }
}
