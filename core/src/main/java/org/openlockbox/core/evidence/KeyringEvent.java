package org.openlockbox.core.evidence;

import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.tlog.Hash;

/// A keyring, its settings or its policy were founded or changed; everything is in the envelope.
public sealed interface KeyringEvent extends EntryBody {
  Envelope envelope();

  @Override
  default Json.Object toJson() {
    return EntryBody.enveloped(envelope());
  }

  /// The step to replay, for an entry at this index with this SHA-256.
  default KeyringStep step(long index, Hash entry) {
    var kind =
        switch (this) {
          case Founded _ -> KeyringStep.Kind.GENESIS;
          case KeyAdded _ -> KeyringStep.Kind.KEY_ADD;
          case KeyRemoved _ -> KeyringStep.Kind.KEY_REMOVE;
          case SettingsChanged _ -> KeyringStep.Kind.SETTINGS;
          case PolicyChanged _ -> KeyringStep.Kind.POLICY;
        };
    return new KeyringStep(index, kind, envelope(), entry);
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

  /// What a signed change is as an entry.
  static KeyringEvent of(Envelope envelope) {
    return switch (KeyringChange.parse(envelope.payloadJson()).change()) {
      case KeyringChange.Change.Add _ -> new KeyAdded(envelope);
      case KeyringChange.Change.Remove _ -> new KeyRemoved(envelope);
      case KeyringChange.Change.Set _ -> new SettingsChanged(envelope);
      case KeyringChange.Change.Rule _ -> new PolicyChanged(envelope);
    };
  }
}
