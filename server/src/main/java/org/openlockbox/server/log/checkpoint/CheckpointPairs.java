package org.openlockbox.server.log.checkpoint;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.cache.RecentlyUsed;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.LogKeysChange;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.LogKeys;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.head.LogGrowth;
import org.openlockbox.tlog.LogSigner;
import org.openlockbox.tlog.LogVerifier;

/// Which pair of keys signs a checkpoint of a log: the one that the log's entries below its size
/// name last. Read from the log when its keyring has changed, and remembered by the index of its
/// newest keyring entry, which each head carries: so whoever replaces the keys of a log, on
/// whichever server, no checkpoint is signed by the pair before.
final class CheckpointPairs {
  private static final int MOST_REMEMBERED = 100_000;

  /// The pair that signs sizes above `since`, by the keyring entries up to `keyringSeq`.
  private record KnownPair(long keyringSeq, long since, LogKeys.LogKeyPair pair) {}

  private final LogReader reader;
  private final LogKeys keys;
  private final Map<TenantId, KnownPair> known =
      Collections.synchronizedMap(new RecentlyUsed<>(MOST_REMEMBERED));

  CheckpointPairs(LogReader reader, LogKeys keys) {
    this.reader = reader;
    this.keys = keys;
  }

  /// Signs a checkpoint of a head that is committed; empty if its keys are not on this server.
  Optional<LogSigner> committed(LogGrowth growth) {
    return signer(growth, true);
  }

  /// Signs a checkpoint of a head that may still be rolled back.
  Optional<LogSigner> uncommitted(LogGrowth growth) {
    return signer(growth, false);
  }

  private Optional<LogSigner> signer(LogGrowth growth, boolean isCommitted) {
    var origin = growth.origin().value();
    var before = known.get(growth.tenant());
    if (before != null
        && before.keyringSeq == growth.keyringSeq()
        && growth.to().size() > before.since) {
      return Optional.of(before.pair.signer(origin));
    }
    var named = named(growth);
    var pair = keys.pair(named.keys);
    boolean wasCommitted = isCommitted || growth.keyringSeq() < growth.from().size();
    if (wasCommitted && named.isNewest) {
      pair.ifPresent(
          found ->
              known.put(growth.tenant(), new KnownPair(growth.keyringSeq(), named.since, found)));
    }
    return pair.map(found -> found.signer(origin));
  }

  /// A log's entries are not what they were: its database was set back.
  void forget() {
    known.clear();
  }

  private record PairInForce(long since, LogVerifier keys, boolean isNewest) {}

  /// What the log says. Nobody is believed by that: readers check who signed the entries.
  private PairInForce named(LogGrowth growth) {
    long size = growth.to().size();
    @Nullable PairInForce named = null;
    for (var entry : reader.keyring(growth.tenant())) {
      var keys =
          switch ((KeyringEvent) entry.read().body()) {
            case KeyringEvent.Founded(var envelope) ->
                Optional.of(Genesis.parse(envelope.payloadJson()).logKeys());
            case KeyringEvent.LogKeysChanged(var envelope) ->
                Optional.of(LogKeysChange.parse(envelope).logKeys());
            case KeyringEvent.KeyAdded _,
                KeyringEvent.KeyRemoved _,
                KeyringEvent.SettingsChanged _,
                KeyringEvent.PolicyChanged _,
                KeyringEvent.AuthorityObjected _,
                KeyringEvent.AuthorityChanged _,
                KeyringEvent.GatewayRevoked _ ->
                Optional.<LogVerifier>empty();
          };
      if (keys.isPresent() && named != null && entry.seq() >= size) {
        return new PairInForce(named.since, named.keys, false);
      }
      if (keys.isPresent()) {
        named = new PairInForce(entry.seq(), keys.get(), true);
      }
    }
    // a log without its genesis is nobody's, whoever signs it
    return named == null ? new PairInForce(0, keys.verifier(growth.origin().value()), true) : named;
  }
}
