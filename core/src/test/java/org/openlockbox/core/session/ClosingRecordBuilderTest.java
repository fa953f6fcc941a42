package org.openlockbox.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.bundle.Bundle;
import org.openlockbox.core.bundle.BundleCheck;
import org.openlockbox.core.bundle.CompleteBundle;
import org.openlockbox.core.bundle.Disclosure;
import org.openlockbox.core.bundle.Report;
import org.openlockbox.core.bundle.Story;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.statement.Count;

final class ClosingRecordBuilderTest {
  private static final CompleteBundle COMPLETE = new CompleteBundle();

  private static Story story(Bundle bundle) {
    return switch (BundleCheck.verify(bundle.bytes().toArray(), Optional.of(COMPLETE.pin()))) {
      case BundleCheck.Valid(var story) -> story;
      case BundleCheck.Invalid broken -> throw new AssertionError(broken.toString());
      case BundleCheck.Newer newer -> throw new AssertionError(newer.toString());
    };
  }

  private static ClosingRecordBuilder closing(Bundle bundle, List<Long> complete) {
    var closing = new ClosingRecordBuilder(to -> Optional.ofNullable(bundle.texts().get(to)));
    for (var bytes : bundle.entries()) {
      var entry = LogEntry.parse(bytes);
      if (closing.take(entry)) {
        complete.add(entry.seq());
      }
    }
    return closing;
  }

  @Test
  void itIsCompleteOnceNothingIsOpenAndNobodyCanComeIn() {
    var complete = new ArrayList<Long>();
    var record = closing(COMPLETE.bundle(), complete).record().orElseThrow();
    assertThat(record.end().orElseThrow().how()).isEqualTo("revoked");
    assertThat(complete).hasSize(2).startsWith(record.end().get().index());
  }

  @Test
  void theVerifierCountsTheSameAsWhoeverReadsTheLog() {
    var bundle = COMPLETE.bundle();
    var record = closing(bundle, new ArrayList<>()).record().orElseThrow();
    assertThat(story(bundle).closing()).isEqualTo(record);
    var json = CanonicalJson.text(record.toJson());
    assertThat(
            Report.of(
                    bundle.bytes().toArray(),
                    Optional.of(COMPLETE.pin()),
                    Conditions.NONE,
                    Report.ReportFormat.JSON,
                    "a.zip")
                .data())
        .contains("\"closing\":" + json);
  }

  @Test
  void itNamesEachDeciderTheKeyAndWhatWasDone() {
    var record = closing(COMPLETE.bundle(), new ArrayList<>()).record().orElseThrow();
    assertThat(record.decisions())
        .extracting(said -> said.by() + " " + said.verdict())
        .containsExactly(
            "rob review: approve",
            "dan approve",
            "pia approve",
            "sam approve",
            "kim approve",
            "ann revoke");
    assertThat(record.decisions())
        .extracting(said -> said.key().isPresent())
        .containsExactly(false, true, true, true, true, true);
    assertThat(record.sessions())
        .extracting(session -> session.how().orElse("open") + " " + session.operations())
        .containsExactly("closed 3", "lost 2");
    var totals = record.totals();
    assertThat(List.of(totals.sessions(), totals.operations(), totals.unknown(), totals.units()))
        .containsExactly(2L, 5L, 3L, 4L);
    assertThat(record.objects().tables())
        .containsExactly(new ClosingRecord.Objects.TableUse("customers", 5, 0));
    assertThat(record.leftovers()).hasSize(1);
    assertThat(record.lines()).anyMatch(line -> line.startsWith("2 sessions, 5 operations ("));
  }

  @Test
  void theTablesDoNotHangOnTheTexts() {
    var record =
        closing(COMPLETE.bundle().disclosing(Disclosure.NONE), new ArrayList<>())
            .record()
            .orElseThrow();
    assertThat(record.objects().tables())
        .containsExactly(new ClosingRecord.Objects.TableUse("customers", 5, 0));
    assertThat(record.reason()).isEmpty();
    assertThat(record.lines()).contains("tables: customers (read 5)");
  }

  @Test
  void oneOfSomethingIsSaidAsOne() {
    var counts = List.of(Count.of(0, "row"), Count.of(1, "row"), Count.of(2, "row"));
    assertThat(counts).hasToString("[0 rows, 1 row, 2 rows]");
  }

  @Test
  void itIsADocumentLikeAnyOther() {
    var json = closing(COMPLETE.bundle(), new ArrayList<>()).record().orElseThrow().toJson();
    var bytes = CanonicalJson.bytes(json);
    assertThat(Json.read(bytes)).isEqualTo(json);
  }
}
