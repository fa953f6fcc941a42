package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.OutcomeStatus;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.HostileTexts;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.tree.Hash;

/// Words of people, of gateways and of the database in the story of a bundle: each stands in
/// quotation marks that it cannot end, whatever it is made to look like.
class StoryWordsTest {
  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());

  static Stream<String> hostile() {
    return HostileTexts.all().stream();
  }

  private List<String> told(RequestId request) {
    var entries = acme.log().proven(_ -> true);
    var bundle =
        Bundle.of(request, entries, acme.log().checkpoint(), acme.texts())
            .disclosing(Disclosure.ALL);
    var check = BundleCheck.verify(bundle.bytes().toArray(), Optional.of(acme.pin()));
    assertThat(check).isInstanceOf(BundleCheck.Valid.class);
    var story = ((BundleCheck.Valid) check).story();
    var lines = new ArrayList<>(story.told());
    lines.addAll(story.summed());
    return lines;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void noWordsStandInASentenceOfOursUnquoted(String words) {
    var line = words.replace('\n', ' ');
    var asked = acme.ask(acme.submission(acme.terms(), 1), words);
    var id = asked.submission().id();
    acme.approve(asked, "ann");
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    acme.fromGateway(
        new SessionEvent.Operation(
            session,
            0,
            acme.commit(words),
            Optional.of(acme.commit(words)),
            "query",
            SqlFacts.of("select")));
    acme.fromGateway(
        new SessionEvent.Outcome(session, 0, OutcomeStatus.SQL_DONE, 0, 0, 0, Optional.empty()));
    acme.log().append(new RecoveryEvent.EntriesLost(90, Hash.sha256(new byte[1]), line));
    acme.log().append(new RecoveryEvent.EpochsLost(2, 900, Hash.sha256(new byte[2]), line));
    acme.log().append(new SessionEvent.Lost(session, line));
    acme.fromGateway(new SessionEvent.RemovalFailed(session, id, line));
    acme.log()
        .append(
            new RequestEvent.Ended(id, RequestEvent.EndCause.STOPPED, new SubjectId("ann"), line));

    var lines = told(id);

    assertThat(lines).filteredOn(each -> each.contains("zebra")).hasSizeGreaterThanOrEqualTo(9);
    assertThat(lines)
        .allSatisfy(
            each ->
                assertThat(each.replaceAll("\u201c[^\u201d]*\u201d", "")).doesNotContain("zebra"));
  }

  @Test
  void aGatewaysWordForTheEndIsAWordOrQuoted() {
    assertThat(StoryText.word("client-left")).isEqualTo("client-left");
    assertThat(StoryText.word("approved by ann")).isEqualTo("\u201capproved by ann\u201d");
  }

  @Test
  void aStoryShowsTheTextOfTheStatementThatPreparedAnother() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var session = acme.session();
    acme.fromGateway(acme.opened(asked, session));
    acme.fromGateway(
        new SessionEvent.Operation(
            session,
            0,
            acme.commit("prepare p as select * from customers"),
            Optional.empty(),
            "query",
            SqlFacts.of("prepare")));
    acme.fromGateway(
        new SessionEvent.Operation(
            session,
            1,
            acme.commit("execute p"),
            Optional.empty(),
            "query",
            SqlFacts.of("execute").preparedBy(0)));

    assertThat(told(asked.submission().id()))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "\u201cexecute p\u201d [execute; prepared by operation 0];"
                            + " operation 0 is \u201cprepare p as select * from customers\u201d"));
  }
}
