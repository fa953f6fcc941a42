package org.openlockbox.demo.mail;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;

/// What the [MailPage] answers with. Every text of a message is escaped; only its HTML part is not,
/// which stands alone in a sandboxed frame.
final class MailPageHtml {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
  private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"']+[^\\s<>\"'.,;:)]");

  private MailPageHtml() {}

  static String list(
      List<ReceivedMail> messages, Map<String, Integer> addresses, Optional<String> to) {
    String rows =
        messages.isEmpty()
            ? "<tr><td colspan=\"3\">No mail yet.</td></tr>"
            : messages.stream().map(MailPageHtml::row).collect(Collectors.joining("\n"));
    String title = to.map(address -> "Mail to " + address).orElse("All mail of the demo");
    int count = addresses.values().stream().mapToInt(Integer::intValue).sum();
    return page(
        title,
        """
        <nav aria-label="Addresses"><ul>%s</ul></nav>
        <main data-count="%d"><h1>%s</h1>
        <table><thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Sent</th></tr></thead>
        <tbody>
        %s
        </tbody></table></main>
        <script src="/mail.js"></script>
        """
            .formatted(links(addresses, count, to), count, escaped(title), rows));
  }

  private static String links(Map<String, Integer> addresses, int count, Optional<String> to) {
    String all = link("/mail", "everybody", count, to.isEmpty());
    return addresses.entrySet().stream()
        .map(
            one ->
                link(
                    "/mail?to=" + URLEncoder.encode(one.getKey(), StandardCharsets.UTF_8),
                    one.getKey(),
                    one.getValue(),
                    to.equals(Optional.of(one.getKey()))))
        .collect(Collectors.joining("\n", all, ""));
  }

  private static String link(String href, String name, int count, boolean here) {
    return "<li><a href=\"%s\"%s>%s</a> %d</li>"
        .formatted(escaped(href), here ? " aria-current=\"page\"" : "", escaped(name), count);
  }

  private static String row(ReceivedMail message) {
    return "<tr><td><a href=\"/mail/%s\">%s</a></td><td>%s</td><td>%s</td></tr>"
        .formatted(message.id(), subject(message), escaped(message.to()), at(message.at()));
  }

  static String message(ReceivedMail message) {
    String frame =
        message.html().isEmpty()
            ? ""
            : """
              <h2>As HTML</h2>
              <iframe src="/mail/%s/html" sandbox="allow-popups allow-popups-to-escape-sandbox" title="The message as HTML"></iframe>
              """
                .formatted(message.id());
    return page(
        message.subject(),
        """
        <main><p><a href="/mail">All mail</a></p><h1>%s</h1>
        <dl><dt>From</dt><dd>%s</dd><dt>To</dt><dd><a href="/mail?to=%s">%s</a></dd><dt>Sent</dt><dd>%s</dd></dl>
        <pre>%s</pre>
        %s</main>
        """
            .formatted(
                subject(message),
                escaped(message.from()),
                escaped(URLEncoder.encode(message.to(), StandardCharsets.UTF_8)),
                escaped(message.to()),
                at(message.at()),
                linked(message.text()),
                frame));
  }

  /// An HTML part by itself; its links open outside the frame, as in a mail program.
  static String framed(String html) {
    return "<base target=\"_blank\">" + html;
  }

  static String json(List<ReceivedMail> messages) {
    return CanonicalJson.text(
        Json.object()
            .put("messages", messages.stream().map(ReceivedMail::toJson).toList())
            .build());
  }

  static String json(ReceivedMail message) {
    return CanonicalJson.text(message.toJson());
  }

  static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            MailPageHtml.class.getResourceAsStream("/demo/mail/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String page(String title, String body) {
    return """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>%s</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="stylesheet" href="/mail.css"></head>
        <body>
        %s</body></html>
        """
        .formatted(escaped(title), body);
  }

  private static String subject(ReceivedMail message) {
    return escaped(message.subject().isEmpty() ? "(no subject)" : message.subject());
  }

  private static String at(Optional<Instant> sent) {
    return sent.map(UTC::format).orElse("");
  }

  private static String linked(String text) {
    var links = LINK.matcher(text);
    var html = new StringBuilder();
    int end = 0;
    while (links.find()) {
      String url = escaped(links.group());
      html.append(escaped(text.substring(end, links.start())))
          .append("<a href=\"%s\" rel=\"noreferrer\">%s</a>".formatted(url, url));
      end = links.end();
    }
    return html.append(escaped(text.substring(end))).toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
