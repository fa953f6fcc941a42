package org.openlockbox.postgres.batch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.wire.WireViolation;

/// What the names of prepared statements and portals stand for in the database, as far as it has
/// answered. What SQL has made is not among them.
final class AnsweredNames {
  private static final int MAX_NAMES = 5_000;
  private static final long WEIGHT = 256;

  private final NameOrigins origins = new NameOrigins();
  private final Map<String, NamedStatement> statements = new HashMap<>();
  private final Map<String, NamedStatement> portals = new HashMap<>();
  private final Map<String, Bytes> portalValues = new HashMap<>();
  private final Map<String, Integer> portalColumns = new HashMap<>();

  Optional<NamedStatement> meaning(boolean portal, String name) {
    return Optional.ofNullable((portal ? portals : statements).get(name));
  }

  /// Which statement made it, in SQL or by a Parse.
  Optional<NameOrigins.Origin> origin(boolean cursor, String name) {
    return origins.of(cursor, name);
  }

  /// The values that the portal was bound to; empty if it is not known.
  Bytes values(String portal) {
    return portalValues.getOrDefault(portal, Bytes.empty());
  }

  /// How many columns the portal returns, if the server has described it.
  OptionalInt columns(String portal) {
    return Optional.ofNullable(portalColumns.get(portal))
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /// The server has done what the Parse says.
  void parsed(BatchStep step) {
    remember(statements, step);
    origins.parsed(step);
  }

  void bound(BatchStep step) {
    origins.bound(step);
    portalColumns.remove(step.name());
    portalValues.put(step.name(), step.values());
    remember(portals, step);
  }

  void closed(BatchStep step) {
    origins.closed(step);
    if (step.isOfPortal()) {
      forgetPortal(step.name());
    } else {
      statements.remove(step.name());
    }
  }

  void described(String portal, int columns) {
    if (portalColumns.size() < MAX_NAMES) {
      portalColumns.put(portal, columns);
    }
  }

  /// No SQL names what is unnamed; a simple query uses the unnamed portal for what it runs, and of
  /// one that failed nobody can tell whether it had come so far.
  void ran(BatchStep step, boolean completed) {
    origins.ran(step, completed);
    if (step.renames()) {
      statements.keySet().removeIf(name -> !name.isEmpty());
      forgetPortals(name -> !name.isEmpty());
    }
    if (step.kind() == BatchStep.StepKind.QUERY && !step.wasEmpty()) {
      forgetPortal("");
    }
  }

  /// A transaction has ended, and with it all portals.
  void transactionEnded() {
    origins.transactionEnded();
    forgetPortals(_ -> true);
  }

  /// About what they take in memory beside the texts.
  long weight() {
    return WEIGHT
        * (statements.size() + portals.size() + portalValues.size() + portalColumns.size());
  }

  /// All texts that are kept; one under several names is here more than once.
  Stream<Bytes> texts() {
    return Stream.of(
            statements.values().stream().map(NamedStatement::text),
            portals.values().stream().map(NamedStatement::text),
            portalValues.values().stream())
        .flatMap(texts -> texts);
  }

  private static void remember(Map<String, NamedStatement> names, BatchStep step) {
    if (step.meaning().isEmpty()) {
      names.remove(step.name());
      return;
    }
    if (names.size() >= MAX_NAMES && !names.containsKey(step.name())) {
      throw new WireViolation("too many prepared statements or portals");
    }
    names.put(step.name(), step.meaning().get());
  }

  private void forgetPortal(String name) {
    Stream.of(portals, portalValues, portalColumns).forEach(m -> m.remove(name));
  }

  private void forgetPortals(Predicate<String> which) {
    Stream.of(portals, portalValues, portalColumns).forEach(m -> m.keySet().removeIf(which));
  }
}
