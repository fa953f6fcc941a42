package org.openlockbox.core.evidence;

import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// How the terms of a grant are written where nobody signed them: as in an approval, without the
/// duration.
final class GrantJson {
  private GrantJson() {}

  static GrantTerms parse(Fields fields) {
    return fields.whole(
        () ->
            new GrantTerms(
                fields.value("level", Level::parse),
                RequestJson.window(fields),
                LimitsJson.read(fields)));
  }

  static Json.Object toJson(GrantTerms terms) {
    var json =
        Json.object()
            .put("level", terms.level().word())
            .put("notBefore", terms.window().notBefore())
            .put("notAfter", terms.window().notAfter());
    LimitsJson.put(json, terms.limits());
    return json.build();
  }
}
