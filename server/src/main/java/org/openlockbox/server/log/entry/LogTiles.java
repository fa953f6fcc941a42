package org.openlockbox.server.log.entry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads the tiles of tenant logs, as far as they are stored: of level 0 from the batches, which
/// hold the leaf hashes of their entries, of the levels above from the pieces that they grew by.
final class LogTiles {
  static final int WIDTH = 256;

  private static final String LEAVES =
      """
      select first_seq, hashes from log_batch
       where tenant_id = :tenant and first_seq >= %s and first_seq < :to
       order by first_seq
      """
          .formatted(LogReader.START);

  private final JdbcClient jdbc;

  LogTiles(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  byte[] tile(TenantId tenant, int level, long n) {
    return level == 0 ? leaves(tenant, n * WIDTH) : above(tenant, level, n);
  }

  private byte[] leaves(TenantId tenant, long from) {
    var tile = ByteBuffer.allocate(WIDTH * Hash.LENGTH);
    jdbc.sql(LEAVES)
        .param("tenant", tenant.value())
        .param("from", from)
        .param("to", from + WIDTH)
        .query(
            row -> {
              var hashes = row.getBytes("hashes");
              // The first batch may begin before the tile, the last may end after it.
              long before = Math.max(0, from - row.getLong("first_seq")) * Hash.LENGTH;
              int skipped = (int) Math.min(before, hashes.length);
              tile.put(hashes, skipped, Math.min(hashes.length - skipped, tile.remaining()));
            });
    return Arrays.copyOf(tile.array(), tile.position());
  }

  private byte[] above(TenantId tenant, int level, long n) {
    var tile = new ByteArrayOutputStream();
    jdbc.sql(
            """
            select hashes from log_tile
             where tenant_id = ? and level = ? and n = ?
             order by at
            """)
        .params(tenant.value(), level, n)
        .query((row, i) -> row.getBytes("hashes"))
        .list()
        .forEach(tile::writeBytes);
    return tile.toByteArray();
  }
}
