package org.openlockbox.server.export;

import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.LogTexts;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// All sinks of this server, and how they stand.
public final class Exports implements AutoCloseable {
  private final ExportCursors cursors;
  private final Function<EventSink, Exporter> making;
  private volatile List<Exporter> exporters;

  /// `host` is where events say they come from.
  public Exports(
      List<EventSink> sinks,
      String host,
      JdbcClient jdbc,
      LogTexts texts,
      TransactionTemplate transaction,
      InstantSource clock,
      Random random) {
    this.cursors = new ExportCursors(jdbc, transaction, clock, random);
    this.making =
        sink -> new Exporter(sink, channel(sink, host), jdbc, texts, transaction, clock, random);
    this.exporters = sinks.stream().map(making).toList();
  }

  private static SinkChannel channel(EventSink sink, String host) {
    return switch (sink) {
      case EventSink.Syslog syslog -> new SyslogChannel(syslog, host);
      case EventSink.Splunk splunk -> new SplunkChannel(splunk, host);
    };
  }

  /// From now on there are these sinks. Where one goes on as it was, its exporter does.
  ///
  /// @return those that came, and those that are told no more
  public SinkChange use(List<EventSink> sinks) {
    var before = exporters;
    var next =
        sinks.stream()
            .map(
                sink ->
                    before.stream()
                        .filter(known -> known.sink().equals(sink))
                        .findFirst()
                        .orElseGet(() -> making.apply(sink)))
            .toList();
    exporters = next;
    return new SinkChange(
        next.stream().filter(one -> !before.contains(one)).toList(),
        before.stream().filter(one -> !next.contains(one)).toList());
  }

  /// What became of the sinks.
  public record SinkChange(List<Exporter> added, List<Exporter> removed) {
    public SinkChange {
      added = List.copyOf(added);
      removed = List.copyOf(removed);
    }
  }

  /// One for each sink, to be run on its own thread.
  public List<Exporter> exporters() {
    return exporters;
  }

  /// How each sink stands, for the provider's operators.
  public List<Json.Object> standing() {
    return exporters.stream().map(exporter -> standing(exporter.sink())).toList();
  }

  private Json.Object standing(EventSink sink) {
    var standing = cursors.standing(sink);
    var json =
        Json.object()
            .put("sink", sink.name())
            .put("where", sink.where())
            .put("texts", sink.texts())
            .putTexts("tenants", sink.tenants().stream().map(TenantId::value).toList())
            .put("tenantsWaiting", standing.tenantsWaiting())
            .put("entriesWaiting", standing.entriesWaiting())
            .putIfPresent("lastError", standing.lastError());
    standing.waitingSince().ifPresent(at -> json.put("waitingSince", at));
    standing.failingSince().ifPresent(at -> json.put("failingSince", at));
    standing.retryAt().ifPresent(at -> json.put("retryAt", at));
    return json.build();
  }

  /// How far this tenant's log has been told to the sinks that cover it, for its own people; where
  /// a sink is and what it says when it fails is the provider's matter.
  public List<Json.Object> of(TenantId tenant) {
    return exporters.stream()
        .map(Exporter::sink)
        .filter(sink -> sink.covers(tenant))
        .map(
            sink -> {
              var told = cursors.told(sink, tenant);
              return Json.object()
                  .put("sink", sink.name())
                  .put("texts", sink.texts())
                  .put("delivered", told.map(ExportCursors.SinkProgress::next).orElse(0L))
                  .put(
                      "state",
                      told.filter(ExportCursors.SinkProgress::failing).isPresent()
                          ? "failing"
                          : "telling")
                  .build();
            })
        .toList();
  }

  @Override
  public void close() {
    exporters.forEach(Exporter::close);
  }
}
