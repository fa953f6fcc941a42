package org.openlockbox.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.e2e.harness.Api;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.LogVerifier;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.CompactRange;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// A tenant's own copy of its log, as an auditor keeps it: every entry parsed strictly, numbered
/// without a gap, and hashed; every checkpoint that was ever seen must be a root of what is here.
final class LogCopy {
  private static final Pattern MARKER = Pattern.compile("marker[ -]([0-9a-z-]+)\\.");
  private static final int PAGE = 1000;

  private final Api auditor;
  private final String tenant;
  private final LogVerifier key;
  private final TreeMap<Long, Hash> promised = new TreeMap<>();
  private final Set<String> markers = new HashSet<>();
  private final Map<String, List<String>> entriesOfRequest = new HashMap<>();
  private final Set<String> openSessions = new HashSet<>();
  private CompactRange range = CompactRange.empty();
  private long lost;

  LogCopy(Api auditor, String tenant) throws IOException {
    this.auditor = auditor;
    this.tenant = tenant;
    this.key = LogVerifier.parse(auditor.get("/v1/tenants/" + tenant).fields().texts("logKeys"));
  }

  String tenant() {
    return tenant;
  }

  /// Remembers the newest checkpoint as a promise that the log has to keep for ever.
  Checkpoint seeCheckpoint() throws IOException {
    var reply = auditor.get("/log/" + tenant + "/checkpoint");
    assertThat(reply.status()).isEqualTo(200);
    var checkpoint = Checkpoint.open(SignedNote.parse(reply.body().toArray()), key).orElseThrow();
    synchronized (promised) {
      Hash earlier = promised.put(checkpoint.size(), checkpoint.root());
      assertThat(earlier == null || earlier.equals(checkpoint.root()))
          .as("two roots of %s at size %d", tenant, checkpoint.size())
          .isTrue();
    }
    return checkpoint;
  }

  /// Reads what is new, up to a checkpoint over all of it, and checks it against every promise.
  void catchUp() throws IOException {
    long size = seeCheckpoint().size();
    assertThat(size).as("the signed size of %s", tenant).isGreaterThanOrEqualTo(range.size());
    while (range.size() < size) {
      long limit = Math.min(PAGE, size - range.size());
      var page =
          auditor.get("/v1/tenants/%s/log?from=%d&limit=%d".formatted(tenant, range.size(), limit));
      List<Fields> entries = page.fields().objects("entries");
      assertThat(entries).as("entries of %s from %d", tenant, range.size()).isNotEmpty();
      for (Fields entry : entries) {
        take(entry.bytes("entry"), entry.optionalMultiline("text").orElse(""));
      }
    }
    synchronized (promised) {
      assertThat(promised.lastKey()).as("the largest promise of %s", tenant).isEqualTo(size);
    }
  }

  private void take(Bytes leaf, String text) {
    LogEntry entry = LogEntry.parse(leaf);
    assertThat(entry.seq()).as("the next entry of %s", tenant).isEqualTo(range.size());
    assertThat(entry.origin().value()).isEqualTo(key.origin());
    range = range.append(MerkleTree.leafHash(leaf.toArray()));
    synchronized (promised) {
      Hash root = promised.get(range.size());
      assertThat(root == null || root.equals(range.root()))
          .as("the root of %s at size %d is the one once signed", tenant, range.size())
          .isTrue();
    }
    remember(entry, text);
  }

  private void remember(LogEntry entry, String text) {
    entry
        .body()
        .request()
        .ifPresent(
            id ->
                entriesOfRequest
                    .computeIfAbsent(id.value(), _ -> new ArrayList<>())
                    .add(entry.type().word()));
    switch (entry.body()) {
      case SessionEvent.Operation _ ->
          MARKER.matcher(text).results().forEach(marker -> markers.add(marker.group(1)));
      case SessionEvent.Opened opened -> openSessions.add(opened.of().value());
      case SessionEvent.Closed closed -> openSessions.remove(closed.of().value());
      case SessionEvent.Lost gone -> {
        openSessions.remove(gone.of().value());
        lost++;
      }
      default -> {}
    }
  }

  /// Forgets the entries, not the promises: the next [#catchUp] reads the whole log again.
  void readAgain() {
    range = CompactRange.empty();
    markers.clear();
    entriesOfRequest.clear();
    openSessions.clear();
    lost = 0;
  }

  /// Whether the text of an operation's entry has this marker.
  boolean holds(String marker) {
    return markers.contains(marker);
  }

  /// The types of the entries that name a request, by request.
  Map<String, List<String>> entriesOfRequests() {
    return Map.copyOf(entriesOfRequest);
  }

  /// Sessions that neither closed nor were written off.
  Set<String> openSessions() {
    return Set.copyOf(openSessions);
  }

  long size() {
    return range.size();
  }

  long lost() {
    return lost;
  }

  int promises() {
    synchronized (promised) {
      return promised.size();
    }
  }
}
