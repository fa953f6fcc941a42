package org.openlockbox.gateway.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Limits;
import org.openlockbox.core.access.Profile;
import org.openlockbox.gateway.GatewayFixture;
import org.openlockbox.gateway.Wire;
import org.openlockbox.gateway.session.Sessions;
import org.openlockbox.gateway.testing.Answers;
import org.postgresql.PGConnection;

/// Texts that the database reads otherwise than the gateway, because settings changed its lexer for
/// a moment that no report of settings shows: what passes in no profile does not hide in them.
class OtherReadingTest {
  private static final Target.Gateway GATEWAY = new Target.Gateway();
  private static final String OFF = "set standard_conforming_strings = off";
  private static final String OFF_BY_CATALOG =
      "update pg_catalog.pg_settings set setting = 'off'"
          + " where name = 'standard_conforming_strings'";
  private static final String SJIS = "set client_encoding = 'SJIS'";

  /// As the gateway reads it, the line's text is `' || ', 1, 1) on conflict …`.
  private static final String BEHIND_A_BACKSLASH =
      "insert into invoice_lines as l (invoice_id, position, text, quantity, unit_price)"
          + " values (%1$s, 1, '\\' || ', 1, 1) on conflict (invoice_id, position)"
          + " do update set quantity = l.text::integer --', 1, 1)";

  /// In SJIS the second byte of `Á` takes the bar with it, and `$a$` is the end of a name.
  private static final String BEHIND_A_BAR =
      "with c as (select 'x'::text as \"Á|$a$\")"
          + " insert into invoice_lines as l (invoice_id, position, text, quantity, unit_price)"
          + " select %1$s, 1, c.Á|$a$, 1, 1 from c on conflict (invoice_id, position)"
          + " do update set quantity = l.text::integer --$a$, 1, 1 from c";

  @AfterAll
  static void nothingIsLeft() {
    GATEWAY.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  /// A setting that is changed in a batch and back with its error, and the insert behind it.
  record Attack(Profile profile, String setting, String insert) {}

  static Stream<Attack> attacks() {
    return Stream.of(
        new Attack(Profile.EXPERT, OFF, BEHIND_A_BACKSLASH),
        new Attack(Profile.EXPERT, OFF_BY_CATALOG, BEHIND_A_BACKSLASH),
        new Attack(Profile.GUARDED, OFF_BY_CATALOG, BEHIND_A_BACKSLASH),
        new Attack(Profile.EXPERT, SJIS, BEHIND_A_BAR));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void noInsertLooksAtAnothersRow(Attack attack) throws Exception {
    var insert = attack.insert().formatted(SqlAttackTest.invoiceOfAnotherTenant());
    try (Talk talk = new Talk(session(Level.WRITE, attack.profile()))) {
      assertThat(talk.answer(batch(attack.setting()), batch(insert))).contains("E42501");
    }
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void nothingIsSentToWhoListens(Level level) throws Exception {
    var notify = "notify gossip, 'psst'";
    var inTwoWays = "select '\\', '; notify gossip; --'";
    try (Connection listener = Target.HELPDESK.superuser("helpdesk")) {
      Answers.last(listener, "listen gossip");
      for (var texts :
          List.of(
              List.of(notify),
              List.of("select 1; /* */ NoTiFy gossip"),
              List.of("notify gossip" + "--".repeat(200_000)),
              List.of(OFF, inTwoWays))) {
        try (Talk talk = new Talk(session(level, Profile.EXPERT))) {
          talk.send(texts.stream().map(Wire::query).toArray(byte[][]::new));
          talk.send(Wire.message('X', new byte[0]));
          talk.rest(); // what passed has run once the session is over
        }
      }
      try (Talk talk = new Talk(session(level, Profile.EXPERT))) {
        assertThat(talk.answer(batch(notify))).isEqualTo("E42501 alive");
      }
      Answers.last(listener, "select 1");
      assertThat(listener.unwrap(PGConnection.class).getNotifications()).isNullOrEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void nobodyListens(Profile profile) throws Exception {
    try (Talk talk = new Talk(session(Level.READ, profile))) {
      assertThat(
              talk.answer(
                  Wire.query("listen gossip"),
                  Wire.query("unlisten gossip; unlisten *"),
                  Wire.query("select 'listen', $$notify$$ as listen"),
                  batch("listen gossip")))
          .isEqualTo("E42501 Z C C Z T D:listen C Z E42501 alive");
    }
  }

  @Test
  void thoseWordsInATextThatIsReadOneWayOnlyPass() throws Exception {
    try (Talk talk = new Talk(session(Level.WRITE, Profile.EXPERT))) {
      assertThat(
              talk.answer(
                  Wire.query("select $$conflict$$, 'ü'"),
                  Wire.query("select E'\\x41', 'conflicting'")))
          .isEqualTo("T D:conflict C Z T D:A C Z alive");
    }
  }

  @Test
  void aGuardedSessionChangesNoSettingThroughItsCatalog() throws Exception {
    try (Talk talk = new Talk(session(Level.WRITE, Profile.GUARDED))) {
      assertThat(
              talk.answer(
                  Wire.query(
                      "update pg_settings set setting = 'public' where name = 'search_path'")))
          .isEqualTo("E42501 Z alive");
    }
  }

  /// A database whose own default is off.
  @Test
  void aDatabasesOwnDefaultDoesNotHold() throws Exception {
    Target.HELPDESK.mark("backslashes");
    try (Connection superuser = Target.HELPDESK.superuser("helpdesk")) {
      Answers.last(superuser, "alter database backslashes set standard_conforming_strings = off");
    }
    Target.HELPDESK.fence("backslashes");
    try (var fixture =
            new GatewayFixture(
                Sessions.Limits.STANDARD,
                InstantSource.system(),
                Target.HELPDESK.catalogue("backslashes"));
        var guarded = fixture.connect(fixture.guarded(Level.READ), "&preferQueryMode=simple")) {
      assertThat(Answers.last(guarded, "show standard_conforming_strings")).isEqualTo("on");
      assertThat(Answers.last(guarded, "select '\\', '; listen x; --'")).isEqualTo("\\");
      assertThat(Answers.last(guarded, "reset all; show standard_conforming_strings"))
          .isEqualTo("on");
      assertThat(Answers.last(guarded, "select email from customers order by id limit 1"))
          .isNotEmpty();
    }
  }

  private static Connection session(Level level, Profile profile) throws SQLException {
    var limits = Limits.WIDEST.withProfile(profile);
    var fixture = GATEWAY.fixture();
    return fixture.connect(fixture.approved(level, Duration.ofMinutes(30), limits));
  }

  /// Parse, Bind and Execute of this text; whoever says more decides where the batch ends.
  private static byte[] batch(String sql) throws IOException {
    return Talk.joined(Talk.parse("", sql), Talk.bind("", ""), Talk.execute("", 0));
  }
}
