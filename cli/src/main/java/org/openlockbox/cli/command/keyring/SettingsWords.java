package org.openlockbox.cli.command.keyring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.cli.command.Durations;
import org.openlockbox.cli.terminal.FieldList;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.tlog.NoteVerifier;

/// A tenant's settings in words, all of them: a witness is its keys, so each key is told.
public final class SettingsWords {
  private SettingsWords() {}

  public static FieldList of(Settings settings) {
    FieldList facts =
        new FieldList()
            .add("access", settings.access().word())
            .add("witnesses", witnesses(settings.witness()));
    if (settings.witness().demands()) {
      facts.add("max unwitnessed", Durations.words(settings.maxUnwitnessed()));
    }
    facts
        .add("own witness", witnesses(settings.ownWitness()))
        .add("retention", retention(settings.retention()));
    List<NoteVerifier> keys =
        Stream.of(settings.witness(), settings.ownWitness())
            .flatMap(policy -> policy.keys().stream())
            .toList();
    for (int i = 0; i < keys.size(); i++) {
      facts.add("witness key " + (i + 1), key(keys.get(i)));
    }
    return facts;
  }

  private static String witnesses(WitnessPolicy policy) {
    return policy.demands()
        ? policy.quorum() + " of " + String.join(", ", policy.names())
        : "none demanded";
  }

  /// A vkey of ML-DSA has 1750 characters.
  private static String key(NoteVerifier key) {
    return "%s, SHA-256 of its vkey %s"
        .formatted(key.name(), Bytes.ofUtf8(key.vkey()).sha256().hex());
  }

  private static String retention(Map<TextKind, Duration> kept) {
    return kept.isEmpty()
        ? "texts are kept until they are erased"
        : kept.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> entry.getKey().word() + " " + Durations.words(entry.getValue()))
            .collect(Collectors.joining(", "));
  }
}
