package org.openlockbox.core.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.NewerVersion;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;

/// Entries of one tenant's log, each proven to be in the tree of one signed checkpoint, with the
/// keyring replayed from genesis, and the epoch log that they name. What the entries mean together
/// is not yet checked.
public record ProvenLog(
    Checkpoint checkpoint, Keyring keyring, EpochLog epochs, List<ProvenEntry> entries) {
  /// Entries that each come with a proof of their own. Throws [Unproven] at the first thing that
  /// does not hold.
  public static ProvenLog open(
      Optional<Hash> pin, TenantId tenant, List<LoggedEntry> logged, String checkpointNote) {
    var entries = logged.stream().map(LoggedEntry::entry).toList();
    var proofs = new Inclusion.Each(logged.stream().map(LoggedEntry::proof).toList());
    return open(pin, tenant, entries, proofs, checkpointNote);
  }

  /// Throws [Unproven] at the first thing that does not hold.
  public static ProvenLog open(
      Optional<Hash> pin,
      TenantId tenant,
      List<Bytes> logged,
      Inclusion inclusion,
      String checkpointNote) {
    if (logged.isEmpty()) {
      throw Unproven.at(0, "there is no genesis");
    }
    var genesisHash = logged.getFirst().sha256();
    if (pin.filter(expected -> !expected.equals(genesisHash)).isPresent()) {
      throw new Unproven("pin", "the log begins with another genesis than the one pinned");
    }
    var keyring = founded(parse(logged.getFirst(), 0), genesisHash);
    if (!keyring.genesis().tenant().equals(tenant)) {
      throw Unproven.at(0, "the log is another tenant's");
    }
    var parsed = parsed(logged, keyring.genesis().origin());
    var replayed = replayed(keyring, logged, parsed);
    var checkpoint = checkpoint(checkpointNote, replayed.getLast().keyring());
    var leaves = new ArrayList<Inclusion.Leaf>(parsed.size());
    for (int i = 0; i < parsed.size(); i++) {
      leaves.add(Inclusion.Leaf.of(parsed.get(i), logged.get(i).toArray()));
    }
    inclusion.require(checkpoint, leaves);
    return new ProvenLog(
        checkpoint, replayed.getLast().keyring(), epochs(keyring, replayed), replayed);
  }

  private static List<LogEntry> parsed(List<Bytes> logged, LogOrigin origin) {
    var parsed = new ArrayList<LogEntry>(logged.size());
    long next = 0;
    for (var bytes : logged) {
      var entry = parse(bytes, next);
      if (entry.seq() < next || !entry.origin().equals(origin)) {
        throw Unproven.at(entry.seq(), "out of order, or of another log");
      }
      parsed.add(entry);
      next = entry.seq() + 1;
    }
    return parsed;
  }

  /// The entries with the keyring of each. Nothing here is proven to be in the log yet, but every
  /// keyring is signed: the keys of the checkpoint are reached from the pin without it.
  private static List<ProvenEntry> replayed(
      Keyring founded, List<Bytes> logged, List<LogEntry> parsed) {
    var keyring = founded;
    var entries = new ArrayList<ProvenEntry>(parsed.size());
    for (int i = 0; i < parsed.size(); i++) {
      var entry = parsed.get(i);
      var hash = logged.get(i).sha256();
      if (entry.body() instanceof KeyringEvent event && entry.seq() > 0) {
        keyring = changed(keyring, event.step(entry.seq(), entry.time(), hash));
      }
      entries.add(new ProvenEntry(entry, hash, keyring));
    }
    return entries;
  }

  private static EpochLog epochs(Keyring founded, List<ProvenEntry> entries) {
    var epochs = founded.genesis().origin().epochs();
    for (var proven : entries) {
      if (proven.entry().body() instanceof RecoveryEvent.EpochsLost event) {
        epochs = event.after(epochs, proven.seq());
      }
    }
    return epochs;
  }

  private static LogEntry parse(Bytes entry, long expected) {
    try {
      return LogEntry.parse(entry);
    } catch (MalformedJson e) {
      throw Unproven.read("entry " + expected + " or later", e);
    }
  }

  private static Keyring founded(LogEntry first, Hash hash) {
    if (first.seq() == 0 && first.body() instanceof KeyringEvent.Founded founded) {
      var keyring = first(founded.step(0, first.time(), hash));
      if (keyring.genesis().origin().equals(first.origin())) {
        return keyring;
      }
    }
    throw Unproven.at(0, "the log does not begin with its genesis");
  }

  private static Keyring changed(Keyring keyring, KeyringStep step) {
    try {
      return accepted(keyring.apply(step));
    } catch (NewerVersion e) {
      throw Unproven.read("entry " + step.index(), e);
    }
  }

  private static Keyring first(KeyringStep step) {
    try {
      return accepted(Keyring.found(step));
    } catch (NewerVersion e) {
      throw Unproven.read("entry 0", e);
    }
  }

  private static Keyring accepted(KeyringCheck check) {
    return switch (check) {
      case KeyringCheck.Valid(var keyring) -> keyring;
      case KeyringCheck.Invalid(long index, String why) -> throw Unproven.at(index, why);
    };
  }

  private static Checkpoint checkpoint(String note, Keyring keyring) {
    try {
      return keyring
          .checkpointKeys()
          .open(SignedNote.parse(note))
          .orElseThrow(
              () ->
                  new Unproven(
                      "checkpoint",
                      "not signed by both log keys that are in force at its size, or another log"));
    } catch (MalformedNote e) {
      throw new Unproven("checkpoint", String.valueOf(e.getMessage()));
    }
  }
}
