package org.openlockbox.core.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.TextKind;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.ProvenEntry;
import org.openlockbox.core.log.Unproven;

/// Which texts of one log are gone, on whose word. Takes the proven entries in log order, and
/// believes an erasure only from those who may order it: an approver for single entries, a quorum
/// for everything, the retention periods that a quorum signed for what is older than they allow.
public final class Erasures {
  private final List<ErasureRecord> erased = new ArrayList<>();
  private final Set<Bytes> carriedOut = new HashSet<>();
  private final Map<TextKind, Times> times = new EnumMap<>(TextKind.class);

  /// An erasure in the log: at which index, when, on whose word, and why.
  public record ErasureRecord(long seq, Instant at, String by, String why, ErasedEvent event) {
    /// Instead of a text of this kind.
    public String told(TextKind kind) {
      return "%s erased on %s by %s (entry %d: %s)".formatted(kind.word(), at, by, seq, why);
    }
  }

  public Erasures() {}

  /// The erasures among these entries of a log whose keeper checked each when it was written;
  /// `keyring` is the newest.
  public static Erasures kept(Keyring keyring, Collection<LogEntry> entries) {
    var erasures = new Erasures();
    for (var entry : entries) {
      if (entry.body() instanceof ErasedEvent event) {
        erasures.add(entry, keyring.at(entry.seq()), event);
      }
    }
    return erasures;
  }

  /// Throws [Unproven] for an erasure that an honest server would not have logged.
  public void take(ProvenEntry proven) {
    var entry = proven.entry();
    for (var text : entry.body().texts()) {
      times.computeIfAbsent(text.kind(), _ -> new Times()).add(entry.seq(), entry.time());
    }
    if (proven.entry().body() instanceof ErasedEvent event) {
      switch (event) {
        case ErasedEvent.SignedErasure signed -> signed(proven, signed);
        case ErasedEvent.RetentionOver expired -> expired(proven, expired);
      }
    }
  }

  /// Each text must be older than the period of its kind, by the settings in force.
  private void expired(ProvenEntry proven, ErasedEvent.RetentionOver expired) {
    var keyring = proven.keyring();
    if (expired.settings() != keyring.settingsSince()) {
      throw Unproven.at(proven.seq(), "it names other settings than those in force");
    }
    expired
        .before()
        .forEach(
            (kind, before) -> {
              var period = keyring.settings().retention().get(kind);
              if (period == null || before > proven.seq()) {
                throw Unproven.at(
                    proven.seq(), "the approvers let nobody erase this " + kind.word());
              }
              var kept = times.get(kind);
              if (kept != null
                  && kept.newestBefore(before).isAfter(proven.entry().time().minus(period))) {
                throw Unproven.at(
                    proven.seq(), "it erased a %s before its time".formatted(kind.word()));
              }
            });
    add(proven.entry(), keyring, expired);
  }

  /// When the texts of one kind were logged, by the index of their entry.
  private static final class Times {
    private final NavigableMap<Long, Instant> newest = new TreeMap<>();

    /// An entry is kept only if it is the newest so far: times go up, but for a clock set back.
    void add(long seq, Instant at) {
      if (newest.isEmpty() || at.isAfter(newest.lastEntry().getValue())) {
        newest.put(seq, at);
      }
    }

    /// The newest time of an entry before this index.
    Instant newestBefore(long index) {
      var entry = newest.lowerEntry(index);
      return entry == null ? Instant.MIN : entry.getValue();
    }
  }

  private void signed(ProvenEntry proven, ErasedEvent.SignedErasure signed) {
    var fault = signed.fault(proven.keyring(), proven.seq(), proven.entry().time());
    if (fault.isPresent()) {
      throw Unproven.at(proven.seq(), fault.get());
    }
    if (wasCarriedOut(signed)) {
      throw Unproven.at(proven.seq(), "an erasure that was carried out before");
    }
    add(proven.entry(), proven.keyring(), signed);
  }

  private void add(LogEntry entry, Keyring keyring, ErasedEvent event) {
    erased.add(
        switch (event) {
          case ErasedEvent.SignedErasure signed -> {
            carriedOut.add(signed.envelope().payload());
            yield new ErasureRecord(
                entry.seq(), entry.time(), who(keyring, signed), signed.claimed().reason(), signed);
          }
          case ErasedEvent.RetentionOver expired ->
              new ErasureRecord(
                  entry.seq(),
                  entry.time(),
                  "the retention period",
                  "settings of entry " + expired.settings(),
                  expired);
        });
  }

  /// The approvers who signed.
  public static String who(Keyring keyring, ErasedEvent.SignedErasure signed) {
    return signed.approvers(keyring).stream()
        .map(Object::toString)
        .collect(Collectors.joining(", "));
  }

  /// Whether this very statement was carried out.
  public boolean wasCarriedOut(ErasedEvent.SignedErasure signed) {
    return carriedOut.contains(signed.envelope().payload());
  }

  /// What erased the text of this kind in the entry at this index.
  public Optional<ErasureRecord> of(long seq, TextKind kind) {
    return erased.stream()
        .filter(each -> seq < each.seq() && each.event().covers(each.seq(), seq, kind))
        .findFirst();
  }
}
