package org.openlockbox.core.statement;

import java.time.Instant;
import java.util.List;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;

/// What approvers sign to have texts erased that their log commits to: one of them for the texts of
/// single entries, a quorum for all texts at once. It must be carried out before `notAfter`, and
/// only once. The reason stays in the log for ever.
public record Erasure(
    TenantId tenant,
    LogOrigin origin,
    ErasureScope scope,
    String reason,
    Instant notAfter,
    Nonce nonce) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.erasure.v1+json";
  public static final int LONGEST_REASON = 500;

  private static final String WHAT = "erasure payload";

  /// Which texts.
  public sealed interface ErasureScope {
    /// All texts of the entries with these indices, which go up.
    record ChosenEntries(List<Long> indices) implements ErasureScope {
      public static final int MOST = 2000;

      public ChosenEntries {
        indices = List.copyOf(indices);
        if (indices.isEmpty() || indices.size() > MOST) {
          throw new MalformedJson(WHAT + ": 'entries' are 1 to " + MOST);
        }
        for (int i = 0; i < indices.size(); i++) {
          if (indices.get(i) <= (i == 0 ? -1 : indices.get(i - 1))) {
            throw new MalformedJson(WHAT + ": 'entries' go up, from 0 on");
          }
        }
      }
    }

    /// All texts of every entry before the one that says so.
    record Everything() implements ErasureScope {}
  }

  public Erasure {
    if (reason.isBlank() || reason.length() > LONGEST_REASON) {
      throw new MalformedJson(WHAT + ": 'reason' is 1 to 500 characters and not blank");
    }
  }

  /// The statement to sign: `unsigned().signedBy(key)`.
  public Envelope unsigned() {
    return Envelope.unsigned(PAYLOAD_TYPE, toJson());
  }

  public static Erasure parse(Json payload) {
    return StatementJson.reading(WHAT, () -> read(payload));
  }

  private static Erasure read(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    var erasure =
        new Erasure(
            fields.value("tenant", TenantId::new),
            fields.value("origin", LogOrigin::new),
            scope(fields),
            fields.text("reason"),
            fields.instant("notAfter"),
            fields.value("nonce", Nonce::new));
    fields.done();
    return erasure;
  }

  private static ErasureScope scope(Fields fields) {
    if (fields.has("all") == fields.has("entries")) {
      throw new MalformedJson(WHAT + ": either 'all' or 'entries'");
    }
    if (fields.has("entries")) {
      return new ErasureScope.ChosenEntries(fields.numbers("entries"));
    }
    if (!fields.flag("all")) {
      throw new MalformedJson(WHAT + ": 'all' is true or left out");
    }
    return new ErasureScope.Everything();
  }

  public Json.Object toJson() {
    var json =
        Json.object()
            .put("v", 1)
            .put("tenant", tenant.value())
            .put("origin", origin.value())
            .put("reason", reason)
            .put("notAfter", notAfter)
            .put("nonce", nonce.value());
    switch (scope) {
      case ErasureScope.ChosenEntries(var indices) -> json.putNumbers("entries", indices);
      case ErasureScope.Everything() -> json.put("all", true);
    }
    return json.build();
  }
}
