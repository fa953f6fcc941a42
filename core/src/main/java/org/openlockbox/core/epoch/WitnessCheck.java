package org.openlockbox.core.epoch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.Settings;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.ConsistencyProof;
import org.openlockbox.tlog.tree.Hash;

/// Whether what the witnesses have cosigned is what the tenant's settings demand. Pure.
public sealed interface WitnessCheck {
  /// How far a witness's clock may be ahead of ours.
  Duration SKEW = Duration.ofSeconds(30);

  /// It is.
  ///
  /// @param tip the larger of the head that was witnessed and the one that was known; what comes
  ///   later has to continue it
  /// @param epochs the epoch log's checkpoint that they cosigned, which may be smaller than the one
  ///   that was known: other witnesses, of another tenant, may have cosigned more; empty if no
  ///   epoch is demanded
  /// @param until as long as this holds without a newer epoch
  record Valid(LogTip tip, Optional<Checkpoint> epochs, Instant until) implements WitnessCheck {}

  /// It is not, or not yet, and why, in words that may be shown.
  record Invalid(String why) implements WitnessCheck {}

  /// How large a log was, with which root.
  record LogTip(long size, Hash root) {
    public static LogTip of(Checkpoint checkpoint) {
      return new LogTip(checkpoint.size(), checkpoint.root());
    }

    private boolean agrees(LogTip other, List<Hash> proof) {
      var smaller = size <= other.size ? this : other;
      var larger = size <= other.size ? other : this;
      return smaller.size == larger.size
          ? smaller.root.equals(larger.root)
          : smaller.size > 0
              && new ConsistencyProof(smaller.size, larger.size, proof)
                  .proves(smaller.root, larger.root);
    }
  }

  /// What the reader knows before it asks.
  ///
  /// @param keyring the tenant's, with the settings in force
  /// @param log the epoch log that the tenant's own log names
  /// @param tip what it has seen proven of the log, and asked the view for
  /// @param epochs the last checkpoint of that epoch log that it believed
  /// @param covers how many entries must have been witnessed
  record ReaderState(
      Keyring keyring, EpochLog log, LogTip tip, Optional<Checkpoint> epochs, long covers) {}

  /// Judges a view at this time.
  static WitnessCheck of(ReaderState known, WitnessView view, Instant now) {
    var settings = known.keyring().settings();
    var fault = settings.ownWitness().demands() ? own(known, settings, view) : "";
    if (!fault.isEmpty()) {
      return new Invalid(fault);
    }
    return settings.witness().demands()
        ? epoch(known, settings, view, now)
        : new Valid(known.tip(), known.epochs(), Instant.MAX);
  }

  private static WitnessCheck epoch(
      ReaderState known, Settings settings, WitnessView view, Instant now) {
    if (view.epoch().isEmpty()) {
      return new Invalid("no epoch was cosigned by the witnesses that the customer believes");
    }
    return switch (view.epoch().get().check(known.keyring(), known.log(), settings.witness())) {
      case EpochCheck.Invalid(var why) -> new Invalid(why);
      case EpochCheck.Valid proven -> proven(known, settings, proven, view, now);
    };
  }

  private static WitnessCheck proven(
      ReaderState known,
      Settings settings,
      EpochCheck.Valid proven,
      WitnessView view,
      Instant now) {
    var head = new LogTip(proven.head().size(), proven.head().root());
    var epochs = LogTip.of(proven.checkpoint());
    var witnessed = proven.witnessed().orElse(Instant.MIN);
    if (!proven.isNewest()) {
      return new Invalid("an old epoch under a newer checkpoint");
    }
    if (!head.agrees(known.tip(), view.consistency())) {
      return new Invalid("the witnessed head is of another log than the one shown");
    }
    if (known.epochs().isPresent()
        && !epochs.agrees(LogTip.of(known.epochs().get()), view.epochConsistency())) {
      return new Invalid("the epoch log does not continue the one seen before");
    }
    if (witnessed.isAfter(now.plus(SKEW))) {
      return new Invalid("a witness's clock is ahead of this one by more than " + SKEW);
    }
    var until = witnessed.plus(settings.maxUnwitnessed());
    if (!until.isAfter(now)) {
      return new Invalid(
          "the last epoch that the witnesses cosigned is of %s, older than %s"
              .formatted(witnessed, settings.maxUnwitnessed()));
    }
    if (head.size() < known.covers()) {
      return new Invalid(
          "the witnesses have seen %d entries, not yet the %d that decide"
              .formatted(head.size(), known.covers()));
    }
    var latest = now.plus(settings.maxUnwitnessed());
    return new Valid(
        head.size() > known.tip().size() ? head : known.tip(),
        Optional.of(proven.checkpoint()),
        until.isBefore(latest) ? until : latest);
  }

  private static String own(ReaderState known, Settings settings, WitnessView view) {
    if (view.own().isEmpty()) {
      return "the customer's own witness has cosigned nothing";
    }
    try {
      var note = SignedNote.parse(view.own().get().checkpoint());
      var opened = known.keyring().checkpointKeys().open(note);
      if (opened.isEmpty() || settings.ownWitness().witnessed(note).isEmpty()) {
        return "not cosigned by the customer's own witness";
      }
      var tip = LogTip.of(opened.get());
      if (!tip.agrees(known.tip(), view.own().get().consistency())) {
        return "the customer's own witness has cosigned another log than the one shown";
      }
      return tip.size() >= known.covers()
          ? ""
          : "the customer's own witness has seen %d entries, not yet the %d that decide"
              .formatted(tip.size(), known.covers());
    } catch (MalformedNote e) {
      return "what the customer's own witness cosigned is malformed: " + e.getMessage();
    }
  }
}
