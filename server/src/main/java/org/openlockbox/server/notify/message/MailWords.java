package org.openlockbox.server.notify.message;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.limits.Hours;

/// All that mails say in one language, by message id, and how that language writes times.
public final class MailWords {
  public static final List<Locale> LANGUAGES = MessageBundle.LANGUAGES;
  static final String BUNDLE = "mail/messages";

  private static final long MINUTES_OF_A_DAY = 1440;
  private static final long MINUTES_OF_AN_HOUR = 60;

  private final MessageBundle messages;

  private MailWords(Locale locale) {
    this.messages = new MessageBundle(BUNDLE, locale);
  }

  /// Those of this language; English where there are none.
  public static MailWords in(Locale language) {
    return new MailWords(LANGUAGES.contains(language) ? language : Locale.ENGLISH);
  }

  public Locale locale() {
    return messages.locale();
  }

  /// The message with its arguments put in.
  public String say(String id, Object... arguments) {
    return messages.say(id, arguments);
  }

  /// The message, if there is one of this id.
  public Optional<String> known(String id) {
    return messages.knows(id) ? Optional.of(say(id)) : Optional.empty();
  }

  /// A level by its name.
  public String level(Level level) {
    return say("level." + level.word());
  }

  /// The same within a line.
  public String brief(Level level) {
    return say("level." + level.word() + ".brief");
  }

  /// Roles by their words.
  public String roles(List<String> roles) {
    return roles.stream().map(role -> say("role." + role)).collect(Collectors.joining(", "));
  }

  public String purpose(Purpose purpose) {
    return say("purpose." + purpose.word());
  }

  /// `30 min`, in the largest unit that is whole.
  public String duration(Duration length) {
    long minutes = length.toMinutes();
    if (minutes > 0 && minutes % MINUTES_OF_A_DAY == 0) {
      return say("time.days", minutes / MINUTES_OF_A_DAY);
    }
    if (minutes > 0 && minutes % MINUTES_OF_AN_HOUR == 0) {
      return say("time.hours", minutes / MINUTES_OF_AN_HOUR);
    }
    return minutes > 0 ? say("time.minutes", minutes) : say("time.seconds", length.toSeconds());
  }

  public String hours(Hours hours) {
    return HourWords.of(hours, locale());
  }

  /// The moment in the reader's zone and, where that is another one, in UTC.
  String moment(Instant at, ZoneId zone) {
    var when = DateTimeFormatter.ofPattern(say("time.moment"), locale());
    var utc = when.format(at.atZone(ZoneId.of("UTC")));
    return zone.equals(ZoneOffset.UTC)
        ? utc
        : "%s (%s)".formatted(when.format(at.atZone(zone)), utc);
  }
}
