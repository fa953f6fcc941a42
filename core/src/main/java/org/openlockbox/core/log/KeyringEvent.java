package org.openlockbox.core.log;

import java.time.Instant;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.tlog.tree.Hash;

/// A keyring, its settings, its policy or the log's own keys were founded or changed, or the
/// gateways that the provider may use; everything is in the envelope.
public sealed interface KeyringEvent extends EntryBody {
  Envelope envelope();

  @Override
  default Json.Object toJson() {
    return EntryBody.enveloped(envelope());
  }

  /// The step to replay, for an entry at this index, of this time, with this SHA-256.
  default KeyringStep step(long index, Instant time, Hash entry) {
    var kind =
        switch (this) {
          case Founded _ -> KeyringStep.KeyringStepKind.GENESIS;
          case KeyAdded _ -> KeyringStep.KeyringStepKind.KEY_ADD;
          case KeyRemoved _ -> KeyringStep.KeyringStepKind.KEY_REMOVE;
          case SettingsChanged _ -> KeyringStep.KeyringStepKind.SETTINGS;
          case PolicyChanged _ -> KeyringStep.KeyringStepKind.POLICY;
          case AuthorityObjected _ -> KeyringStep.KeyringStepKind.GATEWAY_AUTHORITY_OBJECT;
          case AuthorityChanged _ -> KeyringStep.KeyringStepKind.GATEWAY_AUTHORITY;
          case GatewayRevoked _ -> KeyringStep.KeyringStepKind.GATEWAY_REVOKE;
          case LogKeysChanged _ -> KeyringStep.KeyringStepKind.LOG_KEYS;
        };
    return new KeyringStep(index, kind, envelope(), entry, time);
  }

  record Founded(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.GENESIS;
    }
  }

  record KeyAdded(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.KEY_ADD;
    }
  }

  record KeyRemoved(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.KEY_REMOVE;
    }
  }

  record SettingsChanged(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.SETTINGS;
    }
  }

  record PolicyChanged(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.POLICY;
    }
  }

  record AuthorityObjected(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.GATEWAY_AUTHORITY_OBJECT;
    }
  }

  record AuthorityChanged(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.GATEWAY_AUTHORITY;
    }
  }

  record GatewayRevoked(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.GATEWAY_REVOKE;
    }
  }

  /// The log's own keys were replaced, signed by the old ones and the new ones.
  record LogKeysChanged(Envelope envelope) implements KeyringEvent {
    @Override
    public EntryType type() {
      return EntryType.LOG_KEYS;
    }
  }

  /// What a change that approvers signed is as an entry.
  static KeyringEvent of(Envelope envelope) {
    return switch (KeyringChange.parse(envelope.payloadJson()).change()) {
      case KeyringChange.Edit.AddKey _ -> new KeyAdded(envelope);
      case KeyringChange.Edit.RemoveKey _ -> new KeyRemoved(envelope);
      case KeyringChange.Edit.ReplaceSettings _ -> new SettingsChanged(envelope);
      case KeyringChange.Edit.ReplacePolicy _ -> new PolicyChanged(envelope);
      case KeyringChange.Edit.ObjectToAuthority _ -> new AuthorityObjected(envelope);
    };
  }
}
