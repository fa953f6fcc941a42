package org.openlockbox.core.bundle;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.testing.Passkey;
import org.openlockbox.core.testing.SshTestKey;
import org.openlockbox.core.testing.SshTestKey.TestKeyForm;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;
import org.openlockbox.tlog.tree.JointProof;
import org.openlockbox.tlog.tree.MerkleTree;

/// Makes docs/spec/vectors/vectors.json: true ones, and for each rule one that breaks it.
final class Vectors {
  private static final String TYPE = "application/vnd.lockbox.decision.v1+json";
  private static final Bytes PAYLOAD = payload("approve");
  private static final Bytes OTHER = payload("deny");

  private final Map<String, List<Json.Object>> all = new LinkedHashMap<>();

  static String text() {
    var vectors = new Vectors();
    vectors.canonical();
    vectors.plain("ed25519", SoftwareKey.generate(Scheme.ED25519, new SecureRandom()));
    vectors.plain("ecdsa", SoftwareKey.generate(Scheme.ECDSA_P256, new SecureRandom()));
    vectors.webauthn();
    vectors.sshsig("ssh-ed25519", SshTestKey.plain(Scheme.ED25519));
    vectors.sshsig("ssh-ecdsa", SshTestKey.plain(Scheme.ECDSA_P256));
    vectors.sshsig("sk-ed25519", SshTestKey.onSecurityKey(Scheme.ED25519, "ssh:"));
    vectors.sshsig("sk-ecdsa", SshTestKey.onSecurityKey(Scheme.ECDSA_P256, "ssh:acme"));
    vectors.joint();
    GatewayVectors.all().forEach(each -> vectors.add("gateways", each));
    OperationVectors.all().forEach(each -> vectors.add("operations", each));
    var kinds = new ArrayList<String>();
    vectors.all.forEach(
        (kind, list) ->
            kinds.add(
                "\"%s\":[\n%s\n]"
                    .formatted(
                        kind,
                        String.join(",\n", list.stream().map(CanonicalJson::text).toList()))));
    return "{" + String.join(",\n", kinds) + "}\n";
  }

  private void add(String kind, Json.Object vector) {
    all.computeIfAbsent(kind, key -> new ArrayList<>()).add(vector);
  }

  private void canonical() {
    document("plain", "{\"a\":1,\"b\":[true,false,\"x\"]}", true);
    document("escapes", "\"\\\"\\\\\\n\\t/é€😀\"", true);
    document("sorted by UTF-16", "{\"😀\":1,\"ﬁ\":2}", true);
    document("largest number", "9007199254740991", true);
    document("smallest number", "-9007199254740991", true);
    document("16 levels", "[".repeat(16) + "]".repeat(16), true);
    document("17 levels", "[".repeat(17) + "]".repeat(17), false);
    document("sorted by code point", "{\"ﬁ\":2,\"😀\":1}", false);
    document("white space", "{\"a\": 1}", false);
    document("unsorted", "{\"b\":1,\"a\":2}", false);
    document("a member twice", "{\"a\":1,\"a\":1}", false);
    document("a fraction", "1.0", false);
    document("an exponent", "1e3", false);
    document("minus zero", "-0", false);
    document("a leading zero", "01", false);
    document("beyond 2^53 - 1", "9007199254740992", false);
    document("an escape too much", "\"\\u0041\"", false);
    document("an escaped slash", "\"\\/\"", false);
    document("a control as an escape", "\"\\u0000\"", false);
    document("a lone surrogate", "\"\\ud800\"", false);
    document("right to left", "\"a\u202eb\"", false);
    document("zero width", "\"a\u200bb\"", false);
    document("a byte order mark", "\ufeff1", false);
    document("something after it", "1 ", false);
    document("a newline after it", "1\n", false);
    document("a newline in a text", "\"a\nb\"", false);
    add(
        "canonical",
        document("canonical: no UTF-8", Bytes.of(new byte[] {'"', (byte) 0xff, '"'}), false));
    add("canonical", document("canonical: overlong", Bytes.ofHex("22c1a122"), false));
  }

  private void document(String name, String text, boolean valid) {
    var bytes = Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    add("canonical", document("canonical: " + name, bytes, valid));
  }

  private static Json.Object document(String name, Bytes bytes, boolean valid) {
    return Json.object().put("name", name).put("document", bytes).put("valid", valid).build();
  }

  private static Bytes payload(String decision) {
    return Bytes.of(CanonicalJson.bytes(Json.object().put("decision", decision).build()));
  }

  private static Bytes pae() {
    return Envelope.pae(TYPE, PAYLOAD);
  }

  private void signature(
      String kind,
      String name,
      VerifyingKey key,
      Bytes payload,
      Signature signature,
      boolean valid) {
    add(
        kind,
        Json.object()
            .put("name", name)
            .put("key", key.toJson())
            .put("pae", Envelope.pae(TYPE, payload))
            .put("envelope", new Envelope(TYPE, payload, List.of(signature)).toJson())
            .put("valid", valid)
            .build());
  }

  private void plain(String name, SoftwareKey secret) {
    var key = secret.key();
    var good = secret.sign(pae());
    signature("signatures", name + ": true", key, PAYLOAD, good, true);
    signature("signatures", name + ": another message", key, OTHER, good, false);
    for (int at = 0; at < good.sig().size(); at += 7) {
      var bent = good.sig().toArray();
      bent[at] ^= 4;
      var false_ = new Signature.OverPae(key.keyId(), key.scheme(), Bytes.of(bent));
      signature("signatures", name + ": bit 2 of byte " + at, key, PAYLOAD, false_, false);
    }
    var longer =
        new Signature.OverPae(key.keyId(), key.scheme(), good.sig().plus(Bytes.ofHex("00")));
    signature("signatures", name + ": a byte after it", key, PAYLOAD, longer, false);
    var other = SoftwareKey.generate(key.scheme(), new SecureRandom());
    signature("signatures", name + ": another key", other.key(), PAYLOAD, good, false);
    var renamed = new Signature.OverPae(other.key().keyId(), key.scheme(), good.sig());
    signature(
        "signatures", name + ": another key under its id", other.key(), PAYLOAD, renamed, false);
  }

  private void webauthn() {
    var passkey = Passkey.es256(new SecureRandom());
    var key = passkey.key();
    var data = Passkey.authenticatorData(Passkey.RP_ID, Passkey.UP_UV);
    var client = Passkey.clientData(pae());
    signature(
        "webauthn", "passkey: true", key, PAYLOAD, ((PrivateSigner) passkey).sign(pae()), true);
    signature("webauthn", "passkey: another message", key, OTHER, passkey.sign(pae()), false);
    var clients =
        Map.of(
            "a registration", client.replace("webauthn.get", "webauthn.create"),
            "a payment", client.replace("webauthn.get", "payment.get"),
            "another challenge", client.replace(Passkey.challenge(pae()), Passkey.challenge(data)),
            "another origin", client.replace(Passkey.ORIGIN, Passkey.ORIGIN + ".evil.example"),
            "in a foreign frame", client.replace("\"crossOrigin\":false", "\"crossOrigin\":true"),
            "under another top", client.replace("}", ",\"topOrigin\":\"https://evil.example\"}"),
            "a member twice", client.replace("}", ",\"type\":\"webauthn.get\"}"));
    clients.forEach(
        (name, text) ->
            signature(
                "webauthn", "passkey: " + name, key, PAYLOAD, passkey.sign(text, data), false));
    for (int flags : new int[] {0x00, 0x01, 0x04, 0x07, 0x0d, 0x15, 0x1d, 0x25, 0x45, 0x85}) {
      var odd = Passkey.authenticatorData(Passkey.RP_ID, flags);
      signature(
          "webauthn", "passkey: flags " + flags, key, PAYLOAD, passkey.sign(client, odd), false);
    }
    var elsewhere = Passkey.authenticatorData("evil.example", Passkey.UP_UV);
    signature(
        "webauthn", "passkey: another site", key, PAYLOAD, passkey.sign(client, elsewhere), false);
    signature(
        "webauthn",
        "passkey: a byte more",
        key,
        PAYLOAD,
        passkey.sign(client, data.plus(Bytes.ofHex("00"))),
        false);
  }

  private void sshsig(String name, SshTestKey secret) {
    var key = secret.key();
    var good = secret.blob(pae(), TestKeyForm.USUAL);
    sshsig(name + ": true", key, good, true);
    sshsig(name + ": SHA-256", key, secret.blob(pae(), form("lockbox@v1", "", "sha256", 5)), true);
    sshsig(name + ": SHA-384", key, secret.blob(pae(), form("lockbox@v1", "", "sha384", 5)), false);
    sshsig(name + ": another use", key, secret.blob(pae(), form("file", "", "sha512", 5)), false);
    sshsig(
        name + ": reserved", key, secret.blob(pae(), form("lockbox@v1", "x", "sha512", 5)), false);
    signature("sshsig", name + ": another message", key, OTHER, secret.sign(pae()), false);
    for (int at = 0; at < good.size(); at += 7) {
      var bent = good.toArray();
      bent[at] ^= 4;
      sshsig(name + ": bit 2 of byte " + at, key, Bytes.of(bent), false);
    }
    sshsig(name + ": a byte after it", key, good.plus(Bytes.ofHex("00")), false);
    sshsig(name + ": a byte less", key, good.slice(0, good.size() - 1), false);
    var spki = key.spki();
    var direct = spki.size() == 44 ? Scheme.ED25519 : Scheme.ECDSA_P256;
    var raw = new Signature.OverPae(key.keyId(), direct, good);
    signature("sshsig", name + ": under another scheme", key, PAYLOAD, raw, false);
    var elsewhere = VerifyingKey.enrolSecurityKey(spki, "ssh:elsewhere");
    sshsig(name + ": another application", elsewhere, good, false);
    if (key.application().isPresent()) {
      for (int flags : new int[] {0x00, 0x01, 0x04, 0x07, 0x0d, 0x15, 0x45, 0x85}) {
        var odd = secret.blob(pae(), form("lockbox@v1", "", "sha512", flags));
        sshsig(name + ": flags " + flags, key, odd, false);
      }
      sshsig(
          name + ": not on a security key", VerifyingKey.enrol(Scheme.SSHSIG, spki), good, false);
    }
  }

  private static TestKeyForm form(String namespace, String reserved, String hash, int flags) {
    return new TestKeyForm(namespace, reserved, hash, flags);
  }

  private void sshsig(String name, VerifyingKey key, Bytes blob, boolean valid) {
    var signature = new Signature.OverPae(key.keyId(), Scheme.SSHSIG, blob);
    signature("sshsig", name, key, PAYLOAD, signature, valid);
  }

  private void joint() {
    for (int size : new int[] {1, 2, 3, 7, 8, 13}) {
      var leaves = new ArrayList<Hash>();
      for (int i = 0; i < size; i++) {
        leaves.add(MerkleTree.leafHash(new byte[] {(byte) i}));
      }
      for (int step : new int[] {1, 2, 3, 5}) {
        var proofs = new ArrayList<InclusionProof>();
        for (int i = step - 1; i < size; i += step) {
          proofs.add(new InclusionProof(i, size, proof(i, leaves)));
        }
        if (!proofs.isEmpty()) {
          joint(
              "joint: every %d. of %d".formatted(step, size), leaves, JointProof.of(size, proofs));
        }
      }
    }
  }

  /// RFC 6962 section 2.1.1 word for word.
  private static List<Hash> proof(int index, List<Hash> leaves) {
    if (leaves.size() == 1) {
      return List.of();
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    var left = leaves.subList(0, k);
    var right = leaves.subList(k, leaves.size());
    var path = new ArrayList<>(index < k ? proof(index, left) : proof(index - k, right));
    path.add(MerkleTree.rootOf(index < k ? right : left));
    return path;
  }

  private void joint(String name, List<Hash> tree, JointProof proof) {
    var leaves = proof.indexes().stream().map(i -> tree.get(i.intValue())).toList();
    var root = MerkleTree.rootOf(tree);
    joint(name, proof, leaves, root, true);
    joint(name + ", another root", proof, leaves, MerkleTree.emptyRoot(), false);
    var more = new ArrayList<>(proof.hashes());
    more.add(root);
    joint(
        name + ", a hash more",
        new JointProof(proof.size(), proof.indexes(), more),
        leaves,
        root,
        false);
    if (!proof.hashes().isEmpty()) {
      var fewer = proof.hashes().subList(1, proof.hashes().size());
      joint(
          name + ", a hash less",
          new JointProof(proof.size(), proof.indexes(), fewer),
          leaves,
          root,
          false);
    }
  }

  private void joint(String name, JointProof proof, List<Hash> leaves, Hash root, boolean valid) {
    add(
        "joint",
        Json.object()
            .put("name", name)
            .put("size", proof.size())
            .put("indexes", proof.indexes().stream().map(Json.Number::new).toList())
            .putTexts("leaves", leaves.stream().map(Hash::hex).toList())
            .putTexts("hashes", proof.hashes().stream().map(Hash::hex).toList())
            .put("root", root)
            .put("valid", valid)
            .build());
  }
}
