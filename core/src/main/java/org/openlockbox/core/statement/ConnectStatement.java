package org.openlockbox.core.statement;

import java.time.Duration;
import java.util.regex.Pattern;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// What an engineer signs, with the key that the request names, before connecting: a user name, and
/// the one [Credential] with which the gateway will know its bearer.
public record ConnectStatement(
    TenantId tenant,
    RequestId request,
    ResourceId resource,
    SubjectId engineer,
    String user,
    Credential credential,
    Window window,
    Nonce nonce) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.connect.v1+json";

  /// The longest that one statement can be used.
  public static final Duration LONGEST = Duration.ofHours(12);

  private static final String WHAT = "connect payload";
  private static final Pattern USER_TAIL = Pattern.compile("[0-9a-f]{8}");

  public ConnectStatement {
    var prefix = request.userPrefix();
    if (!user.startsWith(prefix) || !USER_TAIL.matcher(user.substring(prefix.length())).matches()) {
      throw new MalformedJson(WHAT + ": 'user' is the request id and 8 hexadecimal digits");
    }
    if (window.length().compareTo(LONGEST) > 0) {
      throw new MalformedJson(WHAT + ": valid for at most PT12H");
    }
  }

  /// The statement to sign: `unsigned().signedBy(key)`.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }

  public static ConnectStatement parse(Json payload) {
    return StatementJson.reading(WHAT, () -> read(payload));
  }

  private static ConnectStatement read(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    var statement =
        new ConnectStatement(
            fields.value("tenant", TenantId::new),
            fields.value("request", RequestId::new),
            fields.value("resource", ResourceId::new),
            fields.value("engineer", SubjectId::new),
            fields.text("user"),
            Credential.parse(fields),
            StatementJson.window(fields),
            fields.value("nonce", Nonce::new));
    fields.done();
    return statement;
  }

  public Json.Object toJson() {
    var json = Json.object();
    credential.put(json);
    return json.put("v", 1)
        .put("tenant", tenant.value())
        .put("request", request.value())
        .put("resource", resource.value())
        .put("engineer", engineer.value())
        .put("user", user)
        .put("notBefore", window.notBefore())
        .put("notAfter", window.notAfter())
        .put("nonce", nonce.value())
        .build();
  }
}
