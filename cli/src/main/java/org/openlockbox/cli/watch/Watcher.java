package org.openlockbox.cli.watch;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.epoch.HeadLeaf;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.WitnessPolicy;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.watch.LogWatch;
import org.openlockbox.core.watch.LogWatch.Finding;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tile.EntryBundle;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tree.Hash;

/// Reads a tenant's log as the server serves it to verifiers (checkpoint and entry bundles), checks
/// every entry, and keeps a copy; compares it with the newest epoch, so that what others are shown
/// is the same. What was once read can never be changed, dropped or forked unseen by this reader.
public final class Watcher {
  private static final int BUNDLE = 256;
  private static final int CATCH_UP = 10;
  private static final Duration SOON = Duration.ofMillis(500);

  private final Api api;
  private final TenantId tenant;
  private final Hash pin;
  private final LogCopy copy;
  private final Conditions conditions = new CelConditions();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Finding> rotations = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private final EpochWatch epochs;
  private final InstantSource clock;
  private LogWatch log;
  private boolean contradicted;

  /// Checks the whole copy again, against the checkpoint kept beside it.
  ///
  /// @param witnesses whose cosignatures the reader demands, besides those of the tenant's settings
  public Watcher(
      Api api,
      TenantId tenant,
      Hash pin,
      LogCopy copy,
      WitnessPolicy witnesses,
      InstantSource clock) {
    this.clock = clock;
    this.epochs = new EpochWatch(api, tenant, copy, witnesses, clock);
    this.api = api;
    this.tenant = tenant;
    this.pin = pin;
    this.copy = copy;
    this.log = new LogWatch(pin, tenant, conditions);
    Optional<String> kept = copy.checkpoint();
    copy.entries(kept.map(Watcher::size).orElse(0L))
        .forEach(entry -> findings.addAll(log.take(entry)));
    requireKnown();
    if (kept.flatMap(log::compare).isPresent()) {
      throw new Failure(
          ExitCode.INCOMPLETE,
          "the copy of the log does not agree with the checkpoint beside it",
          "move the directory away and keep it; the next run reads the whole log again");
    }
  }

  /// Everything found so far, in log order.
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// How many entries were read and checked.
  public long size() {
    return log.size();
  }

  /// Compares the newest epoch with the log as it was read, and tells of a change of the gateway
  /// authority.
  public void readEpochs() {
    log.keyring()
        .ifPresent(
            keyring -> {
              epochs.policies(keyring).forEach(policy -> readEpoch(keyring, policy));
              tellAuthority(keyring);
            });
  }

  /// A gateway authority that is to follow, as long as the tenant can object.
  private void tellAuthority(Keyring keyring) {
    keyring
        .gateways()
        .next()
        .filter(next -> clock.instant().isBefore(next.takesEffect()))
        .map(
            next ->
                "the gateway authority will be key %s from %s on; to object: lockbox gateway object --tenant %s"
                    .formatted(next.authority().keyId(), next.takesEffect(), tenant))
        .filter(known::add)
        .ifPresent(what -> findings.add(new Finding(log.size(), what)));
  }

  private void readEpoch(Keyring keyring, WitnessPolicy policy) {
    switch (epochs.newest(keyring, log.epochs().orElseThrow(), policy)) {
      case EpochWatch.NewestEpoch.EpochFault(String what) -> {
        if (isRotated(keyring)) {
          readEpochs();
        } else if (known.add(what)) {
          findings.add(new Finding(log.size(), what));
        }
      }
      case EpochWatch.NewestEpoch.ProvenEpoch epoch -> compare(keyring, epoch);
    }
  }

  /// The epoch may be signed by keys that the log has named since it was read.
  private boolean isRotated(Keyring before) {
    if (contradicted) {
      return false;
    }
    readLog();
    return log.keyring()
        .filter(now -> now.checkpointKeys().since() > before.checkpointKeys().since())
        .isPresent();
  }

  /// A head may be larger than the checkpoint read before: then the log is read on first.
  private void compare(Keyring keyring, EpochWatch.NewestEpoch.ProvenEpoch epoch) {
    HeadLeaf head = epoch.head();
    for (int i = 0; i < CATCH_UP && !contradicted && head.size() > log.size(); i++) {
      pause();
      readLog();
    }
    if (head.size() > log.size()) {
      once(
          "the newest epoch has %d entries of the log, but %d are shown"
              .formatted(head.size(), log.size()),
          epoch);
    } else if (!log.root(head.size()).equals(head.root())) {
      once(
          "the newest epoch has another log of %d entries than the one shown"
              .formatted(head.size()),
          epoch);
    } else {
      epochs
          .follow(keyring, log.recovery(), epoch, log.size())
          .ifPresent(what -> once(what, epoch));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(SOON);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.INCOMPLETE, "interrupted");
    }
  }

  private void once(String what, EpochWatch.NewestEpoch.ProvenEpoch shown) {
    once(new Finding(log.size(), what), "epoch shown", CanonicalJson.text(shown.proof().toJson()));
  }

  /// What lasts is found again at every pass, and told once, with where the evidence is.
  private void once(Finding found, String name, String evidence) {
    if (known.add(found.what())) {
      Path kept = copy.keepContradiction(evidence);
      findings.add(
          new Finding(found.seq(), "%s; the %s is %s".formatted(found.what(), name, kept)));
    }
  }

  /// Reads what is new in the log. Throws a [Failure] when the server does not answer as one that
  /// serves a log.
  public void readLog() {
    contradicted = false;
    String note = new String(api.get(path() + "checkpoint").bytes(), StandardCharsets.UTF_8);
    long size = size(note);
    if (size < log.size()) {
      contradiction(
          note,
          new Finding(
              log.size(),
              "the log has %d entries, fewer than the %d read before".formatted(size, log.size())));
      return;
    }
    List<Bytes> more = new ArrayList<>();
    for (long n = log.size() / BUNDLE; n * BUNDLE < size; n++) {
      more.addAll(bundle(n, size));
    }
    List<Finding> found = more.stream().flatMap(entry -> log.take(entry).stream()).toList();
    if (log.newer().isPresent()) {
      found.stream().filter(finding -> known.add(finding.toString())).forEach(findings::add);
      requireKnown();
    }
    Optional<Finding> wrong = log.compare(note);
    if (wrong.isPresent()) {
      contradiction(note, found.isEmpty() ? wrong.get() : found.getFirst());
      return;
    }
    findings.addAll(found);
    long before = log.size() - more.size();
    log.rotations().stream().filter(one -> one.seq() >= before).forEach(rotations::add);
    copy.append(more, note);
  }

  /// Where the log's own keys were replaced, in what was read since the last run: nothing wrong,
  /// but something to compare with what the provider announced.
  public List<Finding> rotations() {
    return List.copyOf(rotations);
  }

  /// What contradicts the copy is kept, and the copy stays as it was.
  private void contradiction(String note, Finding found) {
    contradicted = true;
    once(found, "contradicting checkpoint", note);
    forget();
  }

  /// Goes back to what the copy has.
  private void forget() {
    log = new LogWatch(pin, tenant, conditions);
    copy.entries(copy.checkpoint().map(Watcher::size).orElse(0L)).forEach(log::take);
  }

  /// Throws at an entry of a version that this release does not know: nothing after it can be
  /// checked, and nothing of it is kept as if it were.
  private void requireKnown() {
    if (log.newer().isEmpty()) {
      return;
    }
    Finding entry = log.newer().get();
    forget();
    throw new Failure(
        ExitCode.INCOMPLETE,
        "entry %d: %s; nothing from there on was checked".formatted(entry.seq(), entry.what()),
        "ask the provider which release writes it, and install that one from where you got this");
  }

  /// Reads once more what was read before: whether it is still served as it was.
  public void readAgain() {
    if (contradicted) {
      return;
    }
    List<Bytes> kept = copy.entries(log.size());
    for (int from = 0; from < kept.size(); from += BUNDLE) {
      List<Bytes> served = served(from / BUNDLE, kept.size());
      for (int seq = from; seq < Math.min(from + BUNDLE, kept.size()); seq++) {
        if (seq - from >= served.size() || !served.get(seq - from).equals(kept.get(seq))) {
          findings.add(
              new Finding(seq, "it is no longer served as it was signed; the copy beside has it"));
        }
      }
    }
  }

  private List<Bytes> bundle(long n, long size) {
    int width = TilePath.width(TilePath.ENTRIES, n, size);
    List<Bytes> entries = served(n, size);
    if (entries.size() != width) {
      throw malformed("a bundle of %d entries, not %d".formatted(entries.size(), width));
    }
    return entries.stream().skip(Math.max(0, log.size() - n * BUNDLE)).toList();
  }

  private List<Bytes> served(long n, long size) {
    int width = TilePath.width(TilePath.ENTRIES, n, size);
    byte[] bundle = api.get(path() + new TilePath(TilePath.ENTRIES, n, width).format()).bytes();
    try {
      return EntryBundle.decode(bundle).stream().map(Bytes::of).toList();
    } catch (IllegalArgumentException broken) {
      throw malformed(String.valueOf(broken.getMessage()));
    }
  }

  private static long size(String note) {
    try {
      return Checkpoint.parse(SignedNote.parse(note).text()).size();
    } catch (MalformedNote broken) {
      throw malformed("not a checkpoint: " + broken.getMessage());
    }
  }

  private static Failure malformed(String why) {
    return new Failure(ExitCode.INCOMPLETE, "the server does not serve a log: " + why, "");
  }

  private String path() {
    return "/log/" + Api.encoded(tenant.value()) + "/";
  }
}
