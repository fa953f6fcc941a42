package org.openlockbox.server.log.entry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.seal.TenantKeys;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Large texts, in pieces of a bounded size, so that no row and no seal grows with them. A piece is
/// sealed to its number and to the length of the whole: none can be left out, moved or taken from
/// another text.
public final class Blobs {
  static final int PIECE = 256 << 10;

  private final JdbcClient jdbc;
  private final TenantKeys keys;

  public Blobs(JdbcClient jdbc, TenantKeys keys) {
    this.jdbc = jdbc;
    this.keys = keys;
  }

  /// Keeps a text, inside the caller's transaction.
  public void keep(TenantId tenant, int keyNo, Commitment commitment, Bytes text) {
    var key = keys.key(tenant, keyNo);
    byte[] whole = text.toArray();
    for (int n = 0; n * PIECE < whole.length; n++) {
      byte[] piece = Arrays.copyOfRange(whole, n * PIECE, Math.min(whole.length, (n + 1) * PIECE));
      jdbc.sql(
              """
              insert into log_blob (tenant_id, commitment, n, key_no, sealed)
              values (?, ?, ?, ?, ?)
              """)
          .params(
              tenant.value(),
              commitment.value().bytes(),
              n,
              keyNo,
              keys.seal(key, piece, place(tenant, commitment, n, whole.length)))
          .update();
    }
  }

  private static Bytes place(TenantId tenant, Commitment commitment, int n, int size) {
    return Bytes.of(
        "lockbox blob v1\n%s\n%s\n%d\n%d"
            .formatted(tenant, commitment, n, size)
            .getBytes(StandardCharsets.UTF_8));
  }

  /// The first `most` bytes of a text of this size; empty if a piece of them is missing or does not
  /// open.
  public Optional<Bytes> read(TenantId tenant, Commitment commitment, int size, int most) {
    int wanted = Math.min(size, most);
    var out = new ByteArrayOutputStream(wanted);
    for (int n = 0; n * PIECE < wanted; n++) {
      var piece = piece(tenant, commitment, n, size);
      if (piece.isEmpty()) {
        return Optional.empty();
      }
      out.writeBytes(piece.get());
    }
    return Optional.of(Bytes.of(Arrays.copyOf(out.toByteArray(), wanted)));
  }

  private Optional<byte[]> piece(TenantId tenant, Commitment commitment, int n, int size) {
    return jdbc.sql(
            """
            select key_no, sealed from log_blob
             where tenant_id = ? and commitment = ? and n = ?
            """)
        .params(tenant.value(), commitment.value().bytes(), n)
        .query(
            (row, i) ->
                keys.key(tenant, row.getInt("key_no"))
                    .open(row.getBytes("sealed"), place(tenant, commitment, n, size)))
        .optional()
        .flatMap(opened -> opened);
  }

  public void erase(TenantId tenant, Commitment commitment) {
    jdbc.sql("delete from log_blob where tenant_id = ? and commitment = ?")
        .params(tenant.value(), commitment.value().bytes())
        .update();
  }
}
