package org.openlockbox.server.api.request;

import java.util.List;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.statement.LimitsJson;
import org.openlockbox.server.access.RequestSubmission.NewRequest;
import org.openlockbox.server.identity.Caller;

/// Reads the body of a new request. Who asks is the caller, whatever the body says; members that do
/// not belong here, such as a state, are refused.
final class RequestBody {
  private RequestBody() {}

  static NewRequest read(Fields body, Caller caller) {
    requireNoFacts(body);
    try {
      var terms =
          new Terms(
              body.value("resource", ResourceId::new),
              body.value("level", Level::parse),
              body.optionalInstant("notBefore"),
              body.duration("duration"),
              limits(body));
      var wish =
          new NewRequest(
              caller,
              VerifyingKey.parse(body.object("engineerKey")),
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
    if (body.optionalObject("sql").filter(sql -> sql.has("statements")).isPresent()) {
      throw new MalformedJson("a wish says 'statementTexts', not 'statements'");
    }
    return LimitsJson.readAnySpelling(body);
  }

  private static List<String> statements(Fields body) {
    return body.has("statementTexts") ? body.multilines("statementTexts") : List.of();
  }

  /// Facts of the engineer are the provider's to say: a policy may rest on them.
  private static void requireNoFacts(Fields body) {
    if (body.has("engineer")) {
      throw new MalformedJson(
          "a request does not say who asks: 'engineer' comes from your provider's directory"
              + " (lockbox person set)");
    }
  }
}
