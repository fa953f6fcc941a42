package org.openlockbox.server.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.server.http.HttpCaller;
import org.openlockbox.server.tls.Trust;

/// Splunk's HTTP Event Collector: `POST /services/collector/event`, the events one after another,
/// each an OCSF event in an envelope. 200 means that Splunk has them.
final class SplunkChannel implements SinkChannel {
  /// Well within a claim.
  private static final Duration ANSWER = Duration.ofSeconds(25);

  /// Splunk answers with a line; so many characters of it are shown.
  private static final int SHOWN = 200;

  private static final int LONGEST_ANSWER = 64 << 10;

  private final EventSink.Splunk sink;
  private final String host;
  private final HttpCaller http;

  SplunkChannel(EventSink.Splunk sink, String host) {
    this.sink = sink;
    this.host = host.replaceAll(":.*", "");
    this.http = HttpCaller.toNamed(Trust.of(sink.ca()), ANSWER, LONGEST_ANSWER);
  }

  @Override
  public SinkDelivery tell(List<ExportEvent> events) {
    var call = new HttpPost(endpoint());
    call.setHeader("Authorization", "Splunk " + sink.token().get());
    var body = body(events);
    if (sink.gzip()) {
      call.setHeader("Content-Encoding", "gzip");
      body = zipped(body);
    }
    call.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    try {
      var answer = http.send(call);
      return verdict(answer.status(), answer.body());
    } catch (IOException e) {
      return new SinkDelivery.SinkUnreachable(e.toString());
    }
  }

  private URI endpoint() {
    return sink.url().resolve("/services/collector/event");
  }

  /// 400 and 413 are about what was sent; everything else is about the sink, now.
  private static SinkDelivery verdict(int status, String body) {
    if (status == 200) {
      return new SinkDelivery.Delivered();
    }
    var told = TextRules.shown(body);
    var why = "HTTP %d %s".formatted(status, told.substring(0, Math.min(SHOWN, told.length())));
    return status == 400 || status == 413
        ? new SinkDelivery.SinkRefusal(why)
        : new SinkDelivery.SinkUnreachable(why);
  }

  private byte[] body(List<ExportEvent> events) {
    var body = new StringBuilder();
    for (var event : events) {
      long ms = event.entry().time().toEpochMilli();
      body.append(String.format(Locale.ROOT, "{\"time\":%d.%03d,\"host\":", ms / 1000, ms % 1000))
          .append(CanonicalJson.text(Json.text(host)))
          .append(",\"source\":")
          .append(CanonicalJson.text(Json.text("lockbox:" + event.tenant())))
          .append(",\"sourcetype\":\"lockbox:ocsf\",\"event\":")
          .append(CanonicalJson.text(Ocsf.of(event)))
          .append("}\n");
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zipped(byte[] plain) {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  @Override
  public void close() {
    http.close();
  }
}
