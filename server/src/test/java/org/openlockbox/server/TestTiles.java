package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tile.TileTree;

/// A verifier's view of a tenant's log: tiles fetched over HTTP by their C2SP paths.
public final class TestTiles {
  private final TestTenant tenant;
  private final Map<String, byte[]> fetched = new HashMap<>();

  public TestTiles(TestTenant tenant) {
    this.tenant = tenant;
  }

  public TileTree tree(long size) {
    return new TileTree(
        (level, n) -> fetch(new TilePath(level, n, TilePath.width(level, n, size))), size);
  }

  public byte[] fetch(TilePath path) {
    return fetched.computeIfAbsent(path.format(), this::fetch);
  }

  private byte[] fetch(String path) {
    var answer = tenant.server.get(tenant.id + "-auditor", "/log/%s/%s".formatted(tenant.id, path));
    assertThat(answer.status()).as(path).isEqualTo(200);
    return answer.response().body();
  }
}
