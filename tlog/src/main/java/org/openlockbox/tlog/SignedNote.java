package org.openlockbox.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A text with signature lines under it (C2SP signed-note). `format(parse(x))` equals `x`. Holding
/// one proves nothing: read [#text] only after [#check].
public record SignedNote(String text, List<NoteSignature> signatures) {
  /// Longest note that is read, in bytes.
  public static final int MAX_BYTES = 200_000;

  /// Most signature lines that are read (the specification demands at least 16).
  public static final int MAX_SIGNATURES = 64;

  public SignedNote {
    checkText(text);
    signatures = List.copyOf(signatures);
    if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
      throw new MalformedNote("a note has 1 to %d signatures".formatted(MAX_SIGNATURES));
    }
  }

  public static SignedNote of(String text, NoteSignature... signatures) {
    return new SignedNote(text, List.of(signatures));
  }

  public static SignedNote parse(byte[] utf8) {
    if (utf8.length > MAX_BYTES) {
      throw new MalformedNote("a note has at most %d bytes".formatted(MAX_BYTES));
    }
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new MalformedNote("a note is UTF-8 text", e);
    }
  }

  /// The text ends at the last empty line; each line after it is a signature.
  public static SignedNote parse(String note) {
    if (note.length() > MAX_BYTES) {
      throw new MalformedNote("a note has at most %d bytes".formatted(MAX_BYTES));
    }
    int split = note.lastIndexOf("\n\n");
    if (split < 0 || !note.endsWith("\n")) {
      throw new MalformedNote("a note is a text, an empty line and signature lines");
    }
    var signatures = new ArrayList<NoteSignature>();
    int at = split + 2;
    while (at < note.length()) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw new MalformedNote("a note has at most %d signatures".formatted(MAX_SIGNATURES));
      }
      int end = note.indexOf('\n', at);
      signatures.add(NoteSignature.parse(note.substring(at, end)));
      at = end + 1;
    }
    return new SignedNote(note.substring(0, split + 1), signatures);
  }

  public String format() {
    var note = new StringBuilder(text).append('\n');
    for (var signature : signatures) {
      note.append(signature.line()).append('\n');
    }
    return note.toString();
  }

  /// The same text with one more signature, e.g. a witness's.
  public SignedNote with(NoteSignature signature) {
    var all = new ArrayList<>(signatures);
    all.add(signature);
    return new SignedNote(text, all);
  }

  /// Verifies the lines of all known keys. Lines of other keys are ignored, even if they share the
  /// name or the key id with a known one; one false line of a known key refuses the whole note.
  public NoteCheck check(List<NoteVerifier> known) {
    var by = new ArrayList<NoteVerifier>();
    for (var signature : signatures) {
      for (var verifier : known) {
        if (!verifier.isNamedBy(signature)) {
          continue;
        }
        if (!verifier.verifies(text, signature)) {
          return new NoteCheck.Invalid("the signature of " + verifier.name() + " is false");
        }
        if (!by.contains(verifier)) {
          by.add(verifier);
        }
      }
    }
    return by.isEmpty()
        ? new NoteCheck.Invalid("no known key has signed the note")
        : new NoteCheck.Valid(text, by);
  }

  /// A text is not empty, ends in a newline and has no other control character.
  static String checkText(String text) {
    if (!text.endsWith("\n")) {
      throw new MalformedNote("a note text ends in a newline");
    }
    if (text.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
      throw new MalformedNote("a note text has no control characters but newlines");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MalformedNote("a note text has no lone surrogates");
    }
    return text;
  }
}
