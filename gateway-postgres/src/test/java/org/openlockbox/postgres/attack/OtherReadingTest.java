package org.openlockbox.postgres.attack;

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
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.Wire;
import org.openlockbox.postgres.testing.Answers;
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
  private static final String SJIS_2004 = "set client_encoding = 'SHIFT_JIS_2004'";

  /// As the gateway reads it, the line's text is `' || ', 1, 1) on conflict …`.
  private static final String BEHIND_A_BACKSLASH =
      "insert into invoice_lines as l (invoice_id, position, text, quantity, unit_price)"
          + " values (%1$s, 1, '\\' || ', 1, 1) on conflict (invoice_id, position)"
          + " do update set quantity = l.text::integer --', 1, 1)";

  /// In SHIFT_JIS_2004 the second byte of `Á` and the low line are a backslash.
  private static final String BEHIND_A_LOW_LINE =
      "insert into invoice_lines as l (invoice_id, position, text, quantity, unit_price)"
          + " values (%1$s, 1, E'Á_' || ', 1, 1) on conflict (invoice_id, position)"
          + " do update set quantity = l.text::integer --', 1, 1)";

  /// In SJIS the second byte of `Á` takes the bar with it, and `$a$` is the end of a name.
  private static final String BEHIND_A_BAR =
      "with c as (select 'x'::text as \"Á|$a$\")"
          + " insert into invoice_lines as l (invoice_id, position, text, quantity, unit_price)"
          + " select %1$s, 1, c.Á|$a$, 1, 1 from c on conflict (invoice_id, position)"
          + " do update set quantity = l.text::integer --$a$, 1, 1 from c";

  private static final String TURNED =
      """
      create temporary table turned (letter text);
      do $$
      declare
        encoding record;
        bytes bytea;
        letters text;
      begin
        for encoding in
            select pg_encoding_to_char(n) as name, pg_encoding_max_length(n) as longest
              from generate_series(0, 50) n
              where pg_encoding_to_char(n) not in ('', 'SQL_ASCII', 'UTF8', 'MULE_INTERNAL') loop
          for lead in 128..255 loop
            for trail in 0..case when encoding.longest = 1 then 0 else 255 end loop
              bytes := decode(lpad(to_hex(lead), 2, '0'), 'hex');
              if encoding.longest > 1 and trail > 0 then
                bytes := bytes || decode(lpad(to_hex(trail), 2, '0'), 'hex');
              end if;
              begin
                letters := convert_from(bytes, encoding.name);
                if ascii(letters) < 128 or (trail > 127 and ascii(right(letters, 1)) < 128) then
                  insert into turned values (encoding.name || ' ' || encode(bytes, 'hex'));
                end if;
              exception when others then null;
              end;
            end loop;
          end loop;
        end loop;
      end $$
      """;

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
        new Attack(Profile.EXPERT, SJIS, BEHIND_A_BAR),
        new Attack(Profile.EXPERT, SJIS_2004, BEHIND_A_LOW_LINE));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void noInsertLooksAtAnothersRow(Attack attack) throws Exception {
    var insert = attack.insert().formatted(Target.invoiceOfAnotherTenant());
    try (Talk talk = new Talk(session(Level.WRITE, attack.profile()))) {
      assertThat(talk.answer(batch(attack.setting()), batch(insert))).contains("E42501");
    }
  }

  /// Its locks would stay when session and role are gone.
  @ParameterizedTest
  @EnumSource(Level.class)
  void noTransactionIsPrepared(Level level) throws Exception {
    var inTwoWays = "select '\\', '; prepare transaction ''x''; --'";
    for (String text :
        List.of(
            "prepare transaction 'x'",
            "begin; select 1; PREPARE /* */ transaction 'x'",
            "commit prepared 'x'")) {
      try (Talk talk = new Talk(session(level, Profile.EXPERT))) {
        assertThat(talk.answer(batch(text))).as(text).isEqualTo("E42501 alive");
      }
    }
    for (String text :
        List.of(inTwoWays, inTwoWays.replace(" transaction", "/* /* */ */transaction"))) {
      try (Talk talk = new Talk(session(level, Profile.EXPERT))) {
        assertThat(talk.answer(batch(text))).as(text).isEqualTo("E42501 alive");
      }
    }
    assertThat(refused(inTwoWays)).isNotEmpty().allMatch("not-understood"::equals);
    try (Talk talk = new Talk(session(level, Profile.EXPERT))) {
      assertThat(talk.answer(Wire.query("prepare p as select '\\'"), Wire.query("execute p")))
          .isEqualTo("C Z T D:\\ C Z alive");
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
        says(level, texts);
      }
      // of the last the database makes a NOTIFY only if its setting is in time; if it is too early,
      // the session ends before the text is read
      for (int n = 0; n < 50 && refused(inTwoWays).isEmpty(); n++) {
        says(level, List.of(OFF, inTwoWays));
      }
      assertThat(refused(inTwoWays)).isNotEmpty().allMatch("not-understood"::equals);
      try (Talk talk = new Talk(session(level, Profile.EXPERT))) {
        assertThat(talk.answer(batch(notify))).isEqualTo("E42501 alive");
      }
      Answers.last(listener, "select 1");
      assertThat(listener.unwrap(PGConnection.class).getNotifications()).isNullOrEmpty();
    }
  }

  private static void says(Level level, List<String> texts) throws Exception {
    try (Talk talk = new Talk(session(level, Profile.EXPERT))) {
      talk.send(texts.stream().map(Wire::query).toArray(byte[][]::new));
      talk.send(Wire.message('X', new byte[0]));
      talk.rest(); // what passed has run once the session is over
    }
  }

  /// Why this text was refused, each time; empty words where it was not.
  private static List<String> refused(String sql) {
    var controlPlane = GATEWAY.fixture().controlPlane;
    return controlPlane.events().stream()
        .filter(
            event -> event instanceof SessionEvent.Operation s && controlPlane.text(s).equals(sql))
        .map(event -> ((SessionEvent.Operation) event).refused().orElse(""))
        .toList();
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

  /// A letter of SHIFT_JIS_2004 that the database reads as `~`.
  @Test
  void aLetterThatBecomesOneOfAsciiMakesATextUnsure() throws Exception {
    String letter = new String(Character.toChars(0x1f070));
    try (Talk talk = new Talk(session(Level.WRITE, Profile.EXPERT))) {
      assertThat(
              talk.answer(
                  Wire.query("select '" + letter + "', 'listen'"),
                  Wire.query("select '" + letter + "', 'silent'")))
          .isEqualTo("E42501 Z T D:" + letter + " C Z alive");
    }
  }

  /// It and the one that becomes a backslash are the only ones: all that PostgreSQL takes for a
  /// client's letters of two bytes, or of one.
  @Test
  void noOtherLetterBecomesOneOfAscii() throws Exception {
    try (Connection superuser = Target.HELPDESK.superuser("helpdesk")) {
      Answers.last(superuser, TURNED);
      assertThat(
              Answers.last(
                  superuser, "select string_agg(letter, ', ' order by letter) from turned"))
          .isEqualTo("SHIFT_JIS_2004 815f, SHIFT_JIS_2004 81b0");
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
                LiveSessions.SessionLimits.STANDARD,
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
