package org.openlockbox.server.notify.contact;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.notify.message.Topic;

/// Where mail about a tenant goes: a person or a group, what they want to be told, and how they
/// read times.
public record Contact(
    String address, Audience audience, Set<Topic> topics, ZoneId zone, Optional<QuietHours> quiet) {
  public Contact {
    if (!MailAddress.isMailable(address)) {
      throw new IllegalArgumentException("not an e-mail address: " + address);
    }
    topics = Set.copyOf(topics);
  }

  /// One who is told what everybody of the audience is told.
  public static Contact usual(String address, Audience audience, ZoneId zone) {
    return new Contact(address, audience, audience.usualTopics(), zone, Optional.empty());
  }

  /// When a notice that is due now is for this contact, who may have quiet hours. What has to be
  /// answered sooner than they end does not wait for them.
  public Instant due(Instant now, Optional<Instant> deadline) {
    var over = quiet.map(hours -> hours.over(now, zone)).orElse(now);
    return deadline.filter(limit -> !over.isBefore(limit)).isPresent() ? now : over;
  }

  public static Contact parse(Fields json) {
    var audience = json.value("audience", Audience::parse);
    var contact =
        new Contact(
            json.text("address"),
            audience,
            json.optionalTexts("topics").map(Contact::topics).orElseGet(audience::usualTopics),
            json.optionalValue("zone", Contact::zone).orElse(ZoneOffset.UTC),
            json.optionalObject("quiet").map(Contact::quiet));
    json.done();
    return contact;
  }

  public static Set<Topic> topics(List<String> words) {
    var topics = EnumSet.noneOf(Topic.class);
    words.forEach(word -> topics.add(Topic.parse(word)));
    return topics;
  }

  static ZoneId zone(String name) {
    if (name.equals("UTC")) {
      return ZoneOffset.UTC;
    }
    if (!isZone(name)) {
      throw new IllegalArgumentException("not a time zone such as Europe/Berlin: " + name);
    }
    return ZoneId.of(name);
  }

  /// Whether a contact can read times in a zone of this name.
  public static boolean isZone(String name) {
    return name.equals("UTC") || ZoneId.getAvailableZoneIds().contains(name);
  }

  private static QuietHours quiet(Fields json) {
    var hours =
        new QuietHours(json.value("from", Contact::time), json.value("until", Contact::time));
    json.done();
    return hours;
  }

  private static LocalTime time(String text) {
    if (!isTime(text)) {
      throw new IllegalArgumentException("not a time of day such as 22:00: " + text);
    }
    return LocalTime.parse(text);
  }

  /// Whether quiet hours can begin or end then: `22:00`.
  public static boolean isTime(String text) {
    return text.matches("([01]\\d|2[0-3]):[0-5]\\d");
  }

  public static String zoneName(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  Json.Object toJson() {
    var json =
        Json.object()
            .put("address", address)
            .put("audience", audience.word())
            .putTexts("topics", List.copyOf(words()))
            .put("zone", zoneName(zone));
    quiet.ifPresent(
        hours ->
            json.put(
                "quiet",
                Json.object()
                    .put("from", hours.from().toString())
                    .put("until", hours.until().toString())
                    .build()));
    return json.build();
  }

  public Set<String> words() {
    var words = new TreeSet<String>();
    topics.forEach(topic -> words.add(topic.word()));
    return words;
  }
}
