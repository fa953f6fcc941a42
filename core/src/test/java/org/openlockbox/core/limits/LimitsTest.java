package org.openlockbox.core.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.statement.LimitsJson;

/// What approvers can do to limits: narrow them, each of them, and nothing else.
class LimitsTest {
  private static final long SEED = 20_260_105;

  @Test
  void narrowingIsAPartialOrder() {
    var random = new Random(SEED);
    int ordered = 0;
    for (int i = 0; i < 20_000; i++) {
      var a = RandomLimits.limits(random);
      var b = RandomLimits.limits(random).narrower(a).orElse(a);
      var c = RandomLimits.limits(random).narrower(b).orElse(b);
      assertThat(a.isWiderThan(a)).isFalse();
      assertThat(c.isWiderThan(b)).as("%s and %s", c, b).isFalse();
      assertThat(c.isWiderThan(a)).as("%s and %s", c, a).isFalse();
      if (!a.isWiderThan(b)) {
        assertThat(b).isEqualTo(a);
        ordered++;
      }
    }
    assertThat(ordered).isPositive();
  }

  @Test
  void whatApproversAllowTogetherIsNarrowerThanWhatEachAllows() {
    var random = new Random(SEED);
    int shared = 0;
    for (int i = 0; i < 20_000; i++) {
      var a = RandomLimits.limits(random);
      var b = RandomLimits.limits(random);
      var both = a.narrower(b);
      assertThat(both.map(Limits::words)).isEqualTo(b.narrower(a).map(Limits::words));
      if (both.isPresent()) {
        shared++;
        assertThat(both.get().isWiderThan(a)).isFalse();
        assertThat(both.get().isWiderThan(b)).isFalse();
        assertThat(both.get().narrower(a)).isEqualTo(both);
      }
    }
    assertThat(shared).isPositive();
  }

  @Test
  void nothingIsWiderThanTheWidestAndTogetherWithItNothingChanges() {
    var random = new Random(SEED);
    for (int i = 0; i < 1000; i++) {
      var limits = RandomLimits.limits(random);
      assertThat(limits.isWiderThan(Limits.WIDEST)).isFalse();
      assertThat(Limits.WIDEST.narrower(limits)).isEqualTo(Optional.of(limits));
      assertThat(Limits.WIDEST.over(limits)).isEqualTo(limits);
    }
  }

  @Test
  void limitsAreReadAsTheyAreWritten() {
    var random = new Random(SEED);
    for (int i = 0; i < 2000; i++) {
      var limits = RandomLimits.limits(random);
      var bytes = CanonicalJson.bytes(LimitsJson.toJson(limits));
      assertThat(LimitsJson.parse(CanonicalJson.parse(bytes))).isEqualTo(limits);
    }
    assertThat(LimitsJson.toJson(Limits.UNWRITTEN).members()).isEmpty();
  }

  private static JsonObjectBuilder sql(JsonObjectBuilder limits) {
    return Json.object().put("sql", limits.build());
  }

  @Test
  void aLimitHasOneSpelling() {
    for (var wrong :
        List.of(
            Json.object().put("rowBudget", 0),
            Json.object().put("byteBudget", 0),
            sql(Json.object().putTexts("tables", List.of())),
            sql(Json.object().putTexts("tables", List.of("b", "a"))),
            Json.object().put("operationTimeout", "PT0S"),
            Json.object().put("operationTimeout", "PT60S"),
            Json.object().put("idleTimeout", "P31D"),
            Json.object().put("sessions", 0),
            Json.object().put("sessions", 1001),
            Json.object().put("sessions", Integer.MAX_VALUE),
            Json.object().putTexts("hours", List.of()),
            Json.object().putTexts("hours", List.of("mon,tue 08:00-18:00 UTC")),
            Json.object().putTexts("hours", List.of("mon 8:00-18:00 UTC")),
            Json.object().putTexts("hours", List.of("mon 08:00-24:00 UTC")),
            Json.object().putTexts("hours", List.of("mon 08:00-18:00 Atlantis/Capital")),
            Json.object().putTexts("hours", List.of("mon 08:00-18:00 +02:00")),
            Json.object().putTexts("hours", List.of("mon 08:00-18:00 UTC", "mon 09:00-10:00 UTC")),
            sql(Json.object().put("profile", "guarded")),
            sql(Json.object().put("profile", "root")),
            sql(Json.object().putTexts("statements", List.of())),
            sql(Json.object().putTexts("statements", List.of("00"))),
            Json.object().put("softEnd", "PT0S"),
            Json.object().put("softEnd", "PT10M1S"),
            Json.object().putTexts("tables", List.of("a")),
            sql(Json.object()),
            sql(Json.object().put("weather", "fine")),
            Json.object().put("weather", "fine"))) {
      assertThatThrownBy(() -> LimitsJson.parse(wrong.build()))
          .as(wrong.build().toString())
          .isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void aReaderOfTermsTakesOnlyTheMembersThatAreLimits() {
    var fields =
        Fields.of(Json.object().put("sessions", 2).put("level", "read").build(), "request");
    assertThat(LimitsJson.read(fields))
        .isEqualTo(Limits.UNWRITTEN.withSessions(new Concurrency(2)));
    assertThatThrownBy(fields::done).isInstanceOf(MalformedJson.class);
  }

  @Test
  void hoursThatAnApproverAddsHoldBesideThoseThatWereAsked() {
    var asked = Limits.UNWRITTEN.withHours(hours("mon-fri 08:00-18:00 Europe/Berlin"));
    var theirs = Limits.WIDEST.withHours(hours("mon-sun 07:00-12:00 America/New_York"));
    assertThat(theirs.over(asked).hours().words())
        .containsExactly(
            "mon-fri 08:00-18:00 Europe/Berlin", "mon-sun 07:00-12:00 America/New_York");
    assertThat(theirs.over(asked).isWiderThan(asked)).isFalse();
  }

  @Test
  void anApproverCanTakeTheExpertProfileAndTheSoftEndAway() {
    var asked =
        Limits.UNWRITTEN
            .withProfile(Profile.EXPERT)
            .withSoftEnd(new SoftEnd(Duration.ofSeconds(30)));
    assertThat(Limits.WIDEST.over(asked)).isEqualTo(asked);
    assertThat(Limits.UNWRITTEN.over(asked)).isEqualTo(Limits.UNWRITTEN);
  }

  @Test
  void theWordsNameAnExpertsAccessAndWhatLimitsIt() {
    assertThat(Limits.UNWRITTEN.withProfile(Profile.EXPERT).words())
        .containsExactly(
            entry(
                Limit.PROFILE,
                "EXPERT: statements are not judged; only the rights in the database limit them"));
    assertThat(Limits.UNWRITTEN.words()).isEmpty();
  }

  @Test
  void aRequestAlwaysNamesHowManySessionsItIsFor() {
    assertThat(Limits.UNWRITTEN.asked())
        .isEqualTo(Limits.UNWRITTEN.withSessions(new Concurrency(4)));
    assertThat(Limits.UNWRITTEN.asked().words())
        .containsExactly(entry(Limit.SESSIONS, "at most 4"));
    var more = Limits.UNWRITTEN.withSessions(new Concurrency(100));
    assertThat(more.asked()).isEqualTo(more);
  }

  private static Hours hours(String words) {
    return Hours.of(Shift.parse(words));
  }
}
