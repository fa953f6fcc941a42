package org.openlockbox.server.export;

import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// How an export that is fetched is written: one event a line (docs/export.md).
public enum ExportFormat {
  OCSF("ocsf", "application/x-ndjson"),
  JSONL("jsonl", "application/x-ndjson"),
  CSV("csv", "text/csv;charset=utf-8");

  private final String word;
  private final String mediaType;

  ExportFormat(String word, String mediaType) {
    this.word = word;
    this.mediaType = mediaType;
  }

  public static ExportFormat parse(String word) {
    for (var format : values()) {
      if (format.word.equals(word)) {
        return format;
      }
    }
    throw new IllegalArgumentException("a format is ocsf, jsonl or csv, not " + word);
  }

  /// How it is asked for.
  public String word() {
    return word;
  }

  public String mediaType() {
    return mediaType;
  }

  /// How a file of it is called.
  public String extension() {
    return switch (this) {
      case OCSF -> "ocsf.jsonl";
      case JSONL -> "jsonl";
      case CSV -> "csv";
    };
  }

  /// What comes before the first event.
  public Bytes head() {
    return switch (this) {
      case OCSF, JSONL -> Bytes.empty();
      case CSV -> Bytes.ofUtf8(Csv.HEAD);
    };
  }

  /// The event's line, with its end.
  public Bytes line(ExportEvent event) {
    return Bytes.ofUtf8(
        switch (this) {
          case OCSF -> CanonicalJson.text(Ocsf.of(event)) + "\n";
          case JSONL -> CanonicalJson.text(json(event)) + "\n";
          case CSV -> Csv.line(event);
        });
  }

  /// All there is about an event: the entry's own bytes, so that a reader can compute its hash and
  /// check its place in the log.
  private static Json.Object json(ExportEvent event) {
    var json =
        Json.object()
            .put("v", 1)
            .put("id", event.id())
            .put("tenant", event.tenant().value())
            .put("position", event.position().toString())
            .put("type", event.type())
            .put("time", event.entry().time())
            .put("logIndex", event.stored().seq())
            .put("entrySha256", event.stored().sha256())
            .putIfPresent("request", event.request().map(Object::toString))
            .putIfPresent("session", event.session().map(session -> session.id().value()))
            .put("message", message(event));
    if (event.closing().isPresent()) {
      return json.put("closing", event.closing().get().toJson()).build();
    }
    json.put("entry", event.stored().bytes());
    event.text().ifPresent(text -> json.put("text", text.text()).put("textSalt", text.salt()));
    return json.build();
  }

  static String message(ExportEvent event) {
    var sentence = EventSentence.of(event);
    return sentence.who() + " " + sentence.what();
  }

  static Optional<String> engineer(ExportEvent event) {
    return event.submission().map(asked -> asked.engineer().id().value());
  }
}
