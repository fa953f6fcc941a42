package org.openlockbox.server.log.entry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.tile.TileTree;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;

/// Entries of a log with proofs to its newest published checkpoint: what a gateway, an approver or
/// an auditor checks with core's `History` instead of believing the server.
public final class Histories {
  private final LogReader reader;

  public Histories(LogReader reader) {
    this.reader = reader;
  }

  /// An entry and its inclusion proof.
  public record ProvenStoredEntry(StoredEntry entry, InclusionProof proof) {
    public LoggedEntry logged() {
      return new LoggedEntry(entry.bytes(), proof.hashes());
    }

    Json.Object toJson() {
      return Json.object()
          .put("seq", entry.seq())
          .put("entry", entry.bytes())
          .putTexts("proof", base64(proof.hashes()))
          .build();
    }
  }

  /// All that decides about one request, under one checkpoint.
  public record RequestHistory(
      LogReader.PublishedCheckpoint checkpoint, List<ProvenStoredEntry> entries, TileTree tree) {
    public List<LoggedEntry> logged() {
      return entries.stream().map(ProvenStoredEntry::logged).toList();
    }

    public JsonObjectBuilder toJson() {
      return Json.object()
          .put("checkpoint", checkpoint.note().format())
          .put("entries", entries.stream().map(ProvenStoredEntry::toJson).toList());
    }

    /// The same, with the proof that this log continues the one of `from` entries.
    public JsonObjectBuilder toJson(long from) {
      if (from > checkpoint.size()) {
        throw Problem.conflict(
            "log_shrunk",
            "the log has %d entries, fewer than the %d seen before"
                .formatted(checkpoint.size(), from));
      }
      return toJson().putTexts("consistency", base64(tree.consistency(from).hashes()));
    }
  }

  /// Genesis, every keyring entry, what the provider admitted to have lost, what was signed for the
  /// request's ticket, the request, and its review, decisions and end, in log order.
  public RequestHistory of(TenantId tenant, RequestId request) {
    var checkpoint = reader.checkpoint(tenant).orElseThrow(Problem::notFound);
    var entries = new ArrayList<StoredEntry>(reader.keyring(tenant));
    entries.addAll(reader.recoveries(tenant));
    var authority = reader.authority(tenant, request);
    entries.addAll(tickets(tenant, authority));
    entries.addAll(authority);
    return prove(tenant, checkpoint, entries);
  }

  /// What the tenant signed for the tickets that requests among these entries name.
  public List<StoredEntry> tickets(TenantId tenant, List<StoredEntry> entries) {
    return entries.stream()
        .flatMap(entry -> ticket(entry).stream())
        .flatMap(ticket -> reader.tickets(tenant, ticket).stream())
        .toList();
  }

  private static Optional<String> ticket(StoredEntry entry) {
    return entry.read().body() instanceof RequestEvent.Requested requested
        ? Optional.of(requested.submission().ticket()).filter(ticket -> !ticket.isBlank())
        : Optional.empty();
  }

  /// Exactly these entries with their proofs, in log order.
  public RequestHistory prove(
      TenantId tenant, LogReader.PublishedCheckpoint checkpoint, List<StoredEntry> entries) {
    var tree = reader.tree(tenant, checkpoint.size());
    var proven =
        entries.stream()
            .filter(entry -> entry.seq() < checkpoint.size())
            .sorted(Comparator.comparingLong(StoredEntry::seq))
            .map(entry -> new ProvenStoredEntry(entry, tree.inclusion(entry.seq())))
            .toList();
    return new RequestHistory(checkpoint, proven, tree);
  }

  /// That the entry at this index is in the published log: `{index, size, hashes, checkpoint}`.
  /// Empty while no checkpoint covers it.
  public Optional<Json.Object> proof(TenantId tenant, long index) {
    return reader
        .checkpoint(tenant)
        .filter(checkpoint -> checkpoint.size() > index)
        .map(checkpoint -> proof(tenant, index, checkpoint));
  }

  private Json.Object proof(TenantId tenant, long index, LogReader.PublishedCheckpoint checkpoint) {
    var proof = reader.tree(tenant, checkpoint.size()).inclusion(index);
    return Json.object()
        .put("index", index)
        .put("size", checkpoint.size())
        .putTexts("hashes", base64(proof.hashes()))
        .put("checkpoint", checkpoint.note().format())
        .build();
  }

  private static List<String> base64(List<Hash> hashes) {
    return hashes.stream().map(Hash::base64).toList();
  }
}
