package org.openlockbox.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// ML-DSA-44 lines (C2SP tlog-cosignature, type 0x06): the published vector of another
/// implementation, and what both keys of a log protect from.
class MlDsaTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static String resource(String name) throws IOException {
    try (var in = MlDsaTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theVectorOfTorchwoodVerifies() throws IOException {
    var vkey = resource("torchwood-mldsa.vkey").strip();
    var note = resource("torchwood-mldsa.note");
    var verifier = NoteVerifier.parse(vkey);
    assertThat(verifier).isInstanceOf(MlDsaVerifier.class);
    assertThat(verifier.vkey()).isEqualTo(vkey);
    assertThat(verifier.keyId()).isEqualTo(0xb5df45c5);
    assertThat(SignedNote.parse(note).format()).isEqualTo(note);
    assertThat(Checkpoint.open(SignedNote.parse(note), LogVerifier.of(verifier)))
        .hasValueSatisfying(checkpoint -> assertThat(checkpoint.size()).isEqualTo(1));
    var other = note.replace("\n1\n", "\n2\n");
    assertThat(Checkpoint.open(SignedNote.parse(other), LogVerifier.of(verifier))).isEmpty();
  }

  @Test
  void theSignedMessageOfTheVectorHasTheseBytes() {
    var checkpoint =
        new Checkpoint(
            "example.com/mldsa-log",
            1,
            Hash.ofBase64("+zoErtsZtGO6sfiSV/v4UJSIyowisE8hvjw0q5+bD38="));
    assertThat(
            HexFormat.of().formatHex(MlDsaVerifier.message("example.com/mldsa-log", checkpoint, 0)))
        .isEqualTo(
            "737562747265652f76310a00156578616d706c652e636f6d2f6d6c6473612d6c6f67"
                + "0000000000000000156578616d706c652e636f6d2f6d6c6473612d6c6f67"
                + "00000000000000000000000000000001"
                + "fb3a04aedb19b463bab1f89257fbf8509488ca8c22b04f21be3c34ab9f9b0f7f");
  }

  @Test
  void aCheckpointNeedsTheLineOfEachKey() {
    var signer = SigningKeys.generate(RANDOM).logSigner("log.example/t/acme");
    var checkpoint = new Checkpoint("log.example/t/acme", 0, MerkleTree.emptyRoot());
    var note = signer.sign(checkpoint.format());
    assertThat(signer.verifier().isDual()).isTrue();
    assertThat(Checkpoint.open(note, signer.verifier())).hasValue(checkpoint);
    for (var line : note.signatures()) {
      var alone = SignedNote.of(note.text(), line);
      assertThat(Checkpoint.open(alone, signer.verifier())).isEmpty();
      assertThat(Checkpoint.open(alone.with(line), signer.verifier())).isEmpty();
    }
    var stranger = SigningKeys.generate(RANDOM).logSigner("log.example/t/acme");
    var mixed =
        SignedNote.of(
            note.text(),
            note.signatures().getFirst(),
            stranger.sign(note.text()).signatures().getLast());
    assertThat(Checkpoint.open(mixed, signer.verifier())).isEmpty();
  }

  @Test
  void everyChangedByteOfAnMlDsaLineRefusesTheNote() {
    var signer = SigningKeys.generate(RANDOM).logSigner("log.example/t/acme").signers().getLast();
    var text = new Checkpoint("log.example/t/acme", 0, MerkleTree.emptyRoot()).format();
    var line = signer.signature(text);
    assertThat(signer.verifier().verifies(text, line)).isTrue();
    var bytes = line.signature();
    assertThat(bytes).hasSize(8 + MlDsaKey.SIGNATURE_LENGTH);
    for (int at = 0; at < bytes.length; at += 7) {
      var changed = bytes.clone();
      changed[at] ^= 1;
      var forged = NoteSignature.of("log.example/t/acme", line.keyId(), changed);
      assertThat(signer.verifier().verifies(text, forged)).as("byte %d", at).isFalse();
    }
    var shorter = NoteSignature.of("log.example/t/acme", line.keyId(), new byte[3]);
    assertThat(signer.verifier().verifies(text, shorter)).isFalse();
  }

  @Test
  void aLogHasOneNameAndNoWitnessKeys() {
    var keys = SigningKeys.generate(RANDOM);
    var acme = keys.logVerifier("log.example/t/acme").keys();
    var globex = keys.logVerifier("log.example/t/globex").keys();
    var witness = keys.cosigners("log.example/t/acme").getFirst().verifier();
    for (var bad :
        List.of(
            List.<NoteVerifier>of(),
            List.of(acme.getFirst(), globex.getLast()),
            List.of(acme.getFirst(), acme.getFirst()),
            List.of(acme.getFirst(), witness))) {
      assertThatThrownBy(() -> new LogVerifier(bad)).isInstanceOf(MalformedNote.class);
    }
    assertThat(LogVerifier.of(acme.getLast(), acme.getFirst()).isDual()).isFalse();
    assertThat(LogVerifier.of(acme.getFirst()).isDual()).isFalse();
  }

  @Test
  void keysAreReadBackAndOnlyWhole() {
    var keys = SigningKeys.generate(RANDOM);
    var read = SigningKeys.parse(keys.format());
    assertThat(read.logVerifier("a")).isEqualTo(keys.logVerifier("a"));
    assertThat(read.format()).isEqualTo(keys.format());
    var other = SigningKeys.generate(RANDOM).format();
    int half = keys.format().indexOf("-----BEGIN PRIVATE", 10);
    int foreign = other.indexOf("-----BEGIN PUBLIC", other.indexOf("-----BEGIN PRIVATE", 10));
    int own = keys.format().indexOf("-----BEGIN PUBLIC", half);
    for (var bad :
        List.of(
            "",
            keys.format().substring(0, half),
            keys.format() + keys.format(),
            keys.format().substring(half) + keys.format().substring(0, half),
            keys.format().substring(0, own) + other.substring(foreign),
            "A".repeat(30_000))) {
      assertThatThrownBy(() -> SigningKeys.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(keys.toString()).doesNotContain("PRIVATE");
  }
}
