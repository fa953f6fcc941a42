package org.openlockbox.core.statement;

import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// How the terms of a grant are written where nobody signed them: as in an approval, without the
/// duration.
public final class GrantJson {
  private GrantJson() {}

  public static GrantTerms parse(Fields fields) {
    return fields.whole(
        () ->
            new GrantTerms(
                fields.value("level", Level::parse),
                StatementJson.window(fields),
                LimitsJson.read(fields)));
  }

  public static Json.Object toJson(GrantTerms terms) {
    var json =
        Json.object()
            .put("level", terms.level().word())
            .put("notBefore", terms.window().notBefore())
            .put("notAfter", terms.window().notAfter());
    LimitsJson.put(json, terms.limits());
    return json.build();
  }
}
