package org.openlockbox.postgres.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Of what a start-up message sets, only what is listed and harmless is passed on.
class StartupMessageTest {
  private static StartupMessage parse(String... more) {
    String all = "user\0u\0database\0d\0" + String.join("\0", more) + "\0\0";
    byte[] bytes = all.getBytes(UTF_8);
    return StartupMessage.parse(StartupMessage.VERSION_3_0, new Slice(bytes, 0, bytes.length));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "datestyle          | ISO, DMY",
        "DateStyle          | SQL,MDY",
        "TimeZone           | Europe/Berlin",
        "timezone           | Etc/GMT+3",
        "TimeZone           | -03:30",
        "IntervalStyle      | iso_8601",
        "extra_float_digits | 3",
        "extra_float_digits | -15",
      })
  void whatIsListedPassesWithAHarmlessValue(String name, String value) {
    assertThat(parse(name, value).settings())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(name.toLowerCase(Locale.ROOT), value, "client_encoding", "UTF8"));
  }

  /// Each looks like one that is listed, or like what PostgreSQL might take for it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "date_style",
        "datestyle ",
        " datestyle",
        "DateStyle\n",
        "datestyle.x",
        "datestyle=ISO; role",
        "\u0130ntervalstyle",
        "interval\u017ftyle",
        "d\u0430testyle",
        "timezone_abbreviations",
        "log_timezone",
        "extra_float_digit",
        "application_names",
        "User",
        "DATABASE",
        "pq_.x",
        "_PQ_.x",
      })
  void whatLooksLikeAListedNameIsRefused(String name) {
    refused("28000", name, "x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC'",
        "UTC;select 1",
        "UTC\\",
        "UTC\n",
        "UTC\"",
        "$user",
        "UTC=1",
        "UTC -c role(x)",
        "\u0415urope/Berlin",
        "\u00a0UTC",
      })
  void aValueWithMoreThanPlainLettersIsRefused(String value) {
    for (String name : new String[] {"TimeZone", "datestyle", "IntervalStyle"}) {
      refused("22023", name, value);
    }
  }

  @Test
  void aLongValueIsRefused() {
    assertThat(parse("TimeZone", "x".repeat(64)).settings()).containsKey("timezone");
    refused("22023", "TimeZone", "x".repeat(65));
  }

  @Test
  void anApplicationNameIsMadePrintable() {
    assertThat(parse("Application_Name", "a'\n\u00e9" + "x".repeat(70)).settings())
        .containsEntry("application_name", "a'??" + "x".repeat(59));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF8", "utf-8", "UNICODE", "'utf-8'", "Utf_8"})
  void utf8PassesInEachSpellingAndIsPassedOnInOne(String spelling) {
    assertThat(parse("Client_Encoding", spelling).settings())
        .isEqualTo(Map.of("client_encoding", "UTF8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF16", "UTF88", "SQL_ASCII", "LATIN1", "", "UTF8;", "utf\uff18"})
  void whatLooksLikeUtf8IsRefused(String encoding) {
    refused("22023", "client_encoding", encoding);
  }

  private static void refused(String code, String name, String value) {
    assertThatThrownBy(() -> parse(name, value))
        .isInstanceOfSatisfying(
            ConnectionRefusal.class,
            e -> {
              assertThat(e.error().sqlState()).isEqualTo(code);
              assertThat(e.error().hint()).isNotBlank();
            });
  }
}
