package org.openlockbox.core.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.SignedPolicy;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;

class SignedDecisionTest {
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);

  @Test
  void everyMemberOfADecisionIsUnderItsSignature() {
    var asked = acme.ask(1);
    var envelope = acme.approval(asked, "ann");
    var payload = (Json.Object) envelope.payloadJson();
    int altered = 0;
    for (var changed : alterations(payload)) {
      var forged =
          new Envelope(
              envelope.payloadType(),
              Bytes.of(CanonicalJson.bytes(changed)),
              envelope.signatures());
      assertThat(refuses(asked, forged)).as(CanonicalJson.text(changed)).isTrue();
      altered++;
    }
    assertThat(altered).isGreaterThan(30);
  }

  /// The object with each member, at every depth, left out or changed.
  private static List<Json.Object> alterations(Json.Object object) {
    var all = new ArrayList<Json.Object>();
    object
        .members()
        .forEach(
            (name, value) -> {
              var without = new TreeMap<>(object.members());
              without.remove(name);
              all.add(new Json.Object(without));
              for (var other : others(value)) {
                var changed = new TreeMap<>(object.members());
                changed.put(name, other);
                all.add(new Json.Object(changed));
              }
            });
    return all;
  }

  private static List<Json> others(Json value) {
    return switch (value) {
      case Json.Object object -> List.copyOf(alterations(object));
      case Json.Array array -> List.of(Json.array(array.items().subList(1, array.items().size())));
      case Json.Text text -> List.of(Json.text(text.value() + "x"), Json.text(other(text.value())));
      case Json.Number number -> List.of(new Json.Number(number.value() + 1));
      case Json.Bool bool -> List.of(new Json.Bool(!bool.value()));
      case Json.Null _ -> List.of(Json.text(""));
    };
  }

  /// Another value that is as well-formed, where there is a simple one.
  private static String other(String value) {
    return switch (value) {
      case "ann" -> "bob";
      case "masked" -> "metadata";
      case "acme" -> "globex";
      case "approve" -> "deny";
      default -> (value.charAt(0) == '0' ? "1" : "0") + value.substring(1);
    };
  }

  private boolean refuses(RequestEntry asked, Envelope forged) {
    try {
      var standing = acme.checked(asked).standing();
      var authority = new SignedPolicy(acme).authority();
      return standing.apply(authority, RequestEvent.Decided.of(forged), clock.instant())
          instanceof EventCheck.Unsigned;
    } catch (MalformedJson e) {
      return true;
    }
  }
}
