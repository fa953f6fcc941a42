package org.openlockbox.server.notify;

/// A [Rendering] as HTML: one calm column that needs no style sheet, no picture and nothing from
/// elsewhere.
final class MailHtml {
  private static final String LABEL =
      "padding:4px 16px 4px 0;text-align:left;vertical-align:top;font-weight:normal;color:#57606a;white-space:nowrap";
  private static final String BUTTON =
      "display:inline-block;padding:12px 20px;border-radius:6px;background:#1f4b7a;color:#ffffff;text-decoration:none;font-weight:600";

  private MailHtml() {}

  static String of(Rendering mail) {
    var html =
        new StringBuilder(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title></head>
            <body style="margin:0;padding:24px 16px;background:#ffffff;color:#1f2328;font:16px/1.5 system-ui,sans-serif">
            <div style="max-width:600px;margin:0 auto">
            <table role="presentation" style="border-collapse:collapse;width:100%%">
            """
                .formatted(escaped(mail.subject())));
    mail.facts()
        .forEach(
            fact ->
                html.append("<tr><th scope=\"row\" style=\"%s\">".formatted(LABEL))
                    .append(escaped(fact.label()))
                    .append(
                        "</th><td style=\"padding:4px 0;vertical-align:top;overflow-wrap:anywhere\">")
                    .append(escaped(fact.value()))
                    .append("</td></tr>\n"));
    html.append("</table>\n");
    mail.page()
        .ifPresent(
            page ->
                html.append(
                    "<p style=\"margin:24px 0\"><a href=\"%s\" style=\"%s\">Look at it</a></p>\n"
                        .formatted(escaped(page.toString()), BUTTON)));
    mail.closing()
        .forEach(paragraph -> html.append("<p>").append(escaped(paragraph)).append("</p>\n"));
    return html.append("</div></body></html>\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\n", "<br>");
  }
}
