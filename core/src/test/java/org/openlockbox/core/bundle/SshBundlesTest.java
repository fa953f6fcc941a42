package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SshSig;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SshTestKey;
import org.openlockbox.core.testing.SshTestKey.TestKeyForm;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

/// Whole bundles in which a security key approved, each time with a true signature: what it was
/// made for and what the key says of its user decide.
class SshBundlesTest {
  private static final List<TestKeyForm> REFUSED =
      List.of(
          new TestKeyForm(SshSig.NAMESPACE, "", "sha512", 0x01),
          new TestKeyForm(SshSig.NAMESPACE, "", "sha512", 0x04),
          new TestKeyForm(SshSig.NAMESPACE, "", "sha512", 0x0d),
          new TestKeyForm(SshSig.NAMESPACE, "x", "sha512", 0x05),
          new TestKeyForm("file", "", "sha512", 0x05));

  /// What verify.sh uses besides ssh-keygen.
  private static final List<String> TOOLS =
      ("awk base64 basenc bash cat cmp comm cut dirname grep head jq mkdir mktemp openssl rm"
              + " sha256sum sort split tail tr truncate uniq wc")
          .transform(names -> List.of(names.split(" ", -1)));

  @TempDir private Path directory;

  /// A bundle and the pin of its log.
  private record Sealed(Bundle bundle, Hash pin) {}

  private static Sealed approvedBy(SshTestKey kim, TestKeyForm form) {
    var acme = new TenantFixture("acme", 1, new SettableClock());
    var added = new ApproverKey(new SubjectId("kim"), "kim's key", kim.key());
    var change =
        new KeyringChange(
            acme.tenant(),
            acme.log().origin(),
            acme.pin(),
            1,
            new KeyringChange.Edit.AddKey(added));
    acme.log()
        .append(
            new KeyringEvent.KeyAdded(
                Envelope.unsigned(KeyringChange.PAYLOAD_TYPE, change.toJson())
                    .signedBy(acme.key("ann"))
                    .signedBy(kim)));
    var asked = acme.ask(1);
    var allowance = Allowance.asAsked(asked.submission(), acme.clock().instant());
    var decision = acme.decision(asked, "kim", Optional.of(allowance)).unsigned();
    acme.decide(decision.with(kim.sign(decision.pae(), form)));
    var entries = acme.log().proven(_ -> true);
    var bundle = Bundle.of(asked.submission().id(), entries, acme.log().checkpoint(), acme.texts());
    return new Sealed(bundle.disclosing(Disclosure.ALL), acme.pin());
  }

  /// Some verifier over an unpacked bundle beside its zip.
  private interface Verifier {
    Program verify(Path zip, Path unpacked, String pin) throws IOException, InterruptedException;
  }

  private void agrees(Verifier verifier) throws IOException, InterruptedException {
    for (var material : List.of(Scheme.ED25519, Scheme.ECDSA_P256)) {
      var kim = SshTestKey.onSecurityKey(material, "ssh:acme");
      var good = verified(verifier, approvedBy(kim, TestKeyForm.USUAL));
      assertThat(good.exit()).as(good.err()).isZero();
      for (var form : REFUSED) {
        var refused = verified(verifier, approvedBy(kim, form));
        assertThat(refused.exit()).as(form + refused.out()).isEqualTo(1);
        assertThat(refused.err()).contains("NOT VERIFIED: ");
      }
    }
  }

  private Program verified(Verifier verifier, Sealed sealed)
      throws IOException, InterruptedException {
    var zip = Files.write(directory.resolve("a.zip"), sealed.bundle().bytes().toArray());
    var unpacked = Files.createTempDirectory(directory, "unpacked");
    for (var file : StoredZip.read(sealed.bundle().bytes()).entrySet()) {
      var path = unpacked.resolve(file.getKey());
      Files.createDirectories(Optional.ofNullable(path.getParent()).orElseThrow());
      Files.write(path, file.getValue().toArray());
    }
    return verifier.verify(zip, unpacked, sealed.pin().hex());
  }

  @Test
  void weRefuseThem() {
    var kim = SshTestKey.onSecurityKey(Scheme.ED25519, "ssh:acme");
    var good = approvedBy(kim, TestKeyForm.USUAL);
    assertThat(BundleCheck.verify(good.bundle().bytes().toArray(), Optional.of(good.pin())))
        .isInstanceOf(BundleCheck.Valid.class);
    for (var form : REFUSED) {
      var bad = approvedBy(kim, form);
      assertThat(BundleCheck.verify(bad.bundle().bytes().toArray(), Optional.of(bad.pin())))
          .isInstanceOfSatisfying(
              BundleCheck.Invalid.class, broken -> assertThat(broken.where()).contains("entry 3"));
    }
  }

  @Test
  void theOneWrittenFromTheSpecificationRefusesThem() throws Exception {
    agrees((zip, _, pin) -> ScriptedVerifiers.python(zip, pin));
  }

  @Test
  void theShortOneRefusesThem() throws Exception {
    agrees((zip, _, pin) -> ScriptedVerifiers.go(directory, zip, pin));
  }

  @Test
  void thePageRefusesThem() throws Exception {
    agrees(
        (zip, unpacked, pin) -> ScriptedVerifiers.page(unpacked.resolve("verify.html"), zip, pin));
  }

  @Test
  void theShellScriptRefusesThem() throws Exception {
    needTheToolsOfTheScript();
    agrees((_, unpacked, pin) -> Program.run(unpacked, "bash", "verify.sh", pin));
  }

  private static void needTheToolsOfTheScript() throws InterruptedException {
    SshKeygen.need();
    for (var tool : List.of("bash", "jq")) {
      Program.need(tool, Map.of(), tool, "--version");
    }
    Program.need("openssl", Map.of(), "openssl", "version");
  }

  /// Not verified and not refuted: it says what is missing, with another exit code.
  @Test
  void withoutSshKeygenTheShellScriptSaysThatItCouldNotCheck() throws Exception {
    needTheToolsOfTheScript();
    var tools = Files.createDirectory(directory.resolve("tools"));
    for (var program : TOOLS) {
      var found = Program.run(directory, "sh", "-c", "command -v " + program).out().strip();
      var wrapper = tools.resolve(program);
      Files.writeString(wrapper, "#!/bin/sh\nexec %s \"$@\"\n".formatted(found));
      assertThat(wrapper.toFile().setExecutable(true)).isTrue();
    }
    var words = Map.of("PATH", tools.toString());
    var sealed = approvedBy(SshTestKey.onSecurityKey(Scheme.ED25519, "ssh:"), TestKeyForm.USUAL);
    var said =
        verified(
            (_, unpacked, pin) -> Program.run(unpacked, words, List.of("bash", "verify.sh", pin)),
            sealed);
    assertThat(said.exit()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains("NOT CHECKED: entry 1", "ssh-keygen is not installed");
  }
}
