package org.openlockbox.portal.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.request.ListKind;
import org.openlockbox.server.request.PageMark;
import org.openlockbox.server.request.RequestLists;
import org.openlockbox.server.request.RequestLists.RequestScope;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// A page of a list reads the rows that it shows, among thousands: PostgreSQL counts them.
final class ListCostTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final int MANY = 1_500;
  private static final int PAGE = 10;

  /// One row more tells whether there are more rows. Two statements read them, and PostgreSQL
  /// counts a row that an index finds twice: at the index and at the table.
  private static final int MOST_READ = 2 * 2 * (PAGE + 1);

  @BeforeAll
  static void many() {
    var later = ", 'decide_by', r.decide_by + n * interval '1 s'";
    var waiting = PORTAL.acme.ask("helpdesk");
    PORTAL.copies(PortalFixture.id(waiting), 0, MANY, later);
    var foreign = ", 'engineer_id', 'fay', 'decide_by', r.decide_by + n * interval '1 s'";
    PORTAL.copies(PortalFixture.id(PORTAL.globex.ask("helpdesk")), 10_000, MANY, foreign);
    var ends = ", 'grant_not_after', r.grant_not_after + n * interval '1 s'";
    PORTAL.copies(PortalFixture.id(PORTAL.acme.approved()), 20_000, MANY, ends);
    var open = PORTAL.globex.approved();
    PORTAL.copies(PortalFixture.id(open), 30_000, MANY, ", 'engineer_id', 'fay'" + ends);
    var over = PORTAL.acme.approved();
    PORTAL.acme.revoke(over);
    PORTAL.copies(
        PortalFixture.id(over), 40_000, MANY, ", 'created_at', r.created_at - n * interval '1 s'");
    PORTAL.server.pass(Duration.ofMinutes(3));
    PORTAL.server.execute("vacuum analyze access_request");
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  static Stream<Arguments> lists() {
    var acme = RequestScope.of(Optional.of(PORTAL.acme.id), Optional.empty());
    var eve = RequestScope.of(Optional.empty(), Optional.of(new SubjectId("eve")));
    return Stream.of(ListKind.WAITING, ListKind.OPEN, ListKind.REVIEW, ListKind.RECENT)
        .flatMap(
            kind ->
                kind == ListKind.RECENT
                    ? Stream.of(Arguments.of(kind, eve))
                    : kind == ListKind.REVIEW
                        ? Stream.of(Arguments.of(kind, RequestScope.ALL))
                        : Stream.of(RequestScope.ALL, acme, eve)
                            .map(scope -> Arguments.of(kind, scope)));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aPageReadsItsOwnRows(ListKind kind, RequestScope scope) throws SQLException {
    var mark = Optional.<PageMark>empty();
    for (int page = 0; page < 3; page++) {
      var read = read(kind, scope, mark);
      assertThat(read.rows()).as("page %d", page).isLessThanOrEqualTo(MOST_READ);
      mark = read.next();
      if (mark.isEmpty()) {
        break;
      }
    }
  }

  private record ReadPage(long rows, Optional<PageMark> next) {}

  private static ReadPage read(ListKind kind, RequestScope scope, Optional<PageMark> after)
      throws SQLException {
    var one = new SingleConnectionDataSource(PORTAL.server.jdbcUrl, true);
    try {
      one.setAutoCommit(false);
      var jdbc = JdbcClient.create(one);
      var lists = new RequestLists(jdbc, scope, PORTAL.server.clock.get());
      var page = lists.page(kind, after, PAGE);
      long rows =
          jdbc.sql(
                  """
                  select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables
                   where relname = 'access_request'
                  """)
              .query(Long.class)
              .single();
      return new ReadPage(rows, page.next());
    } finally {
      one.destroy();
    }
  }

  /// A reviewer whose own requests are the most urgent: what is for others comes first all the
  /// same.
  @Test
  void nobodysOwnRequestsHideThoseThatTheyReview() {
    PORTAL.person(Optional.empty(), "pat", "pat@vendor.example", Role.REVIEWER);
    var asked = PortalFixture.id(PORTAL.acme.ask("helpdesk"));
    PORTAL.copies(asked, 50_000, 40, ", 'provider_review', true, 'engineer_id', 'pat'");
    PORTAL.copies(
        asked, 51_000, 1, ", 'provider_review', true, 'decide_by', r.decide_by + interval '1 min'");
    TestBrowser pat = PORTAL.browser().as("pat@vendor.example");
    assertThat(pat.get("/reviews").text())
        .contains("R-0000051001")
        .doesNotContain("R-0000050001", "rel=\"next\"", "No request is waiting");
  }
}
