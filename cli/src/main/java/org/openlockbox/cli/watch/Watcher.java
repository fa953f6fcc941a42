package org.openlockbox.cli.watch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.LogWatch;
import org.openlockbox.core.evidence.LogWatch.Finding;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.EntryBundle;
import org.openlockbox.tlog.Hash;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.TilePath;

/// Reads a tenant's log as the server serves it to verifiers (checkpoint and entry bundles), checks
/// every entry, and keeps a copy. What was once read can never be changed, dropped or forked unseen
/// by this reader.
public final class Watcher {
  private static final int BUNDLE = 256;

  private final Api api;
  private final TenantId tenant;
  private final Hash pin;
  private final LogCopy copy;
  private final List<Finding> findings = new ArrayList<>();
  private LogWatch log;

  /// Checks the whole copy again, against the checkpoint kept beside it.
  public Watcher(Api api, TenantId tenant, Hash pin, LogCopy copy) {
    this.api = api;
    this.tenant = tenant;
    this.pin = pin;
    this.copy = copy;
    this.log = new LogWatch(pin, tenant);
    Optional<String> kept = copy.checkpoint();
    copy.entries(kept.map(Watcher::size).orElse(0L))
        .forEach(entry -> findings.addAll(log.take(entry)));
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

  /// Reads what is new. Throws a [Failure] when the server does not answer as one that serves a
  /// log.
  public void pass() {
    String note = new String(api.get(path() + "checkpoint").bytes(), StandardCharsets.UTF_8);
    long size = size(note);
    if (size < log.size()) {
      contradiction(
          note,
          "the log has %d entries, fewer than the %d read before".formatted(size, log.size()));
      return;
    }
    List<Bytes> more = new ArrayList<>();
    List<Finding> found = new ArrayList<>();
    for (long n = log.size() / BUNDLE; n * BUNDLE < size; n++) {
      for (Bytes entry : bundle(n, size)) {
        found.addAll(log.take(entry));
        more.add(entry);
      }
    }
    Optional<Finding> wrong = log.compare(note);
    if (wrong.isPresent()) {
      contradiction(note, found.isEmpty() ? wrong.get().what() : found.getFirst().what());
      return;
    }
    findings.addAll(found);
    copy.append(more, note);
  }

  /// What contradicts the copy is kept, and the copy stays as it was.
  private void contradiction(String note, String what) {
    findings.add(
        new Finding(
            log.size(),
            what + "; the contradicting checkpoint is " + copy.keepContradiction(note)));
    log = new LogWatch(pin, tenant);
    copy.entries(copy.checkpoint().map(Watcher::size).orElse(0L)).forEach(log::take);
  }

  private List<Bytes> bundle(long n, long size) {
    int width = TilePath.width(TilePath.ENTRIES, n, size);
    byte[] bundle = api.get(path() + new TilePath(TilePath.ENTRIES, n, width).format()).bytes();
    try {
      List<byte[]> entries = EntryBundle.decode(bundle);
      if (entries.size() != width) {
        throw malformed("a bundle of %d entries, not %d".formatted(entries.size(), width));
      }
      return entries.stream().skip(Math.max(0, log.size() - n * BUNDLE)).map(Bytes::of).toList();
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
