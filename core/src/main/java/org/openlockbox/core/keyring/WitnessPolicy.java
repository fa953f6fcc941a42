package org.openlockbox.core.keyring;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.tlog.Ed25519Verifier;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.NoteVerifier;
import org.openlockbox.tlog.SignedNote;

/// Which witnesses are believed, and how many of them have to have cosigned a checkpoint. A witness
/// is its name; one with two keys counts once.
public record WitnessPolicy(int quorum, List<NoteVerifier> keys) {
  /// Nobody has to cosign.
  public static final WitnessPolicy NONE = new WitnessPolicy(0, List.of());

  private static final int MOST_KEYS = 20;

  public WitnessPolicy {
    keys = List.copyOf(keys);
    if (quorum < 0 || quorum > keys.stream().map(NoteVerifier::name).distinct().count()) {
      throw new IllegalArgumentException("a quorum of 0 up to the number of witnesses");
    }
    var points = keys.stream().map(key -> Bytes.of(key.typed())).distinct().count();
    if (points != keys.size()) {
      throw new IllegalArgumentException("a witness key twice");
    }
  }

  /// Reads `{"keys":[vkey,…],"quorum":n}` as [#toJson] writes it: the keys sorted, all of them
  /// kinds that witnesses sign with, a quorum of at least one.
  static WitnessPolicy parse(Fields fields) {
    try {
      var texts = fields.texts("keys");
      var policy =
          new WitnessPolicy(
              fields.count("quorum"), texts.stream().map(NoteVerifier::parse).toList());
      fields.done();
      if (policy.quorum < 1 || texts.size() > MOST_KEYS || !policy.vkeys().equals(texts)) {
        throw new MalformedJson("witness keys are sorted, at most 20, their quorum at least 1");
      }
      if (policy.keys.stream().anyMatch(Ed25519Verifier.class::isInstance)) {
        throw new MalformedJson("a witness signs with a key of type 0x04 or 0x06");
      }
      return policy;
    } catch (MalformedNote | IllegalArgumentException e) {
      throw new MalformedJson("witnesses: " + e.getMessage(), e);
    }
  }

  Json.Object toJson() {
    return Json.object().putTexts("keys", vkeys()).put("quorum", quorum).build();
  }

  private List<String> vkeys() {
    return keys.stream().map(NoteVerifier::vkey).sorted().toList();
  }

  /// The witnesses, each once.
  public List<String> names() {
    return keys.stream().map(NoteVerifier::name).distinct().sorted().toList();
  }

  /// Whether it asks for anything.
  public boolean demands() {
    return quorum > 0;
  }

  /// The latest time at which a quorum of the witnesses had cosigned the note; empty if there are
  /// fewer, or if a line of one of these keys is false.
  public Optional<Instant> witnessed(SignedNote note) {
    var times = new HashMap<String, Long>();
    for (var line : note.signatures()) {
      for (var key : keys) {
        if (!key.isNamedBy(line)) {
          continue;
        }
        long time = line.time();
        if (time <= 0 || !key.verifies(note.text(), line)) {
          return Optional.empty();
        }
        times.merge(key.name(), time, Math::max);
      }
    }
    return times.values().stream()
        .sorted(Comparator.reverseOrder())
        .skip(Math.max(0, quorum - 1))
        .findFirst()
        .filter(_ -> quorum > 0)
        .map(Instant::ofEpochSecond);
  }
}
