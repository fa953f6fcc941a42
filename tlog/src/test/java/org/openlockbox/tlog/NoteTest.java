package org.openlockbox.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoteTest {
  /// The worked example of C2SP signed-note.
  private static final String VKEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  private static final String NOTE =
      """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
      """;

  private static NoteSigner signer(String name) {
    try {
      var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      var point = Ed25519Point.ofSpki(pair.getPublic().getEncoded());
      return new NoteSigner(new Ed25519Verifier(name, point), MessageSigner.of(pair.getPrivate()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SignedNote note(NoteSigner signer, String text) {
    return SignedNote.of(text, signer.signature(text));
  }

  @Test
  void theExampleOfTheSpecificationVerifies() {
    var verifier = NoteVerifier.parse(VKEY);
    assertThat(verifier.vkey()).isEqualTo(VKEY);
    assertThat(verifier.keyId()).isEqualTo(0x530d903a);
    var note = SignedNote.parse(NOTE);
    assertThat(note.format()).isEqualTo(NOTE);
    assertThat(note.check(List.of(verifier)))
        .isInstanceOfSatisfying(
            NoteCheck.Valid.class,
            verified -> {
              assertThat(verified.text()).isEqualTo("This is an example message.\n");
              assertThat(verified.by()).containsExactly(verifier);
            });
  }

  @Test
  void aChangedTextIsRefused() {
    var note = SignedNote.parse(NOTE.replace("example message", "exemple message"));
    assertThat(note.check(List.of(NoteVerifier.parse(VKEY)))).isInstanceOf(NoteCheck.Invalid.class);
  }

  @Test
  void linesOfUnknownKeysAreIgnored() {
    var known = signer("example.com/log");
    var text = "text\n";
    var note = note(known, text);
    // Same name with another id, same id with another name, another kind of key.
    var stranger = signer("example.com/log").signature(text);
    var impostor = NoteSignature.of("example.com/other", known.verifier().keyId(), new byte[64]);
    var witness = NoteSignature.of("witness.example", 7, new byte[2428]);
    var all =
        new SignedNote(text, List.of(stranger, impostor, witness, note.signatures().getFirst()));
    assertThat(SignedNote.parse(all.format())).isEqualTo(all);
    assertThat(all.check(List.of(known.verifier()))).isInstanceOf(NoteCheck.Valid.class);
    var only = new SignedNote(text, List.of(stranger, impostor, witness));
    assertThat(only.check(List.of(known.verifier()))).isInstanceOf(NoteCheck.Invalid.class);
  }

  @Test
  void oneFalseLineOfAKnownKeyRefusesTheNote() {
    var log = signer("example.com/log");
    var witness = signer("witness.example");
    var text = "text\n";
    var known = List.of(log.verifier(), witness.verifier());
    var good = note(log, text).with(witness.signature(text));
    assertThat(good.check(known)).isInstanceOf(NoteCheck.Valid.class);
    var bad = note(log, text).with(witness.signature("other\n"));
    assertThat(bad.check(known)).isInstanceOf(NoteCheck.Invalid.class);
    var twice = note(log, text).with(log.signature("other\n"));
    assertThat(twice.check(known)).isInstanceOf(NoteCheck.Invalid.class);
    var shortened = NoteSignature.of("example.com/log", log.verifier().keyId(), new byte[63]);
    assertThat(note(log, text).with(shortened).check(known)).isInstanceOf(NoteCheck.Invalid.class);
  }

  @Test
  void sixteenSignaturesAreAcceptedAndThousandsAreNot() {
    var log = signer("example.com/log");
    var note = note(log, "text\n");
    for (int i = 1; i < SignedNote.MAX_SIGNATURES; i++) {
      note = note.with(NoteSignature.of("w" + i, i, new byte[2428]));
    }
    assertThat(SignedNote.MAX_SIGNATURES).isGreaterThanOrEqualTo(16);
    var sixteen = new SignedNote(note.text(), note.signatures().subList(0, 16));
    assertThat(SignedNote.parse(sixteen.format().getBytes(UTF_8)).check(List.of(log.verifier())))
        .isInstanceOf(NoteCheck.Valid.class);
    var tooMany = sixteen.format() + (note.signatures().get(3).line() + "\n").repeat(64);
    assertThatThrownBy(() -> SignedNote.parse(tooMany)).isInstanceOf(MalformedNote.class);
    var tooLong = new byte[SignedNote.MAX_BYTES + 1];
    assertThatThrownBy(() -> SignedNote.parse(tooLong)).isInstanceOf(MalformedNote.class);
  }

  @Test
  void theTextEndsAtTheLastEmptyLine() {
    var log = signer("example.com/log");
    var text = "a\n\nb\n\n— not a signature\n";
    var note = SignedNote.parse(note(log, text).format());
    assertThat(note.text()).isEqualTo(text);
    assertThat(note.check(List.of(log.verifier()))).isInstanceOf(NoteCheck.Valid.class);
  }

  @Test
  void whatIsNoNoteIsRefused() {
    var line = NOTE.substring(NOTE.indexOf('—'));
    for (var bad :
        List.of(
            "",
            "\n",
            "\n\n",
            "text\n",
            "text\n\n",
            "text\n" + line,
            "\n\n" + line.strip(),
            "text\n\n" + line.strip(),
            "text\r\n\n" + line,
            "te\0xt\n\n" + line,
            "te\txt\n\n" + line,
            "text\ud800\n\n" + line,
            "text\n\n" + line.replace("—", "-"),
            "text\n\n" + line.replace("— ", "—"),
            "text\n\n" + line.replace("foo ", "foo  "),
            "text\n\n" + line.replace("foo", "f+o"),
            "text\n\n" + line.replace("foo", "f\u00a0o"),
            "text\n\n" + line.replace("example.com/foo ", ""),
            "text\n\n" + line.replace("=", ""),
            "text\n\n" + line.replace("aQM=", "aQN="),
            "text\n\n" + line.replace("\n", " \n"),
            "text\n\n— foo AAAAAA==\n",
            "text\n\n— foo\n",
            "text\n\n" + line + "junk\n")) {
      assertThatThrownBy(() -> SignedNote.parse(bad)).as(bad).isInstanceOf(MalformedNote.class);
    }
    assertThatThrownBy(() -> SignedNote.parse(new byte[] {'t', (byte) 0xff, '\n', '\n'}))
        .isInstanceOf(MalformedNote.class);
  }

  @Test
  void aVkeyHasOneSpellingAndItsOwnId() {
    var key = VKEY.substring(VKEY.lastIndexOf('+') + 1);
    for (var bad :
        List.of(
            "",
            "example.com/foo",
            VKEY + "\n",
            "+530d903a+" + key,
            "example.com/bar+530d903a+" + key,
            "example.com/foo+530D903A+" + key,
            "example.com/foo+530d903b+" + key,
            "example.com/foo+0530d903a+" + key,
            "example.com/foo+530d903a+" + key.replace("Aeky", "Beky"),
            "example.com/foo+530d903a+AA==",
            "example.com/foo+530d903a+CA==",
            "example.com/foo+530d903a+" + "A".repeat(3000))) {
      assertThatThrownBy(() -> NoteVerifier.parse(bad)).as(bad).isInstanceOf(MalformedNote.class);
    }
  }

  @Test
  void aSignerShowsOnlyItsPublicHalf() {
    var log = signer("example.com/log");
    assertThat(log).hasToString("signer of " + log.verifier().vkey());
  }
}
