package org.openlockbox.server.log;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.Commitment;
import org.openlockbox.core.evidence.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.EntryBundle;
import org.openlockbox.tlog.Hash;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.TilePath;
import org.openlockbox.tlog.TileTree;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads tenant logs. What it returns is exactly what is stored; readers verify it against the
/// checkpoint.
public final class LogReader {
  private static final int WIDTH = 256;

  private final JdbcClient jdbc;

  public LogReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A published checkpoint: its size and the signed note.
  public record Published(long size, SignedNote note) {}

  /// The newest published checkpoint.
  public Optional<Published> checkpoint(TenantId tenant) {
    return jdbc.sql("select size, note from log_checkpoint where tenant_id = ?")
        .params(tenant.value())
        .query(
            (row, n) -> new Published(row.getLong("size"), SignedNote.parse(row.getString("note"))))
        .optional();
  }

  /// Number of entries, published or not.
  public long size(TenantId tenant) {
    return jdbc.sql("select size from log_head where tenant_id = ?")
        .params(tenant.value())
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /// The tree of the first `size` entries; makes proofs.
  public TileTree tree(TenantId tenant, long size) {
    return new TileTree((level, n) -> tile(tenant, level, n), size);
  }

  private byte[] tile(TenantId tenant, int level, long n) {
    var pieces =
        jdbc.sql(
                """
                select hashes from log_tile
                 where tenant_id = ? and level = ? and n = ?
                 order by at
                """)
            .params(tenant.value(), level, n)
            .query((row, i) -> row.getBytes("hashes"))
            .list();
    var tile = new ByteArrayOutputStream();
    pieces.forEach(tile::writeBytes);
    return tile.toByteArray();
  }

  /// The bytes at a path of the C2SP read API, if the published checkpoint reaches that far.
  public Optional<byte[]> resource(TenantId tenant, TilePath path) {
    long size = checkpoint(tenant).map(Published::size).orElse(0L);
    if (path.width() > TilePath.width(path.level(), path.n(), size)) {
      return Optional.empty();
    }
    return Optional.of(path.isEntries() ? bundle(tenant, path) : prefix(tenant, path));
  }

  private byte[] prefix(TenantId tenant, TilePath path) {
    var tile = tile(tenant, path.level(), path.n());
    return Arrays.copyOf(tile, path.width() * Hash.LENGTH);
  }

  private byte[] bundle(TenantId tenant, TilePath path) {
    return EntryBundle.encode(
        entries(tenant, path.n() * WIDTH, path.width()).stream()
            .map(entry -> entry.bytes().toArray())
            .toList());
  }

  /// Up to `limit` entries from index `from` on.
  public List<StoredEntry> entries(TenantId tenant, long from, int limit) {
    return jdbc.sql(
            """
            select seq, entry from log_entry
             where tenant_id = ? and seq >= ?
             order by seq limit ?
            """)
        .params(tenant.value(), from, limit)
        .query((row, n) -> new StoredEntry(row.getLong("seq"), Bytes.of(row.getBytes("entry"))))
        .list();
  }

  /// Genesis and every change of the keyring.
  public List<StoredEntry> keyring(TenantId tenant) {
    return jdbc.sql(
            """
            select seq, entry from log_entry
             where tenant_id = ? and type in ('genesis', 'key-add', 'key-remove')
             order by seq
            """)
        .params(tenant.value())
        .query((row, n) -> new StoredEntry(row.getLong("seq"), Bytes.of(row.getBytes("entry"))))
        .list();
  }

  /// What decides about a request: itself, its review, decisions, and what ended it. Not its
  /// sessions.
  public List<StoredEntry> authority(TenantId tenant, RequestId request) {
    return jdbc.sql(
            """
            select seq, entry from log_entry
             where tenant_id = ? and request_id = ? and session_id is null
             order by seq
            """)
        .params(tenant.value(), request.toString())
        .query((row, n) -> new StoredEntry(row.getLong("seq"), Bytes.of(row.getBytes("entry"))))
        .list();
  }

  /// Everything about a request, its sessions and their statements included, from index `from` on.
  public List<StoredEntry> about(TenantId tenant, RequestId request, long from, int limit) {
    return jdbc.sql(
            """
            select seq, entry from log_entry
             where tenant_id = :tenant and seq >= :from
               and (request_id = :request
                    or session_id in (select id from session
                                       where tenant_id = :tenant and request_id = :request))
             order by seq limit :limit
            """)
        .param("tenant", tenant.value())
        .param("request", request.toString())
        .param("from", from)
        .param("limit", limit)
        .query((row, n) -> new StoredEntry(row.getLong("seq"), Bytes.of(row.getBytes("entry"))))
        .list();
  }

  /// Salt and text of a commitment, if they are still kept.
  public Optional<OpenedText> text(TenantId tenant, Commitment commitment) {
    return jdbc.sql("select salt, text from log_text where tenant_id = ? and commitment = ?")
        .params(tenant.value(), commitment.value().bytes())
        .query(
            (row, n) ->
                new OpenedText(Bytes.of(row.getBytes("salt")), Bytes.of(row.getBytes("text"))))
        .optional();
  }
}
