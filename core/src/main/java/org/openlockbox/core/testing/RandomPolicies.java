package org.openlockbox.core.testing;

import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Policies of up to five rules as people write them, for tests: the same for the same seed.
public record RandomPolicies(RandomGenerator random) {
  private static final List<String> MATCHES =
      List.of(
          "purposes: [customer_ticket, emergency]",
          "level: {atMost: masked}",
          "level: {atLeast: read}",
          "duration: {atMost: PT4H}",
          "duration: {atMost: PT1H}",
          "hours: mon-fri 08:00-18:00 Europe/Berlin",
          "hours: mon-sun 20:00-06:00 America/New_York",
          "profile: guarded",
          "requester: {kinds: [human]}",
          "requester: {countries: [DE, FR], employers: [Vendor GmbH]}",
          "ownTicket: true");
  private static final List<String> CONDITIONS_OF_RULES =
      List.of(
          "duration <= duration('2h') && !agent",
          "country == 'DE' || ownTicket",
          "rows / (rows - 7) >= 1",
          "1000 / (rows % 2) > 0",
          "tables[0] == 'customers'",
          "start.getHours('Europe/Berlin') < 12");
  private static final List<String> EFFECTS =
      List.of(
          "approve: {}",
          "approve: {level: masked, duration: PT30M, rows: 50}",
          "approve: {hours: mon-sun 00:00-00:00 UTC}",
          "deny: {}",
          "ask: {quorum: 2}",
          "ask: {approvers: security, respondWithin: PT12H}");

  /// The text of the next one.
  public String text() {
    if (random.nextInt(8) == 0) {
      return "mode: " + one(List.of("never", "ask", "auto-for-my-tickets", "notify-only"));
    }
    var text = new StringBuilder("groups: {security: [ann, bob]}\nrules:\n");
    int rules = 1 + random.nextInt(5);
    for (int i = 0; i < rules; i++) {
      text.append("  - id: r%d\n    says: Rule %d.\n".formatted(i, i));
      text.append("    match: {%s}\n".formatted(match()));
      if (random.nextInt(3) == 0) {
        text.append("    when: \"%s\"\n".formatted(one(CONDITIONS_OF_RULES)));
      }
      text.append("    %s\n".formatted(one(EFFECTS)));
    }
    return text.toString();
  }

  private String match() {
    var chosen = new TreeMap<String, String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var part = one(MATCHES);
      chosen.put(part.substring(0, part.indexOf(':')), part);
    }
    return String.join(", ", chosen.values());
  }

  private <T> T one(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }
}
