package org.openlockbox.server.log.append;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.database.Rows;
import org.openlockbox.server.log.entry.BatchBytes;
import org.openlockbox.server.log.entry.BatchBytes.KeptText;
import org.openlockbox.server.log.entry.Blobs;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.seal.TenantKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The texts that entries commit to, sealed together in the row of their batch. They are sealed to
/// its tenant and its place: what was moved or changed does not open, and these texts count as not
/// kept, which the operator is told. A large text lies in pieces of its own ([Blobs]).
public final class LogTexts {
  private static final Logger LOG = LoggerFactory.getLogger(LogTexts.class);

  private static final int DELETED_AT_ONCE = 500;

  /// Bytes of sealed batches that a reader holds at a time; a batch alone may have more.
  static final long OPEN_AT_ONCE = 8 << 20;

  private final JdbcClient jdbc;
  private final TenantKeys keys;
  private final Blobs blobs;

  public LogTexts(JdbcClient jdbc, TenantKeys keys) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.blobs = new Blobs(jdbc, keys);
  }

  /// Makes the first data key of a new tenant, inside the caller's transaction.
  public void begin(TenantId tenant) {
    keys.make(tenant, 1);
  }

  /// The texts of each run of entries that has some, sealed.
  public static final class SealedRuns {
    private final IdentityHashMap<LogBatch.EntryRun, Bytes> sealed = new IdentityHashMap<>();

    Optional<Bytes> of(LogBatch.EntryRun run) {
      return Optional.ofNullable(sealed.get(run));
    }
  }

  /// All texts of these changes, the data keys of all tenants got at once. Large texts are kept in
  /// their own rows at once.
  public SealedRuns sealed(List<LogBatch.LogChange> changes) {
    var numbers = new HashMap<TenantId, Integer>();
    for (var change : changes) {
      if (change.log().runs.stream().anyMatch(run -> !run.texts.isEmpty())) {
        numbers.put(change.tenant(), change.log().keyNo);
      }
    }
    var found = keys.keys(numbers);
    var runs = new SealedRuns();
    for (var change : changes) {
      for (var run : change.log().runs) {
        if (!run.texts.isEmpty()) {
          var key = Objects.requireNonNull(found.get(change.tenant()));
          var texts = kept(change.tenant(), change.log().keyNo, run.texts);
          var place = place(change.tenant(), run.firstSeq);
          runs.sealed.put(run, Bytes.of(keys.seal(key, BatchBytes.ofTexts(texts), place)));
        }
      }
    }
    return runs;
  }

  private List<KeptText> kept(TenantId tenant, int keyNo, List<OpenedText> texts) {
    var kept = new ArrayList<KeptText>(texts.size());
    for (var text : texts) {
      var row = KeptText.of(text);
      if (row.isLarge()) {
        blobs.keep(tenant, keyNo, row.commitment(), text.text());
      }
      kept.add(row);
    }
    return kept;
  }

  private static Bytes place(TenantId tenant, long firstSeq) {
    return Bytes.of(
        "lockbox texts v1\n%s\n%d".formatted(tenant, firstSeq).getBytes(StandardCharsets.UTF_8));
  }

  /// The texts of these entries that are still kept, by their commitments; whether they open them
  /// is the reader's to check.
  public Map<Commitment, OpenedText> of(TenantId tenant, Collection<StoredEntry> entries) {
    var texts = new HashMap<Commitment, OpenedText>();
    each(
        tenant,
        entries,
        kept ->
            text(tenant, kept, Integer.MAX_VALUE)
                .ifPresent(
                    text -> texts.put(kept.commitment(), new OpenedText(kept.salt(), text))));
    return texts;
  }

  /// The beginning of each text of these entries that is still kept, for showing, and how long the
  /// whole is.
  public Map<Commitment, TextPrefix> beginnings(TenantId tenant, Collection<StoredEntry> entries) {
    var texts = new HashMap<Commitment, TextPrefix>();
    eachBeginning(tenant, entries, texts::put);
    return texts;
  }

  /// The same, one after another: none is kept, and no more than [#OPEN_AT_ONCE] bytes of batches,
  /// or one batch, are in memory at a time, however many entries there are.
  public void eachBeginning(
      TenantId tenant, Collection<StoredEntry> entries, BiConsumer<Commitment, TextPrefix> reader) {
    each(
        tenant,
        entries,
        kept -> {
          int size = kept.isLarge() ? kept.inPieces() : kept.text().size();
          text(tenant, kept, BatchBytes.LARGEST_TEXT)
              .ifPresent(text -> reader.accept(kept.commitment(), new TextPrefix(text, size)));
        });
  }

  /// The first bytes of a text of `size` bytes.
  public record TextPrefix(Bytes text, int size) {
    public boolean isShortened() {
      return text.size() < size;
    }
  }

  private static Set<Commitment> wanted(Collection<StoredEntry> entries) {
    var wanted = new HashSet<Commitment>();
    for (var entry : entries) {
      entry.read().body().texts().forEach(text -> wanted.add(text.commitment()));
    }
    return wanted;
  }

  private Optional<Bytes> text(TenantId tenant, KeptText kept, int most) {
    return kept.isLarge()
        ? blobs.read(tenant, kept.commitment(), kept.inPieces(), most)
        : Optional.of(kept.text());
  }

  /// Opens the texts of these entries that are kept.
  private void each(TenantId tenant, Collection<StoredEntry> entries, Consumer<KeptText> reader) {
    var wanted = wanted(entries);
    eachSealed(
        tenant,
        entries,
        row ->
            open(tenant, row).stream()
                .filter(kept -> wanted.contains(kept.commitment()))
                .forEach(reader));
  }

  /// Reads the rows in which the texts of these entries are sealed, so many bytes at a time.
  private void eachSealed(
      TenantId tenant, Collection<StoredEntry> entries, Consumer<SealedTexts> reader) {
    var seqs = entries.stream().map(StoredEntry::seq).toArray(Long[]::new);
    var rows = sealed(tenant, seqs, -1);
    while (!rows.isEmpty()) {
      rows.forEach(reader);
      var last = rows.getLast();
      rows = last.isLast() ? List.of() : sealed(tenant, seqs, last.firstSeq());
    }
  }

  /// The first of them that begin after this index. A size is known without reading the row.
  private List<SealedTexts> sealed(TenantId tenant, Long[] seqs, long after) {
    return jdbc.sql(
            """
            select first_seq, key_no, sealed, first_seq = last_seq as last
              from (select t.first_seq, t.key_no, t.sealed,
                           sum(octet_length(t.sealed)) over (order by t.first_seq) as so_far,
                           row_number() over (order by t.first_seq) as nth,
                           max(t.first_seq) over () as last_seq
                      from log_batch t
                      join tenant_key k on k.tenant_id = t.tenant_id and k.no = t.key_no
                     where t.tenant_id = :tenant and t.sealed is not null and k.wrapped is not null
                       and t.first_seq > :after
                       and t.first_seq in (
                           select (select max(b.first_seq) from log_batch b
                                    where b.tenant_id = :tenant and b.first_seq <= s.seq)
                             from unnest(:seqs) as s (seq))) sized
             where so_far <= :most or nth = 1
             order by first_seq
            """)
        .param("tenant", tenant.value())
        .param("seqs", seqs)
        .param("after", after)
        .param("most", OPEN_AT_ONCE)
        .query((row, n) -> SealedTexts.of(row))
        .list();
  }

  /// Takes the texts of these commitments, which these entries made, out: each row is sealed anew
  /// without them, inside the caller's transaction, which holds the log's head.
  public void erase(TenantId tenant, Collection<StoredEntry> entries, Set<Commitment> commitments) {
    eachSealed(tenant, entries, row -> erase(tenant, row, commitments));
  }

  private void erase(TenantId tenant, SealedTexts row, Set<Commitment> commitments) {
    var left = new ArrayList<KeptText>();
    for (var text : open(tenant, row)) {
      if (!commitments.contains(text.commitment())) {
        left.add(text);
      } else if (text.isLarge()) {
        blobs.erase(tenant, text.commitment());
      }
    }
    replace(tenant, row, left);
  }

  private void replace(TenantId tenant, SealedTexts row, List<KeptText> left) {
    var sealed =
        left.isEmpty()
            ? null
            : keys.seal(
                keys.key(tenant, row.keyNo()),
                BatchBytes.ofTexts(left),
                place(tenant, row.firstSeq()));
    Rows.one(
        jdbc.sql("update log_batch set sealed = ? where tenant_id = ? and first_seq = ?")
            .param(1, sealed, Types.BINARY)
            .param(2, tenant.value())
            .param(3, row.firstSeq())
            .update());
  }

  /// Whether any text of the tenant is kept.
  public boolean areKept(TenantId tenant) {
    return jdbc.sql(
            """
            select exists (select from log_batch t
                             join log_head h on h.tenant_id = t.tenant_id and h.key_no = t.key_no
                            where t.tenant_id = ? and t.sealed is not null)
            """)
        .params(tenant.value())
        .query(Boolean.class)
        .single();
  }

  /// Destroys the key of every text that is kept, and makes the next one, inside the caller's
  /// transaction, which has the log locked and appends to it. The texts, which nobody opens any
  /// more, are deleted by [#empty].
  ///
  /// @return the number of the next key
  public int eraseAll(TenantId tenant) {
    int no =
        jdbc.sql("select key_no from log_head where tenant_id = ?")
            .params(tenant.value())
            .query(Integer.class)
            .single();
    keys.destroy(tenant, no);
    keys.make(tenant, no + 1);
    return no + 1;
  }

  /// Deletes what was sealed with a key that was destroyed, some at a time.
  public void empty() {
    for (var key : keys.destroyed()) {
      emptyBatches(key);
      emptyBlobs(key);
      keys.emptied(key);
    }
  }

  /// Goes through the log once, whatever it meets.
  private void emptyBatches(TenantKeys.DataKeyNumber key) {
    var next = Optional.of(0L);
    while (next.isPresent()) {
      next =
          jdbc.sql(
                  """
                  with some as (
                    select first_seq from log_batch
                     where tenant_id = :tenant and first_seq >= :from and key_no = :no and sealed is not null
                     order by first_seq limit :limit
                  ), emptied as (
                    update log_batch b set sealed = null
                      from some
                     where b.tenant_id = :tenant and b.first_seq = some.first_seq
                  )
                  select max(first_seq) + 1 from some having count(*) > 0
                  """)
              .param("tenant", key.tenant().value())
              .param("from", next.get())
              .param("no", key.no())
              .param("limit", DELETED_AT_ONCE)
              .query(Long.class)
              .optional();
    }
  }

  private void emptyBlobs(TenantKeys.DataKeyNumber key) {
    int deleted;
    do {
      deleted =
          jdbc.sql(
                  """
                  delete from log_blob where ctid = any (array(
                    select ctid from log_blob where tenant_id = ? and key_no = ? limit ?))
                  """)
              .params(key.tenant().value(), key.no(), DELETED_AT_ONCE)
              .update();
    } while (deleted > 0);
  }

  /// @param isLast whether none of those that were asked for comes after it
  private record SealedTexts(long firstSeq, int keyNo, Bytes bytes, boolean isLast) {
    static SealedTexts of(ResultSet row) throws SQLException {
      return new SealedTexts(
          row.getLong("first_seq"),
          row.getInt("key_no"),
          Bytes.of(row.getBytes("sealed")),
          row.getBoolean("last"));
    }
  }

  private List<KeptText> open(TenantId tenant, SealedTexts row) {
    var key = keys.key(tenant, row.keyNo());
    var opened = key.open(row.bytes().toArray(), place(tenant, row.firstSeq()));
    if (opened.isEmpty()) {
      LOG.error(
          "the texts of the batch at entry {} of {} do not open: the row was changed or moved",
          row.firstSeq(),
          tenant);
    }
    return opened.map(BatchBytes::texts).orElse(List.of());
  }
}
