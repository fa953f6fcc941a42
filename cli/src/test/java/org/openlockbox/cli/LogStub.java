package org.openlockbox.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.TenantFixture;

/// A tenant's log of at most 255 entries as the server serves it to whoever checks: its keyring,
/// its checkpoint and its tiles, always as they are now.
final class LogStub {
  private static final int MOST = 255;

  private final TenantFixture tenant;

  LogStub(TenantFixture tenant, StubServer server) {
    this.tenant = tenant;
    String log = "GET /log/" + tenant.tenant() + "/";
    server.on("GET /v1/tenants/" + tenant.tenant() + "/keyring", body -> keyring());
    server.onBytes(
        log + "checkpoint", () -> tenant.log().checkpoint().getBytes(StandardCharsets.UTF_8));
    for (int width = 1; width <= MOST; width++) {
      int size = width;
      server.onBytes(log + "tile/0/000.p/" + width, () -> tile(size));
    }
  }

  private byte[] tile(int size) {
    var hashes = new ByteArrayOutputStream();
    for (int n = 0; n < size; n++) {
      hashes.writeBytes(tenant.log().tree(size).leaf(n).bytes());
    }
    return hashes.toByteArray();
  }

  private String keyring() {
    var entries = new ArrayList<Json.Object>();
    for (long seq = 0; seq < tenant.log().size(); seq++) {
      if (LogEntry.parse(tenant.log().entry(seq)).body() instanceof KeyringEvent) {
        entries.add(shown(tenant.log().entry(seq)));
      }
    }
    return CanonicalJson.text(Json.object().put("entries", entries).build());
  }

  /// An entry as the server shows it.
  static Json.Object shown(Bytes entry) {
    return Json.object().put("seq", LogEntry.parse(entry).seq()).put("entry", entry).build();
  }

  /// Logs the change of the keyring in the body of a call.
  void append(String body) {
    tenant.log().append(KeyringEvent.of(envelope(body)));
  }

  static Envelope envelope(String body) {
    var json = Json.read(Bytes.ofUtf8(body).toArray());
    return Envelope.parse(Fields.of(json, "body").object("envelope"));
  }
}
