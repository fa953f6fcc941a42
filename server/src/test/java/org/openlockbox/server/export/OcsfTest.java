package org.openlockbox.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange.Edit;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.Ticket;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.server.AuthoritySigned;
import org.openlockbox.server.Pause;
import org.openlockbox.server.Recorded;
import org.openlockbox.server.TestDirectory;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.identity.Role;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Events of every kind against the published OCSF 1.8.0, as build/ocsf-schema.py turned it into a
/// JSON Schema.
final class OcsfTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Schema SCHEMA = schema();
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  private static Schema schema() {
    try (var file =
        Objects.requireNonNull(
            OcsfTest.class.getResourceAsStream("/ocsf/ocsf-1.8.0.schema.json"))) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(new String(file.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void everythingHappens() {
    TestDirectory.write(
        SERVER, "eve", Map.of("country", "DE", "employer", "Vendor", "kind", "human"));
    policyAndTicket();
    SERVER.token("acme-second", "acme-bob", Role.APPROVER, Optional.of(ACME.id));
    ToldStory.happen(
        SERVER, ACME, List.of("select * from customers", "x".repeat(20_000), "select 'é\u0000'"));
    var denied = ACME.ask("helpdesk");
    var no = ACME.decision(TestTenant.ref(denied), "acme-ann", Optional.empty()).signedBy(ACME.key);
    ACME.step("acme-approver", denied, ":deny", TestTenant.envelope(no));
    var reviewed = ACME.ask("billing");
    ACME.step("reviewer", reviewed, ":review", Json.object().put("verdict", "reject").build());
    ACME.ask("helpdesk");
    SERVER.pass(Duration.ofHours(13));
    lostAndLeft();
    keysAndErasure();
    gateways();
    rolledBack();
    logKeys();
  }

  private static void logKeys() {
    var files = SERVER.logKeyFiles();
    files.prepare(TestTenant.RANDOM);
    files.begin();
    Pause.until("the log names its next keys", () -> types().containsKey("log-keys"));
  }

  /// The server's database is set back, and the logs go on.
  private static void rolledBack() {
    SERVER.stopLast();
    SERVER.dump("ocsf");
    var heads = SERVER.remembering();
    SERVER.startOver(heads);
    ACME.ask("helpdesk");
    ACME.verifiedLog();
    SERVER.server(0).buildEpoch();
    SERVER.stopLast();
    SERVER.restore("ocsf");
    try (var maintenance = SERVER.maintenance(heads)) {
      maintenance.recover(ACME.origin, "the disk was lost");
      maintenance.recoverEpochs("the disk was lost");
    }
    SERVER.startOver(heads);
    ACME.verifiedLog();
  }

  private static void policyAndTicket() {
    ACME.change(new Edit.ReplacePolicy(Policy.of(Mode.NEVER)));
    ACME.ask("helpdesk");
    ACME.change(new Edit.ReplacePolicy(Policy.ASK));
    var ticket =
        new Ticket(
            ACME.id,
            ACME.origin,
            "SUP-1",
            new SubjectId("acme-ann"),
            SERVER.clock.get().plus(Duration.ofHours(1)));
    var signed =
        SERVER.post(
            "acme-approver",
            "/v1/tenants/acme/tickets",
            TestTenant.envelope(ticket.unsigned().signedBy(ACME.key)));
    assertThat(signed.status()).isEqualTo(201);
  }

  private static void keysAndErasure() {
    var bob = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    ACME.change(new Edit.AddKey(new ApproverKey(new SubjectId("acme-bob"), "Bob", bob.key())), bob);
    ACME.change(new Edit.RemoveKey(bob.key().keyId()));
    var recorded = Recorded.of(ACME);
    recorded.demand(Map.of(TextKind.REASON, Duration.ofDays(365)));
    var erased = recorded.erase(recorded.erasure(recorded.statements().getFirst()));
    assertThat(erased.status()).as(erased.toString()).isEqualTo(201);
  }

  private static void gateways() {
    var key = SoftwareKey.generate(Scheme.ED25519, TestTenant.RANDOM);
    var revoked = AuthoritySigned.revocation("gw-2", key, SERVER.authority);
    assertThat(AuthoritySigned.bring(SERVER, revoked).status()).isEqualTo(200);
    var at = SERVER.clock.get().plus(Duration.ofDays(4));
    var change = AuthoritySigned.change(SERVER, key, at);
    assertThat(AuthoritySigned.bring(SERVER, change).status()).isEqualTo(200);
    Pause.until("told", () -> types().containsKey("gateway-authority"));
    var entry =
        ACME.verifiedLog().stream()
            .filter(one -> one.type() == EntryType.GATEWAY_AUTHORITY)
            .findFirst()
            .orElseThrow();
    ACME.change(new Edit.ObjectToAuthority(entry.bytes().sha256()));
  }

  private static void lostAndLeft() {
    var request = ACME.approve(ACME.ask("helpdesk"));
    var gateway = new TestGateway(SERVER, 0, "gw-2", "00000000000000bb");
    gateway.lease();
    var session = gateway.open(ACME, request);
    var copy = TestGateway.sql("copy letters from stdin");
    TestGateway.indices(
        gateway.append(
            gateway.entry(ACME, TestGateway.statement(session, 0, copy), copy),
            gateway.entry(ACME, part(session, copy.commitment()))));
    TestGateway.indices(gateway.append(gateway.entry(ACME, failed(request, session))));
    TestGateway.indices(gateway.append(gateway.entry(ACME, TestGateway.closed(session, true))));
    gateway.open(ACME, request);
    ACME.revoke(request);
    new TestGateway(SERVER, 0, "gw-2", "00000000000000cc").lease();
    Pause.until(
        "the request to lapse and the session to be lost",
        () -> types().keySet().containsAll(List.of("lapse", "session-lost")));
  }

  private static SessionEvent part(SessionId session, Commitment digest) {
    return new StreamPart(
        session, 0, 0, StreamPart.Direction.IN, 1_048_576, digest, Optional.empty());
  }

  private static SessionEvent failed(TestServer.Answer request, SessionId session) {
    return new SessionEvent.RemovalFailed(
        session, TestTenant.ref(request).id(), "the database does not answer");
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  /// Which of two events is the sample. Closings come in any order, and that of an access tells
  /// more than that of a request that never had any.
  private static JsonNode telling(JsonNode earlier, JsonNode later) {
    return earlier.has("start_time") && !later.has("start_time") ? earlier : later;
  }

  private static Map<String, JsonNode> types() {
    var types = new TreeMap<String, JsonNode>();
    for (var line : ToldStory.lines(SERVER, ACME.id, "format=ocsf&texts=true")) {
      var event = JSON.readTree(line);
      types.merge(event.at("/metadata/event_code").asString(), event, OcsfTest::telling);
    }
    return types;
  }

  @Test
  void everyKindOfEventIsOneThatTheSchemaAllows() {
    var lines = ToldStory.lines(SERVER, ACME.id, "format=ocsf&texts=true");
    for (var line : lines) {
      assertThat(SCHEMA.validate(line, InputFormat.JSON)).as(line).isEmpty();
    }
    for (var line : ToldStory.lines(SERVER, ACME.id, "format=ocsf")) {
      assertThat(SCHEMA.validate(line, InputFormat.JSON)).as(line).isEmpty();
    }
    var missing = new TreeSet<String>();
    for (var type : EntryType.values()) {
      missing.add(type.word());
    }
    missing.removeAll(types().keySet());
    assertThat(missing).as("types without a sample").isEmpty();
    assertThat(types()).containsKey("closing");
  }

  /// What a checker that checks nothing would let pass.
  static List<String> broken() {
    return List.of(
        "/metadata/version",
        "/metadata",
        "/time",
        "/type_uid",
        "/severity_id",
        "/entity",
        "/class_uid");
  }

  @ParameterizedTest
  @MethodSource("broken")
  void theSchemaRefusesAnEventWithoutWhatItDemands(String pointer) {
    var event = (ObjectNode) Objects.requireNonNull(types().get("request"));
    int slash = pointer.lastIndexOf('/');
    var parent = slash == 0 ? event : (ObjectNode) event.at(pointer.substring(0, slash));
    parent.remove(pointer.substring(slash + 1));
    assertThat(SCHEMA.validate(event.toString(), InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void theSchemaRefusesWhatItDoesNotKnow() {
    var event = (ObjectNode) Objects.requireNonNull(types().get("operation"));
    assertThat(SCHEMA.validate(event.deepCopy().put("lockbox", 1).toString(), InputFormat.JSON))
        .isNotEmpty();
    assertThat(
            SCHEMA.validate(event.deepCopy().put("type_uid", 600501).toString(), InputFormat.JSON))
        .isNotEmpty();
    assertThat(SCHEMA.validate(event.deepCopy().put("time", "now").toString(), InputFormat.JSON))
        .isNotEmpty();
    var without = event.deepCopy();
    without.remove("database");
    assertThat(SCHEMA.validate(without.toString(), InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void aLongTextIsCutAndSaysSo() {
    var cut =
        ToldStory.lines(SERVER, ACME.id, "format=ocsf&texts=true").stream()
            .map(JSON::readTree)
            .filter(event -> event.at("/metadata/is_truncated").asBoolean(false))
            .toList();
    assertThat(cut).hasSize(1);
    assertThat(cut.getFirst().at("/metadata/untruncated_size").asInt()).isEqualTo(20_000);
    assertThat(cut.getFirst().at("/query_info/query_string").asString()).hasSize(8_192);
  }

  /// The samples in docs/export.md are events as they were written once; what is written now has
  /// the same members.
  @Test
  void theSamplesInTheDocumentAreRealAndHold() throws IOException {
    var file = Path.of(System.getProperty("lockbox.home", "..")).resolve("docs/export.md");
    if (Boolean.getBoolean("lockbox.spec.write")) {
      write(file);
    }
    var samples = samples(Files.readString(file));
    assertThat(samples.keySet())
        .containsAll(List.of("request", "decision", "operation", "closing"));
    var now = types();
    samples.forEach(
        (type, sample) -> {
          assertThat(SCHEMA.validate(sample.toString(), InputFormat.JSON)).as(type).isEmpty();
          assertThat(members(sample))
              .as(type)
              .isEqualTo(members(Objects.requireNonNull(now.get(type))));
        });
  }

  private static Set<String> members(JsonNode event) {
    var names = new TreeSet<String>();
    for (var part : List.of("", "/metadata", "/unmapped", "/actor/user", "/entity")) {
      event.at(part).propertyNames().forEach(name -> names.add(part + "/" + name));
    }
    return names;
  }

  private static Map<String, JsonNode> samples(String document) {
    var samples = new TreeMap<String, JsonNode>();
    for (var block : document.split("```json\n", -1)) {
      int end = block.indexOf("\n```");
      if (block.startsWith("{") && end > 0) {
        var event = JSON.readTree(block.substring(0, end));
        samples.put(event.at("/metadata/event_code").asString(), event);
      }
    }
    return samples;
  }

  private static void write(Path file) throws IOException {
    var parts = new ArrayList<String>();
    for (var type :
        List.of("request", "decision", "session-open", "operation", "outcome", "closing")) {
      parts.add(
          "`%s`:\n\n```json\n%s\n```\n"
              .formatted(type, Objects.requireNonNull(types().get(type)).toPrettyString()));
    }
    var text = Files.readString(file);
    var mark = "<!-- samples: written by OcsfTest -->\n";
    Files.writeString(
        file,
        text.substring(0, text.indexOf(mark) + mark.length()) + "\n" + String.join("\n", parts));
  }
}
