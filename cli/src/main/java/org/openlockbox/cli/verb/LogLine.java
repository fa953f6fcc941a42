package org.openlockbox.cli.verb;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.Bytes;

/// The gist of a log entry for one line of `lockbox log`: for reading along, not for proof.
final class LogLine {
  private static final List<String> TELLING =
      List.of(
          "request",
          "session",
          "engineer",
          "level",
          "verdict",
          "reason",
          "by",
          "n",
          "tag",
          "rows",
          "policy",
          "rule",
          "sqlstate",
          "statements");

  private LogLine() {}

  static String summary(ApiObject entry, String text) {
    ApiObject body = body(entry);
    List<String> words = new ArrayList<>();
    ApiObject asked = body.object("request");
    if (asked.has("id")) {
      words.add(asked.text("id"));
      words.add(asked.object("engineer").text("id"));
      words.add(asked.text("level"));
      words.add(asked.text("ticket"));
    }
    if (body.has("envelope")) {
      signed(body.object("envelope"), words);
    }
    for (String name : TELLING) {
      String value = body.text(name);
      if (!value.isEmpty()) {
        words.add(name.equals("request") || name.equals("session") ? value : name + "=" + value);
      }
    }
    if (!text.isEmpty()) {
      words.add(text);
    }
    return Terminal.clean(String.join(" ", words));
  }

  private static void signed(ApiObject envelope, List<String> words) {
    try {
      ApiObject payload = ApiObject.parse(Bytes.ofBase64(envelope.text("payload")).toArray());
      words.add(payload.object("request").text("id"));
      words.add(payload.text("decision"));
      words.add(payload.text("ticket"));
      words.add(Requests.suffix("mode=", payload.object("policy").text("mode")));
      words.add(Requests.suffix("by ", payload.text("approver")));
      words.add(Requests.suffix("reason=", payload.text("reason")));
      words.add(Requests.suffix("level=", payload.object("grant").text("level")));
      words.removeIf(String::isEmpty);
    } catch (IllegalArgumentException malformed) {
      words.add("(unreadable)");
    }
  }

  private static ApiObject body(ApiObject entry) {
    try {
      return ApiObject.parse(Bytes.ofBase64(entry.text("entry")).toArray()).object("body");
    } catch (IllegalArgumentException malformed) {
      return entry;
    }
  }
}
