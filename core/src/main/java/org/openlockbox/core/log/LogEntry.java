package org.openlockbox.core.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJsonWriter;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.statement.StatementJson;
import org.openlockbox.core.tenant.LogOrigin;

/// One leaf of a tenant log (docs/spec/log-entry.md). `seq` is its leaf index, so that an omission
/// or a move shows in the entry itself; `time` is what the server's clock said.
///
/// `parse(x).bytes()` equals `x` for every accepted `x`, and nothing else is accepted.
public record LogEntry(
    LogOrigin origin, long seq, Instant time, EntryBody body, Optional<GatewayStamp> gateway) {
  /// The largest entry, as tiles allow.
  public static final int MAX_BYTES = 65_535;

  private static final String WHAT = "log entry";

  public LogEntry {
    time = time.truncatedTo(ChronoUnit.MILLIS);
    if (seq < 0) {
      throw new MalformedJson("log entry: 'seq' is 0 or more");
    }
    if (body.type().isFromGateway() != gateway.isPresent()) {
      throw new MalformedJson(
          "log entry: %s %s a gateway's mark"
              .formatted(body.type().word(), gateway.isPresent() ? "never has" : "always has"));
    }
    boolean signed = gateway.flatMap(GatewayStamp::sig).isPresent();
    if (body.type().isSignedByGateway() != signed) {
      throw new MalformedJson(
          "log entry: %s %s a gateway's signature"
              .formatted(body.type().word(), signed ? "never has" : "always has"));
    }
  }

  /// An entry that the server writes by itself.
  public static LogEntry of(LogOrigin origin, long seq, Instant time, EntryBody body) {
    return new LogEntry(origin, seq, time, body, Optional.empty());
  }

  /// Reads an entry strictly; throws [MalformedJson] for everything that is not exactly one.
  public static LogEntry parse(Bytes leaf) {
    return StatementJson.reading(
        WHAT,
        () -> {
          var json = Json.read(leaf.toArray(), MAX_BYTES);
          var entry = parse(Fields.of(json, WHAT).version(1));
          if (!entry.bytes().equals(leaf)) {
            throw new MalformedJson("log entry: not in canonical form");
          }
          return entry;
        });
  }

  private static LogEntry parse(Fields fields) {
    var type = fields.value("type", EntryType::parse);
    var entry =
        new LogEntry(
            fields.value("origin", LogOrigin::new),
            fields.number("seq"),
            Instant.ofEpochMilli(fields.number("ts")),
            EntryBody.parse(type, fields.object("body")),
            fields.optionalObject("gw").map(GatewayStamp::parse));
    fields.done();
    return entry;
  }

  public EntryType type() {
    return body.type();
  }

  /// The leaf's bytes: what is hashed, stored, proven and handed out.
  public Bytes bytes() {
    var entry = new CanonicalJsonWriter().spelled("body", body.canonical());
    gateway.ifPresent(stamp -> entry.spelled("gw", stamp.canonical()));
    var canonical =
        entry
            .text("origin", origin.value())
            .number("seq", seq)
            .number("ts", time.toEpochMilli())
            .word("type", type().word())
            .number("v", 1)
            .done();
    var bytes = Bytes.ofUtf8(canonical);
    if (bytes.size() > MAX_BYTES) {
      throw new MalformedJson("log entry: longer than 65535 bytes");
    }
    return bytes;
  }
}
