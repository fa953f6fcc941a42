package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

/// The vectors of docs/spec/vectors about operations and their outcomes, each in a true bundle of
/// its own: every verifier accepts and refuses the same of them.
class OperationVectorsTest {
  private static final Path HOME = Path.of(System.getProperty("lockbox.home", ".."));
  private static final Path SPEC = HOME.resolve("docs/spec").toAbsolutePath();

  @TempDir private Path directory;

  /// A bundle, unpacked and as its zip, and the pin of its log.
  private record Sealed(Path zip, Path unpacked, String pin) {}

  private interface Verifier {
    Program verify(Sealed made) throws IOException, InterruptedException;
  }

  private static List<Fields> vectors() throws IOException {
    var file = Files.readAllBytes(SPEC.resolve("vectors/vectors.json"));
    return Fields.of(Json.read(file, 1 << 24), "vectors").objects("operations");
  }

  /// An approved request, a session for each that the vector names, and its entries word for word,
  /// as a gateway of ours would never write some of them.
  private Sealed sealed(Fields vector) throws IOException {
    var acme = new TenantFixture("acme", 1, new SettableClock());
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var protocol = vector.value("protocol", Protocol::parse);
    var given = vector.objects("entries");
    var sessions = new LinkedHashSet<SessionId>();
    given.forEach(entry -> sessions.add(entry.object("body").value("session", SessionId::new)));
    sessions.forEach(session -> acme.fromGateway(opened(acme, asked, session, protocol)));
    for (var entry : given) {
      append(acme, entry);
    }
    var entries = new ArrayList<Bytes>();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      entries.add(acme.log().entry(seq));
    }
    var whole =
        new Bundle(asked.submission().id(), entries, List.of(), acme.log().checkpoint(), Map.of());
    return written(whole, acme.pin());
  }

  private Sealed written(Bundle bundle, Hash pin) throws IOException {
    var zip = Files.write(directory.resolve("a.zip"), bundle.bytes().toArray());
    var unpacked = Files.createTempDirectory(directory, "unpacked");
    for (var file : bundle.files().entrySet()) {
      var path = unpacked.resolve(file.getKey());
      Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
      Files.write(path, file.getValue().toArray());
    }
    return new Sealed(zip, unpacked, pin.hex());
  }

  /// As of a gateway of this protocol, with the credential that belongs to it.
  private static SessionEvent.Opened opened(
      TenantFixture acme, TenantFixture.RequestEntry asked, SessionId session, Protocol protocol) {
    var plain = acme.opened(asked, session);
    var connect = acme.connectStatement(asked);
    var credential =
        switch (protocol) {
          case POSTGRESQL -> connect.credential();
          case HTTP -> new Credential.Token(Hash.sha256(new byte[32]));
          case SSH -> new Credential.OwnKey(asked.submission().engineer().key().keyId());
        };
    var signed =
        new ConnectStatement(
                connect.tenant(),
                connect.request(),
                connect.resource(),
                connect.engineer(),
                connect.user(),
                credential,
                connect.window(),
                connect.nonce())
            .unsigned()
            .signedBy(acme.key("engineer"));
    return new SessionEvent.Opened(
        session,
        plain.about(),
        plain.engineer(),
        plain.resource(),
        protocol,
        plain.level(),
        signed,
        plain.certificate(),
        plain.catalogue(),
        plain.clientAddress(),
        plain.clientApplication(),
        plain.expires());
  }

  private static void append(TenantFixture acme, Fields given) {
    var body = given.object("body");
    var session = body.value("session", SessionId::new);
    var n = body.number("n");
    SessionEvent plain =
        switch (given.text("type")) {
          case "outcome" -> OperationVectors.outcome(session, n);
          case "part" -> OperationVectors.part(session, n);
          default -> OperationVectors.operation(session, n);
        };
    var entry =
        new LogEntry(
            acme.log().origin(),
            acme.log().size(),
            acme.clock().instant(),
            plain,
            Optional.of(acme.stamp(plain)));
    var written = entry.bytes().utf8();
    assertThat(written).contains(plain.canonical());
    var wished = CanonicalJson.text(given.json("body"));
    acme.log().appendRaw(Bytes.ofUtf8(written.replace(plain.canonical(), wished)));
  }

  private void saysWhatTheyShould(Verifier verifier) throws IOException, InterruptedException {
    var said = new LinkedHashMap<String, Boolean>();
    var expected = new LinkedHashMap<String, Boolean>();
    for (var vector : vectors()) {
      var name = vector.text("name");
      expected.put(name, vector.flag("valid"));
      var program = verifier.verify(sealed(vector));
      assertThat(program.exit()).as(name + program.err()).isIn(0, 1);
      assertThat(program.err().contains("NOT VERIFIED: ")).as(name).isEqualTo(program.exit() == 1);
      said.put(name, program.exit() == 0);
    }
    assertThat(expected.values()).contains(true, false);
    assertThat(said).isEqualTo(expected);
  }

  @Test
  void oursDoes() throws Exception {
    saysWhatTheyShould(
        made ->
            switch (BundleCheck.verify(
                Files.readAllBytes(made.zip()), Optional.of(Hash.ofHex(made.pin())))) {
              case BundleCheck.Valid _ -> new Program(0, "", "");
              case BundleCheck.Invalid broken ->
                  new Program(1, "", "NOT VERIFIED: " + broken.where() + ": " + broken.what());
              case BundleCheck.Newer newer -> new Program(3, "", newer.toString());
            });
  }

  @Test
  void theOneWrittenFromTheSpecificationDoes() throws Exception {
    saysWhatTheyShould(made -> ScriptedVerifiers.python(made.zip(), made.pin()));
  }

  @Test
  void theShortOneDoes() throws Exception {
    saysWhatTheyShould(made -> ScriptedVerifiers.go(directory, made.zip(), made.pin()));
  }

  @Test
  @Tag("slow")
  void theShellScriptDoes() throws Exception {
    for (var tool : List.of("bash", "openssl", "jq")) {
      Program.need(tool, Map.of(), tool, tool.equals("openssl") ? "version" : "--version");
    }
    saysWhatTheyShould(made -> Program.run(made.unpacked(), "bash", "verify.sh", made.pin()));
  }

  @Test
  void thePageDoes() throws Exception {
    saysWhatTheyShould(
        made ->
            ScriptedVerifiers.page(made.unpacked().resolve("verify.html"), made.zip(), made.pin()));
  }
}
