package org.openlockbox.server.log;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.Commitment;
import org.openlockbox.core.evidence.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.seal.TenantKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The texts that entries commit to, kept beside the log, one sealed row a batch. A row is sealed
/// to its tenant and its place: one that was moved or changed does not open, and its texts count as
/// not kept, which the operator is told.
public final class Texts {
  private static final Logger LOG = LoggerFactory.getLogger(Texts.class);

  private final JdbcClient jdbc;
  private final TenantKeys keys;

  public Texts(JdbcClient jdbc, TenantKeys keys) {
    this.jdbc = jdbc;
    this.keys = keys;
  }

  /// Makes the first data key of a new tenant, inside the caller's transaction.
  void begin(TenantId tenant) {
    keys.make(tenant, 1);
  }

  /// The texts of one run of entries, sealed; a row of `log_text`.
  @SuppressWarnings("ArrayRecordComponent") // on its way to the database
  record SealedRow(TenantId tenant, long firstSeq, int keyNo, byte[] sealed) {}

  /// The rows of all texts of these changes, the data keys of all tenants got at once.
  List<SealedRow> sealed(List<LogBatch.Change> changes) {
    var numbers = new HashMap<TenantId, Integer>();
    for (var change : changes) {
      if (change.log().runs.stream().anyMatch(run -> !run.texts.isEmpty())) {
        numbers.put(change.tenant(), change.log().keyNo);
      }
    }
    var found = keys.keys(numbers);
    var rows = new ArrayList<SealedRow>();
    for (var change : changes) {
      var key = found.get(change.tenant());
      for (var run : change.log().runs) {
        if (!run.texts.isEmpty()) {
          var place = place(change.tenant(), run.firstSeq);
          var texts = BatchBytes.ofTexts(run.texts);
          var sealed = keys.seal(Objects.requireNonNull(key), texts, place);
          rows.add(new SealedRow(change.tenant(), run.firstSeq, change.log().keyNo, sealed));
        }
      }
    }
    return rows;
  }

  private static Bytes place(TenantId tenant, long firstSeq) {
    return Bytes.of(
        "lockbox texts v1\n%s\n%d".formatted(tenant, firstSeq).getBytes(StandardCharsets.UTF_8));
  }

  /// The texts of these entries that are still kept, by their commitments; whether they open them
  /// is the reader's to check.
  public Map<Commitment, OpenedText> of(TenantId tenant, Collection<StoredEntry> entries) {
    var texts = new HashMap<Commitment, OpenedText>();
    jdbc.sql(
            """
            select t.first_seq, t.key_no, t.sealed
              from log_text t
              join tenant_key k on k.tenant_id = t.tenant_id and k.no = t.key_no
             where t.tenant_id = :tenant and k.wrapped is not null and t.first_seq in (
                   select (select max(b.first_seq) from log_batch b
                            where b.tenant_id = :tenant and b.first_seq <= s.seq)
                     from unnest(:seqs) as s (seq))
            """)
        .param("tenant", tenant.value())
        .param("seqs", entries.stream().map(StoredEntry::seq).toArray(Long[]::new))
        .query((row, n) -> Sealed.of(row))
        .list()
        .forEach(row -> texts.putAll(open(tenant, row)));
    return texts;
  }

  private record Sealed(long firstSeq, int keyNo, Bytes bytes) {
    static Sealed of(ResultSet row) throws SQLException {
      return new Sealed(
          row.getLong("first_seq"), row.getInt("key_no"), Bytes.of(row.getBytes("sealed")));
    }
  }

  private Map<Commitment, OpenedText> open(TenantId tenant, Sealed row) {
    var key = keys.key(tenant, row.keyNo());
    var opened = key.open(row.bytes().toArray(), place(tenant, row.firstSeq()));
    if (opened.isEmpty()) {
      LOG.error(
          "the texts of the batch at entry {} of {} do not open: the row was changed or moved",
          row.firstSeq(),
          tenant);
    }
    return opened.map(BatchBytes::texts).orElse(Map.of());
  }
}
