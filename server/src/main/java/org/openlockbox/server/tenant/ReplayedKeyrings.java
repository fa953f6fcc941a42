package org.openlockbox.server.tenant;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.cache.RecentlyUsed;
import org.openlockbox.core.canonical.NewerVersion;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.entry.LogReader;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keyrings of tenants, replayed from the signed entries of their own logs. The latest are kept
/// in memory.
final class ReplayedKeyrings {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayedKeyrings.class);

  /// Keyrings that are kept; another one is replayed again.
  private static final int MOST_REMEMBERED = 10_000;

  private final LogReader reader;
  private final Map<TenantId, Keyring> keyrings =
      Collections.synchronizedMap(new RecentlyUsed<>(MOST_REMEMBERED));

  ReplayedKeyrings(LogReader reader) {
    this.reader = reader;
  }

  /// The keyring in force now.
  Keyring keyring(TenantId id) {
    return Optional.ofNullable(reader.newestKeyring(Set.of(id)).get(id))
        .map(newest -> keyring(id, newest.sha256()))
        .orElseThrow(Problem::notFound);
  }

  /// Those of several tenants. One without a log has none; nor has one here whose log this release
  /// cannot read.
  Map<TenantId, Keyring> keyrings(Collection<TenantId> ids) {
    var found = new HashMap<TenantId, Keyring>();
    reader
        .newestKeyring(ids)
        .forEach(
            (id, newest) -> {
              try {
                found.put(id, keyring(id, newest.sha256()));
              } catch (Problem unreadable) {
                LOG.warn("the keyring of {} is not shown: {}", id, unreadable.getMessage());
              }
            });
    return found;
  }

  /// What was replayed before is used again only for the very same newest entry: the one with its
  /// index may be another, if the transaction it was seen in rolled back.
  private Keyring keyring(TenantId id, Hash newest) {
    var known = keyrings.get(id);
    if (known != null && known.newest().equals(newest)) {
      return known;
    }
    var replayed = replayed(id);
    keyrings.put(id, replayed);
    return replayed;
  }

  private Keyring replayed(TenantId id) {
    try {
      return accepted(Keyring.replay(steps(id)));
    } catch (NewerVersion e) {
      throw Problem.newerRelease("the keyring of %s: %s".formatted(id, e.getMessage()));
    }
  }

  private List<KeyringStep> steps(TenantId id) {
    return reader.keyring(id).stream().map(ReplayedKeyrings::step).toList();
  }

  private static KeyringStep step(StoredEntry entry) {
    var read = entry.read();
    if (read.body() instanceof KeyringEvent event) {
      return event.step(entry.seq(), read.time(), entry.sha256());
    }
    throw new IllegalStateException("entry %d is no keyring entry".formatted(entry.seq()));
  }

  /// The keyring after a step that its rules allow.
  static Keyring accepted(KeyringCheck check) {
    return switch (check) {
      case KeyringCheck.Valid(var keyring) -> Objects.requireNonNull(keyring);
      case KeyringCheck.Invalid(var _, var why) -> throw Problem.refused("keyring", why);
    };
  }
}
