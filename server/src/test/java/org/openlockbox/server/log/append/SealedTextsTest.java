package org.openlockbox.server.log.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.seal.TenantKeys;
import org.openlockbox.server.seal.WrappingKeyFile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// The texts beside the log as a DBA finds them, and what becomes of rows and keys that do not
/// belong together.
class SealedTextsTest {
  private static final String SQL = "select secret_phrase from customers";

  private static final int TEXT = 60_000;

  @TempDir private Path directory;

  /// The index of one recorded statement.
  private static long record(TestTenant tenant, String sql) {
    var gateway = TestGateway.leased(tenant.server);
    var session = gateway.open(tenant, tenant.approved());
    var text = TestGateway.sql(sql);
    var entry = gateway.entry(tenant, TestGateway.statement(session, 0, text), text);
    return TestGateway.indices(gateway.append(entry)).getFirst();
  }

  private static Optional<String> shown(TestTenant tenant, long seq) {
    var path = "/v1/tenants/%s/log?limit=1&from=%d".formatted(tenant.id, seq);
    return tenant
        .server
        .get(tenant.id + "-auditor", path)
        .json()
        .objects("entries")
        .getFirst()
        .optionalText("text");
  }

  private static List<String> dump(TestServer server) {
    return server.rows(
        "select tenant_id, first_seq, sealed, encode(sealed, 'escape') from log_batch where sealed is not null");
  }

  @Test
  void whoeverReadsTheTableReadsNoText() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      long seq = record(acme, SQL);
      assertThat(shown(acme, seq)).hasValue(SQL);
      var hex = HexFormat.of().formatHex(SQL.getBytes(StandardCharsets.UTF_8));
      assertThat(
              server.rows(
                  "select first_seq from log_batch where sealed is not null and first_seq = "
                      + seq))
          .hasSize(1);
      assertThat(dump(server))
          .isNotEmpty()
          .noneMatch(row -> row.contains("secret_phrase") || row.contains(hex));
    }
  }

  /// More than is opened at once: each comes, its own, and in order. What is taken away from a
  /// later portion while the first is read does not come: it had not been read yet.
  @Test
  void manyLongTextsAreReadInPortions() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      int count = (int) (2 * LogTexts.OPEN_AT_ONCE / TEXT) + 1;
      long last = recordLong(acme, count);
      var jdbc = JdbcClient.create(new DriverManagerDataSource(server.jdbcUrl));
      var entries = new LogReader(jdbc).entries(acme.id, last - count + 1, count);
      var random = new SecureRandom();
      var wrapping = WrappingKeyFile.open(server.wrappingKey(), random);
      var texts = new LogTexts(jdbc, new TenantKeys(jdbc, wrapping, server.clock::get, random));
      assertThat(read(texts, acme, entries, () -> {}))
          .containsExactlyElementsOf(
              IntStream.range(0, count).mapToObj(Integer::toString).toList());
      var fewer =
          read(
              texts,
              acme,
              entries,
              () -> server.execute("update log_batch set sealed = null where first_seq = " + last));
      assertThat(fewer).hasSize(count - 1).doesNotContain(Integer.toString(count - 1));
    }
  }

  /// So many statements, each in a batch of its own; answers where the last of them is.
  private static long recordLong(TestTenant tenant, int count) {
    var gateway = TestGateway.leased(tenant.server);
    var session = gateway.open(tenant, tenant.approved());
    long last = 0;
    for (int n = 0; n < count; n++) {
      var text = TestGateway.sql(n + " ".repeat(TEXT));
      var entry = gateway.entry(tenant, TestGateway.statement(session, n, text), text);
      last = TestGateway.indices(gateway.append(entry)).getFirst();
    }
    return last;
  }

  private static List<String> read(
      LogTexts texts, TestTenant tenant, List<StoredEntry> entries, Runnable atTheFirst) {
    var read = new ArrayList<String>();
    texts.eachBeginning(
        tenant.id,
        entries,
        (_, text) -> {
          if (read.isEmpty()) {
            atTheFirst.run();
          }
          read.add(text.text().utf8().strip());
        });
    return read;
  }

  @Test
  void aRowMovedToAnotherTenantOrPlaceOpensNowhere() {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      var globex = new TestTenant(server, "globex", 1);
      long ours = record(acme, SQL);
      long again = record(acme, "select 2");
      long theirs = record(globex, "select 3");
      server.execute(
          """
          update log_batch set sealed = (select sealed from log_batch
                                         where tenant_id = 'acme' and first_seq = %d)
           where tenant_id = 'globex' and first_seq = %d
              or tenant_id = 'acme' and first_seq = %d
          """
              .formatted(ours, theirs, again));
      assertThat(shown(acme, ours)).hasValue(SQL);
      assertThat(shown(acme, again)).isEmpty();
      assertThat(shown(globex, theirs)).isEmpty();
      var request =
          server
              .rows("select request_id from session where tenant_id = 'acme' order by log_index")
              .getLast();
      var path = acme.requests() + "/" + request + "/evidence";
      var bundle = server.get("acme-auditor", path).response().body();
      assertThat(BundleCheck.verify(bundle, Optional.empty()))
          .isInstanceOfSatisfying(
              BundleCheck.Valid.class,
              verified ->
                  assertThat(verified.story().told())
                      .anySatisfy(line -> assertThat(line).contains("text not disclosed")));
    }
  }

  @Test
  void aServerWithoutItsWrappingKeyOrWithAnotherRefusesToStartAndMakesNone() throws IOException {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      long seq = record(acme, SQL);
      server.stopLast();
      var kept = directory.resolve("kept");
      Files.move(server.wrappingKey(), kept);
      assertThatThrownBy(() -> server.startAnother())
          .hasMessageContaining("there is no " + server.wrappingKey());
      assertThat(server.wrappingKey()).doesNotExist();
      try (var maintenance = server.maintenance(directory)) {
        assertThatThrownBy(maintenance::rewrap).hasMessageContaining("there is no ");
      }
      var owner = PosixFilePermissions.fromString("rw-------");
      Files.createFile(server.wrappingKey(), PosixFilePermissions.asFileAttribute(owner));
      var zeros = Base64.getEncoder().encodeToString(new byte[32]);
      Files.writeString(server.wrappingKey(), "lockbox-wrapping-key-v1 " + zeros + "\n");
      assertThatThrownBy(() -> server.startAnother())
          .hasMessageContaining("nothing is started")
          .hasMessageContaining(server.wrappingKey().toString());
      Files.delete(server.wrappingKey());
      Files.move(kept, server.wrappingKey());
      server.startAnother();
      assertThat(shown(acme, seq)).hasValue(SQL);
    }
  }

  @Test
  void aNewWrappingKeyWrapsEveryDataKeyAndTouchesNoText() throws IOException {
    try (var server = new TestServer()) {
      var acme = new TestTenant(server, "acme", 1);
      var globex = new TestTenant(server, "globex", 1);
      long ours = record(acme, SQL);
      server.stopLast();
      var sealed = dump(server);
      try (var maintenance = server.maintenance(directory)) {
        assertThat(maintenance.rewrap()).isEqualTo(2);
      }
      var lines = Files.readAllLines(server.wrappingKey());
      assertThat(lines).hasSize(2);
      // The old key is not needed any more.
      Files.write(server.wrappingKey(), lines.subList(0, 1));
      server.startAnother();
      assertThat(shown(acme, ours)).hasValue(SQL);
      assertThat(dump(server)).isEqualTo(sealed);
      assertThat(shown(globex, record(globex, "select 3"))).hasValue("select 3");
    }
  }
}
