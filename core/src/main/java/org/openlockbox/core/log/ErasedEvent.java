package org.openlockbox.core.log;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.statement.Erasure;
import org.openlockbox.core.subject.SubjectId;

/// Texts that the log commits to were erased, in the transaction that wrote this entry. The
/// commitments stay, so every proof does. Not believed before [Erasures] has checked who may say
/// so.
public sealed interface ErasedEvent extends EntryBody {
  @Override
  default EntryType type() {
    return EntryType.ERASED;
  }

  /// Whether this, written at index `own`, says that a text of this kind at index `seq` is gone.
  boolean covers(long own, long seq, TextKind kind);

  static ErasedEvent parse(Fields body) {
    return body.has("envelope")
        ? SignedErasure.of(Envelope.parse(body.object("envelope")))
        : RetentionOver.parse(body.object("retention"));
  }

  /// Approvers signed for it; `claimed` is what the envelope says.
  record SignedErasure(Envelope envelope, Erasure claimed) implements ErasedEvent {
    /// Throws [MalformedJson] if the envelope holds no erasure.
    public static SignedErasure of(Envelope envelope) {
      envelope.require(Erasure.PAYLOAD_TYPE, "an erasure");
      return new SignedErasure(envelope, Erasure.parse(envelope.payloadJson()));
    }

    /// Why those who signed may not have this erased by an entry at this index and time; empty if
    /// they may.
    public Optional<String> fault(Keyring keyring, long own, Instant at) {
      var genesis = keyring.genesis();
      if (!claimed.tenant().equals(genesis.tenant())
          || !claimed.origin().equals(genesis.origin())) {
        return Optional.of("signed for another tenant or another log");
      }
      if (!at.isBefore(claimed.notAfter())) {
        return Optional.of("the time in which the erasure could be carried out is over");
      }
      if (claimed.scope() instanceof Erasure.ErasureScope.ChosenEntries(var indices)
          && indices.getLast() >= own) {
        return Optional.of("it names an entry that there is not yet");
      }
      if (valid(keyring).size() != envelope.signatures().size()) {
        return Optional.of("a signature that is false, double, or of no key in the keyring");
      }
      int needed =
          switch (claimed.scope()) {
            case Erasure.ErasureScope.ChosenEntries _ -> 1;
            case Erasure.ErasureScope.Everything() -> keyring.quorum();
          };
      return approvers(keyring).size() < needed
          ? Optional.of("not signed by a quorum of the approvers")
          : Optional.empty();
    }

    private List<ApproverKey> valid(Keyring keyring) {
      var keys = keyring.keys().stream().map(ApproverKey::key).toList();
      var signed =
          SignatureCheck.valid(keys, envelope).stream()
              .map(SignatureCheck.Valid::key)
              .collect(Collectors.toSet());
      return keyring.keys().stream().filter(key -> signed.contains(key.key())).toList();
    }

    /// The approvers of this keyring who signed, each once.
    public SortedSet<SubjectId> approvers(Keyring keyring) {
      var people = new TreeSet<>(Comparator.comparing(SubjectId::value));
      valid(keyring).forEach(key -> people.add(key.approver()));
      return people;
    }

    @Override
    public Json.Object toJson() {
      return EntryBody.enveloped(envelope);
    }

    @Override
    public boolean covers(long own, long seq, TextKind kind) {
      return switch (claimed.scope()) {
        case Erasure.ErasureScope.ChosenEntries(var indices) ->
            Collections.binarySearch(indices, seq) >= 0;
        case Erasure.ErasureScope.Everything() -> seq < own;
      };
    }
  }

  /// Their time was over: the settings that the tenant signed, in the entry with index `settings`,
  /// say how long texts of a kind are kept. Every text of a kind in an entry before the index given
  /// for it is gone.
  record RetentionOver(long settings, SortedMap<TextKind, Long> before) implements ErasedEvent {
    public RetentionOver {
      before = new TreeMap<>(before);
      if (before.isEmpty() || before.values().stream().anyMatch(index -> index < 1)) {
        throw new MalformedJson("retention: 'before' names a kind, and an index of 1 or more");
      }
    }

    static RetentionOver parse(Fields retention) {
      var before = new TreeMap<TextKind, Long>();
      var each = retention.object("before");
      for (var kind : TextKind.values()) {
        if (each.has(kind.word())) {
          before.put(kind, each.number(kind.word()));
        }
      }
      each.done();
      var expired = new RetentionOver(retention.number("settings"), before);
      retention.done();
      return expired;
    }

    @Override
    public Json.Object toJson() {
      var each = Json.object();
      before.forEach((kind, index) -> each.put(kind.word(), index));
      return Json.object()
          .put(
              "retention",
              Json.object().put("settings", settings).put("before", each.build()).build())
          .build();
    }

    @Override
    public boolean covers(long own, long seq, TextKind kind) {
      return seq < before.getOrDefault(kind, 0L);
    }
  }
}
