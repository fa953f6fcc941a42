package org.openlockbox.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// A tenant's people fetch their log as events.
final class ExportTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);
  private static Answer request;

  @BeforeAll
  static void something() {
    request =
        ToldStory.happen(
            SERVER,
            ACME,
            List.of("select * from customers, tickets", "=cmd|' /C calc'!A0", "select 'é\"\n,'"));
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static Fields json(String line) {
    return Fields.of(Json.read(Bytes.ofUtf8(line).toArray()), "event");
  }

  @Test
  void eachEntryIsOneEventWithItsIndexItsHashAndItsOwnBytes() {
    var log = ACME.verifiedLog();
    var entries =
        ToldStory.lines(SERVER, ACME.id, "format=jsonl").stream()
            .map(ExportTest::json)
            .filter(event -> event.has("entry"))
            .toList();
    assertThat(entries).hasSameSizeAs(log);
    for (int i = 0; i < log.size(); i++) {
      var event = entries.get(i);
      assertThat(event.number("logIndex")).isEqualTo(i);
      assertThat(event.text("id")).isEqualTo("acme/" + i);
      assertThat(event.bytes("entry").sha256()).isEqualTo(event.hash("entrySha256"));
    }
    assertThat(entries).noneMatch(event -> event.has("text"));
  }

  @Test
  void textsComeOnlyWhenAskedFor() {
    var with = ToldStory.lines(SERVER, ACME.id, "format=jsonl&texts=true");
    assertThat(with.stream().map(ExportTest::json).filter(event -> event.has("text")))
        .hasSizeGreaterThanOrEqualTo(4);
    var without = String.join("\n", ToldStory.lines(SERVER, ACME.id, "format=ocsf"));
    assertThat(without).doesNotContain("Cannot log in", "calc", "from customers");
  }

  @Test
  void aReaderGoesOnFromAnyPosition() {
    var ids = ToldStory.ids(SERVER, ACME.id);
    assertThat(ids).filteredOn(id -> id.endsWith(".closing")).hasSize(2);
    for (int i = 0; i < ids.size(); i++) {
      var after = ToldStory.position(ids.get(i));
      var rest =
          ToldStory.lines(SERVER, ACME.id, "format=jsonl&after=" + after).stream()
              .map(line -> json(line).text("id"))
              .toList();
      assertThat(rest).as("after " + after).isEqualTo(ids.subList(i + 1, ids.size()));
      assertThat(ToldStory.lines(SERVER, ACME.id, "limit=1&after=" + after))
          .hasSize(Math.min(1, ids.size() - 1 - i));
    }
  }

  @Test
  void theClosingRecordIsAnEventAndTheSameAsTheOneThatIsAskedFor() {
    var id = TestTenant.ref(request).id();
    var told =
        ToldStory.lines(SERVER, ACME.id, "format=jsonl&texts=true").stream()
            .filter(line -> line.contains("\"type\":\"closing\"") && line.contains(id.value()))
            .map(line -> json(line).object("closing"))
            .findFirst()
            .orElseThrow();
    var asked =
        SERVER
            .get("acme-auditor", ACME.requests() + "/" + id + "/closing")
            .json()
            .object("closing");
    assertThat(told.object("end").text("comment")).isEqualTo("Fixed");
    assertThat(told.object("totals").number("operations")).isEqualTo(3);
    for (var record : List.of(told, asked)) {
      assertThat(record.object("objects").objects("tables").stream().map(t -> t.text("name")))
          .containsExactly("customers", "tickets");
    }
  }

  @Test
  void aSpreadsheetRunsNothingAndOneEventIsOneRecord() {
    var csv =
        new String(
            SERVER
                .get("acme-auditor", "/v1/tenants/acme/export?format=csv&texts=true")
                .response()
                .body(),
            StandardCharsets.UTF_8);
    var records = parsed(csv);
    assertThat(records.size() - 1).isEqualTo(ToldStory.ids(SERVER, ACME.id).size());
    int width = records.getFirst().size();
    int text = records.getFirst().indexOf("text");
    assertThat(records).allSatisfy(record -> assertThat(record).hasSize(width));
    assertThat(records.stream().map(record -> record.get(text)))
        .contains("'=cmd|' /C calc'!A0", "select 'é\"\n,'");
    assertThat(records.stream().flatMap(List::stream).filter(cell -> !cell.isEmpty()))
        .noneMatch(cell -> "=+-@\t\r".indexOf(cell.charAt(0)) >= 0);
  }

  /// RFC 4180, read strictly.
  private static List<List<String>> parsed(String csv) {
    var records = new ArrayList<List<String>>();
    var record = new ArrayList<String>();
    var cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted) {
        if (c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
          cell.append(csv.charAt(++i));
        } else if (c == '"') {
          quoted = false;
        } else {
          cell.append(c);
        }
      } else if (c == '"') {
        assertThat(cell).isEmpty();
        quoted = true;
      } else if (c == ',' || c == '\r') {
        record.add(cell.toString());
        cell.setLength(0);
        if (c == '\r') {
          assertThat(csv.charAt(++i)).isEqualTo('\n');
          records.add(List.copyOf(record));
          record.clear();
        }
      } else {
        assertThat(c).isNotEqualTo('\n');
        cell.append(c);
      }
    }
    assertThat(record).isEmpty();
    return records;
  }

  @Test
  void whatCannotBeReadIsRefused() {
    for (var query : List.of("format=xml", "after=-1", "after=1.open", "after=01", "limit=x")) {
      assertThat(SERVER.get("acme-auditor", "/v1/tenants/acme/export?" + query).status())
          .as(query)
          .isEqualTo(400);
    }
    assertThat(ToldStory.lines(SERVER, ACME.id, "after=999999")).isEmpty();
  }

  @Test
  void onlyAnOperatorSeesHowAllSinksStand() {
    assertThat(SERVER.get("operator", "/v1/export/sinks").status()).isEqualTo(200);
    for (var profile : List.of("acme-approver", "acme-auditor", "engineer", "reviewer", "gw-1")) {
      assertThat(SERVER.get(profile, "/v1/export/sinks").status()).isEqualTo(403);
    }
  }

  @Test
  void aPartIsNeverTakenForTheWhole() {
    var globex = new TestTenant(SERVER, "globex", 1);
    ToldStory.happen(SERVER, globex, IntStream.range(0, 140).mapToObj(n -> "select " + n).toList());
    assertThat(ToldStory.ids(SERVER, globex.id)).hasSizeGreaterThan(280);
    SERVER.execute(
        """
        alter table log_batch disable trigger all;
        update log_batch set entries = '\\x000570697261746570697261746570697261'
         where tenant_id = 'globex' and first_seq = 270
        """);
    assertThatThrownBy(() -> SERVER.get("globex-auditor", "/v1/tenants/globex/export"))
        .isInstanceOf(UncheckedIOException.class);
  }
}
