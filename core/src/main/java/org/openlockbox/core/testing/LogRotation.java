package org.openlockbox.core.testing;

import java.util.ArrayList;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.keyring.LogKeysChange;
import org.openlockbox.core.keyring.LogKeysHandover;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.tlog.SigningKeys;

/// Replaces the log keys of a tenant in a test.
public final class LogRotation {
  private LogRotation() {}

  /// Logs that these are the keys of the log, signed by both pairs; from then on they sign.
  public static LogEntry rotate(TenantFixture tenant, SigningKeys next) {
    var envelope = LogKeysHandover.signed(change(tenant, next), tenant.logKeys(), next);
    var entry = tenant.log().append(new KeyringEvent.LogKeysChanged(envelope));
    tenant.signBy(next);
    return entry;
  }

  /// What both pairs have to sign for that.
  public static LogKeysChange change(TenantFixture tenant, SigningKeys next) {
    var origin = tenant.log().origin();
    return new LogKeysChange(
        tenant.tenant(), origin, keyring(tenant).last(), next.logVerifier(origin.value()));
  }

  /// The keyring after every entry so far. Throws if one of them is false.
  public static Keyring keyring(TenantFixture tenant) {
    var log = tenant.log();
    var steps = new ArrayList<KeyringStep>();
    for (long seq = 0; seq < log.size(); seq++) {
      var bytes = log.entry(seq);
      var entry = LogEntry.parse(bytes);
      if (entry.body() instanceof KeyringEvent event) {
        steps.add(event.step(seq, entry.time(), bytes.sha256()));
      }
    }
    return switch (Keyring.replay(steps)) {
      case KeyringCheck.Valid(var keyring) -> keyring;
      case KeyringCheck.Invalid rejected -> throw new IllegalStateException(rejected.toString());
    };
  }
}
