package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.openlockbox.server.erasure.Retention;
import org.openlockbox.server.erasure.TextCopies;
import org.openlockbox.server.erasure.TextErasure;
import org.openlockbox.server.export.EventSink;
import org.openlockbox.server.export.Exporter;
import org.openlockbox.server.export.Exports;
import org.openlockbox.server.prune.RowPruner;
import org.openlockbox.server.tenant.Store;

/// What becomes of the record: it is exported, and erased when a tenant asks or its time is over.
final class RecordWiring implements AutoCloseable {
  private final Exports exports;
  private final TextErasure erasing;
  private final Retention retention;
  private final RowPruner pruner;
  private final Map<Exporter, Rounds.RepeatedWork> working = new ConcurrentHashMap<>();

  RecordWiring(
      ServerConfig config,
      Store store,
      AccessWiring access,
      PeopleWiring people,
      SecureRandom random) {
    var clock = config.clock();
    exports =
        new Exports(
            config.sinks(),
            config.log().host(),
            store.jdbc(),
            store.texts(),
            store.transaction(),
            clock,
            random);
    erasing = new TextErasure(store, new TextCopies(store, access.steps()), people.directory());
    pruner = new RowPruner(store.jdbc(), config.database().ages(), clock);
    retention = new Retention(store, new TextCopies(store, access.steps()), clock);
  }

  void start(Rounds rounds) {
    exports.exporters().forEach(exporter -> export(exporter, rounds));
    rounds.every(Duration.ofMinutes(1), "deleting what was erased", erasing::round);
    rounds.every(Duration.ofMinutes(10), "deleting what is old", pruner::round);
    rounds.every(Retention.PAUSE, "erasing what is old enough", retention::round);
  }

  private void export(Exporter exporter, Rounds rounds) {
    working.put(
        exporter,
        rounds.every(
            Duration.ofMillis(500), "exporting to " + exporter.sink().name(), exporter::round));
  }

  /// Tells these sinks from now on. One that is told no more keeps how far it was told.
  void reload(List<EventSink> sinks, Rounds rounds) {
    var change = exports.use(sinks);
    for (var exporter : change.removed()) {
      Optional.ofNullable(working.remove(exporter)).ifPresent(Rounds.RepeatedWork::stop);
      exporter.close();
    }
    change.added().forEach(exporter -> export(exporter, rounds));
  }

  Exports exports() {
    return exports;
  }

  TextErasure erasing() {
    return erasing;
  }

  Retention retention() {
    return retention;
  }

  @Override
  public void close() {
    exports.close();
  }
}
