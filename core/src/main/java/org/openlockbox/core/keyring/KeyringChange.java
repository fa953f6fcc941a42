package org.openlockbox.core.keyring;

import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Hash;

/// What a quorum of approvers signs to change their keyring by one key; the quorum may change with
/// it. `prev` is the SHA-256 of the keyring entry before this one, so no change can be left out,
/// moved or played again.
public record KeyringChange(
    TenantId tenant, LogOrigin origin, Hash prev, int quorum, Change change) {
  public static final String PAYLOAD_TYPE = "application/vnd.lockbox.keyring.v1+json";

  private static final String WHAT = "keyring payload";

  /// One key more or one key less.
  public sealed interface Change {
    record Add(ApproverKey key) implements Change {}

    record Remove(KeyId key) implements Change {}
  }

  public static KeyringChange parse(Json payload) {
    var fields = Fields.of(payload, WHAT).version(1);
    var change =
        new KeyringChange(
            fields.value("tenant", TenantId::new),
            fields.value("origin", LogOrigin::new),
            fields.hash("prev"),
            fields.count("quorum"),
            change(fields));
    fields.done();
    return change;
  }

  private static Change change(Fields fields) {
    if (fields.has("add") == fields.has("remove")) {
      throw new MalformedJson(WHAT + ": either 'add' or 'remove'");
    }
    return fields.has("add")
        ? new Change.Add(ApproverKey.parse(fields.object("add")))
        : new Change.Remove(fields.value("remove", KeyId::parse));
  }

  public Json.Object toJson() {
    var json =
        Json.object()
            .put("v", 1)
            .put("tenant", tenant.value())
            .put("origin", origin.value())
            .put("prev", prev)
            .put("quorum", quorum);
    switch (change) {
      case Change.Add(var key) -> json.put("add", key.toJson());
      case Change.Remove(var keyId) -> json.put("remove", keyId.hex());
    }
    return json.build();
  }
}
