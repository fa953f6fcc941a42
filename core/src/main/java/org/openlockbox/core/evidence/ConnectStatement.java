package org.openlockbox.core.evidence;

import java.time.Duration;
import java.util.regex.Pattern;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SubjectId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;

/// What an engineer signs, with the key that the request names, before connecting: a user name and
/// the SCRAM-SHA-256 verifier of a password that never leaves the engineer's machine.
public record ConnectStatement(
    TenantId tenant,
    RequestId request,
    ResourceId resource,
    SubjectId engineer,
    String user,
    Scram scram,
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

  /// The verifier of RFC 5802 section 3 for SCRAM-SHA-256.
  public record Scram(int iterations, Bytes salt, Bytes storedKey, Bytes serverKey) {
    private static final int FEWEST = 4096;
    private static final int MOST = 1_000_000;

    public Scram {
      if (iterations < FEWEST || iterations > MOST) {
        throw new MalformedJson("scram: 4096 to 1000000 iterations");
      }
      if (salt.size() < 16 || salt.size() > 64) {
        throw new MalformedJson("scram: a salt has 16 to 64 bytes");
      }
      if (storedKey.size() != 32 || serverKey.size() != 32) {
        throw new MalformedJson("scram: a key has 32 bytes");
      }
    }

    static Scram parse(Fields fields) {
      var scram =
          new Scram(
              fields.count("iterations"),
              fields.bytes("salt"),
              fields.bytes("storedKey"),
              fields.bytes("serverKey"));
      fields.done();
      return scram;
    }

    Json.Object toJson() {
      return Json.object()
          .put("iterations", iterations)
          .put("salt", salt)
          .put("storedKey", storedKey)
          .put("serverKey", serverKey)
          .build();
    }
  }

  /// The statement to sign: `unsigned().signedBy(key)`.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }

  public static ConnectStatement parse(Json payload) {
    return RequestJson.reading(WHAT, () -> read(payload));
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
            Scram.parse(fields.object("scram")),
            RequestJson.window(fields),
            fields.value("nonce", Nonce::new));
    fields.done();
    return statement;
  }

  public Json.Object toJson() {
    return Json.object()
        .put("v", 1)
        .put("tenant", tenant.value())
        .put("request", request.value())
        .put("resource", resource.value())
        .put("engineer", engineer.value())
        .put("user", user)
        .put("scram", scram.toJson())
        .put("notBefore", window.notBefore())
        .put("notAfter", window.notAfter())
        .put("nonce", nonce.value())
        .build();
  }
}
