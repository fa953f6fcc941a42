package org.openlockbox.portal.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.server.notify.message.HourWords;
import org.openlockbox.server.notify.message.MessageBundle;

/// All that the portal says in one language, by message id, and how that language writes times.
public final class Messages {
  static final String BUNDLE = "portal/messages";
  public static final List<Locale> LANGUAGES = MessageBundle.LANGUAGES;

  private final MessageBundle messages;

  private Messages(Locale locale) {
    this.messages = new MessageBundle(BUNDLE, locale);
  }

  /// The words of the first of these languages that there are words in; else English.
  public static Messages in(List<Locale.LanguageRange> wanted) {
    var found = Locale.lookup(wanted, LANGUAGES);
    return new Messages(found == null ? Locale.ENGLISH : found);
  }

  /// Those of this language, which is one of [#LANGUAGES].
  static Messages in(Locale language) {
    return new Messages(language);
  }

  public Locale locale() {
    return messages.locale();
  }

  /// The message with its arguments put in.
  public String say(String id, Object... arguments) {
    return messages.say(id, arguments);
  }

  /// The message as it stands, with its places.
  public String pattern(String id) {
    return messages.pattern(id);
  }

  public boolean knows(String id) {
    return messages.knows(id);
  }

  /// `Tue 25 Nov 2026, 14:05 UTC+01:00 (Berlin)` in this zone.
  public String time(Instant at, ZoneId zone) {
    return brief(at, zone) + " " + zoneName(at, zone);
  }

  /// The same where it is said beside it which zone this is.
  public String brief(Instant at, ZoneId zone) {
    return DateTimeFormatter.ofPattern(say("time.pattern"), locale()).format(at.atZone(zone));
  }

  /// The same to the second.
  public String exact(Instant at, ZoneId zone) {
    return DateTimeFormatter.ofPattern(say("time.pattern.exact"), locale()).format(at.atZone(zone));
  }

  /// The same moment in UTC.
  public String utc(Instant at) {
    return brief(at, ZoneOffset.UTC) + " UTC";
  }

  /// `UTC+01:00 (Berlin)`; UTC is just that.
  public String zoneName(Instant at, ZoneId zone) {
    if (zone.normalized().equals(ZoneOffset.UTC)) {
      return "UTC";
    }
    var id = zone.getId();
    var city = id.substring(id.lastIndexOf('/') + 1).replace('_', ' ');
    var offset = DateTimeFormatter.ofPattern("xxx").format(at.atZone(zone));
    return "UTC" + offset + " (" + city + ")";
  }

  /// `4 hours 30 minutes`: the two largest units.
  public String duration(Duration length) {
    var text = new StringBuilder();
    var parts =
        List.of(
            new CountedMessage("time.days", length.toDaysPart()),
            new CountedMessage("time.hours", length.toHoursPart()),
            new CountedMessage("time.minutes", length.toMinutesPart()),
            new CountedMessage("time.seconds", length.toSecondsPart()));
    int said = 0;
    for (var part : parts) {
      if (part.count > 0 && said < 2) {
        text.append(said++ > 0 ? " " : "").append(say(part.id, part.count));
      }
    }
    return text.isEmpty() ? say("time.seconds", 0) : text.toString();
  }

  /// The same for what was measured: seconds say nothing there.
  public String about(Duration length) {
    return length.toMinutes() < 1
        ? say("time.moment")
        : duration(length.truncatedTo(ChronoUnit.MINUTES));
  }

  private record CountedMessage(String id, long count) {}

  /// A country by its ISO 3166 code, in this language.
  public String country(String code) {
    return Locale.of("", code).getDisplayCountry(locale());
  }

  /// Days by their names in this language.
  public String hours(Hours hours) {
    return HourWords.of(hours, locale());
  }

  public String languageName(Locale of) {
    return of.getDisplayLanguage(of);
  }
}
