package org.openlockbox.server.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.temporal.ChronoUnit;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.server.tenant.GatewayStatements.NumberedStatement;

/// A line of a copy of what the gateway authority signed: canonical JSON without its end of line.
final class StatementLine {
  private StatementLine() {}

  /// Throws [IllegalStateException], naming the place, if it is not one.
  static NumberedStatement parse(String place, String line) {
    try {
      var fields = Fields.of(Json.read(line.getBytes(UTF_8)), "gateway-statements");
      var signed =
          new NumberedStatement(
              0,
              GatewayStatements.event(
                  EntryType.parse(fields.text("kind")), Envelope.parse(fields.object("envelope"))),
              fields.instant("at"));
      fields.done();
      return signed;
    } catch (MalformedJson | IllegalArgumentException e) {
      throw new IllegalStateException(place + " is damaged at: " + line, e);
    }
  }

  static String format(NumberedStatement signed) {
    return CanonicalJson.text(
        Json.object()
            .put("at", signed.at().truncatedTo(ChronoUnit.MILLIS))
            .put("envelope", signed.event().envelope().toJson())
            .put("kind", signed.event().type().word())
            .build());
  }
}
