package org.openlockbox.server.log.append;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.statement.Erasure.ErasureScope;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.server.Recorded;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// Statements that are larger than a row: kept in pieces.
class LargeTextTest {
  private static Bytes noText(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ((i * 31) >> 3);
    }
    return Bytes.of(bytes);
  }

  @Test
  void aTextOfAnySizeIsKeptInPiecesShownByteForByteInTheBundleAndErasedWhole() {
    try (var server = new TestServer()) {
      var tenant = new TestTenant(server, "acme", 1);
      var gateway = TestGateway.leased(server);
      var request = tenant.approved();
      var session = gateway.open(tenant, request);
      var texts = new ArrayList<OpenedText>();
      var entries = new ArrayList<Json>();
      // No UTF-8, with NUL and halves of characters in it, on both sides of every border.
      for (int size : new int[] {65_536, 65_537, 262_144, 262_145, 1 << 20, 16 << 20}) {
        var text = new OpenedText(TestGateway.sql("").salt(), noText(size));
        var statement = TestGateway.statement(session, texts.size(), text);
        entries.add(gateway.entry(tenant, statement, text));
        texts.add(text);
      }
      var seqs = TestGateway.indices(gateway.append(entries));
      var acme = new Recorded(tenant, request, seqs);
      assertThat(server.rows("select count(*) from log_blob")).containsExactly("72");
      assertThat(server.rows("select max(length(sealed)) from log_blob")).containsExactly("262184");
      assertThat(acme.shown(seqs.getLast()).number("textBytes")).isEqualTo(16 << 20);
      assertThat(acme.shown(seqs.getFirst()).has("textBytes")).isFalse();
      tenant.checkpoint(seqs.getLast() + 1);
      var path = tenant.requests() + "/" + TestTenant.ref(request).id() + "/evidence";
      var bundle = Bundle.parse(Bytes.of(server.get("acme-auditor", path).response().body()));
      assertThat(bundle.texts().values()).containsAll(texts);
      assertThat(acme.story()).isNotEmpty();

      erasing(acme, server);
    }
  }

  private static void erasing(Recorded acme, TestServer server) {
    var seqs = acme.statements();
    // A piece that stands in another's place.
    server.execute("create table kept as select * from log_blob");
    server.execute(
        "update log_blob a set sealed = b.sealed from kept b where a.commitment = b.commitment and a.n = 1 and b.n = 2");
    assertThat(acme.shown(seqs.getLast()).has("text")).isTrue();
    assertThat(acme.story())
        .anySatisfy(line -> assertThat(line).contains("query 5: text not disclosed"));

    assertThat(acme.erase(acme.erasure(seqs.getLast())).status()).isEqualTo(201);
    assertThat(server.rows("select count(*) from log_blob")).containsExactly("8");
    assertThat(acme.erase(acme.erasure(new ErasureScope.Everything(), acme.tenant().key)).status())
        .isEqualTo(201);
    assertThat(acme.shown(seqs.get(4)).has("text")).isFalse();
    assertThat(acme.story())
        .anySatisfy(line -> assertThat(line).contains("query 4: operation erased"));
  }
}
