package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.JointProof;

/// The vectors of docs/spec/vectors, by us and by other people's programs: what we accept, they
/// accept. `-Dlockbox.spec.write` makes new ones.
class VectorsTest {
  private static final Path HOME = Path.of(System.getProperty("lockbox.home", ".."));
  private static final Path DIRECTORY = HOME.resolve("docs/spec/vectors").toAbsolutePath();
  private static final Map<String, String> NPM =
      Map.of("LOCKBOX_NPM", HOME.resolve("e2e/target/npm").toAbsolutePath().toString());

  @TempDir private Path scratch;

  @BeforeAll
  static void write() throws IOException {
    if (System.getProperty("lockbox.spec.write") != null) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(DIRECTORY.resolve("vectors.json"), Vectors.text());
      var complete = new CompleteBundle();
      Files.write(DIRECTORY.resolve("bundle.zip"), complete.bundle().bytes().toArray());
      Files.writeString(DIRECTORY.resolve("bundle.pin"), complete.pin() + "\n");
    }
  }

  private static Fields vectors() throws IOException {
    var file = Files.readAllBytes(DIRECTORY.resolve("vectors.json"));
    return Fields.of(Json.read(file, 1 << 24), "vectors");
  }

  /// Name and verdict of each vector.
  private static Map<String, Boolean> expected(String... kinds) throws IOException {
    var expected = new LinkedHashMap<String, Boolean>();
    for (var kind : kinds) {
      for (var vector : vectors().objects(kind)) {
        assertThat(expected.put(vector.text("name"), vector.flag("valid"))).isNull();
      }
    }
    return expected;
  }

  @Test
  void theBundleOfTheVectorsHolds() throws IOException {
    var zip = Files.readAllBytes(DIRECTORY.resolve("bundle.zip"));
    var pin = Hash.ofHex(Files.readString(DIRECTORY.resolve("bundle.pin")).strip());
    assertThat(BundleCheck.verify(zip, Optional.of(pin))).isInstanceOf(BundleCheck.Valid.class);
  }

  @Test
  void weSayOfEachVectorWhatItSays() throws IOException {
    var said = new LinkedHashMap<String, Boolean>();
    var vectors = vectors();
    for (var vector : vectors.objects("canonical")) {
      said.put(vector.text("name"), accepts(vector.bytes("document")));
    }
    for (var kind : List.of("signatures", "webauthn", "sshsig")) {
      for (var vector : vectors.objects(kind)) {
        said.put(vector.text("name"), holds(vector));
      }
    }
    for (var vector : vectors.objects("joint")) {
      var indexes = vector.array("indexes").stream().map(i -> ((Json.Number) i).value()).toList();
      var proof = new JointProof(vector.number("size"), indexes, hashes(vector, "hashes"));
      said.put(vector.text("name"), proof.proves(hashes(vector, "leaves"), vector.hash("root")));
    }
    assertThat(said).isEqualTo(expected("canonical", "signatures", "webauthn", "sshsig", "joint"));
    assertThat(said.values()).contains(true, false);
  }

  private static List<Hash> hashes(Fields vector, String name) {
    return vector.texts(name).stream().map(Hash::ofHex).toList();
  }

  private static boolean accepts(Bytes document) {
    try {
      CanonicalJson.parse(document);
      return true;
    } catch (MalformedJson refused) {
      return false;
    }
  }

  private static boolean holds(Fields vector) {
    var key = VerifyingKey.parse(vector.object("key"));
    var envelope = Envelope.parse(vector.object("envelope"));
    assertThat(envelope.pae()).isEqualTo(vector.bytes("pae"));
    return SignatureCheck.verify(key, envelope, envelope.signatures().getFirst())
        instanceof SignatureCheck.Valid;
  }

  @Test
  void theVerifierOfTheSpecificationSaysTheSame() throws Exception {
    Program.need("python3-cryptography", Map.of(), "/usr/bin/python3", "-c", "import cryptography");
    var said =
        said(
            Program.run(
                scratch,
                "/usr/bin/python3",
                Path.of("src/test/python/vectors.py").toAbsolutePath().toString(),
                HOME.resolve("docs/spec").toAbsolutePath().toString(),
                DIRECTORY.resolve("vectors.json").toString()));
    assertThat(said).isEqualTo(expected("canonical", "signatures", "webauthn", "sshsig", "joint"));
  }

  /// All but members that occur twice, which a browser's own JSON reader hides in client data.
  @Test
  void thePageOfEveryBundleSaysTheSame() throws Exception {
    Program.need("node", Map.of(), "node", "--version");
    var page = scratch.resolve("verify.html");
    Files.write(
        page, Optional.ofNullable(Bundle.HELPERS.get("verify.html")).orElseThrow().toArray());
    var said =
        said(
            Program.run(
                scratch,
                "node",
                Path.of("src/test/node/page-vectors.mjs").toAbsolutePath().toString(),
                page.toString(),
                DIRECTORY.resolve("vectors.json").toString()));
    var expected = expected("canonical", "signatures", "webauthn", "sshsig", "joint");
    expected.put("passkey: a member twice", true);
    assertThat(said).isEqualTo(expected);
  }

  /// `canonicalize` and `@simplewebauthn/server` of npm.
  @Test
  void otherPackagesAcceptWhatWeAccept() throws Exception {
    Program.need(
        "npm install canonicalize @simplewebauthn/server (build/test.sh)",
        NPM,
        "node",
        "-e",
        "const npm = process.env.LOCKBOX_NPM; require('module').createRequire(npm + '/')"
            + "('@simplewebauthn/server');"
            + " require('fs').statSync(npm + '/node_modules/canonicalize/lib/canonicalize.js')");
    var script = Path.of("src/test/node/oracles.mjs").toAbsolutePath().toString();
    var said = said(Program.run(scratch, NPM, List.of("node", script, DIRECTORY.toString())));
    var expected = expected("canonical", "webauthn");
    assertThat(said).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, valid) -> {
          if (valid) {
            assertThat(said).as("what we accept").containsEntry(name, true);
          }
        });
    var laxer = new ArrayList<String>();
    said.forEach(
        (name, yes) -> {
          if (yes && !expected.getOrDefault(name, false)) {
            laxer.add(name);
          }
        });
    System.out.println("- accepted by others and refused by us: " + laxer);
    assertThat(said.get("passkey: another challenge")).isFalse();
    assertThat(said.get("passkey: another origin")).isFalse();
    assertThat(said.get("passkey: another site")).isFalse();
  }

  @Test
  void opensslSaysTheSameOfPlainSignatures() throws Exception {
    Program.need("openssl", Map.of(), "openssl", "version");
    for (var vector : vectors().objects("signatures")) {
      var key = VerifyingKey.parse(vector.object("key"));
      var signature = Envelope.parse(vector.object("envelope")).signatures().getFirst();
      Files.write(scratch.resolve("key"), key.spki().toArray());
      Files.write(scratch.resolve("message"), vector.bytes("pae").toArray());
      Files.write(scratch.resolve("sig"), signature.sig().toArray());
      var words =
          new ArrayList<>(
              List.of("openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey"));
      words.addAll(List.of("key", "-rawin", "-in", "message", "-sigfile", "sig"));
      if (key.scheme() == Scheme.ECDSA_P256) {
        words.addAll(List.of("-digest", "sha256"));
      }
      var name = vector.text("name");
      if (key.keyId().equals(signature.keyId())) {
        assertThat(Program.run(scratch, Map.of(), words).exit() == 0)
            .as(name)
            .isEqualTo(vector.flag("valid"));
      }
    }
  }

  /// What we accept of SSH keys, `ssh-keygen -Y verify` accepts.
  @Test
  void sshKeygenAcceptsWhatWeAccept() throws Exception {
    SshKeygen.need();
    var ssh = new SshKeygen(scratch);
    var laxer = new ArrayList<String>();
    int accepted = 0;
    for (var vector : vectors().objects("sshsig")) {
      var key = VerifyingKey.parse(vector.object("key"));
      var signature = Envelope.parse(vector.object("envelope")).signatures().getFirst();
      boolean theirs = ssh.accepts(key, vector.bytes("pae"), signature.sig());
      if (vector.flag("valid")) {
        assertThat(theirs).as(vector.text("name")).isTrue();
        accepted++;
      } else if (theirs) {
        laxer.add(vector.text("name"));
      }
    }
    assertThat(accepted).isEqualTo(8);
    System.out.println("- accepted by ssh-keygen and refused by us: " + laxer);
  }

  private static Map<String, Boolean> said(Program program) {
    assertThat(program.exit()).as(program.err()).isZero();
    var said = new LinkedHashMap<String, Boolean>();
    program
        .out()
        .lines()
        .forEach(
            line -> {
              int split = line.lastIndexOf(' ');
              said.put(line.substring(0, split), line.endsWith(" yes"));
            });
    return said;
  }
}
