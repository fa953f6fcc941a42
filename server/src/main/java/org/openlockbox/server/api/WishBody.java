package org.openlockbox.server.api;

import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.Engineer;
import org.openlockbox.core.access.EngineerName;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Limits;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.evidence.LimitsJson;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.server.ServerConfig;
import org.openlockbox.server.access.Asking.Wish;
import org.openlockbox.server.identity.Caller;

/// Reads the body of a new request. Who asks is the caller, whatever the body says; members that do
/// not belong here, such as a state, are refused.
final class WishBody {
  private WishBody() {}

  static Wish read(Fields body, Caller caller, ServerConfig.Provider provider) {
    try {
      var terms =
          new Terms(
              body.value("resource", ResourceId::new),
              body.value("level", Level::parse),
              body.optionalInstant("notBefore"),
              body.duration("duration"),
              limits(body));
      var wish =
          new Wish(
              engineer(body, caller, provider),
              EngineerName.of(caller.name(), caller.subject()),
              body.value("purpose", Purpose::parse),
              new Reason(body.multiline("reason")),
              body.optionalText("ticket").orElse(""),
              terms,
              statements(body),
              body.optionalValue("extends", RequestId::new));
      body.done();
      return wish;
    } catch (IllegalArgumentException e) {
      throw new MalformedJson(String.valueOf(e.getMessage()), e);
    }
  }

  /// The statements are given as texts; the server commits to them.
  private static Limits limits(Fields body) {
    if (body.has("statements")) {
      throw new MalformedJson("a wish says 'statementTexts', not 'statements'");
    }
    return LimitsJson.readAnySpelling(body);
  }

  private static List<String> statements(Fields body) {
    return body.has("statementTexts") ? body.multilines("statementTexts") : List.of();
  }

  private static Engineer engineer(Fields body, Caller caller, ServerConfig.Provider provider) {
    var key = VerifyingKey.parse(body.object("engineerKey"));
    var told = body.optionalObject("engineer");
    if (told.isEmpty()) {
      return new Engineer(
          caller.subject(),
          provider.country(),
          provider.name(),
          Engineer.Kind.HUMAN,
          Optional.empty(),
          key);
    }
    var fields = told.get();
    var engineer =
        new Engineer(
            caller.subject(),
            fields.optionalText("country").orElse(provider.country()),
            fields.optionalText("employer").orElse(provider.name()),
            fields.optionalValue("kind", Engineer.Kind::parse).orElse(Engineer.Kind.HUMAN),
            fields.optionalValue("responsible", SubjectId::new),
            key);
    fields.done();
    return engineer;
  }
}
