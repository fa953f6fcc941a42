package org.openlockbox.core.keyring;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.tlog.NoteVerifier;

/// What a tenant's approvers demand of everybody, signed by a quorum of them as one whole; the
/// newest settings replace all that were before.
///
/// `witness` says which witnesses of the epoch log are believed and how many of them must have
/// cosigned before a session opens; when the last epoch that they cosigned is older than
/// `maxUnwitnessed`, sessions end. `ownWitness` is the tenant's own witness of its own log: it must
/// have cosigned a checkpoint that covers the decision. `retention` says how long texts are kept at
/// most; a kind that is not named is kept for ever. `access` switches all access on and off.
public record Settings(
    WitnessPolicy witness,
    Duration maxUnwitnessed,
    WitnessPolicy ownWitness,
    Map<TextKind, Duration> retention,
    ProviderAccess access) {
  /// How old the last witnessed epoch may be, unless the tenant says otherwise.
  public static final Duration MAX_UNWITNESSED = Duration.ofSeconds(60);

  private static final String WHAT = "settings";

  /// There is an epoch every five seconds; two may be missed.
  private static final Duration LEAST_UNWITNESSED = Duration.ofSeconds(10);

  private static final Duration MOST_UNWITNESSED = Duration.ofDays(1);
  private static final Duration LEAST_RETENTION = Duration.ofHours(1);
  private static final Duration MOST_RETENTION = Duration.ofDays(36_525);

  /// Nothing is demanded.
  public static final Settings NONE =
      new Settings(
          WitnessPolicy.NONE,
          MAX_UNWITNESSED,
          WitnessPolicy.NONE,
          Map.of(),
          ProviderAccess.ENABLED);

  public Settings {
    retention = Map.copyOf(retention);
    within(maxUnwitnessed, LEAST_UNWITNESSED, MOST_UNWITNESSED, "maxUnwitnessed");
    retention.forEach(
        (kind, kept) -> within(kept, LEAST_RETENTION, MOST_RETENTION, "retention." + kind.word()));
    if (ownWitness.keys().stream().map(NoteVerifier::name).distinct().count() > 1) {
      throw new MalformedJson(WHAT + ": a tenant has one witness of its own");
    }
  }

  /// The same with this access.
  public Settings with(ProviderAccess other) {
    return new Settings(witness, maxUnwitnessed, ownWitness, retention, other);
  }

  private static void within(Duration value, Duration least, Duration most, String member) {
    if (value.compareTo(least) < 0
        || value.compareTo(most) > 0
        || !value.truncatedTo(ChronoUnit.SECONDS).equals(value)) {
      throw new MalformedJson(
          "%s: '%s' is whole seconds from %s to %s".formatted(WHAT, member, least, most));
    }
  }

  static Settings parse(Fields fields) {
    var witness = fields.optionalObject("witness");
    if (witness.isPresent() != fields.has("maxUnwitnessed")) {
      throw new MalformedJson(WHAT + ": 'maxUnwitnessed' is there exactly with 'witness'");
    }
    var settings =
        new Settings(
            witness.map(WitnessPolicy::parse).orElse(WitnessPolicy.NONE),
            fields.optionalDuration("maxUnwitnessed").orElse(MAX_UNWITNESSED),
            fields
                .optionalObject("ownWitness")
                .map(WitnessPolicy::parse)
                .orElse(WitnessPolicy.NONE),
            fields.optionalObject("retention").map(Settings::retention).orElse(Map.of()),
            fields.optionalValue("access", Settings::access).orElse(ProviderAccess.ENABLED));
    fields.done();
    return settings;
  }

  private static ProviderAccess access(String word) {
    if (word.equals(ProviderAccess.ENABLED.word())) {
      throw new IllegalArgumentException("is left out where it is enabled");
    }
    return ProviderAccess.parse(word);
  }

  private static Map<TextKind, Duration> retention(Fields fields) {
    var kept = new EnumMap<TextKind, Duration>(TextKind.class);
    for (var kind : TextKind.values()) {
      fields.optionalDuration(kind.word()).ifPresent(period -> kept.put(kind, period));
    }
    fields.done();
    if (kept.isEmpty()) {
      throw new MalformedJson(WHAT + ": 'retention' names at least one kind of text");
    }
    return kept;
  }

  /// Members that demand nothing are left out.
  public Json.Object toJson() {
    var json = Json.object();
    if (witness.demands()) {
      json.put("witness", witness.toJson()).put("maxUnwitnessed", maxUnwitnessed);
    }
    if (ownWitness.demands()) {
      json.put("ownWitness", ownWitness.toJson());
    }
    if (!retention.isEmpty()) {
      var kept = Json.object();
      retention.forEach((kind, period) -> kept.put(kind.word(), period));
      json.put("retention", kept.build());
    }
    if (access != ProviderAccess.ENABLED) {
      json.put("access", access.word());
    }
    return json.build();
  }

  Stream<NoteVerifier> witnessKeys() {
    return Stream.concat(witness.keys().stream(), ownWitness.keys().stream());
  }

  /// In words that may be shown: `2 of 3 witnesses within PT1M; operation texts are kept PT720H`.
  public String words() {
    var words = new StringBuilder();
    if (access != ProviderAccess.ENABLED) {
      words.append("access is ").append(access.word());
    }
    if (witness.demands()) {
      words
          .append(words.isEmpty() ? "" : "; ")
          .append(
              "%d of %d witnesses within %s"
                  .formatted(witness.quorum(), witness.names().size(), maxUnwitnessed));
    }
    if (ownWitness.demands()) {
      words.append(words.isEmpty() ? "" : "; ").append("own witness ");
      words.append(String.join(", ", ownWitness.names()));
    }
    for (var kind : TextKind.values()) {
      if (retention.containsKey(kind)) {
        words
            .append(words.isEmpty() ? "" : "; ")
            .append("%s texts are kept %s".formatted(kind.word(), retention.get(kind)));
      }
    }
    return words.isEmpty() ? "nothing is demanded" : words.toString();
  }
}
